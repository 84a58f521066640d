"""Chapter 03's window: its bars are those of the study, on every page."""

from __future__ import annotations

import pytest
from figure_engine import Engine
from live_page import (
    beyond_the_edge,
    drawn,
    opener,
    told,
)
from pages import swept

from selfattn import data, widgets
from selfattn.exercises.ch03.majority_ceiling import majority_ceiling

PLACES = [*range(-20, 0), *range(1, 21)]
NETS = [
    *(f"window_{r}" for r in (0, 1, 2, 4, 8, 20, "whole")),
    "attention_rotary",
    "attention_none",
]
every_net = pytest.mark.parametrize("net", NETS)


@pytest.fixture(scope="module")
def engine():
    return Engine("window_slider")


def slider(study=None, **settings):
    """The figure of the chapter, of another study if that is given."""
    study = study or data.result("window_vs_attention")
    return widgets.WindowSlider(study, data.load("tagged"), **settings)


@pytest.fixture(scope="module")
def state():
    return slider().state()


@pytest.fixture(scope="module")
def study():
    return data.result("window_vs_attention")["models"]


@pytest.fixture(scope="module")
def test_set():
    return data.load("tagged")["test"]


def plain(text):
    return text.replace("\u00a0", " ")


# ---------------------------------------------------------------- numbers


@every_net
def test_every_bar_is_what_the_study_measured(engine, state, study, net):
    for cue in PLACES:
        side, step = (0, -cue) if cue < 0 else (1, cue)
        seeds = [run["test"]["by_side"][side][step - 1] for run in study[net]]
        got = engine("measuredAt", {**state, "net": net}, cue)
        mean = sum(seeds) / len(seeds)
        assert got["mean"] == pytest.approx(mean, abs=5.1e-5)
        assert got["low"] == pytest.approx(min(seeds), abs=1e-9)
        assert got["high"] == pytest.approx(max(seeds), abs=1e-9)
        assert got["net"]["parameters"] == study[net][0]["parameters"]
        assert got["net"]["seeds"] == len(seeds) == 5


def test_the_line_is_the_ceiling_of_one_word(engine, state, test_set):
    for cue in PLACES:
        cases = [
            (record["words"].split()[at], record["tags"].split()[at])
            for record in test_set
            for at, distance in record["ambiguous"]
            if distance == cue
        ]
        most = majority_ceiling(*zip(*cases, strict=True))
        got = engine("measuredAt", state, cue)["ceiling"]
        assert got == pytest.approx(most, abs=5.1e-5)


@pytest.mark.parametrize("radius", [0, 1, 2, 4, 8])
def test_outside_its_window_a_net_ends_on_the_line(engine, state, radius):
    for cue in PLACES:
        got = engine("measuredAt", {**state, "net": f"window_{radius}"}, cue)
        assert got["inside"] == (abs(cue) <= radius)
        if got["inside"]:
            assert got["low"] > got["ceiling"] + 0.2
        elif abs(cue) > 1:
            assert got["high"] == got["low"] == got["ceiling"]


def test_the_sentences_are_pairs_of_the_test_set(engine, state, test_set):
    known = {(r["words"], r["tags"]): r["ambiguous"] for r in test_set}
    texts = {words: tags.split() for words, tags in known}
    for cue in PLACES:
        got = engine("sentence", {**state, "cue": cue})
        words = [entry["word"] for entry in got["words"]]
        for nth in (0, 1):
            words[got["at"] + cue] = got["cues"][nth]
            text = " ".join(words)
            assert texts[text][got["at"]] == got["tags"][nth]
            assert known[text, " ".join(texts[text])] == [[got["at"], cue]]
        assert got["tags"][0] != got["tags"][1]
        seen = [entry["off"] for entry in got["words"] if entry["seen"]]
        assert seen and max(map(abs, seen)) <= 4  # radius 4


def test_rows_and_places_are_each_others_way_back(engine):
    for row, cue in enumerate(PLACES):
        assert engine("rowOf", cue) == row
        assert engine("cueOf", row) == cue


# ------------------------------------------------------------------ words


def test_the_window_says_what_it_shows(engine, state):
    assert plain(engine("describe", state)) == (
        "Radius 4: 9 words at a time, 35,179 parameters. The cue stands 16"
        " words to the left, outside the window: right in 47.8 %, in each of"
        " 5 seeds; one word alone allows 47.8 %. All ambiguous test words:"
        " 62.7 %."
    )
    assert "two equal inputs" in engine("seeing", state)
    wide = {**state, "net": "window_20"}
    assert "where the net sees it: right in 93.0 %, 5 seeds from" in plain(
        engine("describe", wide)
    )
    assert "two different inputs" in engine("seeing", wide)
    least = {**state, "net": "window_0", "cue": 1}
    said = engine("describe", least)
    assert "1 word at a time" in said and "1 word to the right" in said


def test_attention_is_told_with_its_weakest_place(engine, state):
    attention = {**state, "net": "attention_rotary", "cue": 20}
    said = plain(engine("describe", attention))
    assert said.startswith("Self-attention with positions: 33,163 parameters")
    assert "Its lowest bar is 89.6 %, 20 words to the left." in said
    blind = {**attention, "net": "attention_none"}
    assert "not where it stands" in engine("seeing", blind)


def test_bad_input_is_refused_with_the_rule(study):
    with pytest.raises(ValueError, match="runs of 'window_8': found none"):
        models = {k: v for k, v in study.items() if k != "window_8"}
        slider({"models": models})
    with pytest.raises(ValueError, match="all 40 places of a cue"):
        run = study["window_0"][0]
        sides = [[None] * 20, run["test"]["by_side"][1]]
        holed = {**run, "test": {**run["test"], "by_side": sides}}
        slider({"models": {**study, "window_0": [holed]}})
    with pytest.raises(Exception, match="cue=0; choose -20 to -1 or 1 to 20"):
        slider(cue=0)


@every_net
def test_the_picture_says_what_it_shows(net):
    alt = slider(net=net).static().alt
    short = net in ("window_0", "window_1", "window_2", "window_4", "window_8")
    assert ("with the cue outside" in alt) == short
    assert ("with the cue inside it" in alt) == (net != "window_0")
    assert "nan" not in alt


# --------------------------------------------------------------- the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "03_sequence_labeling", ".window_slider")


@pytest.mark.browser
def test_a_walk_through_the_window_by_keyboard(show):
    page, figure = show()
    figure.get_by_role("radio").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "radius"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "cue"
    page.keyboard.press("Home")
    radius, cue = figure.get_by_role("slider").all()
    assert "the net sees it: right in" in told(figure)
    assert radius.get_attribute("aria-valuetext") == "radius 20"
    assert cue.get_attribute("aria-valuetext") == "20 words to the left"
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    # Over the word itself: a cue stands beside it.
    drawn(page)
    assert cue.get_attribute("aria-valuetext") == "1 word to the right"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert told(figure).startswith("Self-attention with positions")
    assert radius.is_disabled()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert told(figure).startswith("Radius 20")


@pytest.mark.browser
def test_pointing_puts_the_cue_where_one_points(show):
    page, figure = show(has_touch=True)
    picture = figure.locator("svg").first
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    middle = box["y"] + box["height"] / 2

    def at(place):
        return box["x"] + box["width"] * (place + 20.5) / 41

    page.mouse.move(at(-3), middle)
    page.mouse.down()
    drawn(page)
    cue = figure.get_by_role("slider").last
    assert cue.get_attribute("aria-valuetext") == "3 words to the left"
    assert figure.locator(".live-facts.is-in").count() == 1
    page.mouse.move(at(5), middle, steps=4)
    page.mouse.up()
    drawn(page)
    assert cue.get_attribute("aria-valuetext") == "5 words to the right"
    assert figure.locator(".live-facts.is-out").count() == 1
    page.touchscreen.tap(at(18), middle)
    drawn(page)
    assert cue.get_attribute("aria-valuetext") == "18 words to the right"
    pan = picture.evaluate("e => getComputedStyle(e).touchAction")
    assert pan == "pan-y"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"),
    swept([(320, "light"), (1280, "dark")], [(320, "light")]),
)
def test_the_window_fits_at_every_place(show, width, scheme):
    page, figure = show(width, color_scheme=scheme)
    for n in range(4):
        figure.locator("fieldset label").nth(n).click()
        for place in (0, 19, 20, 39):
            figure.get_by_role("slider").last.fill(str(place))
            drawn(page)
            assert beyond_the_edge(figure) <= 0
