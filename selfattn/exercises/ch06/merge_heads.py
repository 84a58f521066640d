"""Exercise 06.merge_heads."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def merge_heads(heads):
    """Lay each vector's parts side by side again, head 0 first.

    heads : float array (..., H, L, d), perhaps with batch axes in front.
    Returns an array (..., L, H * d).
    """
    *batch, n_heads, length, d = heads.shape
    vectors = heads.swapaxes(-3, -2)  # (..., L, H, d)
    return vectors.reshape(*batch, length, n_heads * d)  # (..., L, H * d)


HINTS = (
    "It is splitting, backwards. Which of its two steps comes first now?",
    "`reshape` joins neighbouring axes. The head and the width have "
    "to be neighbours, in that order.",
    "Swap places and heads, (..., L, H, d), then join the last two axes.",
)


def cases(rng):
    hand = np.array([[[1.0], [2], [3]], [[10], [20], [30]]])  # (2, 3, 1)
    made = [Case("2 heads, 3 places, width 1", (hand,))]
    for shape, dtype in (
        ((2, 3, 5), float),
        ((5, 7, 2), float),
        ((3, 1, 5), float),
        ((2, 3, 5, 7), float),
        ((3, 2, 7, 11, 5), np.float32),
    ):
        heads = rng.standard_normal(shape).astype(dtype)
        made.append(Case(f"heads {shape}", (heads,)))
    return made


PROPERTIES = (
    Property(
        "keeps_every_number",
        "Some numbers are lost or changed. Merging only moves them.",
        lambda rng: [Case("heads", (rng.standard_normal((3, 5, 2)),))],
        lambda cases, outs: np.array_equal(
            np.sort(np.ravel(outs[0])), np.sort(np.ravel(cases[0].args[0]))
        ),
    ),
)

MISTAKES = {
    "no_transpose": (
        "The shape is right, but a row mixes several places of one head. A "
        "row belongs to one place, and holds what all heads put out there."
    ),
    "heads_interleaved": (
        "Your columns alternate between the heads. All numbers of head 0 "
        "come first, then all of head 1, and so on."
    ),
    "heads_backwards": (
        "You merged the heads from last to first. Head 0 comes first."
    ),
    "places_backwards": (
        "Your rows run from the last place to the first. Row i is place i."
    ),
    "one_below_the_other": (
        "You put the heads one below the other. They should stand side by "
        "side: as many rows as places, and H * d columns."
    ),
    "heads_added": (
        "You added the heads up. They should stand side by side: H * d "
        "columns."
    ),
    "heads_averaged": (
        "You took the mean of the heads. They should stand side by side: "
        "H * d columns."
    ),
    "first_head_only": (
        "Only head 0 is left. All heads go into the merged vector."
    ),
    "first_axis_joined": (
        "You joined what stands on the first axis. With a batch in front "
        "these are sentences, not heads. Count the axes from the end."
    ),
    "places_kept_apart": (
        "The axes are in the right order, but there is one too many. The "
        "last two, head and width, become one."
    ),
}


def variant(wrong):
    def answer(heads):
        *batch, n_heads, length, d = heads.shape
        if "no_transpose" in wrong:
            return heads.reshape(*batch, length, n_heads * d)
        if "one_below_the_other" in wrong:
            return heads.reshape(*batch, n_heads * length, d)
        if "heads_added" in wrong:
            return heads.sum(axis=-3)
        if "heads_averaged" in wrong:
            return heads.mean(axis=-3)
        if "heads_backwards" in wrong:
            heads = heads[..., ::-1, :, :]
        if "places_backwards" in wrong:
            heads = heads[..., ::-1, :]
        if "first_head_only" in wrong:
            return heads[..., 0, :, :]
        if "first_axis_joined" in wrong:
            return np.concatenate(heads, axis=-1)
        if "places_kept_apart" in wrong:
            return heads.swapaxes(-3, -2)
        parts = heads.swapaxes(-3, -2)  # (..., L, H, d)
        if "heads_interleaved" in wrong:
            parts = parts.swapaxes(-1, -2)  # (..., L, d, H)
        return parts.reshape(*batch, length, n_heads * d)

    return answer


EXERCISE = exercise(
    merge_heads,
    title="Merge the heads again",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
