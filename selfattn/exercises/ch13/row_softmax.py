"""Exercise 13.row_softmax."""

import torch

from selfattn.attention import device
from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor
from selfattn.fused_triton import tl, triton


@triton.jit
def row_softmax_kernel(X, Out, n, TOP: tl.constexpr):
    row = tl.program_id(0)
    c = tl.arange(0, TOP)
    x = tl.load(X + row * n + c, mask=c < n, other=-float("inf"))
    e = tl.exp(x - tl.max(x, axis=0))
    tl.store(Out + row * n + c, e / tl.sum(e, axis=0), mask=c < n)


def row_softmax(x):
    out = torch.empty_like(x)
    n_rows, n = x.shape
    top = triton.next_power_of_2(n)
    row_softmax_kernel[(n_rows,)](x, out, n, TOP=top)
    return out


STARTER = '''@triton.jit
def row_softmax_kernel(X, Out, n, TOP: tl.constexpr):
    """One program: row number tl.program_id(0) of X, n numbers.

    X and Out point at the first number of a tensor whose rows follow one
    another. TOP is a power of two, at least n: tl.arange(0, TOP) counts the
    columns, and those from n on are not there.
    """
    pass  # your kernel: load the row, work on it, store the result


def row_softmax(x):
    """The softmax of each row, by a Triton kernel.

    x : float32 tensor (L, n), rows one after the other in memory. n need not
        be a power of two, and scores may be large.
    Returns a new tensor (L, n) whose rows sum to 1. One program per row.
    """
    raise NotImplementedError
'''

HINTS = (
    "Launch with row_softmax_kernel[(L,)](x, out, n, TOP=...), where out is "
    "torch.empty_like(x) and TOP is triton.next_power_of_2(n).",
    "The row begins at X + row * n. Load X + row * n + c with mask=c < n. "
    "What stands in for the missing columns must get the weight 0.",
    'other=-float("inf") does that. Then tl.max, tl.exp and tl.sum, and '
    "tl.store with the same mask.",
)


def cases(rng):
    def case(n_rows, n, by=1.0, shift=0.0):
        name = f"{n_rows} rows of {n}"
        name += ", large scores" if by > 9 else ""
        name += f", near {shift:g}" if shift else ""
        x = by * rng.standard_normal((n_rows, n)) + shift
        return Case(name, (tensor(x, torch.float32),))

    hand = torch.tensor([[0.0, 0, 0], [1, 2, 3]], device=device())
    made = [
        Case("2 rows of 3", (hand,)),
        case(1, 1),
        case(3, 8),
        case(5, 7, shift=-3.0),
        case(3, 19, by=2000.0),
        case(7, 5, shift=500.0),
    ]
    return made + ([case(4099, 4097)] if tensors.large() else [])


MISTAKES = {
    "zeros_beside": (
        "Columns that are not there count with the score 0. Load them as "
        "-infinity, whose exponential is 0."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract the row's largest score."
    ),
    "not_divided": (
        "The exponentials are not divided by their sum, so the rows do not "
        "sum to 1."
    ),
    "over_columns": (
        "Each column sums to 1. Each row should: one program takes one row."
    ),
    "first_row": (
        "Every row is the softmax of row 0. Add row * n to the pointer."
    ),
    "shared_sum": (
        "All rows share one sum. Each program divides by the sum of its own "
        "row."
    ),
    "divided_by_n": (
        "The exponentials are divided by the number of columns. Divide by "
        "their sum."
    ),
}


def variant(wrong):
    def answer(x):
        if "first_row" in wrong:
            x = x[:1].expand_as(x)
        axis = 0 if "over_columns" in wrong else 1
        n = x.shape[axis]
        wide = x
        if "zeros_beside" in wrong:
            more = max(1, 1 << (n - 1).bit_length()) - n
            size = (more, x.shape[1]) if axis == 0 else (len(x), more)
            wide = torch.cat([x, x.new_zeros(size)], dim=axis)
        top = wide.amax(dim=axis, keepdim=True)
        top = 0 if "unstable" in wrong else top
        e = torch.exp(wide - top)
        total = e.sum(dim=axis, keepdim=True)
        if "shared_sum" in wrong:
            total = e.sum()
        if "divided_by_n" in wrong:
            total = n
        if "not_divided" in wrong:
            total = 1
        return (e / total)[: len(x), : x.shape[1]].contiguous()

    return answer


EXERCISE = exercise(
    row_softmax,
    title="Softmax of rows in Triton",
    difficulty=2,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
    starter=STARTER,
    kernel=row_softmax_kernel,
)
