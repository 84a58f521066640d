"""Exercise 01.pad_batch."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def pad_batch(sets):
    """Stack sets of different size, and say which vectors are real.

    sets : list of B float arrays (L_i, d_model), each with L_i >= 1 rows.
        A real vector may be all zeros.
    Returns the batch and the mask, in this order.
    batch : (B, L, d_model) with L the largest L_i; the sets in the order
        given, zeros after the last real vector of each set.
    mask : (B, L) of booleans, True where the vector is real.
    """
    lengths = [len(vectors) for vectors in sets]
    width = sets[0].shape[1]
    batch = np.zeros((len(sets), max(lengths), width), sets[0].dtype)
    mask = np.zeros((len(sets), max(lengths)), bool)  # (B, L)
    for i, vectors in enumerate(sets):
        batch[i, : lengths[i]] = vectors
        mask[i, : lengths[i]] = True
    return batch, mask  # (B, L, d_model), (B, L)


HINTS = (
    "How long must the batch be so that no vector is lost?",
    "Begin with a batch of zeros and a mask of False, and copy the "
    "sets into it one by one.",
    "While copying set i you know its length: the same slice that "
    "receives the vectors is True in the mask.",
)


def cases(rng):
    made = [
        Case(
            "sets of 3 and 1 vectors, d_model = 2",
            ([np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([[7.0, 8]])],),
        ),
        Case(
            "a real vector that is all zeros",
            ([np.array([[1.0] * 5, [0] * 5]), np.array([[3.0] * 5] * 3)],),
        ),
        Case("one set alone", ([np.array([[1.0, 2], [3, 4], [5, 6]])],)),
        Case(
            "sets of one vector each",
            ([np.array([[1.0, 2]]), np.array([[3.0, 4]]), np.ones((1, 2))],),
        ),
    ]
    for lengths, width, dtype in (
        ((5, 2, 7), 3, np.float64),
        ((3, 11, 1, 7, 11), 5, np.float32),
    ):
        sets = [
            rng.standard_normal((n, width)).astype(dtype)  # (L_i, d_model)
            for n in lengths
        ]
        name = f"sets of {', '.join(map(str, lengths))}, d_model = {width}"
        made.append(Case(name, (sets,)))
    return made


MISTAKES = {
    "mask_inverted": (
        "Your mask says True where there is padding. In this book True "
        "always means “real, may be attended to”."
    ),
    "padded_in_front": (
        "You pad in front. Here the real vectors come first, and the zeros "
        "after them."
    ),
    "cut_to_shortest": (
        "You cut every set down to the smallest one and lost real vectors. "
        "The batch is as long as its largest set."
    ),
    "mask_from_zeros": (
        "You take every all-zero vector for padding. A real vector may be "
        "zero: an unknown word, or silence. The mask has to come from the "
        "lengths."
    ),
    "all_real": (
        "Your mask is True everywhere, padding included. It should be False "
        "where a set has no more vectors."
    ),
    "last_repeated": (
        "You fill up with copies of the last vector. A model that forgot the "
        "mask would count that vector several times; zeros are asked for."
    ),
    "lengths_not_mask": (
        "You return the lengths. They say the same, but what attention takes "
        "is a mask, (B, L), one boolean per place."
    ),
    "mask_per_number": (
        "Your mask has an entry for each number, (B, L, d_model). A vector "
        "is real or padding as a whole: (B, L)."
    ),
    "first_sets_length": (
        "Your batch is as long as its first set, and longer sets are cut. It "
        "must be as long as the largest set."
    ),
    "sorted_by_length": (
        "You sorted the sets by their length. The batch keeps the order that "
        "is given, or labels no longer fit."
    ),
    "last_real_masked": (
        "The last real vector of each set is False in your mask. A set of n "
        "vectors has n times True."
    ),
    "one_more_real": (
        "The first place of the padding is True in your mask. A set of n "
        "vectors has n times True, at the places 0 to n − 1."
    ),
    "padded_with_nan": (
        "You fill up with NaN. A later sum over the batch would be NaN too; "
        "zeros are asked for."
    ),
    "padded_with_ones": (
        "You fill up with ones. Zeros are asked for: begin with `np.zeros`."
    ),
    "padded_with_minus": (
        "You fill up with a large negative number. That is done to scores "
        "before a softmax; vectors are filled up with zeros."
    ),
}


FILLERS = {
    "padded_with_nan": np.nan,
    "padded_with_ones": 1.0,
    "padded_with_minus": -1e9,
}


def variant(wrong):
    def answer(sets):
        lengths = [len(vectors) for vectors in sets]
        if "sorted_by_length" in wrong:
            sets = sorted(sets, key=len, reverse=True)
            lengths = [len(vectors) for vectors in sets]
        size = min(lengths) if "cut_to_shortest" in wrong else max(lengths)
        if "first_sets_length" in wrong:
            size = lengths[0]
        filler = 0.0
        for name, value in FILLERS.items():
            filler = value if name in wrong else filler
        shape = (len(sets), size, sets[0].shape[1])
        batch = np.full(shape, filler, sets[0].dtype)
        mask = np.zeros((len(sets), size), bool)
        for i, vectors in enumerate(sets):
            n = min(len(vectors), size)
            if "padded_in_front" in wrong:
                batch[i, size - n :] = vectors[:n]
                mask[i, size - n :] = True
            else:
                batch[i, :n] = vectors[:n]
                mask[i, :n] = True
                if "last_real_masked" in wrong:
                    mask[i, n - 1] = False
                if "one_more_real" in wrong:
                    mask[i, : n + 1] = True
                if "last_repeated" in wrong:
                    batch[i, n:] = vectors[n - 1]
        if "mask_from_zeros" in wrong:
            mask = (batch != 0).any(axis=-1)
        if "all_real" in wrong:
            mask = np.ones_like(mask)
        if "mask_inverted" in wrong:
            mask = ~mask  # (B, L)
        if "lengths_not_mask" in wrong:
            mask = np.array(lengths)
        elif "mask_per_number" in wrong:
            mask = np.repeat(mask[..., None], batch.shape[-1], axis=-1)
        return batch, mask

    return answer


EXERCISE = exercise(
    pad_batch,
    title="A batch with its mask",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
