"""Quizzes on the built pages: a form, graded without Python or a server."""

from __future__ import annotations

import json
import re

import pytest
from checkout import ROOT
from pages import contents, swept
from quiz_rules import PAGES, texts
from soup import soup

from selfattn import exercises

BYTES = 8_000
READY = ".book-progress-on"


def right(name: str) -> list[str]:
    return texts(exercises.get(name).reference())


def fill(form, name: str, answer: list[str]) -> None:
    for n, text in enumerate(answer):
        field = form.locator(f"[name='{name}.{n}']")
        if field.count() == 1:
            field.fill(text)
        elif text:
            field.and_(form.locator(f"[value='{text}']")).check()


def verdict(form) -> str:
    """Check; what the report says first."""
    form.get_by_role("button", name="Check").click()
    heard = form.locator("[role=status] p")
    heard.first.wait_for()
    return " ".join(heard.all_text_contents())


@pytest.fixture
def opened(served, visit):
    """Open the chapter of a quiz; the page and its form."""

    def show(name, place=served, wait=READY, **options):
        address = f"{place}/chapters/{PAGES[name]}.html"
        page = visit(address, wait=wait, **options)
        return page, page.locator(f"form[data-quiz='{name}']")

    return show


# ------------------------------------------------------------- the markup


@pytest.mark.parametrize("page", contents())
def test_a_page_without_a_quiz_loads_nothing_of_it(html, page):
    text = (html / f"{page}.html").read_text("utf8")
    here = page.rpartition("/")[2] in PAGES.values()
    assert ("quiz" in text) == here
    if not here:
        return
    tree = soup(html / f"{page}.html")
    data = tree.select_one("form.quiz + script").string
    scripts = [s["src"] for s in tree.select("script[src*=quiz]")]
    names = [re.search(r"quiz\w*\.js", s)[0] for s in scripts]
    assert names == ["quiz_rules.js", "quiz.js"]
    style = [s.string for s in tree.select("style") if ".quiz" in s.string]
    size = len(data.encode()) + sum(len(s.encode()) for s in style)
    size += sum((html / "_static" / name).stat().st_size for name in names)
    assert size <= BYTES


def test_the_search_index_knows_no_quiz(html):
    index = (html / "searchindex.js").read_text("utf8")
    assert '"reset"' not in index


# ------------------------------------------------------------ in a browser


@pytest.mark.browser
@pytest.mark.parametrize("name", swept(PAGES, ["02.output_kind"]))
def test_it_is_graded_from_disk_and_asks_for_nothing(opened, html, name):
    page, form = opened(name, html.as_uri())
    asked = []  # but for pictures, which load as one scrolls
    page.on("request", lambda r: r.resource_type == "image" or asked.append(r))
    answer = right(name)
    assert "Nothing to grade yet: give" in verdict(form)
    fill(form, name, answer[:-1])
    assert "Still to answer: '" in verdict(form)
    wrong = next(iter(exercises.get(name).traps.values()))
    fill(form, name, texts(wrong.wrong()))
    said = verdict(form)
    assert said.startswith(f"{name}: wrong {wrong.message.split('`')[0]}")
    assert "Not right: '" in said
    fill(form, name, answer)
    assert verdict(form) == f"{name}: passed Right."
    assert asked == []


@pytest.mark.browser
def test_it_counts_as_graded_and_what_was_chosen_is_kept(opened):
    name = "04.coincide"
    page, form = opened(name)
    answer = right(name)
    fill(form, name, ["True"] * 8)
    verdict(form)
    fill(form, name, answer)
    verdict(form)
    done = json.loads(page.evaluate("localStorage['selfattn-progress']"))
    [(about, entry)] = done["exercises"].items()
    assert (about, entry["status"], entry["attempts"]) == (name, "passed", 2)
    graded = page.locator(f"[data-exercise='{name}'] .book-graded")
    assert graded.text_content().startswith("✓ graded: passed on ")
    count = page.locator("[data-chapter='04'] .book-figures")
    assert count.text_content() == "✓1/10"
    page.reload()
    page.wait_for_selector(READY)
    chosen = "[...document.querySelectorAll('form.quiz :checked')]"
    assert page.evaluate(f"{chosen}.map((box) => box.value)") == answer
    form.get_by_role("button", name="Reset").click()
    assert page.evaluate(f"{chosen}.length") == 0
    own = "Object.keys(localStorage).filter((key) => /selfattn/.test(key))"
    assert page.evaluate(own) == ["selfattn-progress"]
    page.reload()
    page.wait_for_selector(READY)
    assert page.evaluate(f"{chosen}.length") == 0
    assert form.locator(".quiz-report").inner_html() == ""


@pytest.mark.browser
def test_the_keyboard_is_enough_and_storage_may_be_refused(served, visit):
    page = visit("about:blank")
    page.add_init_script(
        """for (const part of ["setItem", "getItem", "removeItem"]) {
          const old = Storage.prototype[part];
          Storage.prototype[part] = function (key, ...more) {
            if (key.startsWith("selfattn")) throw new DOMException("no");
            return old.call(this, key, ...more);
          };
        }"""
    )
    page.goto(f"{served}/chapters/03_sequence_labeling.html")
    page.wait_for_selector(READY)
    form = page.locator("form.quiz")
    form.locator("input").first.focus()
    for text in right("03.separates"):
        page.keyboard.press("Space")
        if text == "False":
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.press("Meta+Enter")
    heard = form.locator("[role=status]")
    heard.get_by_text("Right.").wait_for()
    note = form.locator(".quiz-report").text_content()
    assert note.count("This browser could not store your progress") == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Reset
    assert form.locator(":checked").count() == 0
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # Check
    heard.get_by_text("Nothing to grade yet").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", swept(["light", "dark"], ["dark"]))
def test_it_fits_a_phone_and_is_accessible(opened, scheme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page, form = opened("05.broken_lines", width=360, color_scheme=scheme)
    fill(form, "05.broken_lines", ["3", "5", "3"])
    verdict(form)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for box in form.locator("input, button").all():
        assert box.bounding_box()["height"] >= 24
    found = axe.Axe().run(page, context="form.quiz")
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.browser
def test_without_scripts_the_starter_stands_there(opened):
    bare, form = opened("02.output_kind", wait=None, java_script_enabled=False)
    cells = ".quiz-cells"
    assert form.is_hidden()
    assert bare.locator(cells).count() == 2
    assert bare.locator(f"{cells}:visible").count() == 2
    page, form = opened("02.output_kind")
    assert page.locator(f"{cells}:visible").count() == 0
    page.emulate_media(media="print")
    assert form.locator("input:visible").count() == 30
    assert form.locator("button:visible").count() == 0


def test_a_notebook_still_has_the_cells():
    for name, page in PAGES.items():
        text = (ROOT / "chapters" / f"{page}.ipynb").read_text("utf8")
        assert json.dumps(f'check("{name}"')[1:-1] in text
