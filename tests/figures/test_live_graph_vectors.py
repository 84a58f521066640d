"""Chapter 01's live graph: a node, its vector, its neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import (
    drawn,
    opener,
    told,
)
from pages import swept

from selfattn import data, graphs
from selfattn.widgets import GraphVectors
from selfattn.widgets.graph_vectors import layout

SOCIAL = data.load("social")
MOLECULES = data.load("molecules")


def chapter():
    """The figure of the chapter, but for where friends stand."""
    shown = {
        "friends": {
            "names": SOCIAL["names"],
            "features": SOCIAL["features"],
            "vectors": SOCIAL["vectors"],
            "edges": SOCIAL["edges"],
            "joined": "friends with",
        }
    }
    for name, molecule in MOLECULES.items():
        shown[name] = {
            "names": molecule["atoms"],
            "features": graphs.ELEMENTS,
            "vectors": graphs.atoms_one_hot(molecule["atoms"]),
            "edges": molecule["bonds"],
            "orders": molecule["orders"],
            "joined": "bonded to",
        }
    return GraphVectors(shown)


def invented(rng):
    """A graph at random, some of its vectors alike."""
    n, d = rng.integers(2, 9), rng.integers(1, 5)
    pairs = [(i, j) for i in range(n) for j in range(i)]
    keep = rng.random(len(pairs)) < 0.4
    edges = [pair for pair, kept in zip(pairs, keep, strict=True) if kept]
    vectors = rng.normal(size=(n, d)).round(1)
    vectors[rng.integers(n)] = vectors[0]
    return {
        "names": [f"n{i}" for i in range(n)],
        "features": [f"f{j}" for j in range(d)],
        "vectors": vectors,
        "edges": edges or [(0, 1)],
    }


@pytest.fixture(scope="module")
def engine():
    return Engine("graph_vectors")


# ------------------------------------------------- what JavaScript computes


@pytest.mark.parametrize("seed", range(8))
def test_rows_are_those_of_the_package(engine, seed):
    graph = invented(np.random.default_rng(seed))
    n, vectors = len(graph["names"]), graph["vectors"]
    stored = GraphVectors({"g": graph}).graphs[0]
    matrix = graphs.adjacency(graph["edges"], n)  # (n, n)
    np.testing.assert_array_equal(engine("adjacency", stored), matrix)
    most = np.abs(vectors).max(axis=0)
    most[most == 0] = 1
    np.testing.assert_allclose(
        engine("shares", stored), np.abs(vectors) / most, atol=1e-6
    )
    for i in range(n):
        joined = engine("neighbours", stored, i)
        assert joined == np.flatnonzero(matrix[i]).tolist()
        same = (vectors == vectors[i]).all(axis=1).sum() - 1
        assert engine("alike", stored, i) == same


@pytest.mark.parametrize("name", MOLECULES)
def test_nodes_have_room_and_joined_ones_are_near(name):
    bonds = MOLECULES[name]["bonds"]
    n = len(MOLECULES[name]["atoms"])
    matrix = graphs.adjacency(bonds, n)
    xy = layout(matrix)  # (n, 2)
    gap = np.linalg.norm(xy[:, None] - xy, axis=-1)  # (n, n)
    apart = gap[~np.eye(n, dtype=bool)]
    size = (xy.max(axis=0) - xy.min(axis=0)).max()
    # At 320 pixels a node is 26 wide and the map about 250.
    assert apart.min() / size > 26 / 250
    assert gap[matrix].max() < 2 * gap[matrix].min()
    np.testing.assert_array_equal(xy, layout(matrix))


def test_every_place_is_within_the_map():
    for graph in chapter().graphs:
        xy = np.array(graph["xy"])
        assert xy.min() >= 0 and xy.max() <= 1
        assert np.ptp(xy, axis=0).max() == pytest.approx(1, abs=0.002)
    given = [[0, 0], [4, 0], [4, 2]]
    graph = {**invented(np.random.default_rng(0)), "names": "abc"}
    graph |= {"vectors": np.eye(3), "features": "xyz", "edges": [(0, 1)]}
    placed = GraphVectors({"g": {**graph, "xy": given}}).graphs[0]["xy"]
    assert placed == [[0, 0.75], [1, 0.75], [1, 0.25]]  # y goes downwards
    alone = {**graph, "names": "a", "vectors": [[1, 2, 3]], "edges": []}
    assert GraphVectors({"g": alone}).graphs[0]["xy"] == [[0.5, 0.5]]


# ------------------------------------------------------- what figures say


def test_it_says_what_the_node_is_and_whom_it_knows(engine):
    state = chapter().state()
    assert engine("describe", {**state, "node": 7}) == (
        "Row 8 of 12 in “friends”, Hana: age 31, books a year 3, km a week 42"
        " and concerts a year 2. No other row is the same. Friends with Freya,"
        " Idris and Kavya, 3 of 11: that is in the edges, not in the vector."
    )
    carbon = {**state, "graph": 2, "node": 1}
    assert engine("describe", carbon) == (
        "Row 2 of 9 in “ethanol”, C: H 0, C 1, N 0 and O 0. 1 other row is"
        " the same. Bonded to C (1), O, H (7) and H (8), 4 of 8: that is in"
        " the edges, not in the vector."
    )
    assert engine("rowsOf", state["graphs"][2], 8) == [
        "row 9 of the vectors (9, 4): (1, 0, 0, 0)",
        "row 9 of the edges (9, 9): 1 in column 3, 0 elsewhere",
    ]


def test_a_node_that_nobody_knows(engine):
    graph = {
        "names": "ab",
        "features": ["x"],
        "vectors": [[0], [-0.5]],
        "edges": [],
    }
    state = GraphVectors({"two": graph}, node=1).state()
    assert engine("describe", state) == (
        "Row 2 of 2 in “two”, b: x −0.5. No other row is the same. Joined to"
        " none of 1: that is in the edges, not in the vector."
    )
    assert engine("rowsOf", state["graphs"][0], 1)[1].endswith(
        "no 1, 0 elsewhere"
    )
    assert "Joined to nobody" in GraphVectors({"two": graph}).static().alt


def test_what_the_chapter_invites_to_try_is_so():
    friends = graphs.adjacency(SOCIAL["edges"], 12)
    hana, kavya, jonas = map(SOCIAL["names"].index, ("Hana", "Kavya", "Jonas"))
    people = np.array(SOCIAL["vectors"], dtype=float)
    gaps = np.linalg.norm(people - people[hana], axis=1)
    assert set(gaps.argsort()[1:3]) == {kavya, jonas}
    assert friends[hana, kavya] and not friends[hana, jonas]


# ------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"vectors": [[1.0]]}, "vectors must be"),
        ({"colour": "red"}, "got colour in 'g'"),
        ({"orders": []}, "orders are one per edge"),
        ({"marks": ["a"]}, "orders are one per edge"),
        ({"xy": [[0, 0]]}, "orders are one per edge"),
        ({"edges": [(0, 99)]}, "99"),
    ],
)
def test_a_graph_whose_parts_do_not_match_is_refused(change, rule):
    graph = invented(np.random.default_rng(3))
    with pytest.raises(ValueError, match=rule):
        GraphVectors({"g": graph | change})
    with pytest.raises(ValueError, match="there must be a graph"):
        GraphVectors({})


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "01_vector_sets", ".graph_vectors")


def lit(figure):
    """What shows which node is meant: node, row, row."""
    return [
        figure.locator(f"{part} .is-here").all_inner_texts()
        for part in (".live-nodes", ".live-rows:not(.live-narrow)",
                     ".live-narrow")
    ]  # fmt: skip


@pytest.mark.browser
def test_a_walk_through_the_nodes_by_keyboard(show):
    page, figure = show()
    figure.get_by_role("radio", name="friends").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(
        "getComputedStyle(document.activeElement.parentNode).outlineStyle"
    ) == "solid"  # fmt: skip
    names = []
    for _ in SOCIAL["names"]:
        drawn(page)
        names.append(
            figure.locator(".live-nodes input:checked").get_attribute(
                "aria-label"
            )
        )
        page.keyboard.press("ArrowRight")
    assert [n.split(":")[0] for n in names] == SOCIAL["names"]
    page.keyboard.press("ArrowLeft")
    assert told(figure).startswith("Row 12 of 12 in “friends”, Luz")
    node, vector, edges = lit(figure)
    assert node == ["L"] and vector[0].split() == [
        "12", "Luz", "63", "9", "30", "1",
    ]  # fmt: skip
    assert edges[0].split()[2:] == list("000000000100")
    near = figure.locator(".live-narrow .is-near th").all_inner_texts()
    assert [text.split()[-1] for text in near] == ["Jonas"]

    # Both matrices can be scrolled by keyboard.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Vectors"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Edges"


@pytest.mark.browser
def test_pointing_at_a_node_or_a_row_lights_both(show):
    page, figure = show()
    figure.get_by_text("caffeine", exact=True).click()
    figure.locator(".live-nodes label").nth(6).hover()
    drawn(page)
    assert [part[0].split()[0] for part in lit(figure)] == ["C", "7", "7"]
    assert figure.locator(".live-nodes .is-near").all_inner_texts() == [
        "C", "O", "N",
    ]  # fmt: skip
    row = figure.locator(".live-rows").first.locator("tbody tr").nth(3)
    row.hover()
    assert told(figure).startswith("Row 4 of 24 in “caffeine”, N:")
    assert figure.locator(".live-nodes .is-here").inner_text() == "N"
    # A row out of sight comes into it, and the page stands still.
    before = page.evaluate("scrollY")
    figure.locator(".live-nodes label").nth(23).hover()
    drawn(page)
    for n in range(2):
        box = figure.locator(".live-scroll").nth(n).bounding_box()
        here = figure.locator(".live-rows").nth(n).locator(".is-here")
        at = here.bounding_box()
        assert box["y"] <= at["y"]
        assert at["y"] + at["height"] <= box["y"] + box["height"] + 1
    assert page.evaluate("scrollY") == before


@pytest.mark.browser
def test_a_page_that_scrolls_under_the_mouse_picks_nothing(show):
    page, figure = show()
    figure.scroll_into_view_if_needed()
    table = figure.locator(".live-scroll").first.bounding_box()
    page.mouse.move(table["x"] + 60, table["y"] + table["height"] - 30)
    drawn(page)
    before = lit(figure)
    page.evaluate("scrollBy({ top: 120, behavior: 'instant' })")
    page.wait_for_timeout(300)
    assert lit(figure) == before


@pytest.mark.browser
def test_nodes_answer_to_a_finger(show):
    page, figure = show(360, has_touch=True)
    figure.get_by_text("water", exact=True).tap()
    drawn(page)
    figure.locator(".live-nodes label").nth(2).tap()
    assert told(figure).startswith("Row 3 of 3 in “water”, H:")
    figure.locator(".live-narrow tbody tr").first.tap()
    assert told(figure).startswith("Row 1 of 3 in “water”, O:")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("width", "scheme"),
    swept([(320, "light"), (1280, "dark")], [(320, "light")]),
)
def test_every_node_is_within_and_large_enough_for_a_finger(
    show, scheme, width
):
    page, figure = show(width, color_scheme=scheme)
    for graph in ("friends", "water", "ethanol", "caffeine"):
        figure.get_by_text(graph, exact=True).click()
        drawn(page)
        edge = figure.bounding_box()
        for n in range(figure.locator(".live-nodes label").count()):
            node = figure.locator(".live-nodes label").nth(n).bounding_box()
            assert node["width"] >= 24 and node["height"] >= 24
            assert node["x"] >= edge["x"]
            assert node["x"] + node["width"] <= edge["x"] + edge["width"]
