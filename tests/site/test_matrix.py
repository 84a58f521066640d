"""A matrix of numbers in a line is a small grid; anything else is KaTeX's."""

from __future__ import annotations

import re

import pytest
from selfattn_theme import maths, matrix

TALL = r"\small\begin{pmatrix} 1 & -1 \cr .5 & 2 \\ 2 & 1 \end{pmatrix}"


def test_the_numbers_stand_row_by_row():
    markup = matrix.grid(TALL)
    assert re.findall(r"<span>(.*?)</span>", markup) == [
        "1", "\u22121", ".5", "2", "2", "1",
    ]  # fmt: skip
    assert "--n:2;font-size:0.9em" in markup


def test_it_is_heard_and_copied_as_a_formula():
    markup = maths.render(TALL)
    assert markup.count("<mtr>") == 3 and "data-tex=" in markup
    assert len(markup) < 1500


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{pmatrix} a & b \cr c & d \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \cr 3 \end{pmatrix}",
        r"W = \begin{pmatrix} 1 & 2 \cr 3 & 4 \end{pmatrix}",
        r"\begin{bmatrix} 1 & 2 \cr 3 & 4 \end{bmatrix}",
        r"\frac{1}{2}",
    ],
)
def test_anything_else_stays_as_it_is(tex):
    assert matrix.grid(tex) is None


def test_a_display_stays_as_it_is():
    assert "class=mx" not in maths.render(TALL, display=True)
