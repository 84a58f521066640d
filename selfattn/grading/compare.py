"""Is what an answer returned what the reference returned?

Structure first (one array where a pair was asked for, None, a generator),
then shape, then values, with a tolerance that follows the precision in which
the answer was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, final

import numpy as np

from selfattn.grading.close import close
from selfattn.grading.messages import differs
from selfattn.grading.plain import (
    Group,
    Leaf,
    Other,
    Output,
    Raised,
    Text,
    stacked,
    strange,
)

LEVELS = ("full", "single", "half")  # what the answer is right to


@final
class Pair(NamedTuple):
    """One array of the right output beside the answer's; `path` says which."""

    path: tuple
    expected: Leaf
    got: Leaf


@final
class Problem(NamedTuple):
    """A difference in structure: an id when it is a known one, and words."""

    id: str | None
    text: str


def not_data(got: Other) -> Problem:
    """What to say of an output that holds no data."""
    known = differs.NO_DATA.get(got.type) or differs.NO_DATA.get(got.why)
    if known:
        return Problem(known[0], known[1].format(type=got.type))
    return Problem("not_data", differs.no_data(got.type))


def describe(output: Output) -> str:
    """An output in a few words.

    >>> describe(Group("tuple", (Text("a"), Other("None"))))
    'a tuple of 2 (a string, None)'
    """
    if type(output) is Leaf:
        if output.origin == "number":
            return f"one number ({output.dtype})"
        shape = tuple(int(n) for n in output.array.shape)
        if output.origin == "list" and len(shape) == 1:
            return f"a list of {shape[0]}"
        return f"an array of shape {shape}"
    if type(output) is Group:
        inner = ", ".join(describe(i) for i in output.items[:3])
        more = ", …" if len(output.items) > 3 else ""
        return f"a {output.kind} of {len(output.items)} ({inner}{more})"
    if type(output) is Text:
        return "a string"
    return output.type


def aligned(
    expected: Output, got: Output, path: tuple = ()
) -> Iterator[Pair | Problem]:
    """The arrays of two outputs side by side, or what keeps them apart."""
    if type(got) is Raised:
        yield Problem(None, differs.raised(got.type))
    elif type(expected) is Leaf:
        yield from _one_array(expected, got, path)
    elif type(expected) is Group:
        yield from _several(expected, got, path)
    elif type(expected) is Text:
        yield from _one_text(expected, got, path)
    elif expected != got:
        yield Problem(
            None, differs.asked_for(expected.type, describe(got), place(path))
        )


def place(path: tuple) -> str:
    """Which of several outputs a sentence is about: "In output 2: "."""
    return differs.in_part(spelled(path)) if path else ""


def spelled(path: tuple) -> str:
    """Which of several outputs: "output 2", "entry 'a'"."""
    return ", ".join(
        differs.output(p + 1) if isinstance(p, int) else differs.entry(p)
        for p in path
    )


def _one_text(expected: Text, got: Output, path: tuple) -> Iterator[Problem]:
    if type(got) is Other:
        yield not_data(got)
    elif type(got) is not Text:
        yield Problem(None, differs.asked_for("A string", describe(got)))
    elif got.value.strip().casefold() != expected.value.casefold():
        yield Problem(None, differs.wrong_text(place(path), got.value))


def _one_array(
    expected: Leaf, got: Output, path: tuple
) -> Iterator[Pair | Problem]:
    wanted, where = describe(expected), place(path)
    if type(got) is Leaf:
        words = expected.array.dtype.kind in "US"
        if words != (got.array.dtype.kind in "US"):
            yield Problem(
                None,
                differs.entries_asked_for(
                    wanted, expected.array.dtype.name, got.dtype, where
                ),
            )
        else:
            yield Pair(path, expected, got)
    elif type(got) is Other:
        yield not_data(got)
    elif type(got) is Group and got.kind in ("tuple", "list"):
        yield from _stacked(expected, got, path)
    elif type(got) is Text and expected.origin == "number":
        boolean = expected.array.dtype.kind == "b"
        yield Problem(
            "quoted",
            differs.quoted(
                where, got.value, "True or False" if boolean else "the number"
            ),
        )
    else:
        yield Problem(None, differs.asked_for(wanted, describe(got), where))


def _stacked(
    expected: Leaf, got: Group, path: tuple
) -> Iterator[Pair | Problem]:
    whole = stacked(got.items, got.kind)
    if whole is not None and whole.array.shape == expected.array.shape:
        yield Pair(path, expected, whole)
    elif kind := strange(got):
        yield Problem(
            None,
            differs.asked_for(
                describe(expected),
                differs.with_entry(got.kind, kind),
                place(path),
            ),
        )
    elif got.kind == "list":
        yield Problem(
            "ragged", differs.uneven_list(describe(got), describe(expected))
        )
    else:
        yield Problem(
            "returned_more",
            differs.one_asked_for(describe(expected), describe(got)),
        )


def _several(
    expected: Group, got: Output, path: tuple
) -> Iterator[Pair | Problem]:
    got = _as_group(expected, got)
    n, where = len(expected.items), place(path)
    if type(got) is Other:
        yield not_data(got)
    elif type(got) is not Group or not _alike(expected.kind, got.kind):
        id_ = "returned_fewer" if type(got) is Leaf else None
        yield Problem(
            id_, differs.asked_for(describe(expected), describe(got), where)
        )
    elif expected.kind == "dict":
        yield from _entries(expected, got, path)
    elif len(got.items) != n and expected.kind == "list":
        yield Problem(
            "other_length",
            differs.other_length(
                where, n, len(got.items), _first_wrong(expected, got)
            ),
        )
    elif len(got.items) != n:
        id_ = "returned_fewer" if len(got.items) < n else "returned_more"
        yield Problem(
            id_, differs.asked_for(describe(expected), describe(got), where)
        )
    else:
        for i, (e, g) in enumerate(
            zip(expected.items, got.items, strict=True)
        ):
            yield from aligned(e, g, (*path, i))


def _alike(a: str, b: str) -> bool:
    return a == b or {a, b} <= {"tuple", "list"}


def _as_group(expected: Group, got: Output) -> Output:
    """Several arrays that came as one are several again."""
    if type(got) is Leaf and got.array.ndim and expected.kind != "dict":
        whole = len(got.array) == len(expected.items)
        if whole and (got.origin == "list" or _splits(expected, got)):
            return Group(
                "list",
                tuple(Leaf(a, got.origin, got.dtype) for a in got.array),
            )
    return got


def _splits(expected: Group, got: Leaf) -> bool:
    """Whether one array holds, row by row, the numbers asked for."""
    return len(got.array) == len(expected.items) and all(
        type(e) is Leaf and e.array.shape == got.array.shape[1:]
        for e in expected.items
    )


def _first_wrong(expected: Group, got: Group) -> int | None:
    """The first item that both have and that is not right."""
    for i, (e, g) in enumerate(zip(expected.items, got.items, strict=False)):
        if rightness(e, g) is None:
            return i
    return None


def _entries(
    expected: Group, got: Group, path: tuple
) -> Iterator[Pair | Problem]:
    mine = dict(zip(got.keys, got.items, strict=True))
    missing = [k for k in expected.keys if k not in mine]
    unknown = [k for k in mine if k not in expected.keys]
    if missing or unknown:
        yield Problem(
            "wrong_keys", differs.other_keys(place(path), missing, unknown)
        )
        return
    for key, item in zip(expected.keys, expected.items, strict=True):
        yield from aligned(item, mine[key], (*path, repr(key)))


# ---------------------------------------------------------------- values


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


def pair_is_right(
    pair: Pair, level: str, rtol: float, atol: float, nan_agrees: bool = False
) -> bool:
    """Whether one array of the answer is right at this level.

    nan_agrees : leave out the places where the answer is NaN, if most of it
        is not.
    """
    e, g = pair.expected.array, pair.got.array
    if e.shape != g.shape or dtype_matters(pair.expected, pair.got):
        return False
    if LEVELS.index(level) > LEVELS.index(level_of(pair.got)):
        return False
    right = close(e, g, level, rtol, atol)
    if nan_agrees and g.dtype.kind == "f":
        lost = np.isnan(g)
        if lost.any() and lost.mean() <= 0.7:
            right = right | lost
    return bool(right.all())


def is_right(pair: Pair, rtol: float, atol: float) -> bool:
    """Whether one array of the answer is right at any level."""
    return any(pair_is_right(pair, level, rtol, atol) for level in LEVELS)


def narrower(expected: Output, got: Output) -> bool:
    """Whether a float64 result came back in float32 or less."""
    return any(
        type(p) is Pair
        and p.expected.array.dtype == np.float64
        and p.got.dtype in ("float32", "float16", "bfloat16")
        for p in aligned(expected, got)
    )


def rightness(
    expected: Output,
    got: Output,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    nan_agrees: bool = False,
) -> str | None:
    """The strictest level at which two outputs are the same, or None.

    >>> rightness(Leaf(np.array(1.0)), Leaf(np.array(1 + 1e-9)))
    'full'
    """
    worst = 0
    for pair in aligned(expected, got):
        if type(pair) is Problem:
            return None
        level = next(
            (
                n
                for n in range(worst, len(LEVELS))
                if pair_is_right(pair, LEVELS[n], rtol, atol, nan_agrees)
            ),
            None,
        )
        if level is None:
            return None
        worst = level
    return LEVELS[worst]
