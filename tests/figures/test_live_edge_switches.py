"""Chapter 10's live figure: edges on and off, weights and vectors follow."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import drawn, opener, rested, told

from selfattn.widgets import EdgeSwitches
from selfattn.widgets.edge_switches import SCORES

A = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])  # (4, 2)
W_Q, W_K, W_V = (
    np.array(w)
    for w in ([[1, -1], [1, 2]], [[0, 1], [1, 0]], [[2, 0], [1, 3]])
)


def chapter(**settings):
    """The running sentence with the edges of its grammar."""
    return EdgeSwitches(
        ["I", "saw", "a", "saw"],
        [(0, 1), (1, 1), (0, 0), (1, 0)],
        A @ W_Q,
        A @ W_K,
        A @ W_V,
        [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)],
        on=[0, 4, 5],
        **settings,
    )


def invented(rng, score):
    """A graph at random with some edges on."""
    n, d_k, d_v = (int(rng.integers(*r)) for r in ((2, 8), (1, 5), (1, 4)))
    edges = [(i, j) for i in range(n) for j in range(i)]
    on = np.flatnonzero(rng.random(len(edges)) < 0.5).tolist()
    drawn_ = (rng.normal(size=(n, d)) for d in (2, d_k, d_k, d_v))
    w = rng.normal(size=d_k)
    names = [f"n{i}" for i in range(n)]
    return EdgeSwitches(names, *drawn_, edges, on=on, w=w, score=score)


@pytest.fixture(scope="module")
def engine():
    return Engine("edge_switches")


@pytest.mark.parametrize("score", SCORES)
@pytest.mark.parametrize("seed", range(8))
def test_weights_and_outputs_are_those_of_the_package(engine, seed, score):
    figure = invented(np.random.default_rng(seed), score)
    out, weights = figure.attend()
    found = engine("attend", figure.state())
    np.testing.assert_allclose(found["weights"], weights, atol=1e-6)
    np.testing.assert_allclose(found["out"], out, atol=1e-6)


def test_it_says_whom_a_word_looks_at(engine):
    state = chapter(node=1).state()
    assert engine("describe", state) == (
        "saw (2) looks at I 58\u00a0%, itself 21\u00a0% and saw (4)"
        " 21\u00a0%. New vector: (1.58, 1.27). saw (4) has (2.57, 3)."
    )
    alone = {**state, "on": []}
    assert "It has no edge, so its new vector is its own" in engine(
        "describe", alone
    )
    assert engine("counted", state) == (
        "3 of 6 edges are on: 10 scores, and 16 without a graph"
    )


def test_with_all_edges_both_saws_are_equal_again(engine):
    state = {**chapter(node=1).state(), "on": list(range(6))}
    assert engine("describe", state).endswith("saw (4) has the same.")


def test_an_edge_is_switched_and_switched_back(engine):
    state = chapter().state()
    assert engine("toggled", state, 4) == [0, 5]
    assert engine("toggled", state, 1) == [0, 1, 4, 5]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"q": [[1.0]]}, "q must have a row"),
        ({"edges": [(0, 1), (0, 1)]}, "edges must differ"),
        ({"edges": [(0, 9)]}, "nodes 0 to 3"),
    ],
)
def test_parts_that_do_not_match_are_refused(change, rule):
    parts = {
        "names": "abcd", "xy": A, "q": A, "k": A, "v": A, "edges": [(0, 1)],
    }  # fmt: skip
    with pytest.raises(ValueError, match=rule):
        EdgeSwitches(**(parts | change))


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "10_graphs", ".edge_switches")


@pytest.mark.browser
def test_edges_are_switched_by_pointer_and_keyboard(show):
    page, figure = show()
    figure.get_by_role("radio", name="I", exact=True).check()
    edge = figure.get_by_role("switch", name="edge between I and saw (2)")
    assert edge.get_attribute("aria-checked") == "true"
    edge.click()
    rested(page)
    assert edge.get_attribute("aria-checked") == "false"
    assert "It has no edge" in told(figure)
    edge.focus()
    page.keyboard.press("Space")
    rested(page)
    assert told(figure).startswith("I looks at itself 12")


@pytest.mark.browser
def test_nodes_are_walked_by_keyboard(show):
    page, figure = show()
    figure.locator(".live-nodes input:checked").focus()
    names = []
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        rested(page)
        names.append(told(figure).split(" looks")[0])
    assert names == ["a", "saw (4)", "I", "saw (2)"]


@pytest.mark.browser
def test_all_on_and_all_off(show):
    page, figure = show()
    figure.get_by_role("button", name="All off").click()
    drawn(page)
    assert "0 of 6 edges are on: 4 scores" in figure.inner_text()
    figure.get_by_role("button", name="All on").click()
    drawn(page)
    assert "6 of 6 edges are on: 16 scores" in figure.inner_text()
