"""Chapter 12's live figure: an RNN and attention, tick by tick."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from figure_engine import Engine
from live_page import drawn, opener, rested, told

from selfattn.widgets import TwoSchedules
from selfattn.widgets.two_schedules import WORKERS


@pytest.fixture(scope="module")
def engine():
    return Engine("two_schedules")


ALL = list(itertools.product(range(2, 9), WORKERS))


@pytest.mark.parametrize(("length", "workers"), ALL)
def test_both_schedules_are_those_of_python(engine, length, workers):
    figure = TwoSchedules(length=length, workers=workers)
    found = engine("schedule", figure.state())
    for name, done in figure.schedule().items():
        np.testing.assert_array_equal(found[name], done)


@pytest.mark.parametrize(("length", "workers"), ALL)
def test_no_piece_is_done_before_what_it_waits_for(length, workers):
    done = TwoSchedules(length=length, workers=workers).schedule()
    pairs = done["pairs"][np.tril_indices(length)]
    assert (np.diff(done["rnn"]) == 1).all()
    assert pairs.min() > done["project"].max()
    assert done["out"].min() > pairs.max()
    every = np.concatenate([done["project"], pairs, done["out"]])
    assert len(every) == 2 * length + length * (length + 1) // 2
    busiest = np.bincount(every).max()
    assert busiest <= (workers or len(every))


def test_it_says_how_far_both_are(engine):
    state = {"length": 8, "workers": 0, "tick": 3}
    assert engine("describe", state) == (
        "After 3 ticks: The RNN has 3 of 8 states. Attention has all its"
        " outputs."
    )
    one = {**state, "workers": 1, "tick": 20}
    assert engine("describe", one) == (
        "After 20 ticks: The RNN has all its states. Attention has 12 scores,"
        " and no output yet."
    )
    assert engine("counted", one) == (
        "RNN: 8 pieces of work in 8 ticks. Attention: 8 projections, 36"
        " scores and 8 outputs in 52 ticks."
    )
    assert "not begun" in engine("describe", {**state, "tick": 0})


def test_a_long_schedule_is_played_faster(engine):
    slow, quick = (
        engine("pause", {"length": 8, "workers": w, "tick": 0}) for w in (0, 1)
    )
    assert quick < slow <= 700


@pytest.mark.parametrize("settings", [{"length": 1}, {"workers": 3}])
def test_settings_that_it_does_not_show_are_refused(settings):
    import traitlets

    with pytest.raises(traitlets.TraitError):
        TwoSchedules(**settings)


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "12_rnn", ".two_schedules")


@pytest.mark.browser
def test_it_is_stepped_by_pointer_and_keyboard(show):
    page, figure = show()
    step = figure.get_by_role("button", name="Step →")
    for _ in range(3):
        step.click()
    assert told(figure).startswith("After 3 ticks: The RNN has 3 of 8")
    figure.get_by_role("slider", name="Tick").focus()
    page.keyboard.press("End")
    assert told(figure).startswith("After 8 ticks: The RNN has all")
    assert step.is_disabled()
    figure.get_by_role("button", name="← Back").press("Enter")
    assert told(figure).startswith("After 7 ticks")


@pytest.mark.browser
def test_fewer_workers_take_longer_and_begin_anew(show):
    page, figure = show()
    figure.get_by_role("radio", name="1", exact=True).press("Space")
    rested(page)
    assert "36 scores and 8 outputs in 52 ticks" in figure.inner_text()
    assert "not begun" in told(figure)


@pytest.mark.browser
def test_it_plays_to_its_end_and_stops(show):
    page, figure = show()
    figure.get_by_role("slider", name="Length").fill("2")
    drawn(page)
    figure.get_by_role("button", name="Play").click()
    figure.get_by_role("button", name="Pause").wait_for()
    figure.get_by_role("button", name="Play").wait_for(timeout=20_000)
    assert "The RNN has all its states" in told(figure)


@pytest.mark.browser
def test_where_less_motion_is_asked_for_it_only_steps(show):
    _, figure = show(reduced_motion="reduce")
    assert figure.get_by_role("button", name="Play").count() == 0
    figure.get_by_role("button", name="Step →").click()
    assert told(figure).startswith("After 1 tick: ")
