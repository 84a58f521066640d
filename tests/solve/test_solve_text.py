"""What is typed stays, also over a reload and in two tabs."""

from __future__ import annotations

import json

import pytest
from solve_browser import Exercise, chapter_of, counted, needs_python

pytestmark = pytest.mark.browser
KEY = "selfattn-typed.04.softmax"
MARKUP = "</div><img src=x onerror=alert(1)>&lt;<b>'<script>'"
TIME = "2026-03-01T10:00:00Z"
PASSED = {"status": "passed", "attempts": 1, "passed_at": TIME}
PASSED |= {"last_at": TIME, "last_diagnosis": None}


@pytest.fixture
def chapter(html, served, visit):
    return chapter_of(html, served, visit)


def test_keys_text_and_reset(chapter):
    page = chapter()
    softmax = Exercise(page)
    starter = softmax.text
    assert starter.startswith("def my_softmax(scores):\n")
    assert starter.endswith("\n    raise NotImplementedError")
    softmax.box.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("if 1:")
    page.keyboard.press("Enter")
    page.keyboard.type("x = 2")
    page.keyboard.press("Tab")
    assert softmax.text == "if 1:\n    x = 2   "
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("y")
    assert softmax.text == "if 1:\n    x = 2   \ny"
    page.keyboard.press("Control+z")
    assert softmax.text == "if 1:\n    x = 2   \n"
    page.keyboard.insert_text(MARKUP)
    lines = softmax.section.locator(".solve-editor")
    assert MARKUP in lines.inner_text()
    assert lines.locator("img, script, b").count() == 0
    page.keyboard.press("Control+z")
    page.wait_for_function(f"localStorage.getItem('{KEY}')")
    page.reload()
    again = Exercise(page)
    assert again.text == "if 1:\n    x = 2   \n"
    assert page.locator("textarea").count() >= 1
    again.button("Reset").click()
    assert again.text == starter and again.kept() is None
    again.button("Undo reset").click()
    assert again.text == "if 1:\n    x = 2   \n" == again.kept()


@pytest.mark.sweep
def test_two_tabs_follow_each_other_and_never_overwrite(chapter):
    page = chapter()
    other = page.context.new_page()
    other.goto(page.url)
    mine, theirs = Exercise(page), Exercise(other)
    mine.write("a = 1")
    theirs.says("Changed in another tab.")
    assert theirs.text == "a = 1"
    # Both write before either keeps.
    page.evaluate(f"localStorage.setItem('{KEY}', 'newer')")
    mine.write("a = 2")
    mine.says("Another tab changed this answer.")
    assert mine.kept() == "newer" and mine.text == "a = 2"
    mine.button("Show the other").click()
    assert mine.text == "newer"
    page.evaluate(f"localStorage.setItem('{KEY}', 'again newer')")
    mine.write("a = 3")
    mine.button("Keep this text").click()
    assert mine.text == "a = 3" == mine.kept()
    theirs.says("Changed in another tab.")


@pytest.mark.parametrize(
    ("breaks", "why"),
    [
        (
            "Object.defineProperty(window, 'localStorage', { get() { "
            "throw new DOMException('no', 'SecurityError'); } })",
            "SecurityError",
        ),
        (
            "Storage.prototype.setItem = () => { "
            "throw new DOMException('no', 'QuotaExceededError'); }",
            "QuotaExceededError",
        ),
    ],
)
@pytest.mark.sweep
def test_without_a_storage_it_is_told_once(html, served, browser, breaks, why):
    needs_python(html)
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(breaks)
        page.goto(f"{served}/chapters/04_attention.html")
        page.wait_for_selector(".solve-bar")
        softmax = Exercise(page)
        softmax.write("a = 1")
        softmax.says(f"could not store your text ({why})")
        softmax.box.press("Escape")
        softmax.says("Tab now")
        softmax.write("a = 2")
        page.wait_for_timeout(500)
        softmax.says("Tab now")
        assert softmax.text == "a = 2"


@pytest.mark.sweep
def test_no_file_and_no_address_puts_text_into_an_editor(chapter):
    page = chapter()
    starter = Exercise(page).text
    text = json.dumps(
        {
            "version": 1,
            "exercises": {"04.softmax": PASSED},
            KEY: "evil",
            "typed": {"04.softmax": "evil"},
        }
    )
    page.set_input_files(
        ".book-progress input[type=file]",
        {
            "name": "p.json",
            "mimeType": "application/json",
            "buffer": text.encode(),
        },
    )
    page.wait_for_selector(".book-graded:has-text('passed')")
    assert counted(page) == "✓1/10"
    page.goto(f"{page.url}?{KEY}=evil&text=evil#:~:text=evil")
    softmax = Exercise(page)
    assert softmax.text == starter and softmax.kept() is None


@pytest.mark.sweep
def test_what_is_typed_is_not_exported(chapter):
    page = chapter()
    softmax = Exercise(page)
    softmax.write("a = 'my own'")
    page.wait_for_function(f"localStorage.getItem('{KEY}')")
    with page.expect_download() as download:
        page.locator(".book-progress [data-do=export]").click()
    assert "my own" not in download.value.path().read_text("utf8")


@pytest.mark.sweep
def test_without_scripts_and_on_paper(chapter, html, visit):
    bare = visit(
        html / "chapters/04_attention.html", java_script_enabled=False
    )
    shown = bare.locator(".solve:visible, .solve-keys:visible")
    assert shown.count() == 0
    cell = bare.locator("section.exercise .tag_check").first
    assert cell.is_visible()
    page = chapter()
    softmax = Exercise(page)
    softmax.write("def my_softmax(scores):\n    return 'on paper'")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main button:visible").count() == 0
    lines = softmax.section.locator(".pce-line")
    assert "on paper" in lines.nth(1).inner_text()
    assert lines.nth(1).is_visible()


@pytest.mark.sweep
def test_from_disk_it_says_what_to_do(html, visit):
    needs_python(html)
    page = visit(html / "chapters/04_attention.html", wait=".solve-bar")
    softmax = Exercise(page)
    softmax.box.press("Control+Enter")
    softmax.says("Python does not start on a page opened from disk")
