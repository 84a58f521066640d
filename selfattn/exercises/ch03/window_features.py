"""Exercise 03.window_features."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def window_features(x, radius):
    """Each vector with its neighbours, side by side in one long row.

    x : array (L, d_model).
    radius : r >= 0, how many neighbours on either side; may exceed L.
    Returns an array (L, (2 r + 1) * d_model). Row i holds x[i - r], ...,
    x[i], ..., x[i + r] in this order; zeros stand for vectors beyond the
    ends.
    """
    n, d = x.shape
    rows = np.zeros((n + 2 * radius, d), dtype=x.dtype)  # (L + 2r, d_model)
    rows[radius : radius + n] = x
    slots = [rows[k : k + n] for k in range(2 * radius + 1)]
    return np.concatenate(slots, axis=1)  # (L, (2r + 1) d_model)


HINTS = (
    "Write down by hand what row 0 holds for L = 3 and r = 1.",
    "Put r rows of zeros above and below x first. Then no window "
    "runs over an edge.",
    "In the padded array the slot k of all rows together is one "
    "slice of L rows. There are 2 r + 1 such slices to set side by "
    "side.",
)


def cases(rng):
    made = [
        Case(
            "3 vectors of width 2, radius 1",
            (np.arange(1.0, 7.0).reshape(3, 2), 1),
        ),
        Case("one vector, radius 2", (np.array([[3.0, 5.0, 7.0]]), 2)),
    ]
    for n, d, r in ((7, 3, 2), (11, 2, 3), (5, 7, 0), (3, 2, 5)):
        x = rng.normal(size=(n, d)).astype("float32" if d == 7 else float)
        made.append(Case(f"{n} vectors of width {d}, radius {r}", (x, r)))
    return made


MISTAKES = {
    "wraps_around": (
        "Beyond the last word your window goes on with the first, as if the "
        "sentence were a ring. np.roll does that. Zeros belong there."
    ),
    "edge_repeated": (
        "You repeat the first or last vector beyond the ends. The net could "
        "then not tell the end of a sentence from a word said twice; the "
        "task asks for zeros."
    ),
    "radius_is_width": (
        "Your window holds r vectors in all. The radius counts the "
        "neighbours on one side, so the window is more than twice as wide."
    ),
    "left_only": (
        "Your window looks to the left only. Half of the cues in this "
        "chapter stand to the right of their word."
    ),
    "right_only": (
        "Your window looks to the right only; it never sees what was said "
        "before."
    ),
    "centre_missing": (
        "The vector itself is missing from its window. Its neighbours are "
        "there, and the net would have to guess the word in the middle."
    ),
    "order_reversed": (
        "Your slots run from right to left. Row i should begin with the "
        "leftmost neighbour, x[i - r]."
    ),
    "shifted_by_one": (
        "The middle slot of row i holds vector i + 1: the window sits one "
        "place too far right."
    ),
    "summed": (
        "You added the vectors of the window. A sum has no order left, so "
        "“dog bites man” and “man bites dog” come out alike; set them side "
        "by side."
    ),
    "features_first": (
        "All numbers are there, but interleaved: first feature 0 of every "
        "neighbour, then feature 1. Each neighbour's vector should stay in "
        "one piece."
    ),
    "edges_dropped": (
        "Words near the ends got no row. Every word has a tag, so every word "
        "needs a window, even where part of it is empty."
    ),
}


def variant(wrong):
    def answer(x, radius):
        n, d = x.shape
        before, after = radius, radius
        if "radius_is_width" in wrong:
            before, after = (radius - 1) // 2, radius // 2
        if "left_only" in wrong:
            after = 0
        if "right_only" in wrong:
            before = 0
        offsets = list(range(-before, after + 1))
        if "centre_missing" in wrong:
            offsets = [k for k in offsets if k]
        if "order_reversed" in wrong:
            offsets = offsets[::-1]
        if "shifted_by_one" in wrong:
            offsets = [k + 1 for k in offsets]
        slots = []
        for k in offsets:
            at = np.arange(n) + k
            inside = (at >= 0) & (at < n)
            if "wraps_around" in wrong:
                slots.append(x[at % n])
            elif "edge_repeated" in wrong:
                slots.append(x[np.clip(at, 0, n - 1)])
            else:
                slots.append(np.where(inside[:, None], x[at % n], 0))
        if not slots:
            return np.zeros((n, 0), x.dtype)
        if "summed" in wrong:
            return np.sum(slots, axis=0)  # (L, d)
        stacked = np.stack(slots, axis=1)  # (L, slots, d)
        if "features_first" in wrong:
            stacked = stacked.swapaxes(1, 2)
        out = stacked.reshape(n, -1)
        if "edges_dropped" in wrong:
            out = out[radius : max(n - radius, radius)]
        return out

    return answer


EXERCISE = exercise(
    window_features,
    title="A word and its neighbours in one row",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
