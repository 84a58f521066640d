"""Values of the prose: what a cell shows and stores of what it measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selfattn import checked
from selfattn.values import MIME


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.14159, "3.14"),
        (0.00012345, "0.000123"),
        (2.0, "2"),
        (123456, "123456"),
        (np.int64(912), "912"),
        (np.float32(0.1), "0.1"),
        (np.array(2.5), "2.5"),
        (np.array([[7]]), "7"),
        (np.bool_(True), "True"),
        ("61.2 %", "61.2 %"),
        ("−3 °C", "−3 °C"),
    ],
)
def test_a_value_is_stored_as_the_text_the_prose_repeats(value, text):
    bundle = checked("held", it=value)._repr_mimebundle_()
    assert bundle[MIME] == {"it": text}


@pytest.mark.parametrize(
    "name", ["Loss", "a-b", "_a", "a_", "a__b", "2nd", "größe", ""]
)
def test_names_are_lower_snake(name):
    with pytest.raises(ValueError, match="lower_snake"):
        checked("held", **{name: 1})


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, np.float32("nan"), "", " ",
              "two\nlines"]
)  # fmt: skip
def test_values_that_say_nothing_are_refused(value):
    with pytest.raises(ValueError, match="a value must"):
        checked("held", it=value)


@pytest.mark.parametrize("value", [None, [1], 1j, np.ones(3), object()])
def test_values_that_are_not_one_number_are_refused(value):
    with pytest.raises(TypeError, match="a value must"):
        checked("held", it=value)


def test_the_stored_values_cannot_be_changed_from_outside():
    shown = checked("held", a=1)
    shown._repr_mimebundle_()[MIME]["a"] = "2"
    assert shown["a"] == "1"


def test_checked_shows_its_line_and_keeps_its_values():
    bundle = checked("9 of 9 within 5 %", off=0.01914)._repr_mimebundle_()
    assert bundle == {
        "text/plain": "checked: 9 of 9 within 5 %",
        MIME: {"off": "0.0191"},
    }


def test_checked_without_values_stores_none():
    assert set(checked("it holds")._repr_mimebundle_()) == {"text/plain"}


def test_a_value_may_be_called_line():
    assert checked("it holds", line=3)["line"] == "3"


@pytest.mark.parametrize("line", ["", "  ", "two\nlines"])
def test_checked_says_one_line(line):
    with pytest.raises(ValueError, match="one line of text"):
        checked(line)


@pytest.mark.parametrize("line", [None, 3, ["it holds"]])
def test_checked_says_it_in_words(line):
    with pytest.raises(TypeError, match="begins with a line of text"):
        checked(line)


def test_values_of_checked_are_as_strict_as_measured_ones():
    with pytest.raises(ValueError, match="must be finite"):
        checked("it holds", off=math.nan)
    with pytest.raises(ValueError, match="lower_snake"):
        checked("it holds", Off=1)


def test_the_site_leaves_this_type_out():
    pytest.importorskip("docutils")
    from selfattn_theme import notebook

    assert MIME.startswith(notebook.PRIVATE)
