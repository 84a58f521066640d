"""Exercise 13.random_features."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def random_features(x, w):
    """Performer's positive random features.

    x : (n, d_k), queries or keys. w : (M, d_k), random directions. Floats.
    Returns features (n, M). First scale x so that the product of a scaled
    query and a scaled key is q·k / √d_k: divide it by the fourth root of
    d_k. Then feature j of a row is exp(w_j·x - |x|²/2) / √M.
    """
    x = x / x.shape[1] ** 0.25  # (n, d_k)
    half = (x**2).sum(axis=1, keepdims=True) / 2  # (n, 1)
    return np.exp(x @ w.T - half) / np.sqrt(len(w))  # (n, M)


HINTS = (
    "Queries and keys share the scale: each gets the root of 1/√d_k, which "
    "is one over the fourth root of d_k.",
    "|x|² is one number per row: (x**2).sum(axis=1, keepdims=True), (n, 1). "
    "Take it of the scaled x.",
    "np.exp(x @ w.T - half) is (n, M). Divide it by √M, so that a product of "
    "two rows is a mean over the M directions.",
)


def cases(rng):
    def case(n, d_k, m, by=1.0):
        name = f"{n} vectors of width {d_k}, {m} directions"
        name += ", short" if by < 1 else ""
        x = by * rng.standard_normal((n, d_k))
        return Case(name, (x, rng.standard_normal((m, d_k))))

    return [
        Case(
            "1 vector of width 1, 2 directions",
            (np.array([[1.0]]), np.array([[1.0], [0.0]])),
        ),
        Case(
            "a vector of zeros, 3 directions",
            (np.zeros((1, 2)), np.ones((3, 2))),
        ),
        case(3, 2, 5),
        case(5, 7, 3),
        case(2, 11, 13),
        case(7, 3, 1, by=0.1),
        case(5, 5, 5),
    ]


MISTAKES = {
    "no_scale": (
        "x is not scaled. Divide it by the fourth root of d_k first."
    ),
    "whole_scale": (
        "You divided x by √d_k. Query and key both come through here, so "
        "their product would be divided by d_k."
    ),
    "no_norm": (
        "|x|²/2 is not subtracted. Without it the mean over the directions "
        "is too large by exp(|q|²/2 + |k|²/2)."
    ),
    "whole_norm": "You subtracted |x|². Only half of it belongs there.",
    "norm_itself": (
        "You subtracted half of the length of x. Its square is asked for."
    ),
    "norm_before_scale": (
        "|x|² was taken before x was scaled. Both parts of the exponent need "
        "the scaled x."
    ),
    "divided_by_m": (
        "You divided by M. Queries and keys both carry the factor, so that "
        "each needs the root of M."
    ),
    "not_averaged": (
        "The division by √M is missing: the products are sums over the "
        "directions instead of means."
    ),
    "added_norm": "|x|²/2 is added. It has to be subtracted.",
}


def variant(wrong):
    def answer(x, w):
        raw = x
        power = 0.5 if "whole_scale" in wrong else 0.25
        if "no_scale" not in wrong:
            x = x / x.shape[1] ** power
        square = ((raw if "norm_before_scale" in wrong else x) ** 2).sum(
            axis=1, keepdims=True
        )
        half = square / 2
        if "whole_norm" in wrong:
            half = square
        if "norm_itself" in wrong:
            half = np.sqrt(square) / 2
        if "added_norm" in wrong:
            half = -half
        if "no_norm" in wrong:
            half = 0.0
        root = np.sqrt(len(w))
        root = len(w) if "divided_by_m" in wrong else root
        root = 1.0 if "not_averaged" in wrong else root
        return np.exp(x @ w.T - half) / root

    return answer


EXERCISE = exercise(
    random_features,
    title="Positive random features",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
