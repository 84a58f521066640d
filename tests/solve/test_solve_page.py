"""Exercises are solved on the page: written, checked, stopped, counted."""

from __future__ import annotations

import page_questions as ask
import pytest
from pages import settled
from solve_browser import (
    LOOP,
    RIGHT,
    STARTS,
    WRONG,
    Exercise,
    chapter_of,
    counted,
)

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.textContent"
MEASURED = "Right on 10 cases and 2 properties."


@pytest.fixture
def chapter(html, served, visit):
    return chapter_of(html, served, visit)


def test_an_exercise_is_solved_by_keyboard_alone(chapter):
    page = chapter()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    softmax = Exercise(page)
    softmax.box.focus()
    page.keyboard.press("Control+a")
    for line in WRONG.split("\n"):
        page.keyboard.insert_text(line.strip())
        page.keyboard.press("Enter")
    assert "\n    return e" in softmax.text
    page.keyboard.press("Escape")
    softmax.says("Tab now leaves the editor.")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "Check"
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "Stop"
    softmax.says("Not right yet", STARTS)
    assert page.evaluate(FOCUSED) == "Check"
    assert "e to the 1000" in softmax.report()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    label = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(label) == "Report on exercise 4.3"
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    assert page.evaluate(label) == "Your answer to exercise 4.3"
    before = len(asked)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(RIGHT)
    page.keyboard.press("Control+Enter")
    softmax.says("Passed.")
    assert MEASURED in softmax.report()
    assert page.evaluate(label) == "Your answer to exercise 4.3"
    assert counted(page) == "✓1/10"
    assert "passed" in softmax.section.locator(".book-graded").inner_text()
    assert asked[before:] == []


@pytest.mark.sweep
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_wrong_and_right_at_each_width_and_scheme(chapter, width, scheme):
    page = chapter(width, color_scheme=scheme)
    softmax = Exercise(page)
    said = softmax.check(WRONG + "\n\nprint('said so')", "Not right yet")
    assert "expected" in said and "Your code printed" in said
    page.evaluate("dispatchEvent(new Event('beforeprint'))")  # all start
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    settled(page)
    found = ask.axe(page) + ask.faint(page) + ask.too_small(page)
    assert found + ask.too_wide(page) + ask.unreachable(page) == []
    assert MEASURED in softmax.check(RIGHT, "Passed.")


@pytest.mark.sweep
def test_broken_syntax_is_shown_at_the_readers_line(chapter):
    said = Exercise(chapter()).check("def my_softmax(scores:\n", "Error")
    assert "line 1 of your code" in said and "never closed" in said


@pytest.mark.sweep
def test_an_endless_loop_ends_by_the_clock_and_by_stop(chapter):
    softmax = Exercise(chapter())
    assert "still running after 10 s" in softmax.check(LOOP, "Error")
    softmax.box.press("Control+Enter")
    softmax.says("Checking", STARTS)
    softmax.button("Stop").click()
    softmax.says("You stopped the check.")
    assert softmax.text == LOOP == softmax.kept()
    assert MEASURED in softmax.check(RIGHT, "Passed.")


@pytest.mark.sweep
def test_memory_without_end_is_refused(chapter):
    hog = "def my_softmax(scores):\n    kept = []\n    while True:\n"
    hog += "        kept.append(np.ones(10**6))"
    softmax = Exercise(chapter())
    assert "memory" in softmax.check(hog, "Error")
    assert MEASURED in softmax.check(RIGHT, "Passed.")


@pytest.mark.sweep
def test_a_reload_in_the_middle_keeps_the_text(chapter):
    page = chapter()
    softmax = Exercise(page)
    softmax.write(LOOP)
    softmax.box.press("Control+Enter")
    softmax.says("Checking", STARTS)
    softmax.box.press("Control+End")
    page.keyboard.type("  # on")
    page.reload()
    again = Exercise(page)
    assert again.text == LOOP + "  # on"
    assert again.button("Check").is_visible()
    assert MEASURED in again.check(RIGHT, "Passed.")


@pytest.mark.sweep
def test_a_check_waits_for_the_one_before(chapter):
    page = chapter()
    first = Exercise(page, "04.dot_scores")
    first.write("def dot_scores(q, k):\n    return k @ q")
    first.box.press("Control+Enter")
    second = Exercise(page)
    second.write(RIGHT)
    second.box.press("Control+Enter")
    first.says("Passed.", STARTS)
    second.says("Passed.", STARTS)
    assert counted(page) == "✓2/10"


@pytest.mark.sweep
def test_a_start_that_fails_is_told_and_can_be_tried_again(chapter, visit):
    page = chapter()
    page.route(
        "**/python-*/numpy.whl", lambda route: route.fulfill(status=404)
    )
    softmax = Exercise(page)
    softmax.write(RIGHT)
    softmax.button("Check").click()
    softmax.says("Python could not start on this page.", STARTS)
    visit.faults.clear()
    page.unroute("**/python-*/numpy.whl")
    softmax.button("Check").click()
    softmax.says("Passed.", STARTS)


FORGED = """import selfattn.grading.report as report
report._escaped = lambda text: text
def my_softmax(scores):
    print("<img src=x onerror='document.title=1'><a href=//e>a</a>")
    print("<p style='position:fixed;margin:-99em;color:url(//e)' id=y>b</p>")
    return scores"""


@pytest.mark.sweep
def test_what_runs_beside_the_grader_puts_no_markup_on_the_page(chapter):
    page = chapter()
    softmax = Exercise(page)
    softmax.check(FORGED, "Not right yet")
    bad = "img, a, script, iframe, [id], [onerror], [href], [src]"
    assert softmax.place.locator(f".solve-report :is({bad})").count() == 0
    styles = softmax.place.locator(".solve-report [style]").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('style')).join(';')"
    )
    for bad in ("position", "url", "-99em"):
        assert bad not in styles
    assert page.title() != "1"


@pytest.mark.sweep
def test_a_torch_exercise_gives_its_text_to_colab(chapter):
    page = chapter(permissions=["clipboard-read", "clipboard-write"])
    layer = Exercise(page, "04.query_gradient")
    assert layer.button("Check").count() == 0
    layer.write("def query_gradient():\n    return 1")
    link = layer.place.locator("a.solve-colab")
    assert link.get_attribute("href").startswith("https://colab.research.")
    link.evaluate("(a) => { a.href = '#here'; a.target = ''; }")
    link.click()
    layer.says("Your text is copied")
    assert page.evaluate("navigator.clipboard.readText()") == layer.text
