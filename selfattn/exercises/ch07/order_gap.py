"""Exercise 07.order_gap."""

import numpy as np

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.unchecked import softmax


def order_gap(layer, x, order):
    """How far a layer is from treating its input as a set.

    layer : a function from an array (L, d) to an array (L, d').
    x : array (L, d). order : integer array (L,), a permutation of 0 ... L-1;
        x[order] are the same vectors in that order.
    Returns a number, the largest absolute difference between two arrays:
    the outputs of the reordered vectors, and the outputs of x reordered in
    the same way. It is 0 for a layer that knows no order.
    """
    moved_before = layer(x[order])  # (L, d)
    moved_after = layer(x)[order]  # (L, d)
    return np.abs(moved_before - moved_after).max()


HINTS = (
    "There are two ways to a reordered output: reorder, then layer; "
    "layer, then reorder.",
    "`x[order]` reorders rows. The output has one row per vector, so "
    "the same brackets reorder it.",
    "Subtract the two results, drop the signs, take the largest entry.",
)


def attend(x):
    return softmax(x @ x.T / np.sqrt(x.shape[-1])) @ x


def with_places(x):
    places = np.arange(len(x))[:, None] / (1 + np.arange(x.shape[1]))
    return attend(x + np.sin(places))


LAYERS = {
    "self-attention": attend,
    "attention with positions": with_places,
    "running sum": lambda x: np.cumsum(x, axis=0),
    "one net per vector": lambda x: np.tanh(x[:, ::-1] - 0.5),
    "difference to the neighbour": lambda x: x - np.roll(x, 1, axis=0),
    "sort each column": lambda x: np.sort(x, axis=0),
    "a wider output": lambda x: np.cumsum(np.hstack([x, 2 - x]), axis=0),
}


def run(answer, name, x, order):
    return answer(LAYERS[name], x, order)


def cases(rng):
    x = np.array([[0.0, 2.0], [1.0, 0.0], [3.0, 1.0]])  # (3, 2)
    turn = np.array([1, 2, 0])
    made = [
        Case("running sum, 3 vectors", ("running sum", x, turn)),
        Case("self-attention, 3 vectors", ("self-attention", x, turn)),
        Case("one vector", ("running sum", x[1:2], np.array([0]))),
    ]
    for name in LAYERS:
        n, d = ((5, 7), (7, 3), (11, 5))[int(rng.integers(3))]
        x = 2 * rng.standard_normal((n, d))
        order = rng.permutation(n)
        while np.array_equal(order[order], np.arange(n)):
            order = rng.permutation(n)  # one that is not its own inverse
        made.append(Case(f"{name}, {n} vectors", (name, x, order)))
    return made


MISTAKES = {
    "output_not_moved": (
        "You ask whether the outputs stay where they are. Attention's move "
        "with the inputs, so the outputs of x have to be reordered too "
        "before you compare."
    ),
    "input_not_moved": (
        "The layer never saw the reordered vectors. Reorder before it once, "
        "and after it once."
    ),
    "undone_before": (
        "You gave the layer the vectors in the inverse order: `argsort` of a "
        "permutation undoes it. Both sides take the same one."
    ),
    "undone_after": (
        "You reordered the outputs by the inverse order. That fits only "
        "permutations that are their own inverse, such as a swap; both sides "
        "take the same one."
    ),
    "widths_moved": (
        "You reordered the entries of the vectors. The order in question is "
        "that of the rows."
    ),
    "reversed_instead": (
        "You reversed the vectors, whatever `order` says. A layer may pass "
        "that one and fail others."
    ),
    "first_row_only": (
        "Only the first output is compared. A layer may get that one right "
        "and the others wrong."
    ),
    "signed": (
        "Without the absolute value a large negative difference is lost: "
        "the largest of −3 and 0.1 is 0.1."
    ),
    "one_number_each": (
        "You took the largest number of each output and compared these two. "
        "Subtract the arrays first, entry by entry."
    ),
    "per_vector": (
        "You return one number for each vector. One number for the whole is "
        "asked for, the largest of them."
    ),
    "averaged": (
        "You return the mean difference. The largest one is asked for, since "
        "one row that differs is enough."
    ),
    "summed": "You added all differences up. The largest one is asked for.",
    "euclidean": (
        "You return the Euclidean length of the difference. The largest "
        "single difference is asked for."
    ),
    "yes_or_no": (
        "You return whether the two agree. How far they differ at most is "
        "asked for, so that the reader can choose the tolerance."
    ),
}


def variant(wrong):
    def answer(layer, x, order):
        into = np.argsort(order) if "undone_before" in wrong else order
        back = np.argsort(order) if "undone_after" in wrong else order
        before, after = layer(x[into]), layer(x)
        if "input_not_moved" in wrong:
            before = layer(x)
        if "widths_moved" in wrong:
            columns = order[order < x.shape[1]]
            before, back = layer(x[:, columns]), np.arange(len(x))
            after = after[:, columns]
            before = before[:, : after.shape[1]]
        if "reversed_instead" in wrong:
            before, after = layer(x[::-1]), after[::-1]
            back = np.arange(len(x))
        if "output_not_moved" not in wrong:
            after = after[back]
        if "one_number_each" in wrong:
            return abs(before.max() - after.max())
        gap = before - after  # (L, d)
        if "first_row_only" in wrong:
            gap = gap[:1]
        if "signed" not in wrong:
            gap = np.abs(gap)
        if "averaged" in wrong:
            return gap.mean()
        if "summed" in wrong:
            return gap.sum()
        if "euclidean" in wrong:
            return np.sqrt((gap**2).sum())
        if "yes_or_no" in wrong:
            return bool(gap.max() < 1e-9)
        return gap.max(axis=1) if "per_vector" in wrong else gap.max()

    return answer


EXERCISE = exercise(
    order_gap,
    title="A test: does a layer know the order?",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
