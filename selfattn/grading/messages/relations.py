"""What an answer's tensor has to do with the right one."""

from __future__ import annotations

SWAPPED_OUTPUTS = "You return the right two things in the wrong order."

INVERTED = (
    "Every True of yours should be False, and the other way round. In this "
    "book True means “may attend”."
)
TRANSPOSED = (
    "Your result is the right one transposed: its last two axes are exchanged."
)
AXES_PERMUTED = (
    "The numbers are right, but the axes stand in another order than the one "
    "asked for."
)
MASK_INVERTED = (
    "Your weights are 0 where the mask is True, and not where it is False: it "
    "is used the wrong way round. In this book True means “may attend”."
)
MASK_AFTER_SOFTMAX = (
    "The masked weights are 0, but the others no longer sum to one: they were "
    "normalised while the masked ones still took part."
)
WRONG_WHERE_MASKED = "Everything is right except at the masked places."
LOG_SOFTMAX = (
    "Your result holds the logarithms of the right weights, as a log-softmax "
    "returns them."
)
ONE_HOT = (
    "Each row of yours has a 1 at its largest weight and 0 elsewhere. The "
    "right weights share out the row; only the largest score was kept."
)
SUMS_LOST_THEIR_AXIS = (
    "Each weight is divided by the sum of another row. A sum over the last "
    "axis loses that axis, and then meets the columns; `keepdims=True` keeps "
    "it."
)
NEGATED = (
    "Every sign is the wrong way round: your result is minus the right one."
)
VARIOUSLY_SCALED = (
    "In each case your result is the right one times one number, and this "
    "number differs from case to case."
)
TRUNCATED = (
    "Your numbers are the right ones cut to whole numbers. An array of "
    "integers keeps only the whole part of what is stored in it."
)
ROUNDED_OFF = "Your numbers are the right ones rounded to whole numbers."
ABSOLUTE = (
    "The sizes are right, but the negative numbers have lost their sign."
)
ALL_ZERO = (
    "Your result is zero everywhere. Is the array that you return ever filled?"
)
ALL_ZERO_TENSOR = (
    "Your result is zero everywhere. If it is filled by a loop, does the loop "
    "run? If it is a gradient, nothing flows back: is a parameter not "
    "registered, or a value detached or computed under `no_grad`?"
)
FLATTENED = "The numbers are right, but you returned them in one flat row."
RESHAPED = (
    "The numbers are right and in the right order, but the shape is another."
)
REORDERED = "The right numbers are all there, at other places."
RESHAPE_FOR_TRANSPOSE = (
    "The right numbers are all there, at other places: a reshape stands where "
    "two axes should have been exchanged."
)


def axis_name(axis: int) -> str:
    """An axis in words, counted from the end."""
    return {
        -1: "last axis",
        -2: "last axis but one",
        -3: "first of the last three axes",
    }.get(axis, f"axis {axis}")


def wrong_dtype(dtype: str) -> str:
    return (
        f"The values are right, but their type is {dtype}. A mask is boolean: "
        "with 0/1 numbers, `~mask` and `x[mask]` mean something else."
    )


def softmax_elsewhere(axis: int | None) -> str:
    where = {
        -2: "down each column. Each row belongs to one query: it is the row "
        "that is shared out.",
        -3: "over the first of the last three axes, such as the heads. Each "
        "row belongs to one query and is shared out on its own.",
        None: "over a whole matrix. Each row belongs to one query and is "
        "shared out on its own.",
    }[axis]
    return (
        f"The weights come from the right scores, but they sum to one {where}"
    )


def scores_scaled(form: str) -> str:
    return (
        "Your weights are a softmax of the right scores times another number: "
        f"times {form}. Look at what the scores are divided by."
    )


def scaled(form: str) -> str:
    return f"On every case your result is the right one times {form}."


def scaled_by(factor: float) -> str:
    return f"On every case your result is {factor:g} times the right one."


def offset(by: float) -> str:
    sign = "plus" if by > 0 else "minus"
    return f"Your result is the right one {sign} {abs(by):g}, everywhere."


def rounded(decimals: int) -> str:
    return (
        f"Your numbers are the right ones rounded to {decimals} decimals. "
        "Return them as they are."
    )


def reversed_(axis: int) -> str:
    return (
        "Your result is the right one back to front along the "
        f"{axis_name(axis)}."
    )


def shifted(axis: int, by: int, end: str) -> str:
    where = {
        "rolled": "what falls off one end comes back at the other",
        "zeros": "the place that becomes free holds zeros",
        "else": "the place that becomes free holds something else",
    }[end]
    way = "higher" if by == 1 else "lower"
    return (
        f"Everything stands one place too far towards the {way} index along "
        f"the {axis_name(axis)}; {where}."
    )


def slices_scaled(axis: int) -> str:
    what = "row" if axis == -1 else "column"
    return (
        f"Each {what} of yours is the right one times a number of its own. "
        "Look at what each of them is divided by or multiplied with."
    )


def input_returned(name: str) -> str:
    return f"You returned `{name}` as it came in."


def permuted(axis: int) -> str:
    return (
        "The right numbers are there, but in another order along the "
        f"{axis_name(axis)}."
    )


def extra_axis(axis: int) -> str:
    return (
        "The numbers are right, but there is one axis too many, of length 1, "
        f"at the {'front' if axis == 0 else 'end'}."
    )


def missing_axis(axis: int) -> str:
    return (
        f"The numbers are right, but the {'first' if axis == 0 else 'last'} "
        "axis, of length 1, is gone."
    )


def elementwise(what: str) -> str:
    return (
        f"In place of the right number, your result holds {what}, everywhere."
    )


def cumulative(axis: int) -> str:
    return (
        "Your result is the running sum of the right one along the "
        f"{axis_name(axis)}."
    )


def reduced(how: str, axis: int) -> str:
    return f"Your result is the right one {how} over its {axis_name(axis)}."


def partly_right(which: str, what: str, unfilled: bool) -> str:
    """`what`: row, column or entry; `unfilled`: the rest is one number."""
    if which == "first":
        text = f"Only the first {what} (index 0) is right."
        if not unfilled:
            return text
        return (
            f"{text} The rest was never filled: does a loop or a `return` "
            "stop too early?"
        )
    edge = "last" if which == "all but last" else "first"
    return (
        f"Everything but the {edge} {what} is right. Look at what your code "
        "does at that edge."
    )
