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
        x = rng.normal(size=(n, d)).astype("float32" if n == 11 else float)
        made.append(Case(f"{n} vectors of width {d}, radius {r}", (x, r)))
    return made


MISTAKES = {
    "wraps_around": (
        "Beyond the last word your window goes on with the first, as if the "
        "sentence were a ring. np.roll does that. Zeros belong there."
    ),
    "wraps_left": (
        "To the left of the first word your window holds the last words. In "
        "Python, `x[-1]` is the last row; zeros belong there."
    ),
    "edge_repeated": (
        "You repeat the first or last vector beyond the ends. The net could "
        "then not tell the end of a sentence from a word said twice; the "
        "task asks for zeros."
    ),
    "nan_beyond": (
        "You put NaN beyond the ends. The task asks for zeros there."
    ),
    "pushed_left": (
        "Near the start your windows have moved to the left, and all zeros "
        "stand at the end. Each neighbour keeps its own slot: where one is "
        "missing, zeros stand in its place."
    ),
    "first_lost": (
        "You treat the first vector as if it were beyond the end. It has "
        "index 0, and it is a neighbour like any other."
    ),
    "radius_is_width": (
        "Your window holds r vectors in all. The radius counts the "
        "neighbours on one side, so the window is more than twice as wide."
    ),
    "radius_cut": (
        "You made a radius above L smaller. A row has 2 r + 1 slots for "
        "every r, even if most of them are empty."
    ),
    "last_missing": (
        "The last slot is missing: your window ends with x[i + r - 1]. The "
        "end of a Python range or slice is left out."
    ),
    "left_only": (
        "Your window looks to the left only. Cues stand to the right of "
        "their word too."
    ),
    "right_only": (
        "Your window looks to the right only. The r words before the word "
        "belong to it too."
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
        "The middle slot of row i holds vector i + 1: the window is one "
        "place too far to the right."
    ),
    "shifted_left": (
        "The middle slot of row i holds vector i - 1: the window is one "
        "place too far to the left."
    ),
    "centre_first": (
        "Your rows begin with the vector itself, and its neighbours follow. "
        "It should stand in the middle, between left and right."
    ),
    "summed": (
        "You added the vectors of the window. A sum has no order, so “dog "
        "bites man” and “man bites dog” become equal. Set the vectors side "
        "by side."
    ),
    "averaged": (
        "You averaged the vectors of the window. A mean has no order; the "
        "task asks for all vectors, side by side."
    ),
    "stacked_down": (
        "You joined the slots below each other. Row i should hold all its "
        "neighbours side by side, so join along the other axis."
    ),
    "slots_reshaped": (
        "You stacked the slots first and then changed the shape, so one row "
        "holds the same slot of several words. All slots of one word belong "
        "in its row."
    ),
    "padded_features": (
        "You padded the features too: every vector became 2 r numbers wider. "
        "Zeros are needed above and below x, not beside it."
    ),
    "features_first": (
        "All numbers are there, in another order: first feature 0 of every "
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
        n = len(x)
        if "padded_features" in wrong:
            x = np.pad(x, ((0, 0), (radius, radius)))
        if "radius_cut" in wrong:
            radius = min(radius, n)
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
        if "shifted_left" in wrong:
            offsets = [k - 1 for k in offsets]
        if "last_missing" in wrong:
            offsets = offsets[:-1]
        if "centre_first" in wrong:
            offsets = sorted(offsets, key=bool)
        slots, first = [], 1 if "first_lost" in wrong else 0
        beyond = np.nan if "nan_beyond" in wrong else 0
        for k in offsets:
            at = np.arange(n) + k
            inside = (at >= first) & (at < n)
            if "wraps_around" in wrong:
                slots.append(x[at % n])
            elif "edge_repeated" in wrong:
                slots.append(x[np.clip(at, 0, n - 1)])
            elif "wraps_left" in wrong:
                taken = x[np.minimum(at, n - 1)]
                slots.append(np.where((at < n)[:, None], taken, 0))
            else:
                slots.append(np.where(inside[:, None], x[at % n], beyond))
        if not slots:
            return np.zeros((n, 0), x.dtype)
        if "summed" in wrong:
            return np.sum(slots, axis=0)  # (L, d)
        if "averaged" in wrong:
            return np.mean(slots, axis=0)  # (L, d)
        if "stacked_down" in wrong:
            return np.concatenate(slots)  # (slots L, d)
        if "slots_reshaped" in wrong:
            return np.stack(slots).reshape(n, -1)
        stacked = np.stack(slots, axis=1)  # (L, slots, d)
        if "pushed_left" in wrong:
            at = np.arange(n)[:, None] + np.array(offsets)  # (L, slots)
            order = np.argsort(at < 0, axis=1, kind="stable")
            stacked = np.take_along_axis(stacked, order[:, :, None], axis=1)
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
