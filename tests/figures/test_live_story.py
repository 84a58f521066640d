"""The stepper of chapter 05 follows a word, and a number back to its place."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from figure_engine import Engine
from live_page import drawn
from pages import swept

from selfattn import widgets


@pytest.fixture(scope="module")
def engine():
    return Engine("matrix_stepper")


def plain(text):
    return text.replace("\u00a0", " ")


def test_the_story_of_a_word_in_seven_sentences(engine):
    state = widgets.MatrixStepper().state()
    assert [plain(engine("story", state, n, 1)) for n in range(7)] == [
        "“saw” (2) comes in as a² = (0, 1).",
        "“saw” (2) looks for q² = (1, 2).",
        "“saw” (2) can be found by k² = (1, 0).",
        "“saw” (2) hands over v² = (1, 3).",
        "“saw” (2) holds its q² against all four keys: scores 2, 1, 3 and 1."
        " “a” (3) fits best.",
        "“saw” (2) shares out its attention: 22 %, 8 %, 61 % and 8 %.",
        "b² mixes the values: 22 % of v¹, 8 % of v², 61 % of v³ and 8 % of"
        " v⁴. That is (2.45, 2.33). “saw” (4) gets the same.",
    ]
    # Once the saws differ, nobody gets the same.
    other = {**state, "inputs": [[1, 0], [0, 1], [1, 1], [0, 2]]}
    assert "gets the same" not in engine("story", other, 6, 1)


@pytest.mark.parametrize("convention", ["rows", "columns"])
def test_a_factor_is_the_number_at_its_source(engine, convention):
    rng = np.random.default_rng(17)
    live = widgets.MatrixStepper(
        inputs=rng.normal(size=(4, 2)).tolist(), convention=convention
    )
    state, traced = live.state(), 0
    for n in range(1, 7):
        step = engine("stepOf", state, n)
        for side in ("left", "top"):
            for a, row in enumerate((step.get(side) or {"m": []})["m"]):
                for b, x in enumerate(row):
                    at = engine("source", state, n, side, a, b)
                    if at is None:
                        assert step[side]["name"].startswith("W")
                        continue
                    assert at["step"] < n
                    out = engine("stepOf", state, at["step"])["out"]["m"]
                    assert out[at["i"]][at["j"]] == x
                    traced += 1
    assert traced == 3 * 8 + 16 + 16 + 24  # I thrice, Q and K, A, A′ and V


@pytest.mark.parametrize("convention", ["rows", "columns"])
def test_the_sum_of_a_cell_names_where_its_factors_stand(engine, convention):
    state = widgets.MatrixStepper(convention=convention).state()
    for n in (1, 4, 6):
        step = engine("stepOf", state, n)
        i, j = 1, 1
        products = [
            p
            for p in engine("cell", state, n, i, j)["sum"]
            if isinstance(p, list)
        ]
        total = 0
        for left, _, top in products:
            (a, t), (u, b) = left["at"], top["at"]
            assert (a, b, t) == (i, j, u)
            total += step["left"]["m"][a][t] * step["top"]["m"][u][b]
        assert total == pytest.approx(step["out"]["m"][i][j])


@pytest.fixture
def figure(html, visit):
    """The stepper on its page."""

    def open_figure(width=1280, **options):
        page = visit(
            html / "chapters" / "05_matrix_form.html",
            width,
            wait=".matrix_stepper",
            **options,
        )
        return page, page.locator(".matrix_stepper")

    pytest.importorskip("jupyter_book")
    return open_figure


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words_as", "width"),
    swept(
        itertools.product(["columns", "rows"], [320, 360]),
        [("columns", 360), ("rows", 320)],
    ),
)
def test_no_step_scrolls_sideways_on_a_phone(figure, width, words_as):
    page, box = figure(width, has_touch=True)
    box.locator("label", has_text=words_as).click()
    for n in range(7):
        box.get_by_role("tab").nth(n).click()
        drawn(page)
        inside, there = box.locator(".live-stage").evaluate(
            "e => [e.scrollWidth, e.clientWidth]"
        )
        assert inside <= there, n


@pytest.mark.browser
def test_a_followed_word_stays_marked_from_step_to_step(figure):
    page, box = figure()
    box.locator("label", has_text="saw²").click()
    for n, count in enumerate((2, 2, 2, 2, 4, 4, 2)):
        if n:
            box.locator(".live-next").click()
        drawn(page)
        assert box.locator(".live-c.is-word").count() == count
        assert box.locator(".live-label.is-word").count() == 1
        story = box.locator(".live-story")
        assert "“saw” (2)" in story.inner_text() or n == 6
    assert story.get_attribute("role") == "status"
    assert "gets the same" in story.inner_text()
    # To point at another word's cell is to follow that word.
    box.get_by_role("gridcell").nth(2).hover()
    drawn(page)
    assert box.get_by_label("a³", exact=True).is_checked()


@pytest.mark.browser
def test_a_number_leads_back_to_the_input_and_again_to_the_output(figure):
    page, box = figure()
    box.get_by_role("tab").nth(6).click()
    seen = []
    # b¹ ← a share of A′ ← a score of A ← an entry of Kᵀ ← an entry of X
    for name in ("A′", "A", "K", "X"):
        links = box.locator(".live-sums button")
        link = links.nth(1 if name == "A′" else 0)
        if name == "X":
            link = links.first
        shown = link.inner_text()
        lit = box.locator(".live-c.is-lit")
        link.focus()
        assert lit.inner_text() == shown.strip("()")
        page.keyboard.press("Enter")
        drawn(page)
        tab = box.locator('[role=tab][aria-selected="true"]')
        seen.append(tab.locator("b").inner_text())
        if name == "X":
            break
        here = box.locator(".live-c.is-on")
        assert here.inner_text() == shown.strip("()")
        assert here.evaluate("e => e === document.activeElement")
    assert seen == ["A′", "A", "K", "X"]
    for name in ("K", "A", "A′", "O"):
        back = box.get_by_role("button", name=re.compile("^← Back"))
        assert back.inner_text() == f"← Back to {name}"
        back.click()
        drawn(page)
    assert box.locator(".live-title b").inner_text() == "O = V A′"
