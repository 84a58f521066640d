"""Exercise 07.linear_bias."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def linear_bias(n_heads, n):
    """What is added to the scores: the further back, the less.

    n_heads : H, a power of two. n : number of queries and of keys.
    Head h = 1 ... H has the slope 2 ** (-8 * h / H). Its bias for query i
    and key j is minus the slope times the number of steps from j to i, and
    -inf for a key after its query, which may not be seen.
    Returns an array (H, n, n): heads, queries, keys.
    """
    head = np.arange(1, n_heads + 1)  # (H,)
    slope = 2.0 ** (-8 * head / n_heads)  # (H,)
    steps_back = np.arange(n)[:, None] - np.arange(n)  # (n, n)
    bias = -slope[:, None, None] * steps_back  # (H, n, n)
    return np.where(steps_back < 0, -np.inf, bias)


HINTS = (
    "For three words, write down the steps from each key to each "
    "query. Where is the key after the query?",
    "Positions as a column minus positions as a row give the steps "
    "back; negative ones belong to the future.",
    "Give the slopes two more axes so that they broadcast over the "
    "(n, n) steps, and let `np.where` put −inf where the steps are "
    "negative.",
)


def cases(rng):
    made = [
        Case("2 heads, 3 words", (2, 3)),
        Case("8 heads, 5 words", (8, 5)),
        Case("1 head, 4 words", (1, 4)),
    ]
    for n_heads in (4, 16):
        n = int(rng.choice([7, 11, 13, 17, 19]))
        made.append(Case(f"{n_heads} heads, {n} words", (n_heads, n)))
    return made


MISTAKES = {
    "sign_flipped": (
        "Your bias rewards distance: the farthest word gets the most. The "
        "bias is negative, so that near words win."
    ),
    "symmetric": (
        "Your bias is the same to the left and to the right. Then a head "
        "cannot tell the word before from the word after; keys behind the "
        "query's position are shut out with −inf."
    ),
    "future_rewarded": (
        "Keys after the query get a positive bias, the larger the later they "
        "come. They may not be seen at all."
    ),
    "future_zero": (
        "Keys after the query have bias 0, which is the best a key can get. "
        "To hide them, use −inf."
    ),
    "not_infinite": (
        "Keys after the query get a large negative number. It works where "
        "scores are small against it; −inf, which is asked for, works always."
    ),
    "from_the_end": (
        "Your bias counts from the last word, the same in every row. A "
        "softmax would forgive that, because each row is off by a constant, "
        "but steps are counted from the query."
    ),
    "self_hidden": (
        "The query's own position is hidden as well. It is 0 steps away and "
        "may be seen; without it the first query has no key left."
    ),
    "axes_swapped": (
        "Queries and keys are swapped: your heads look into the future and "
        "not into the past. Rows are queries."
    ),
    "one_step_more": (
        "Each distance is one too large. From a word to itself it is 0 "
        "steps. (A softmax would forgive the constant; the next reader of "
        "your code may not.)"
    ),
    "squared": (
        "You squared the distance. The bias falls in a straight line, hence "
        "its name."
    ),
    "heads_from_zero": (
        "Your heads are counted from 0, so that the first slope is 1. They "
        "are counted from 1 in the formula."
    ),
    "heads_reversed": (
        "The slopes come in reverse. The first head has the steepest one."
    ),
    "eight_forgotten": (
        "The 8 is missing from the exponent, so all slopes lie between 1 and "
        "1/2. They should reach from near-sighted to far-sighted, down to "
        "1/256."
    ),
    "heads_not_counted": (
        "Your exponent does not depend on the number of heads. Only with "
        "eight heads is that the same."
    ),
    "slopes_linear": (
        "Your slopes grow evenly. They form a geometric sequence: each is "
        "the one before times the same factor."
    ),
    "one_slope": (
        "All heads have the same slope. Each has its own, so that some look "
        "near and some far."
    ),
    "natural_base": "Your slopes are powers of e. They are powers of 2.",
}


def variant(wrong):
    def answer(n_heads, n):
        h = np.arange(1, n_heads + 1)  # (H,)
        if "heads_from_zero" in wrong:
            h = h - 1
        if "heads_reversed" in wrong:
            h = h[::-1]
        slope = 2.0 ** (-8 * h / n_heads)  # (H,)
        if "eight_forgotten" in wrong:
            slope = 2.0 ** (-h / n_heads)
        if "heads_not_counted" in wrong:
            slope = 2.0**-h
        if "slopes_linear" in wrong:
            slope = h / n_heads
        if "one_slope" in wrong:
            slope = np.full(n_heads, slope[0])
        if "natural_base" in wrong:
            slope = np.exp(-8 * h / n_heads)
        back = np.arange(n)[:, None] - np.arange(n)  # (n, n)
        if "axes_swapped" in wrong:
            back = back.T
        steps = abs(back) + 1 if "one_step_more" in wrong else abs(back)
        if "squared" in wrong:
            steps = steps**2
        bias = -slope[:, None, None] * steps  # (H, n, n)
        if "sign_flipped" in wrong:
            bias = -bias
        if "from_the_end" in wrong:
            bias = slope[:, None, None] * np.arange(1 - n, 1)  # (H, 1, n)
            bias = np.broadcast_to(bias, (n_heads, n, n))
        if "symmetric" in wrong:
            return bias
        if "not_infinite" in wrong:
            return np.where(back < 0, -1e9, bias)
        if "future_rewarded" in wrong:
            return np.where(back < 0, -bias, bias)
        if "future_zero" in wrong:
            return np.where(back < 0, 0.0, bias)
        if "self_hidden" in wrong:
            return np.where(back <= 0, -np.inf, bias)
        return np.where(back < 0, -np.inf, bias)

    return answer


EXERCISE = exercise(
    linear_bias,
    title="A bias that falls with distance",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
