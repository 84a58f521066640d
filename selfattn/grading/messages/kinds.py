"""The kind of case that an answer gets wrong, as clauses for one sentence."""

from __future__ import annotations

from collections.abc import Sequence


def wrong_where(clauses: Sequence[str]) -> str:
    return (
        f"Wrong in every case where {' and '.join(clauses)}; right in all "
        "others."
    )


def right_only_where(clauses: Sequence[str]) -> str:
    return f"Right only where {' and '.join(clauses)}."


def raised_where(clauses: Sequence[str]) -> str:
    return (
        f"It stopped in every case where {' and '.join(clauses)}, and in no "
        "other."
    )


def ran_only_where(clauses: Sequence[str]) -> str:
    return f"It ran to its end only where {' and '.join(clauses)}."


# aspect -> (the clause where it holds, the clause where it does not)
CLAUSES = {
    "given": ("{n} is given", "{n} is not given"),
    "true": ("{n} is True", "{n} is False"),
    "empty": ("{n} is empty", "{n} is not empty"),
    "blind": (
        "a row of {n} is all False",
        "no row of {n} is all False",
    ),
    "forbids": ("{n} forbids something", "{n} allows everything"),
    "one": ("{n} has a single entry", "{n} has more than one entry"),
    "one_row": ("{n} has a single row", "{n} has more than one row"),
    "one_column": ("{n} has a single column", "{n} has more than one column"),
    "repeats": ("an entry of {n} repeats", "all entries of {n} differ"),
    "ties": (
        "two numbers in a row of {n} are equal",
        "no two numbers in a row of {n} are equal",
    ),
    "same_rows": ("two rows of {n} are equal", "all rows of {n} differ"),
    "minus_inf": ("{n} holds -inf", "{n} holds no -inf"),
    "nan": ("{n} holds NaN", "{n} holds no NaN"),
    "negative": ("{n} has negative numbers", "{n} has no negative number"),
    "zero": ("{n} has a zero", "{n} has no zero"),
    "is_zero": ("{n} is 0", "{n} is not 0"),
    "is_one": ("{n} is 1", "{n} is not 1"),
    "is_negative": ("{n} is negative", "{n} is not negative"),
    "odd": ("{n} is odd", "{n} is even"),
    "capital": ("{n} has capital letters", "{n} has no capital letter"),
    "ragged": (
        "the items of {n} differ in length",
        "all items of {n} have one length",
    ),
    "batch": ("{n} has more than two axes", "{n} has two axes or fewer"),
    "square": ("{n} is square", "{n} is not square"),
    "large": (
        "{n} has numbers beyond ±50",
        "all numbers of {n} are within ±50",
    ),
    "float32": ("{n} is float32", "{n} is not float32"),
    "same_height": (
        "{n} have equally many rows",
        "{n} have different numbers of rows",
    ),
    "same_width": (
        "{n} have the same width",
        "{n} have different widths",
    ),
}


def clause(name: str, aspect: str, holds: bool) -> str:
    """ "`mask` is given", or its opposite."""
    if aspect.startswith("="):
        return f"{name} is {'' if holds else 'not '}{aspect[1:]}"
    return CLAUSES[aspect][0 if holds else 1].format(n=name)
