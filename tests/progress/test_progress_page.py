"""Progress on the built pages: kept, imported, exported, and never lost."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from checkout import ROOT
from pages import contents, watch
from progress_browser import (
    READY,
    RESULTS,
    again_with,
    chapter_of,
    figures,
    give,
    stored,
    tick,
)
from progress_rules import NOW, file
from soup import soup

from selfattn import progress


@pytest.fixture
def chapter(served, visit):
    """Open chapter 04 when its progress has started."""
    return chapter_of(served, visit)


def notebook_exercises() -> dict[str, list[str]]:
    found = {}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text("utf8"))["cells"]
        marked = [cell["metadata"] for cell in cells]
        found[path.stem] = [
            m["exercise"] for m in marked if "exercise" in m.get("tags", [])
        ]
    return found


# -------------------------------------------------------------- the places


@pytest.mark.parametrize("page", [*contents(), "search", "genindex"])
def test_every_page_counts_every_exercise_and_has_the_panel(html, page):
    tree = soup(html / f"{page}.html")
    counted = {}
    for place in tree.select("li.book-counted > .book-count"):
        number = place["data-chapter"]
        names = place["data-exercises"].split()
        counted[number] = [f"{number}.{name}" for name in names]
    found = {k[:2]: ids for k, ids in notebook_exercises().items()}
    assert counted == found
    assert len(tree.select("section.book-progress")) == 1
    ticks = [t["data-exercise"] for t in tree.select("[data-exercise]")]
    assert ticks == notebook_exercises().get(page.partition("/")[2], [])
    read = [t["data-read"] for t in tree.select(".book-tick[data-read]")]
    assert read == ([page.partition("/")[2][:2]] if ticks else [])
    for box in tree.select("section.exercise > [data-exercise]"):
        number = box.parent.h3.get_text().split(":")[0]
        assert box.label.get_text().strip() == f"I solved {number.lower()}"


def test_its_words_are_not_in_the_search_index(html):
    """A page is found by “tick” only where its own text says it."""
    text = (html / "searchindex.js").read_text("utf8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    hits = index["terms"].get("tick", [])
    assert index["titleterms"].get("tick", []) == []
    for number in [hits] if isinstance(hits, int) else hits:
        page = ROOT / f"{index['docnames'][number]}.ipynb"
        told = [c.source for c in nbformat.read(page, 4).cells]
        assert re.search(r"\btick", "\n".join(told)), page


# ------------------------------------------------------------ in a browser


@pytest.mark.browser
def test_ticks_survive_a_reload_and_another_page(served, chapter):
    page = chapter()
    assert figures(page) == "0/10"
    tick(page, "04.softmax").check()
    tick(page, "04").check()
    assert figures(page) == "○1/10"
    page.reload()
    page.wait_for_selector(READY)
    assert tick(page, "04.softmax").is_checked()
    assert not tick(page, "04.attend").is_checked()
    assert tick(page, "04").is_checked()
    page.goto(f"{served}/chapters/glossary.html")
    page.wait_for_function(
        "document.querySelector("
        "'[data-chapter=\"04\"] .book-figures')"
        ".textContent === '○1/10'"
    )
    assert figures(page, "05") == "0/10"
    heard = page.locator("[data-chapter='04'] .book-unseen").text_content()
    assert heard == (
        "10 exercises: 0 graded as passed, 1 more ticked by you; chapter read"
    )
    page.go_back()
    tick(page, "04.softmax").uncheck()
    tick(page, "04").uncheck()
    page.reload()
    page.wait_for_function(
        "document.querySelector("
        "'[data-chapter=\"04\"] .book-figures')"
        ".textContent === '0/10'"
    )
    assert json.loads(stored(page)) == {"version": 1, "exercises": {}}


@pytest.mark.browser
def test_a_page_from_disk_keeps_ticks_too(html, visit):
    page = chapter_of(html.as_uri(), visit)()

    def kept():  # the empty store of progress_browser.chapter_of is possible
        tick(page, "04.softmax").check()
        page.reload()
        page.wait_for_selector(READY)
        return tick(page, "04.softmax").is_checked()

    assert any(kept() for _ in range(4))


@pytest.mark.browser
def test_results_come_from_the_package_and_go_back(chapter, tmp_path):
    progress.load(file(RESULTS))
    given = progress().export(tmp_path / "from-package.json")
    page = chapter()
    tick(page, "04.softmax").check()
    said = give(page, given.read_bytes())
    assert said.startswith("3 of 3 exercises brought something new")
    assert figures(page) == "✓1 ○1/10" and figures(page, "01") == "✓1/7"
    graded = "[data-exercise='{}'] .book-graded"
    assert page.locator(graded.format("04.dot_scores")).text_content() == (
        "✓ graded: passed on 1 March 2026, 3 attempts"
    )
    assert page.locator(graded.format("04.softmax")).text_content() == (
        "✗ graded: not yet, 3 attempts, last diagnosis no_shift"
    )
    assert tick(page, "04.softmax").is_checked()
    assert not tick(page, "04.dot_scores").is_checked()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    download = waiting.value
    assert download.suggested_filename == "selfattn-progress.json"
    target = tmp_path / "from-page.json"
    download.save_as(target)
    whole = json.loads(target.read_text("utf8"))
    assert whole["exercises"] == RESULTS
    assert list(whole["ticks"]) == ["04.softmax"]
    progress.path().unlink()  # another machine, which knows nothing yet
    done = progress.load(target)
    assert dict(done.changed) == RESULTS and done.refused == ()
    assert give(page, target.read_bytes()).startswith("0 of 3 exercises")


@pytest.mark.browser
def test_a_check_on_the_page_is_a_graded_result(chapter):
    page = chapter()
    note = "check => bookProgressNote(...check)"
    assert page.evaluate(note, ["04.softmax", "wrong", "no_shift"]) == ""
    place = page.locator("[data-exercise='04.softmax'] .book-graded")
    assert place.text_content() == (
        "✗ graded: not yet, 1 attempt, last diagnosis no_shift"
    )
    assert figures(page) == "0/10"
    assert page.evaluate(note, ["04.softmax", "passed"]) == ""
    assert figures(page) == "✓1/10"
    kept = json.loads(stored(page))["exercises"]["04.softmax"]
    assert kept == {
        "status": "passed",
        "attempts": 2,
        "passed_at": kept["last_at"],
        "last_at": kept["last_at"],
        "last_diagnosis": None,
    }
    page.evaluate("() => { Storage.prototype.setItem = () => { throw 0; }; }")
    said = page.evaluate(note, ["04.attend", "passed"])
    assert said.startswith("This browser could not store your progress")
    assert page.evaluate(note, ["04.attend", "passed"]) == ""
    assert figures(page) == "✓2/10"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_show_both_kinds_and_differ_without_colour(chapter, scheme):
    page = chapter(color_scheme=scheme)
    give(page, file(RESULTS, ticks={"04.attend": NOW}))
    look = """kind => [...document.querySelectorAll(`.book-bar-${kind}`)]
      .filter((e) => e.offsetWidth && e.offsetHeight)
      .map((e) => getComputedStyle(e))
      .map((s) => [s.backgroundColor, s.backgroundImage])"""
    full, striped = (page.evaluate(look, k) for k in ("graded", "ticked"))
    clear = "rgba(0, 0, 0, 0)"
    assert len(full) == 3 and len(striped) == 2  # two chapters, and the whole
    assert all(c != clear and i == "none" for c, i in full)
    assert all(c == clear and "gradient" in i for c, i in striped)


@pytest.mark.browser
def test_two_tabs_stay_in_step(served, chapter, visit):
    first = chapter()
    second = first.context.new_page()
    watch(second, visit.faults)
    second.goto(f"{served}/chapters/04_attention.html")
    second.wait_for_selector(READY)
    tick(first, "04.softmax").check()
    second.wait_for_function(
        "document.querySelector("
        "'[data-exercise=\"04.softmax\"] input').checked"
    )
    tick(second, "04.attend").check()
    first.wait_for_function(
        "document.querySelector("
        "'[data-chapter=\"04\"] .book-figures')"
        ".textContent === '○2/10'"
    )


@pytest.mark.browser
def test_the_panel_works_from_the_keyboard_and_asks_first(chapter):
    page = chapter()
    tick(page, "04.softmax").focus()
    page.keyboard.press("Space")
    assert figures(page) == "○1/10"
    page.locator("[data-do=import]").focus()
    with page.expect_file_chooser():
        page.wait_for_timeout(200)  # until the browser hands choosers over
        page.keyboard.press("Enter")
    focused = "document.activeElement.textContent"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate(focused) == "Forget …"
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Keep them"
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Forget …"
    assert figures(page) == "○1/10"
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(focused) == "Forget them"
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "Forget …"
    assert figures(page) == "0/10" and stored(page) is None
    page.get_by_text("Every tick and result is forgotten here.").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_is_in_the_drawer_and_fits(chapter, scheme):
    page = chapter(360, color_scheme=scheme, wait=None)
    again_with(page, file(RESULTS, ticks={"04.attend": NOW}, read={"04": NOW}))
    room = "document.documentElement.scrollWidth"
    assert page.evaluate(room) == 360
    page.locator(".primary-toggle").click()
    panel = page.locator(".book-progress")
    panel.scroll_into_view_if_needed()
    drawer = page.locator("#pst-primary-sidebar-modal").bounding_box()
    for box in [
        *page.locator(".book-figures").all(),
        panel,
        *panel.locator("button:visible").all(),
    ]:
        place = box.bounding_box()
        assert place["x"] >= drawer["x"]
        assert place["x"] + place["width"] <= drawer["x"] + drawer["width"]
    for button in panel.locator("button:visible").all():
        assert button.bounding_box()["height"] >= 24
    tick_box = "[...document.querySelectorAll('.book-tick label')].every("
    tick_box += "(l) => l.getBoundingClientRect().height >= 24)"
    assert page.evaluate(tick_box)


@pytest.mark.browser
def test_nothing_moves_when_the_script_starts(chapter):
    page = chapter()
    again_with(page, file(RESULTS, ticks={"04.attend": NOW}, read={"04": NOW}))
    places = """[...document.querySelectorAll(
      ".book-count, .bd-links a, .book-progress > *:not([hidden])")].map(
        (e) => e.getBoundingClientRect().y)"""
    ready = page.evaluate(places)
    page.route("**/progress.js*", lambda route: route.fulfill(body=""))
    page.reload()
    assert page.locator(".book-count").first.is_hidden()
    assert page.evaluate(places) == ready


@pytest.mark.browser
def test_without_scripts_and_on_paper_nothing_of_it_shows(chapter):
    parts = ".book-count, .book-progress, .book-tick"
    bare = chapter(java_script_enabled=False, wait=None)
    assert bare.locator(parts).count() > 10
    assert bare.locator(f":is({parts}):visible").count() == 0
    page = chapter()
    page.emulate_media(media="print")
    assert page.locator(f":is({parts}):visible").count() == 0
