"""Values of the prose: what a cell shows and stores of what it measured."""

from __future__ import annotations

import math

import numpy as np
import pytest

from selfattn import measured
from selfattn.values import MIME


def test_lines_are_aligned_and_in_the_order_given():
    assert repr(measured(majority="61.2 %", n=7)) == (
        "majority = 61.2 %\nn        = 7"
    )


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
    bundle = measured(it=value)._repr_mimebundle_()
    assert bundle[MIME] == {"it": text}
    assert bundle["text/plain"] == f"it = {text}"


@pytest.mark.parametrize(
    "name", ["Loss", "a-b", "_a", "a_", "a__b", "2nd", "größe", ""]
)
def test_names_are_lower_snake(name):
    with pytest.raises(ValueError, match="lower_snake"):
        measured(**{name: 1})


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, np.float32("nan"), "", " ",
              "two\nlines"]
)  # fmt: skip
def test_values_that_say_nothing_are_refused(value):
    with pytest.raises(ValueError, match="a value must"):
        measured(it=value)


@pytest.mark.parametrize("value", [None, [1], 1j, np.ones(3), object()])
def test_values_that_are_not_one_number_are_refused(value):
    with pytest.raises(TypeError, match="a value must"):
        measured(it=value)


def test_measuring_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        measured()


def test_the_stored_values_cannot_be_changed_from_outside():
    shown = measured(a=1)
    shown._repr_mimebundle_()[MIME]["a"] = "2"
    assert shown["a"] == "1"
