"""The net of the front page, by pointer and keyboard, on built pages."""

from __future__ import annotations

import pytest
from live_page import (
    opener,
    smallest_letter,
    told,
)
from pages import swept

from selfattn import data, widgets

pytestmark = pytest.mark.browser


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "04_attention", ".word_order")


def words_of(live):
    return live.locator(".live-chip b:visible").all_inner_texts()


def tags_of(live):
    return live.locator(".live-tag:visible").all_inner_texts()


def test_a_walk_through_the_figure_by_keyboard(show):
    page, live = show()
    live.locator(".live-chip").first.focus()
    seen = []
    for _ in range(13):
        here = page.evaluate("document.activeElement.innerText || 'net'")
        seen.append(here.split("\n")[-2 if "%" in here else 0])
        ring = page.evaluate(
            """(e => getComputedStyle(e.type === "radio"
              ? e.nextElementSibling : e).outlineStyle)(
              document.activeElement)"""
        )
        assert ring == "solid", here
        page.keyboard.press("Tab")
    assert seen[:4] == ["I", "saw", "a", "saw"]
    assert seen[5:] == [
        "← move", "move →", "add", "remove", "I saw a saw", "a saw saw I",
        "they duck under a duck", "shuffle",
    ]  # fmt: skip

    live.locator(".live-chip").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert "All 4 tags are right." not in told(live)  # saw a saw I
    assert words_of(live) == ["saw", "a", "saw", "I"]
    assert page.evaluate("document.activeElement.innerText").split()[2:] == (
        ["I", "pronoun"]
    )
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    told(live)
    assert words_of(live) == ["a", "saw"]
    assert live.locator(".live-chip").first.evaluate(
        "e => e === document.activeElement"
    )
    for _ in range(4):
        page.keyboard.press("Delete")
    told(live)
    assert words_of(live) == ["saw"]


def test_a_dragged_word_takes_its_place_and_every_tag_follows(show):
    page, live = show()
    chips = live.locator(".live-chip")
    chips.first.scroll_into_view_if_needed()
    box, last = chips.first.bounding_box(), chips.nth(3).bounding_box()
    assert tags_of(live) == ["pronoun", "verb", "article", "noun"]
    y = box["y"] + 40
    page.mouse.move(box["x"] + 40, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, y, steps=4)
    held = chips.first.evaluate("e => getComputedStyle(e).transform")
    assert held != "none"
    page.mouse.move(last["x"] + 60, y, steps=10)
    page.mouse.up()
    told(live)
    assert words_of(live) == ["saw", "a", "saw", "I"]
    assert live.locator(".is-held").count() == 0
    # The dragged word stays the chosen one.
    assert chips.nth(3).get_attribute("aria-pressed") == "true"
    live.get_by_role("button", name="a saw saw I").click()
    said = told(live)
    assert tags_of(live) == ["article", "noun", "verb", "pronoun"]
    assert "All 4 tags are right." in said


def test_pointing_at_a_word_shows_where_it_looks(show):
    page, live = show()
    title = live.locator(".live-title")
    live.locator(".live-chip").nth(1).hover()
    told(live)
    assert title.inner_text().startswith("Where saw² looks")
    widths = live.locator(".live-arcs path").evaluate_all(
        "paths => paths.slice(0, 4).map(p => +p.getAttribute('stroke-width'))"
    )
    live_figure = widgets.WordOrder(data.result("word_order"), asks=1)
    weights = live_figure.answer()[0][1]
    assert widths == pytest.approx(1 + 9 * weights)
    live.locator(".live-title").hover()
    told(live)
    assert title.inner_text().startswith("Where saw⁴ looks")


def test_the_tools_change_the_chosen_word(show):
    page, live = show()
    live.get_by_role("combobox", name="Word 4").select_option("duck")
    told(live)
    assert words_of(live)[3] == "duck"
    left = live.get_by_role("button", name="move left")
    for _ in range(3):
        left.click()
    told(live)
    assert words_of(live) == ["duck", "I", "saw", "a"]
    assert left.get_attribute("aria-disabled") == "true"
    for _ in range(4):
        live.get_by_role("button", name="add a word").click()
    told(live)
    assert words_of(live) == ["duck"] * 5 + ["I", "saw", "a"]
    live.get_by_role("button", name="remove the word").click()
    live.get_by_text("does not").click()
    said = told(live)
    assert "all 4 “duck” are one vector" in said
    assert len(set(tags_of(live)[:4])) == 1


@pytest.mark.parametrize(
    ("width", "scheme"),
    swept([(320, "light"), (1280, "dark")], [(320, "light")]),
)
def test_eight_words_fit_in_letters_large_enough(show, width, scheme):
    page, live = show(width, color_scheme=scheme)
    live.get_by_role("button", name="they duck").click()
    for _ in range(3):
        live.get_by_role("button", name="add a word").click()
    told(live)
    assert len(words_of(live)) == 8
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert smallest_letter(live) >= 14
    cut = live.evaluate(
        """box => [...box.querySelectorAll(".live-chip")].filter((e) =>
          e.scrollWidth > e.clientWidth + 1).length"""
    )
    assert cut == 0
