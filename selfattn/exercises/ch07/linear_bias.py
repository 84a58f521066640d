"""Exercise 07.linear_bias."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def linear_bias(slopes, n_queries, n_keys):
    """What is added to the scores of the newest words of a text.

    slopes : float array (H,), one slope per head, in any order; 0 is
        allowed. The keys stand at places 0 ... S-1, S = n_keys. The
        queries stand at the newest L of these places, L = n_queries <= S.
    The bias is minus the slope of the head times the number of steps from
    the key to the query, and -inf for a key that comes after its query.
    Returns an array (H, L, S): heads, queries, keys.
    """
    places = np.arange(n_keys)  # (S,)
    queries = places[n_keys - n_queries :]  # (L,)
    steps_back = queries[:, None] - places  # (L, S)
    bias = -slopes[:, None, None] * steps_back  # (H, L, S)
    return np.where(steps_back < 0, -np.inf, bias)


HINTS = (
    "Take two queries and three keys. At which places do the two queries "
    "stand, and how many steps back is each key?",
    "The places of the queries as a column minus the places of the keys as "
    "a row give the steps back; negative ones belong to the future.",
    "Give the slopes two more axes so that they broadcast over the (L, S) "
    "steps, and let `np.where` put −inf where the steps are negative.",
)


def cases(rng):
    def slopes(*numbers):
        return np.array(numbers, dtype=float)

    made = [
        Case("slope 1/2, 3 queries, 3 keys", (slopes(0.5), 3, 3)),
        Case("2 heads, 2 queries, 3 keys", (slopes(0.5, 0.25), 2, 3)),
        Case("3 heads, 1 query, 5 keys", (slopes(0.3, 2, 0.1), 1, 5)),
        Case("a slope of 0, 4 queries, 7 keys", (slopes(0.25, 0), 4, 7)),
        Case("one word", (slopes(0.5, 0.125), 1, 1)),
    ]
    for n_heads, n_queries in ((4, 5), (8, 11)):
        n_keys = int(rng.choice([13, 17, 19]))
        drawn = rng.uniform(0.01, 1.5, n_heads)  # (H,)
        name = f"{n_heads} heads, {n_queries} queries, {n_keys} keys"
        made.append(Case(name, (drawn, n_queries, n_keys)))
    return made


MISTAKES = {
    "queries_from_zero": (
        "Your queries start at place 0. They belong to the newest words: "
        "with 1 query and 5 keys the query stands at place 4."
    ),
    "all_queries": (
        "You return a row for every place. Only the newest L places have "
        "queries, so the shape is (H, L, S)."
    ),
    "sign_flipped": (
        "Your bias rewards distance: the farthest word gets the most. The "
        "bias is negative, so that near words win."
    ),
    "symmetric": (
        "Your bias is the same to the left and to the right. Then a head "
        "cannot tell the word before from the word after; a key that comes "
        "after its query is shut out with −inf."
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
        "scores are small against it; −inf, which is asked for, always works."
    ),
    "mask_from_zero": (
        "Your mask treats the queries as if they stood at places 0 to L-1, "
        "as `np.triu(..., 1)` does, and hides keys that may be seen. The "
        "last query sees all keys."
    ),
    "past_hidden": (
        "Your mask is inverted: you hide the keys before the query and show "
        "those after it."
    ),
    "nan_at_zero": (
        "With a slope of 0 your bias is NaN, because 0 times −inf is no "
        "number. Put −inf in after the slope has been multiplied."
    ),
    "from_the_end": (
        "Your bias counts from the last word, the same in every row. A "
        "softmax would forgive that, because each row is off by a constant, "
        "but steps are counted from the query."
    ),
    "self_hidden": (
        "The query's own position is hidden as well. It is 0 steps away and "
        "may be seen; without it the first word has no key left."
    ),
    "axes_swapped": (
        "Queries and keys are swapped. Rows are queries and columns are keys: "
        "(H, L, S)."
    ),
    "heads_last": (
        "Your heads are the last axis. They come first: (H, L, S)."
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
    "own_slopes": (
        "You made the slopes yourself, by the formula of the chapter. Here "
        "they are given."
    ),
    "slopes_as_exponents": (
        "You used the given numbers as exponents of 2. They are the slopes "
        "themselves."
    ),
    "heads_reversed": (
        "The heads come in reverse order. Head h has the slope `slopes[h]`."
    ),
    "slopes_sorted": (
        "You sorted the slopes. Head h has the slope `slopes[h]`."
    ),
    "one_slope": (
        "All heads have the same slope. Each has its own, so that some look "
        "near and some far."
    ),
}


def variant(wrong):
    def answer(slopes, n_queries, n_keys):
        slope = np.array(slopes, dtype=float)  # (H,)
        n_heads = len(slope)
        if "own_slopes" in wrong:
            slope = 2.0 ** (-8 * np.arange(1, n_heads + 1) / n_heads)
        if "slopes_as_exponents" in wrong:
            slope = 2.0**-slope
        if "heads_reversed" in wrong:
            slope = slope[::-1]
        if "slopes_sorted" in wrong:
            slope = np.sort(slope)[::-1]
        if "one_slope" in wrong:
            slope = np.full(n_heads, slope[0])
        keys = np.arange(n_keys)  # (S,)
        first = 0 if "queries_from_zero" in wrong else n_keys - n_queries
        queries = keys[first : first + n_queries]  # (L,)
        if "all_queries" in wrong:
            queries = keys
        back = queries[:, None] - keys  # (L, S)
        steps = abs(back) + 1 if "one_step_more" in wrong else abs(back)
        if "squared" in wrong:
            steps = steps**2
        bias = -slope[:, None, None] * steps  # (H, L, S)
        if "sign_flipped" in wrong:
            bias = -bias
        if "from_the_end" in wrong:
            bias = slope[:, None, None] * np.arange(1 - n_keys, 1)
            bias = bias + 0.0 * back  # (H, L, S)
        future = back <= 0 if "self_hidden" in wrong else back < 0
        if "mask_from_zero" in wrong:
            future = np.arange(len(queries))[:, None] < keys
        if "past_hidden" in wrong:
            future = back > 0
        hidden = -1e9 if "not_infinite" in wrong else -np.inf
        if "future_rewarded" in wrong:
            hidden = -bias
        if "future_zero" in wrong:
            hidden = 0.0
        if "nan_at_zero" in wrong:
            flat = (slope == 0)[:, None, None] & (back < 0)
            hidden = np.where(flat, np.nan, -np.inf)
        if "symmetric" not in wrong:
            bias = np.where(future, hidden, bias)
        if "axes_swapped" in wrong:
            bias = bias.transpose(0, 2, 1)
        return np.moveaxis(bias, 0, -1) if "heads_last" in wrong else bias

    return answer


EXERCISE = exercise(
    linear_bias,
    title="A bias for the newest words",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
