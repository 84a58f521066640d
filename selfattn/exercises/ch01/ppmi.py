"""Exercise 01.ppmi."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def ppmi(counts):
    """Positive pointwise mutual information of words and contexts.

    counts : float array (V, C); counts[i, j] says how often word i was seen
        with context j, and may be below 1. Some words or contexts may never
        have been seen, but not all.
    Returns an array (V, C): the natural logarithm of the count over the
    count to be expected by chance; 0 where that is negative, and 0 where
    the count is 0.
    """
    rows = counts.sum(axis=1, keepdims=True)  # (V, 1)
    columns = counts.sum(axis=0, keepdims=True)  # (1, C)
    by_chance = rows * columns / counts.sum()  # (V, C)
    ratio = np.ones(counts.shape)
    np.divide(counts, by_chance, out=ratio, where=counts > 0)
    return np.maximum(np.log(ratio), 0)  # (V, C)


HINTS = (
    "If word and context had nothing to do with each other, how often "
    "would they meet? Think of rolling two dice many times.",
    "By chance: row sum × column sum ÷ total. Compare the count with "
    "that, as a ratio.",
    "Take the logarithm only where the count is not 0, and leave 0 "
    "elsewhere; at the end, lift everything negative to 0. "
    "`np.divide` and `np.log` have a `where` argument.",
)


def cases(rng):
    made = [
        Case("2 words, 2 contexts", (np.array([[3.0, 1.0], [1.0, 3.0]]),)),
        Case(
            "a word that was never seen",
            (np.array([[4.0, 0, 1], [0, 0, 0], [1, 2, 2]]),),
        ),
    ]
    made += [
        Case(
            "a context that was never seen",
            (np.array([[2.0, 0, 1, 4, 0], [3, 0, 0, 1, 2]]),),
        ),
        Case("counts below 1", (np.array([[0.5, 0, 0.25], [0.1, 0.4, 0]]),)),
        Case("one word", (np.array([[3.0, 0, 2]]),)),
    ]
    for size, n_contexts in ((5, 7), (13, 11)):
        rate = rng.gamma(0.5, 4.0, (size, n_contexts))
        counts = rng.poisson(rate).astype(float)  # (V, C)
        counts[0, 0] += 1
        name = f"{size} words, {n_contexts} contexts"
        made.append(Case(name, (counts,)))
    return made


MISTAKES = {
    "total_forgotten": (
        "You divide by the two sums but leave out the total. What chance "
        "predicts must be a count again; as it is, nearly everything falls "
        "below 0 and is cut away."
    ),
    "contexts_equal": (
        "You treat all contexts as equally common. Then “the”, which stands "
        "beside everything, gets large values with every word."
    ),
    "words_equal": (
        "You treat all words as equally common. Then a word gets large values "
        "only because it is frequent."
    ),
    "no_log": (
        "You return the ratio itself. Its logarithm is asked for: “twice as "
        "often” and “half as often” should weigh the same."
    ),
    "log_one_plus": (
        "You added 1 inside the logarithm. That avoids log 0, but it lifts "
        "every value; pairs that were never seen are handled on their own."
    ),
    "base_two": (
        "Your logarithm has base 2: every value is 1/ln 2 ≈ 1.44 times too "
        "large. The natural one is asked for."
    ),
    "negative_kept": (
        "Negative values are left in. The first P of PPMI stands for "
        "“positive”: less often than chance counts as 0."
    ),
    "absolute": (
        "You turned negative values into positive ones. “Rarer than chance” "
        "then looks like “more often than chance”; it should be 0."
    ),
    "one_added": (
        "You added 1 to every count. That is smoothing: it changes all "
        "values, and the task has another rule for pairs never seen."
    ),
    "nan_when_unseen": (
        "A word or context that was never seen gives NaN, because 0 is "
        "divided by 0. Its entries should be 0."
    ),
    "base_ten": (
        "Your logarithm has base 10. The natural one is asked for, `np.log`."
    ),
    "log_of_counts": (
        "You take the logarithm of the counts alone. Compare each count with "
        "chance first."
    ),
    "weighted": (
        "You multiplied each logarithm by the pair's probability. That is a "
        "term of the mutual information; here the logarithm alone is asked "
        "for."
    ),
    "difference": (
        "You subtract the count that chance predicts. Divide by it, and take "
        "the logarithm."
    ),
    "sign_flipped": (
        "Your fraction is upside down: chance stands above the count. Pairs "
        "that meet more often than by chance should be above 0."
    ),
    "contexts_smoothed": (
        "You raised the counts of the contexts to the power 0.75. Some "
        "systems do; this exercise asks for the plain counts."
    ),
    "small_added": (
        "You added a small number to avoid the logarithm of 0. It changes "
        "every value a little; treat the pairs that were never seen apart."
    ),
}


def variant(wrong):
    def answer(counts):
        if "one_added" in wrong:
            counts = counts + 1.0
        rows = counts.sum(axis=1, keepdims=True)  # (V, 1)
        columns = counts.sum(axis=0, keepdims=True)  # (1, C)
        if "contexts_equal" in wrong:
            columns = np.full(columns.shape, columns.mean())
        if "words_equal" in wrong:
            rows = np.full(rows.shape, rows.mean())
        if "contexts_smoothed" in wrong:
            columns = columns**0.75 * columns.sum() / (columns**0.75).sum()
        by_chance = rows * columns
        if "total_forgotten" not in wrong:
            by_chance = by_chance / counts.sum()
        seen = counts > 0
        ratio = np.where(seen, counts, 1) / np.where(seen, by_chance, 1)
        if "log_of_counts" in wrong:
            ratio = np.where(seen, counts, 1)
        if "difference" in wrong:
            return np.maximum(counts - by_chance, 0)
        if "small_added" in wrong:
            ratio = (counts + 1e-3) / (by_chance + 1e-3)
        if "no_log" in wrong:
            return np.where(seen, ratio, 0)
        if "log_one_plus" in wrong:
            out = np.where(seen, np.log1p(ratio), 0)
        else:
            out = np.log(ratio)
        if "weighted" in wrong:
            out = out * counts / counts.sum()
        if "sign_flipped" in wrong:
            out = -out
        if "base_ten" in wrong:
            out = out / np.log(10)
        if "base_two" in wrong:
            out = out / np.log(2)
        if "negative_kept" not in wrong:
            out = np.abs(out) if "absolute" in wrong else np.maximum(out, 0)
        if "nan_when_unseen" in wrong:
            out = np.where(by_chance > 0, out, np.nan)
        return out

    return answer


EXERCISE = exercise(
    ppmi,
    title="Counts to PPMI",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
