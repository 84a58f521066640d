"""Exercise 01.pad_batch."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def pad_batch(sets):
    """Stack sets of different size, and say which vectors are real.

    sets : list of B float arrays (L_i, d_model), each with L_i >= 1 rows.
    Returns
    batch : (B, L, d_model) with L the largest L_i; zeros after the last
        real vector of each set.
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
            "sets of 2 and 1 vectors, d_model = 3",
            ([np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([[7.0, 8, 9]])],),
        ),
        Case(
            "a real vector that is all zeros",
            ([np.array([[1.0, 2], [0, 0]]), np.array([[3.0, 4]] * 3)],),
        ),
        Case("one set alone", ([np.array([[1.0, 2.0]])],)),
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
        "You pad in front. It would work if everybody did, but here the real "
        "vectors come first and the zeros after them."
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
        "Your mask is True everywhere, padding included. Then nobody who is "
        "given this batch can tell a zero vector from a missing one."
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
}


def variant(wrong):
    def answer(sets):
        lengths = [len(vectors) for vectors in sets]
        size = min(lengths) if "cut_to_shortest" in wrong else max(lengths)
        batch = np.zeros((len(sets), size, sets[0].shape[1]), sets[0].dtype)
        mask = np.zeros((len(sets), size), bool)
        for i, vectors in enumerate(sets):
            n = min(len(vectors), size)
            if "padded_in_front" in wrong:
                batch[i, size - n :] = vectors[:n]
                mask[i, size - n :] = True
            else:
                batch[i, :n] = vectors[:n]
                mask[i, :n] = True
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
