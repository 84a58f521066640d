"""The playground of chapter 04 shows what to try and knows when it is done."""

from __future__ import annotations

import json

import pytest
from figure_engine import Engine
from live_page import drawn, rested
from pages import swept

from selfattn import widgets


@pytest.fixture(scope="module")
def engine():
    return Engine("attention_playground")


def start(engine, step, **moved):
    """The state in which a step begins, then changed."""
    state = widgets.AttentionPlayground().state()
    begin = json.loads(
        engine.context.eval(f"JSON.stringify(TOUR[{step}].start)")
    )
    return {**state, **begin, **moved}


def moved(state, name, i, to):
    return [to if j == i else old for j, old in enumerate(state[name])]


SOLVED = [
    (0, "q", 0, [1.5, 1.5], "a³ leads with 60 %"),
    (1, "k", 2, [2.4, -2.4], "95 % of the weight. So b¹ is almost v³"),
    (2, "q", 0, [0, 0], "every word gets 25 %"),
]


@pytest.mark.parametrize(("step", "name", "i", "to", "says"), SOLVED)
def test_each_step_is_done_by_what_it_asks_for(
    engine, step, name, i, to, says
):
    before = start(engine, step)
    assert engine("toured", step, before, [0]) == ""
    after = {**before, name: moved(before, name, i, to)}
    said = engine("toured", step, after, [0]).replace("\u00a0", " ")
    assert says in said
    # Another rule, another figure: the sentence would not be true of it.
    assert engine("toured", step, {**after, "weight": "relu"}, [0]) == ""
    assert engine("toured", step, {**after, "asks": 1}, [0, 1]) == ""


def test_the_last_step_wants_both_saws_to_ask(engine):
    state = start(engine, 3, asks=3)
    assert engine("toured", 3, state, [0, 3]) == ""
    said = engine("toured", 3, state, [0, 1, 3])
    weights, out = widgets.AttentionPlayground(asks=1).attend()
    assert f"the same b, ({out[0]:.2f}, {out[1]:.2f})" in said
    # With another query for one of them it is not so.
    apart = {**state, "q": moved(state, "q", 1, [0.5, 0.5])}
    assert engine("toured", 3, apart, [0, 1, 3]) == ""


@pytest.fixture
def figure(html, visit):
    """The playground on its page."""

    def open_figure(width=1280, height=900, **options):
        size = {"width": width, "height": height}
        page = visit(
            html / "chapters" / "04_attention.html",
            wait=".attention_playground",
            viewport=size,
            **options,
        )
        return page, page.locator(".attention_playground")

    pytest.importorskip("jupyter_book")
    return open_figure


def drag(page, box, name, x, y):
    """Drag a handle to (x, y) of the plane of queries and keys."""
    knob = box.get_by_role("slider", name=name).locator(".live-knob")
    at = knob.bounding_box()
    plane = box.locator(".live-match").bounding_box()
    unit = plane["width"] / 320
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(
        plane["x"] + (160 + 60 * x) * unit,
        plane["y"] + (160 - 60 * y) * unit,
        steps=5,
    )
    page.mouse.up()
    drawn(page)


@pytest.mark.browser
@pytest.mark.parametrize("width", swept([320, 360, 1280], [360]))
def test_the_whole_tour_by_pointer(figure, width):
    page, box = figure(width)
    done, on = box.locator(".live-done"), box.locator(".live-tour button")
    box.locator(".live-flow").scroll_into_view_if_needed()
    height = box.locator(".live-tour").bounding_box()["height"]
    for name, x, y in (
        ("query of I", 1.5, 1.5),
        ("key of a", 2.4, 2.4),
        ("query of I", 0.1, 0.05),
    ):
        assert on.last.inner_text() == "Skip →"
        assert box.locator(".live-handle.is-wanted").count() == 1
        drag(page, box, name, x, y)
        assert on.last.inner_text() == "Next →", name
        rested(page)
        assert "✓" in done.inner_text()
        # What is below does not jump while one drags.
        assert box.locator(".live-tour").bounding_box()["height"] == height
        on.last.click()
        drawn(page)
    for word in (1, 3):
        box.locator(".live-words label").nth(word).click()
        drawn(page)
    rested(page)
    assert "both saws ask alike" in done.inner_text()
    on.last.click()
    drawn(page)
    assert "That is attention" in box.locator(".live-tour").inner_text()
    on.last.click()
    drawn(page)
    assert "Try 1 of 4." in box.locator(".live-tour").inner_text()


@pytest.mark.browser
def test_keys_do_the_tour_and_rules_do_not_spoil_it(figure):
    page, box = figure()
    query = box.get_by_role("slider", name="query of I")
    query.focus()
    for key in 4 * ["Shift+ArrowUp"] + ["Shift+ArrowRight"]:
        page.keyboard.press(key)
    rested(page)
    done = box.locator(".live-done")
    assert done.get_attribute("role") == "status"
    assert "a³ leads with" in done.inner_text()
    box.locator("label", has_text="ReLU").click()
    box.get_by_role("button", name="Next").click()
    drawn(page)
    assert box.get_by_label("softmax").is_checked()


@pytest.mark.browser
def test_cause_and_effect_are_on_a_phone_screen_together(figure):
    page, box = figure(360, 740, has_touch=True, is_mobile=True)
    assert box.bounding_box()["height"] <= 1100
    box.evaluate(
        "e => scrollTo({top: e.getBoundingClientRect().top + scrollY - 64,"
        " behavior: 'instant'})"
    )
    for part in (".live-tour", ".live-table", ".live-match", ".live-mix"):
        place = box.locator(part).bounding_box()
        assert place["y"] >= 0 and place["y"] + place["height"] <= 740, part
    for plane in (".live-match", ".live-mix"):
        assert box.locator(plane).bounding_box()["width"] >= 150
    ring = box.locator(".live-ring").first.bounding_box()
    assert ring["width"] >= 40  # room for a finger


@pytest.mark.browser
def test_where_two_circles_overlap_the_nearer_handle_moves(figure):
    page, box = figure(360)
    box.locator(".live-flow").scroll_into_view_if_needed()
    # Within the ring of the query, which lies on top, but nearer to key 2.
    knob = box.get_by_role("slider", name="key of saw, 2")
    at = knob.locator(".live-knob").bounding_box()
    plane = box.locator(".live-match").bounding_box()
    unit = 60 * plane["width"] / 320
    x = at["x"] + at["width"] / 2
    y = at["y"] + at["height"] / 2 + 0.4 * unit
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + unit, y, steps=4)
    page.mouse.up()
    drawn(page)
    assert knob.get_attribute("aria-valuetext").startswith("(2, 0)")
    query = box.get_by_role("slider", name="query of I")
    assert query.get_attribute("aria-valuetext") == "(1, −1)"
