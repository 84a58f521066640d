"""One case as a relation sees it, and what relations are made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Set
from typing import Any, NamedTuple

import numpy as np

from selfattn.grading.compare import Pair

Found = Set[Any]  # parameters: each relation has its own kind


class Seen(NamedTuple):
    """One case: its sizes by name, its mask if it has one, two arrays."""

    sizes: dict[tuple[str, str], int]  # ("width", "`q`") -> 7
    mask: np.ndarray | None
    pair: Pair
    right: np.ndarray
    given: np.ndarray
    inputs: dict[str, np.ndarray]


class Relation(NamedTuple):
    """An id, how to recognise it, and what to say of a parameter."""

    id: str
    holds: Callable[[Seen], Found]
    text: Callable[..., str] | str  # of the parameter, spread if a tuple
    needs: int = 4  # entries that must differ before it means anything
    claims_nothing_when_right: bool = False  # an order or a shape

    def say(self, parameter: Hashable) -> str:
        """The sentence for a parameter that was found."""
        if isinstance(self.text, str):
            return self.text
        if isinstance(parameter, tuple):
            return self.text(*parameter)
        return self.text(parameter)


def same(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the precision in which both were computed."""
    if a.shape != b.shape:
        return False
    narrow = any(x.dtype.kind == "f" and x.dtype.itemsize <= 4 for x in (a, b))
    rtol, atol = (1e-3, 1e-5) if narrow else (1e-6, 1e-9)
    with np.errstate(all="ignore"):
        return bool(np.isclose(a, b, rtol, atol, equal_nan=True).all())


def yes(held: object, parameter: Hashable = True) -> Found:
    """The parameter, if it held."""
    return {parameter} if held else set()


def axes(a: np.ndarray) -> range:
    """The axes of an array, counted from the end."""
    return range(-a.ndim, 0)


def sums_to_one(a: np.ndarray, axis: int | tuple | None) -> bool:
    """Whether these are weights: none negative, 1 in all along an axis."""
    with np.errstate(all="ignore"):
        total = a.sum(axis)
    return bool(
        np.isfinite(a).all()
        and (a >= 0).all()
        and np.allclose(total, 1, atol=1e-4)
    )


FORMS: dict[str, Callable[[float], float]] = {
    "√({})": lambda d: d**0.5,
    "1/√({})": lambda d: d**-0.5,
    "the {}": lambda d: d,
    "1/({})": lambda d: 1 / d,
}


def size_forms(s: Seen, factor: float) -> Found:
    """What a factor is in terms of a case's sizes: {"√(width of `q`)"}.

    NaN stands for any factor at all.
    """
    sizes = {" of ".join(label): n for label, n in s.sizes.items() if n}
    forms = {
        form.format(name): f(n)
        for form, f in FORMS.items()
        for name, n in sizes.items()
    }
    forms |= {
        f"√({a}) / √({b})": (n / m) ** 0.5
        for a, n in sizes.items()
        for b, m in sizes.items()
        if a != b
    }
    return {
        name
        for name, value in forms.items()
        if factor != factor or abs(value / factor - 1 if factor else 1) < 1e-4
    }


def simplest(forms: Found) -> Hashable:
    """The form to speak of: the first size, and the shortest."""
    first = ("width of", "number of rows of")
    kinds = [form.split("{}")[0] for form in FORMS]

    def rank(form: str) -> tuple:
        kind = next((i for i, k in enumerate(kinds) if form.startswith(k)), 9)
        at = next((i for i, name in enumerate(first) if name in form), 2)
        return " / √(" in form, kind, at, form

    return min(forms, key=rank)
