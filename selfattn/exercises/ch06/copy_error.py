"""Exercise 06.copy_error."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def copy_error(weights, first, second):
    """The least error with which heads can copy two vectors.

    weights : float array (H, L): how much each head takes from each of L
        places. They need not sum to 1. No row is all zeros, but two rows may
        be equal, or a row may be a mixture of others.
    first, second : the two different places to copy from, counted from 0.
    The vectors at the L places are independent, and so are their entries,
    each with mean 0 and variance 1. The read-out is linear and the best
    there is.
    Returns the mean squared error per copied number, between 0 and 1.
    """
    # The projection onto the space that the heads' weights span.
    shadow = np.linalg.pinv(weights) @ weights  # (L, L)
    return 1 - (shadow[first, first] + shadow[second, second]) / 2


HINTS = (
    "With one head the chapter has the formula: the error is 1 minus "
    "half of the two squared weights over the sum of all squares.",
    "A place is a unit vector of length L, and so the read-out has "
    "to build two unit vectors out of the rows of `weights`. What "
    "cannot be built is the error: a distance to a space.",
    "Least squares: for each of the two unit vectors, "
    "`np.linalg.lstsq(weights.T, unit)` finds the best combination of "
    "heads. The squared distance that remains, averaged over both, is "
    "the answer.",
)


def cases(rng):
    third = np.array([[1, 2, 0, 0]]) / 3
    made = [
        Case("one head, all on the first", (np.array([[1.0, 0, 0]]), 0, 1)),
        Case("one head, ⅓ and ⅔", (third, 0, 1)),
        Case("one head, spread evenly", (np.full((1, 4), 0.25), 1, 3)),
        Case("two heads, one place each", (np.eye(5)[[1, 4]], 1, 4)),
        Case(
            "two heads, not sharp",
            (np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]), 0, 1),
        ),
        Case("two heads alike", (np.repeat(third, 2, axis=0), 1, 0)),
        Case("small weights", (0.01 * third[:, [2, 0, 1, 3]], 1, 2)),
        Case(
            "5 heads, sums of 2 rows",
            (
                rng.uniform(1, 2, (5, 2))
                @ np.array([[2.0, 0, 1, 1], [0, 1, 1, 3]]),
                2,
                0,
            ),
        ),
    ]
    for n_heads, length in ((2, 7), (3, 11), (5, 13)):
        e = np.exp(2 * rng.standard_normal((n_heads, length)))
        weights = e / e.sum(axis=1, keepdims=True)  # (H, L)
        first, second = (int(p) for p in rng.permutation(length)[:2])
        name = f"{n_heads} heads, {length} places, copy {first} and {second}"
        made.append(Case(name, (weights, first, second)))
    return made


MISTAKES = {
    "best_head_alone": (
        "You used the best head by itself. The read-out sees all heads and "
        "combines them."
    ),
    "first_head_only": (
        "You used head 0 only. The read-out sees all heads and combines them."
    ),
    "mean_over_heads": (
        "You took the mean of the heads' errors, each head by itself. The "
        "read-out sees all heads at once and combines them."
    ),
    "cannot_invert": (
        "Your matrix cannot be inverted where two heads are equal. Use a "
        "method that needs no inverse."
    ),
    "one_head_each": (
        "You let each vector be read from one head. The read-out may combine "
        "heads, so that one head cancels what another has too much of."
    ),
    "heads_added_up": (
        "You added up what the single heads can tell. Two heads with similar "
        "weights tell nearly the same, and this must not count twice."
    ),
    "heads_averaged": (
        "You averaged the heads' weights first. That makes one head of them, "
        "and one head cannot do better than ½."
    ),
    "formula_pooled": (
        "You put all heads into the formula for one head. The read-out gets "
        "one mixture from each head, not their sum."
    ),
    "not_rescaled": (
        "You took a head's mixture as the copy. The read-out is linear and "
        "the best there is, so it may scale and combine what it gets."
    ),
    "length_forgotten": (
        "You did not divide by the size of the head's weights. Small weights "
        "make a small mixture, and the read-out can make it larger again."
    ),
    "weight_left_over": (
        "You counted the weight that goes elsewhere. The error is a mean "
        "square, and the read-out can undo a part of the mixing."
    ),
    "share_told": (
        "You return the share that can be read out. The rest, the error, is "
        "asked for."
    ),
    "summed": (
        "You added the errors of the two vectors. The mean per copied number "
        "is asked for, so never more than 1."
    ),
    "first_only": "Only the first of the two vectors counts in your error.",
    "not_halved": (
        "You took away both vectors' shares from 1 without halving their sum. "
        "The mean over the two copies is asked for."
    ),
    "roots_averaged": (
        "You took the root of each vector's error. The mean of the squared "
        "errors is asked for."
    ),
    "root_taken": (
        "You took the root. The mean squared error itself is asked for."
    ),
    "places_from_one": "Your places are one too low. They count from 0.",
}


def variant(wrong):
    def answer(weights, first, second):
        if "heads_averaged" in wrong:
            weights = weights.mean(axis=0, keepdims=True)
        if "places_from_one" in wrong:
            first, second = first - 1, second - 1
        eye = np.eye(weights.shape[1])
        pair = np.array([first, second])
        norm = (weights**2).sum(axis=1)  # (H,)
        told = (weights[:, pair] ** 2 / norm[:, None]).T  # (2, H)
        if "first_head_only" in wrong:
            return 1 - told[:, 0].mean()
        if "mean_over_heads" in wrong:
            return 1 - told.mean()
        if "cannot_invert" in wrong:
            half = np.linalg.solve(weights @ weights.T, weights[:, pair])
            return 1 - (weights[:, pair] * half).sum() / 2
        if "one_head_each" in wrong:
            return 1 - told.max(axis=1).mean()
        if "best_head_alone" in wrong:
            return 1 - told.mean(axis=0).max()
        if "heads_added_up" in wrong:
            return max(0.0, 1 - told.sum() / 2)
        if "not_rescaled" in wrong:
            gap = eye[pair][:, None] - weights  # (2, H, L)
            return (gap**2).sum(-1).min(axis=1).mean()
        if "formula_pooled" in wrong:
            return 1 - (weights[:, pair] ** 2).sum() / norm.sum() / 2
        if "length_forgotten" in wrong:
            return 1 - (weights[:, pair] ** 2).sum() / 2
        if "weight_left_over" in wrong:
            return 1 - weights[:, pair].sum(axis=1).mean()
        _, size, axes = np.linalg.svd(weights, full_matrices=False)
        axes = axes[size > 1e-10 * size[0]]
        shadow = axes.T @ axes  # (L, L)
        seen = shadow[pair, pair]  # (2,)
        if "share_told" in wrong:
            return seen.mean()
        if "summed" in wrong:
            return 2 - seen.sum()
        if "not_halved" in wrong:
            return 1 - seen.sum()
        if "roots_averaged" in wrong:
            return np.sqrt(np.maximum(1 - seen, 0)).mean()
        if "first_only" in wrong:
            return 1 - seen[0]
        if "root_taken" in wrong:
            return np.sqrt(max(1 - seen.mean(), 0))
        return 1 - seen.mean()

    return answer


EXERCISE = exercise(
    copy_error,
    title="What given heads can copy",
    difficulty=3,
    minutes=20,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
