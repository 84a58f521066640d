"""Exercise 02.masked_mean."""

import numpy as np

from selfattn.exercises.ch02._padding import prefix_mask
from selfattn.exercises.model import Case, exercise


def masked_mean(x, mask):
    """The mean of each item's real vectors.

    x : float array (B, L, d_model). Padding holds arbitrary finite numbers,
        and a real vector may be all zeros.
    mask : boolean array (B, L), True where the vector is real. Padding can
        stand anywhere; each item has at least one real vector.
    Returns an array (B, d_model).
    """
    real = mask[..., None]  # (B, L, 1)
    total = np.where(real, x, 0).sum(axis=1)  # (B, d_model)
    return total / real.sum(axis=1)  # (B, d_model)


HINTS = (
    "A mean is a sum over a count. The padding must stay out of both.",
    "The count of real vectors differs from item to item: it is a "
    "sum over the mask.",
    "The mask is (B, L), the vectors (B, L, d_model): give the mask "
    "a last axis of size 1. Then both sums run over axis 1.",
)


def cases(rng):
    a = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1], [9, 9], [9, 9]])
    real = np.array([[True, True, True, True, False, False]])
    made = [
        Case("“I saw a saw” and two rows of padding", (a[None], real)),
        Case("one vector", (np.array([[[2.0, 3.0, 5.0]]]), real[:, :1])),
    ]
    for shape in ((2, 5, 3), (5, 7, 11)):
        x = rng.standard_normal(shape)  # (B, L, d_model)
        mask = prefix_mask(rng, *shape[:2])
        x[0, 1] = 0  # a real vector
        made.append(Case(f"x {shape}, one real vector is 0", (x, mask)))
    x = rng.standard_normal((3, 7, 5))
    mask = prefix_mask(rng, 3, 7)[:, ::-1].copy()
    made.append(Case("padding in front", (x, mask)))
    x = rng.standard_normal((2, 5, 7)).astype(np.float32)
    mask = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 1]], bool)
    made.append(Case("padding in between, float32", (x, mask)))
    return made


MISTAKES = {
    "over_padding": (
        "You average all rows, padding included. Only the real vectors of an "
        "item count."
    ),
    "divided_by_longest": (
        "The padding is out of the sum, but you divide by L, the padded "
        "length. The mean of a short item is then too small."
    ),
    "sum_not_mean": (
        "You return the sum. It grows with the length; divide it by the "
        "number of real vectors."
    ),
    "mask_inverted": (
        "You average the padding. In this book True means real."
    ),
    "mask_from_zeros": (
        "You take rows of zeros for padding and all others for real. Here a "
        "real vector may be 0, and padding need not be 0; only the mask knows."
    ),
    "padding_at_the_end": (
        "You take the first n rows, with n from the mask. That is right only "
        "while padding stands at the end; the mask says where it stands."
    ),
    "largest": (
        "You take the largest entry of each column. That is max pooling, "
        "which has its uses; the mean is asked for."
    ),
    "divided_by_width": (
        "You divide by d_model. The mean runs over the vectors, so what "
        "counts is how many vectors are real."
    ),
    "nonzero_counted": (
        "You divide by the number of entries that are not 0. A real entry "
        "may be 0, and it counts."
    ),
    "first_real_row": (
        "You take one row of each item. The mean runs over all real rows."
    ),
    "divided_by_all_real": (
        "You divide by the number of real vectors of the whole batch. Each "
        "item has its own number of real vectors."
    ),
    "one_divisor": (
        "You divide every item by the same number, the average length. Each "
        "item has its own number of real vectors."
    ),
    "one_mean_for_all": (
        "You return one mean for the whole batch. Each item has a mean of its "
        "own, so the result is (B, d_model)."
    ),
}


def variant(wrong):
    def answer(x, mask):
        _, size, width = x.shape
        if "mask_from_zeros" in wrong:
            mask = (x != 0).any(axis=-1)  # (B, L)
        if "padding_at_the_end" in wrong:
            mask = np.arange(size) < mask.sum(axis=1, keepdims=True)
        if "mask_inverted" in wrong:
            mask = ~mask
        real = mask[..., None]  # (B, L, 1)
        if "over_padding" in wrong:
            return x.mean(axis=1)
        if "largest" in wrong:
            return np.where(real, x, -np.inf).max(axis=1)
        total = np.where(real, x, 0).sum(axis=1)  # (B, d_model)
        if "sum_not_mean" in wrong:
            return total
        if "divided_by_longest" in wrong:
            return total / size
        if "divided_by_width" in wrong:
            return total / width
        if "nonzero_counted" in wrong:
            with np.errstate(all="ignore"):
                return total / (real & (x != 0)).sum(axis=1)
        if "first_real_row" in wrong:
            return x[np.arange(len(x)), mask.argmax(axis=1)]
        if "divided_by_all_real" in wrong:
            return total / mask.sum()
        if "one_divisor" in wrong:
            return total / mask.sum(axis=1).mean()
        if "one_mean_for_all" in wrong:
            return total.sum(axis=0) / mask.sum()  # (d_model,)
        with np.errstate(all="ignore"):
            return total / real.sum(axis=1)

    return answer


EXERCISE = exercise(
    masked_mean,
    title="Mean pooling without the padding",
    difficulty=1,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
