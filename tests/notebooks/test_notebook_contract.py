"""The main line of a chapter shows no plumbing, and its maths is typeset."""

from __future__ import annotations

import copy
import re

import pytest
from nbtool import normalise
from small_notebook import (
    PAPER,
    code,
    finish,
    md,
    refused,
    small,
)


@pytest.fixture
def nb(monkeypatch):
    return small(monkeypatch)


# ------------------------------------------------------- collapsed cells


def test_the_code_of_hidden_cells_is_collapsed_everywhere(nb):
    collapsed = [
        i
        for i, cell in enumerate(nb.cells)
        if cell.metadata.get("cellView") == "form"
        and cell.metadata.get("jupyter") == {"source_hidden": True}
    ]
    assert collapsed == [1, 5, 6]  # set-up, claim, figure


def test_a_cell_that_is_hidden_no_more_is_shown_again(nb):
    nb.cells[6].metadata["tags"] = []
    normalise.notebook(nb)
    assert not {"cellView", "jupyter"} & set(nb.cells[6].metadata)


# ------------------------------------------------- each rule, broken once


def _source(index, source):
    def change(nb):
        nb.cells[index].source = source

    return change


def _prose(text):
    return _source(7, f"## What goes wrong\n\n{text}")


def _replace(index, old, new):
    def change(nb):
        assert old in nb.cells[index].source
        nb.cells[index].source = nb.cells[index].source.replace(old, new)

    return change


def _insert(index, *cells):
    def change(nb):
        nb.cells[index:index] = copy.deepcopy(list(cells))

    return change


def _two_outputs(nb):
    nb.cells[5].outputs *= 2


TITLE = "**Further: by logarithms.**\n\nAdd $\\log 2$."
BROKEN = {
    "assert": (_source(4, "assert 1\n2"), "shows `assert`"),
    "checked": (_source(4, 'checked("so")'), "shows `checked(`"),
    "noqa": (_source(4, "2  # noqa: E501"), "shows `noqa`"),
    "fmt": (_source(4, "2  # fmt: skip"), "shows `fmt: skip`"),
    "alt": (_source(4, 'plots.svg(fig, alt="a")'), "shows `alt=`"),
    "threads": (_source(4, "torch.set_num_threads(1)"), "count of threads"),
    "no assert": (_source(5, 'checked("so")'), "claim without `assert`"),
    "no evidence": (_source(5, "assert 1\nprint(1)"), "ends in checked("),
    "far claim": (_insert(5, md("So it is.")), "follows the cell of its"),
    "long claim": (_two_outputs, "says one line"),
    "no fold's title": (
        _insert(7, md("By logarithms.", "further")),
        "opens with `**Further:",
    ),
    "fold of code": (_insert(7, code("2", "further")), "opens with `**Fur"),
    "heading in a fold": (
        _insert(7, md(f"{TITLE}\n\n### More", "further")),
        "a heading inside a fold",
    ),
    "folded exercise": (
        _insert(7, md(TITLE, "further", "exercise")),
        "may not be folded",
    ),
    "no definition": (
        _replace(0, "**Doubling adds a number to itself.**", "Add it."),
        "gives one definition",
    ),
    "two definitions": (
        _replace(0, "You will", "**It is a very short sentence.** You will"),
        "gives one definition",
    ),
    "no notation": (_replace(0, "> **Notation.**", "Here"), "no box"),
    "one question": (_replace(8, PAPER * 2, PAPER), "asks 2 or 3 questions"),
    "four questions": (_replace(8, PAPER, PAPER * 2), "found 4"),
    "no summary": (_replace(8, "## In short", "## So"), "'## In short'"),
    "on paper last": (
        _replace(8, "## Exercises", "## More\n\n## In short"),
        "no section '## Exercises'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_refused_and_the_cell_named(nb, name):
    change, message = BROKEN[name]
    change(nb)
    found = refused(nb)
    assert message in found
    assert re.search(r"^(cell \d+ \[|notebook: )", found)


@pytest.mark.parametrize(
    "text",
    [
        "divide by √d_k",
        "the width d_model",
        "α₁,ᵢ is large",
        "b¹ is first",
        "the weight α′",
        "A = KᵀQ",
        "| a | b² |\n|---|---|\n| 1 | 2 |",
        "### Of W_q",
        "the score α",
        "divide by `√d_k`",
        "the output `b¹`",
        "of L² scores",
        "it is ‖x‖",
        "**d_k**",
    ],
)
def test_maths_as_text_is_refused_with_its_line(nb, text):
    _prose(text)(nb)
    assert "line 3: maths as text" in refused(nb)


@pytest.mark.parametrize(
    "text",
    [
        "divide by $\\sqrt{d_k}$",
        "$$\nb^1 = \\sum_i \\alpha'_{1,i} v^i\n$$",
        "the names `d_k` and `w_q`",
        "```python\nb¹ = α′ @ v  # √d_k\n```",
        "[a paper](https://example.org/the_d_k/√x)",
        'it is <span data-value="twice">6</span>',
        "3 × 4, at least ≥ 2, 5 %, µs, “quoted”, naïve, 注意力",
        "it is not $5",
    ],
)
def test_maths_code_and_addresses_are_let_through(nb, text):
    _prose(text)(nb)
    assert finish(nb) == []
    assert refused(nb) == ""


def test_a_line_is_named_once_with_all_its_words(nb):
    _prose("of α′ and d_k and α′")(nb)
    [line] = refused(nb).splitlines()
    assert "“α′”, “d_k”;" in line


def _picture(nb, width, panels=""):
    head = f'<svg class="selfattn-figure" width="{width}" viewBox="0 0 360 9"'
    drawn = f"{head}{panels and f' data-panels={chr(34)}{panels}{chr(34)}'}>"
    [output] = nb.cells[6].outputs
    output.data["image/svg+xml"] = drawn + "</svg>"
    return refused(nb)


@pytest.mark.parametrize(
    ("width", "panels", "found"),
    [
        (480, "", ""),
        (500, "", "panel 1 is 5.2 in wide; the limit is 5.0"),
        (672, "0 0 180 9;180 0 180 9", ""),
        (672, "0 0 140 9;140 0 220 9", "panel 2 is 4.3 in wide; the limit"),
        (480, "0 0 360 4;0 4 360 5", ""),
        (672, "0 0 360 4;0 4 360 5", "panel 1 is 7.0 in wide; the limit"),
    ],
)
def test_a_panel_too_wide_for_a_phone_is_refused(nb, width, panels, found):
    refusal = _picture(nb, width, panels)
    assert found in refusal
    assert bool(found) == bool(refusal)


# ------------------------------------------------------ what is let through


def test_an_assert_that_is_the_lesson_may_be_seen(nb):
    nb.cells[4].source = "assert 2 * 3 == 6"
    nb.cells[4].metadata["tags"] = ["lesson"]
    assert refused(nb) == ""


def test_a_fold_may_hold_text_and_code_that_measures(nb):
    _insert(7, md(TITLE, "further"), code("assert 1\n2", "further"))(nb)
    nb.cells[8].execution_count = 1
    assert refused(nb) == ""


def test_the_notation_may_be_a_cell_of_its_own(nb):
    need, box = nb.cells[0].source.split("> **Notation")
    nb.cells[0].source = need
    _insert(1, md(f"> **Notation{box}"))(nb)
    assert refused(nb) == ""


def test_what_is_not_compared_is_asserted_by_its_claim(nb):
    nb.cells[4].metadata["tags"] = ["nbval-ignore-output"]
    assert refused(nb) == ""
    nb.cells[5].metadata["tags"] = ["lesson"]
    assert "is not compared" in refused(nb)
