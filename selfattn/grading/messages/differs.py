"""An answer's output beside the right one: structure, shape, values."""

from __future__ import annotations

from collections.abc import Sequence

from selfattn.grading.messages.cut import NAME, cut

OTHERWISE = "It differs from the right answer."

# Outputs that hold no data, by their type or by why they were not read.
NO_DATA = {
    "None": (
        "returned_none",
        "Your code returned None. Is the `return` missing?",
    ),
    "iterator": (
        "returned_generator",
        "You returned a {type}, which makes its values only when it is asked "
        "for them. Return the finished array.",
    ),
    "callable": (
        "returned_callable",
        "You returned a function ({type}) and not its result. Is a call, "
        "`f(...)`, missing?",
    ),
    "objects": (
        "ragged",
        "You returned an {type}. Rows of different length, or numbers mixed "
        "with other things, do not make an array.",
    ),
    "too large": (
        "too_large",
        "What you returned is far too large: {type}.",
    ),
}


def no_data(kind: str) -> str:
    return (
        f"You returned an object of type {kind}, where an array or numbers "
        "are asked for."
    )


# ------------------------------------------------------------------ structure


def asked_for(wanted: str, given: str, place: str = "") -> str:
    return f"{place}{wanted} is asked for; you returned {given}."


def with_entry(kind: str, strange: str) -> str:
    """What an answer returned whose list holds more than numbers."""
    return f"a {kind} with an entry of type {cut(strange, NAME)} in it"


def one_asked_for(wanted: str, given: str) -> str:
    return f"One thing is asked for, {wanted}; you returned {given}."


def entries_asked_for(wanted: str, dtype: str, yours: str, place: str) -> str:
    return (
        f"{place}{wanted} is asked for, with {dtype} entries; yours are "
        f"{yours}."
    )


def uneven_list(given: str, wanted: str) -> str:
    return (
        f"You returned a list whose items have different shapes ({given}); "
        f"{wanted} is asked for."
    )


def raised(kind: str) -> str:
    return f"It raised {kind}."


def wrong_text(place: str, text: str) -> str:
    return f"{place}“{cut(text, NAME)}” is not right."


def quoted(place: str, text: str, kind: str) -> str:
    return (
        f"{place}you wrote '{cut(text, NAME)}' in quotes, which is a string. "
        f"Write {kind} without quotes."
    )


def other_keys(place: str, missing: Sequence, unknown: Sequence) -> str:
    words = []
    for name, keys in (("missing", missing), ("not asked for", unknown)):
        if keys:
            shown = ", ".join(cut(repr(k), NAME) for k in keys[:8])
            words.append(f"{name}: {shown}")
    return (
        f"{place}The dict has other entries than asked for "
        f"({'; '.join(words)})."
    )


def other_length(place: str, n: int, mine: int, first: int | None) -> str:
    """`first`: the first item that is not right, None if all are."""
    text = f"{place}{n} items are asked for; you returned {mine}."
    if first is not None:
        return f"{text} The first that is not right has index {first}."
    if mine < n:
        return f"{text} Those are right; the last {n - mine} " + (
            "is missing." if n - mine == 1 else "are missing."
        )
    return f"{text} The first {n} are right, and more follow."


# --------------------------------------------------------------------- places


def in_part(parts: str) -> str:
    return f"In {parts}: "


def output(number: int) -> str:
    return f"output {number}"


def entry(key: object) -> str:
    return f"entry {key}"


def cell(at: Sequence[int]) -> str:
    return f"entry [{', '.join(map(str, at))}]" if len(at) else "the number"


# ----------------------------------------------------------- shape and values


def shape(right: tuple, words: Sequence[str], yours: tuple) -> str:
    spoken = f", that is ({', '.join(words)})" if words else ""
    return (
        f"The shape is wrong: {right} is expected{spoken}, and yours is "
        f"{yours}."
    )


def length(n: int, words: Sequence[str], mine: int, first: str) -> str:
    """`first` says what is known of the entries that both have."""
    spoken = f" ({words[0]})" if words else ""
    entries = "entry is" if n == 1 else "entries are"
    return f"{n} {entries} expected{spoken}, and yours are {mine}. {first}"


def as_far_as_it_goes(n: int, mine: int) -> str:
    if mine < n:
        return f"They are right as far as they go: the last {n - mine} " + (
            "is missing." if n - mine == 1 else "are missing."
        )
    return f"The first {n} are right, and {mine - n} too many follow."


def value(place: str, expected: str, got: str) -> str:
    return f"{place} should be {expected} and is {got}."


def share(n_wrong: int, n: int) -> str:
    return f" {n_wrong} of {n} entries differ." if n > 1 else ""


def no_fractions(dtype: str) -> str:
    return f" Your array's type is {dtype}, which cannot hold a fraction."


def wrong_type(place: str, yours: str, wanted: str) -> str:
    return (
        f"{place}the values are right, but their type is {yours}; {wanted} "
        "is asked for."
    )


def complex_numbers(place: str) -> str:
    return (
        f"{place}your numbers are complex, and real ones are asked for. Take "
        "`.real` where the imaginary part means nothing."
    )


def nan(place: str, expected: str, whole_rows: bool, masks: bool) -> str:
    text = f"{place} is NaN (not a number), where {expected} is expected. "
    if whole_rows and not masks:
        return text + (
            "Whole rows of yours are NaN. That comes of 0 divided by 0, "
            "where every exponential of a row is 0, or of ∞ - ∞ or ∞ divided "
            "by ∞. What is subtracted before exp has to be each row's own "
            "largest number, and finite."
        )
    if whole_rows:
        return text + (
            "Whole rows of yours are NaN. The softmax of a row in which "
            "everything is -inf gives that: does the mask leave each row "
            "something, and is it the right way round?"
        )
    return text + (
        "Look for a division of zero by zero, ∞ − ∞, or an exponential that "
        "overflows."
    )


def infinite(place: str, expected: str) -> str:
    return (
        f"{place} is infinite, where {expected} is expected. Look for an "
        "overflow in an exponential, or a division by zero."
    )


def minus_infinite(place: str, expected: str) -> str:
    return (
        f"{place} is -inf, where {expected} is expected. A masked score is "
        "-inf until the softmax turns it into 0; the logarithm of 0 is -inf "
        "too."
    )
