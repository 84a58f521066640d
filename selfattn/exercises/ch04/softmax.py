"""Exercise 04.softmax."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def my_softmax(scores):
    """Turn scores into positive weights that sum to 1 along the last axis.

    scores : float array (..., S). They may be as large as 10,000; some may
        be -inf, which means weight 0, but never all of a row.
    Returns an array (..., S).
    """
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))  # (..., S)
    return e / e.sum(axis=-1, keepdims=True)  # (..., S)


HINTS = (
    "First write it for one row of small scores: exponentials, "
    "divided by their sum.",
    "What happens to the weights if you add 5 to every score of a "
    "row? Use that to make every exponent 0 or less.",
    "Take each row's own maximum away before the exponential. "
    "`keepdims=True` keeps the shapes aligned in any number of axes.",
)


def cases(rng):
    made = [
        Case("the scores of “I”", (np.array([-1.0, 1, 0, 1]),)),
        Case("two rows", (np.array([[0.0, 1, 2], [3, 1, -1]]),)),
        Case("scores near 1000", (np.array([1000.0, 1001, 999.5]),)),
        Case("scores near −1000", (np.array([-1000.0, -1001, -999.5]),)),
        Case("a wide spread", (np.array([[0.0, 4000, 3999], [0, 1, 2]]),)),
        Case("a score of −inf", (np.array([1.0, -np.inf, 2.0]),)),
        Case("float32, scores near 100", (np.float32([[100, 101], [0, 1]]),)),
    ]
    for shape in ((5, 7), (2, 3, 5), (3, 3)):
        scores = 3 * rng.standard_normal(shape)  # (..., S)
        made.append(Case(f"scores {shape}", (scores,)))
    return made


PROPERTIES = (
    Property(
        "rows_sum_to_one",
        "Along the last axis your weights do not sum to 1.",
        lambda rng: [
            Case("five rows", (9 * rng.standard_normal((5, 11)),)),
            Case("one row", (9 * rng.standard_normal(13),)),
        ],
        lambda cases, outs: all(np.allclose(o.sum(-1), 1) for o in outs),
    ),
    Property(
        "shift_changes_nothing",
        "Adding the same number to every score of a row changed your "
        "weights. Only differences between scores should count.",
        lambda rng: [
            Case("scores", (x := rng.standard_normal((3, 7)),)),
            Case("scores plus 500", (x + 500,)),
        ],
        lambda cases, outs: np.allclose(outs[0], outs[1], atol=1e-3),
    ),
)

MISTAKES = {
    "unstable_exp": (
        "Right for small scores, NaN for large ones: e to the 1000 is "
        "infinite in a computer, and ∞/∞ is no number. Adding a constant to "
        "all scores leaves the weights as they are, so you may shift them."
    ),
    "mean_shift": (
        "You shift by a number that is not the largest score, such as the "
        "mean. A score far above it still overflows; shift so that the "
        "largest exponent becomes 0."
    ),
    "one_maximum": (
        "You subtract the maximum of the whole array from every row. A row "
        "that lies far below it turns into 0/0; each row needs its own."
    ),
    "divided_by_maximum": (
        "You divided the scores by the largest. That keeps e small but "
        "changes the weights; only adding a constant leaves them alone."
    ),
    "clipped": (
        "You cut the scores to a range to keep e from overflowing. Two "
        "scores of 1000 and 1001 then weigh the same, which they should not."
    ),
    "first_axis": (
        "Your weights sum to 1 down the columns. Each row holds one query's "
        "scores, and each query shares out its own attention: last axis."
    ),
    "whole_array": (
        "Your weights sum to 1 over the whole array. Each row is one "
        "query's, and sums to 1 by itself."
    ),
    "no_exp": (
        "You divided the scores by their sum. With negative scores that "
        "gives negative weights, or a division by zero; take exponentials."
    ),
    "keepdims_forgotten": (
        "Your sums have lost an axis, so the division meets the wrong axis: "
        "on a square array each number is divided by the sum of another "
        "row. `keepdims=True` keeps the axis."
    ),
    "not_normalised": (
        "Your numbers are positive but do not sum to 1. Divide them by "
        "their total."
    ),
    "hard_max": (
        "All the weight goes to the largest score. That is the limit of "
        "softmax for very large scores; softmax itself leaves some to all."
    ),
    "sign_flipped": (
        "The smallest score gets the largest weight. The exponent has the "
        "wrong sign."
    ),
    "base_two": (
        "You took powers of 2. Powers of e are asked for; with base 2 every "
        "score counts as 0.69 of itself."
    ),
    "sigmoid": (
        "Each score was squashed on its own. In softmax the scores compete: "
        "raising one lowers the weights of all the others."
    ),
    "logarithm": (
        "You return the logarithm of the weights. It is handy in a loss, but "
        "values are mixed with the weights themselves."
    ),
}


def variant(wrong):
    def answer(scores):
        axis = 0 if "first_axis" in wrong else -1
        axis = None if "whole_array" in wrong else axis
        if "no_exp" in wrong:
            return scores / scores.sum(axis=axis, keepdims=True)
        if "hard_max" in wrong:
            best = scores.max(axis=axis, keepdims=True)
            return (scores == best) / (scores == best).sum(axis, keepdims=True)
        if "sign_flipped" in wrong:
            scores = np.where(scores == -np.inf, scores, -scores)
        if "divided_by_maximum" in wrong:
            scores = scores / scores.max(axis=axis, keepdims=True)
        if "clipped" in wrong:
            scores = np.clip(scores, -30, 30)
        if "unstable_exp" in wrong:
            shift = 0
        elif "mean_shift" in wrong:
            shift = scores.mean(axis=axis, keepdims=True)
        elif "one_maximum" in wrong:
            shift = scores.max()
        else:
            shift = scores.max(axis=axis, keepdims=True)
        power = np.exp2 if "base_two" in wrong else np.exp
        e = power(scores - shift)
        if "not_normalised" in wrong:
            return e
        if "sigmoid" in wrong:
            return e / (1 + e)
        if "keepdims_forgotten" in wrong:
            return e / e.sum(axis=-1)
        out = e / e.sum(axis=axis, keepdims=True)
        return np.log(out) if "logarithm" in wrong else out

    return answer


EXERCISE = exercise(
    my_softmax,
    title="A softmax that does not overflow",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
