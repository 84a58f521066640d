"""Is what an answer returned what the reference returned?

Structure first (one array where a pair was asked for, None, a generator),
then shape, then values, with a tolerance that follows the precision in which
the answer was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from selfattn.grading.plain import (
    Group,
    Leaf,
    Other,
    Output,
    Raised,
    Text,
    stacked,
)

LEVELS = ("full", "single", "half")  # what the answer is right to


class Pair(NamedTuple):
    """One array of the right output beside the answer's; `path` says which."""

    path: tuple
    expected: Leaf
    got: Leaf


class Problem(NamedTuple):
    """A difference in structure: an id when it is a known one, and words."""

    id: str | None
    text: str


_MISSING = {
    "None": (
        "returned_none",
        "Your code returned None. Is the `return` missing?",
    ),
    "iterator": (
        "returned_generator",
        "You returned a {type}, which makes "
        "its values only when it is asked for them. Return the "
        "finished array.",
    ),
    "callable": (
        "returned_callable",
        "You returned a function ({type}) and "
        "not its result. Is a call, `f(...)`, missing?",
    ),
    "objects": (
        "ragged",
        "You returned an {type}. Rows of different length, "
        "or numbers mixed with other things, do not make an array.",
    ),
    "too large": (
        "too_large",
        "You returned an {type}, which is far too large.",
    ),
}


def not_data(got: Other) -> Problem:
    """What to say of an output that holds no data."""
    known = _MISSING.get(got.type) or _MISSING.get(got.why)
    if known:
        return Problem(known[0], known[1].format(type=got.type))
    return Problem(
        "not_data",
        f"You returned an object of type {got.type}, "
        "where an array or numbers are asked for.",
    )


def describe(output: Output) -> str:
    """An output in a few words.

    >>> describe(Group("tuple", (Text("a"), Other("None"))))
    'a tuple of 2 (a string, None)'
    """
    if type(output) is Leaf:
        if output.origin == "number":
            return f"one number ({output.dtype})"
        shape = tuple(int(n) for n in output.array.shape)
        return f"an array of shape {shape}"
    if type(output) is Group:
        inner = ", ".join(describe(i) for i in output.items[:3])
        more = ", …" if len(output.items) > 3 else ""
        return f"a {output.kind} of {len(output.items)} ({inner}{more})"
    if type(output) is Text:
        return "a string"
    return output.type


def aligned(
    expected: Output,
    got: Output,
    path: tuple = (),
) -> Iterator[Pair | Problem]:
    """The arrays of two outputs side by side, or what keeps them apart."""
    if type(got) is Raised:
        yield Problem(None, f"It raised {got.type}.")
    elif type(expected) is Leaf:
        yield from _one_array(expected, got, path)
    elif type(expected) is Group:
        yield from _several(expected, got, path)
    elif type(expected) is Text:
        if type(got) is Other:
            yield not_data(got)
        elif type(got) is not Text:
            yield Problem(
                None, f"A string is asked for; you returned {describe(got)}."
            )
        elif got.value.strip().casefold() != expected.value.casefold():
            yield Problem(
                None, f"{_place(path)}“{got.value[:60]}” is not right."
            )
    elif expected != got:
        yield Problem(
            None,
            f"{_place(path)}{expected.type} is asked for; "
            f"you returned {describe(got)}.",
        )


def _place(path: tuple) -> str:
    return "" if not path else f"In {spelled(path)}: "


def spelled(path: tuple) -> str:
    """Which of several outputs: "output 2", "entry 'a'"."""
    return ", ".join(
        f"output {p + 1}" if isinstance(p, int) else f"entry {p}" for p in path
    )


def _one_array(expected: Leaf, got: Output, path: tuple):
    if type(got) is Leaf:
        words = expected.array.dtype.kind in "US"
        if words != (got.array.dtype.kind in "US"):
            yield Problem(
                None,
                f"{_place(path)}{describe(expected)} is asked "
                f"for, with {expected.array.dtype.name} entries; "
                f"yours are {got.dtype}.",
            )
        else:
            yield Pair(path, expected, got)
    elif type(got) is Other:
        yield not_data(got)
    elif type(got) is Group and got.kind in ("tuple", "list"):
        whole = stacked(got.items, got.kind)
        if whole is not None and whole.array.shape == expected.array.shape:
            yield Pair(path, expected, whole)
        elif got.kind == "list":
            yield Problem(
                "ragged",
                "You returned a list whose items have "
                f"different shapes ({describe(got)}); "
                f"{describe(expected)} is asked for.",
            )
        else:
            yield Problem(
                "returned_more",
                "One thing is asked for, "
                f"{describe(expected)}; you returned "
                f"{describe(got)}.",
            )
    else:
        yield Problem(
            None,
            f"{_place(path)}{describe(expected)} is asked "
            f"for; you returned {describe(got)}.",
        )


def _several(expected: Group, got: Output, path: tuple):
    n = len(expected.items)
    if type(got) is Leaf and got.array.ndim and expected.kind != "dict":
        if (
            len(got.array) == n
            and got.origin == "list"
            or _splits(expected, got)
        ):
            got = Group(
                "list",
                tuple(Leaf(a, got.origin, got.dtype) for a in got.array),
            )
    if type(got) is Other:
        yield not_data(got)
    elif type(got) is not Group or (
        got.kind != expected.kind
        and not {got.kind, expected.kind} <= {"tuple", "list"}
    ):
        id_ = "returned_fewer" if type(got) is Leaf else None
        yield Problem(
            id_,
            f"{_place(path)}{describe(expected)} is asked for; "
            f"you returned {describe(got)}.",
        )
    elif expected.kind == "dict":
        yield from _entries(expected, got, path)
    elif len(got.items) != n:
        id_ = "returned_fewer" if len(got.items) < n else "returned_more"
        yield Problem(
            id_,
            f"{_place(path)}{describe(expected)} is asked for; "
            f"you returned {describe(got)}.",
        )
    else:
        for i, (e, g) in enumerate(
            zip(expected.items, got.items, strict=True)
        ):
            yield from aligned(e, g, (*path, i))


def _splits(expected: Group, got: Leaf) -> bool:
    """Whether one array holds, row by row, the numbers asked for."""
    return len(got.array) == len(expected.items) and all(
        type(e) is Leaf and e.array.shape == got.array.shape[1:]
        for e in expected.items
    )


def _entries(expected: Group, got: Group, path: tuple):
    mine = dict(zip(got.keys, got.items, strict=True))
    missing = [k for k in expected.keys if k not in mine]
    unknown = [k for k in mine if k not in expected.keys]
    if missing or unknown:
        words = [f"missing: {', '.join(map(repr, missing))}"] * bool(missing)
        words += [f"not asked for: {', '.join(map(repr, unknown))}"] * bool(
            unknown
        )
        yield Problem(
            "wrong_keys",
            f"{_place(path)}The dict has other "
            f"entries than asked for ({'; '.join(words)}).",
        )
        return
    for key, item in zip(expected.keys, expected.items, strict=True):
        yield from aligned(item, mine[key], (*path, repr(key)))


# ---------------------------------------------------------------- values


def tolerance(
    expected: np.ndarray, got: np.ndarray, level: str, rtol: float, atol: float
) -> tuple[float, float]:
    """(rtol, atol) for comparing these two at this level."""
    finite = np.abs(expected[np.isfinite(expected)])
    scale = float(finite.max()) if finite.size else 0.0
    itemsize = expected.dtype.itemsize // (
        2 if expected.dtype.kind == "c" else 1
    )
    narrow = expected.dtype.kind in "fc" and itemsize <= 4
    if level == "half":
        return 0.04, 0.01 * (scale or 1.0)
    if narrow:
        return max(rtol, 2e-3), max(atol, 4e-6 * (scale or 1.0))
    if level == "single":
        # Double precision throughout would not land on float32's grid.
        with np.errstate(over="ignore"):
            single = got.astype("float32")
        on_grid = np.array_equal(got, single, equal_nan=True)
        return (
            (max(rtol, 2e-3), max(atol, 4e-6 * (scale or 1.0)))
            if on_grid
            else (max(rtol, 2e-5), max(atol, 1e-6 * scale))
        )
    return rtol, atol * min(1.0, scale or 1.0)


def close(
    expected: np.ndarray,
    got: np.ndarray,
    level: str = "full",
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> np.ndarray:
    """Where two arrays of one shape agree, entry by entry."""
    if expected.dtype.kind in "biu" and got.dtype.kind in "biu":
        return expected == got
    if expected.dtype.kind in "US":
        return expected == got
    if expected.dtype.kind == "b":
        expected = expected.astype(float)
    elif expected.dtype.kind in "iu":
        expected = expected.astype(float)
    if got.dtype.kind in "biu":
        got = got.astype(float)
    r, a = tolerance(expected, got, level, rtol, atol)
    with np.errstate(all="ignore"):
        return np.isclose(got, expected, rtol=r, atol=a, equal_nan=True)


def level_of(leaf: Leaf) -> str:
    """The loosest level at which this output may be called right."""
    if leaf.dtype in ("bfloat16", "float16", "half"):
        return "half"
    return "single" if leaf.array.dtype.kind in "fc" else "full"


def dtype_matters(expected: Leaf, got: Leaf) -> bool:
    """Whether the answer must be boolean and is not.

    A 0/1 array is no mask: `~mask` and `x[mask]` mean something else for it.
    """
    return (
        expected.array.dtype.kind == "b"
        and expected.array.ndim > 0
        and got.array.dtype.kind != "b"
        and got.origin != "list"
    )


def pair_is_right(pair: Pair, level: str, rtol: float, atol: float) -> bool:
    """Whether one array of the answer is right at this level."""
    e, g = pair.expected.array, pair.got.array
    if e.shape != g.shape or dtype_matters(pair.expected, pair.got):
        return False
    if LEVELS.index(level) > LEVELS.index(level_of(pair.got)):
        return False
    return bool(close(e, g, level, rtol, atol).all())


def narrower(expected: Output, got: Output) -> bool:
    """Whether a float64 result came back in float32 or less."""
    return any(
        type(p) is Pair
        and p.expected.array.dtype == np.float64
        and p.got.dtype in ("float32", "float16", "bfloat16")
        for p in aligned(expected, got)
    )


def rightness(
    expected: Output, got: Output, rtol: float = 1e-6, atol: float = 1e-8
) -> str | None:
    """The strictest level at which two outputs are the same, or None.

    >>> rightness(Leaf(np.array(1.0)), Leaf(np.array(1 + 1e-9)))
    'full'
    """
    worst = 0
    for pair in aligned(expected, got):
        if type(pair) is Problem:
            return None
        for n in range(worst, len(LEVELS)):
            if pair_is_right(pair, LEVELS[n], rtol, atol):
                worst = n
                break
            if (
                n + 1 < len(LEVELS)
                and LEVELS.index(level_of(pair.got)) < n + 1
            ):
                return None
        else:
            return None
    return LEVELS[worst]
