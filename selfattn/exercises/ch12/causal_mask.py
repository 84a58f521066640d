"""Exercise 12.causal_mask."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def causal_mask(n_queries, n_past, lengths):
    """Who may attend to whom when nobody looks ahead.

    The keys are n_past earlier positions, then the positions of the queries
    themselves: query 0 stands at position n_past, query 1 right after it.
    n_queries : how many queries, at least 1. n_past : how many keys come
        before them, at least 0.
    lengths : integer array (B,); of batch item b only the first lengths[b]
        keys are real, the others are padding.
    Returns a boolean array (B, n_queries, n_past + n_queries), True = may
    attend: a query sees the real keys at its own position and before it.
    """
    keys = np.arange(n_past + n_queries)  # (S,)
    queries = n_past + np.arange(n_queries)  # (L,)
    before = keys <= queries[:, None]  # (L, S)
    real = keys < lengths[:, None]  # (B, S)
    return before & real[:, None, :]  # (B, L, S)


HINTS = (
    "Write down the position of each query and of each key, as two arrays. "
    "Which of the two must be larger?",
    "Query i stands at position n_past + i. Compare a column of query "
    "positions with a row of key positions: the result is (L, S).",
    "Real keys are `keys < lengths[:, None]`, (B, S). Put in an axis for the "
    "queries, (B, 1, S), and combine both with `&`.",
)


def cases(rng):
    made = [
        Case("3 queries, no past", (3, 0, np.array([3]))),
        Case("1 query, 4 past keys", (1, 4, np.array([5]))),
        Case("3 queries, 2 past keys, padding", (3, 2, np.array([5, 4]))),
        Case("1 query and nothing else", (1, 0, np.array([1]))),
    ]
    for n_queries, n_past, batch in ((5, 7, 3), (7, 3, 2), (2, 11, 5)):
        n_keys = n_queries + n_past
        lengths = rng.integers(1, n_keys + 1, size=batch)  # (B,)
        lengths[0] = n_keys
        name = f"{n_queries} queries, {n_past} past keys, batch of {batch}"
        made.append(Case(name, (n_queries, n_past, lengths)))
    return made


MISTAKES = {
    "inverted": (
        "Your mask is the wrong way round: True must mean “may attend”."
    ),
    "not_itself": (
        "A query does not see its own position. It may: a key at the same "
        "position is no look ahead."
    ),
    "past_forgotten": (
        "You let query i see the keys up to i. The first query stands behind "
        "the past keys, at position n_past."
    ),
    "past_last": (
        "You put the past keys behind the queries' own. They come first, as "
        "in the text."
    ),
    "for_adding": (
        "That is a mask to be added to scores: 0 and -infinity. Here True "
        "means “may attend”, and False the opposite."
    ),
    "looks_back_only_at_past": (
        "The queries see the past keys but not each other. A later query "
        "also sees the positions of the earlier ones."
    ),
    "looks_ahead": (
        "Every query sees every real key, also those that come after it."
    ),
    "anticausal": (
        "Each query sees what comes after it. It should see what comes "
        "before it."
    ),
    "padding_seen": (
        "The padding is not left out: keys from lengths[b] on are not real."
    ),
    "lengths_of_queries": (
        "You took lengths as numbers of real queries and emptied the rows "
        "behind them. They count keys: padding is left out of the columns."
    ),
    "one_real_key_more": (
        "One key of the padding is seen. With lengths[b] real keys, the last "
        "of them has the number lengths[b] - 1."
    ),
}


def variant(wrong):
    def answer(n_queries, n_past, lengths):
        keys = np.arange(n_past + n_queries)
        first = 0 if "past_forgotten" in wrong else n_past
        queries = first + np.arange(n_queries)
        seen = keys <= queries[:, None]
        if "not_itself" in wrong:
            seen = keys < queries[:, None]
        if "anticausal" in wrong:
            seen = keys >= queries[:, None]
        if "looks_back_only_at_past" in wrong:
            own = keys == queries[:, None]
            seen = (keys < n_past) | own
        if "looks_ahead" in wrong:
            seen = np.ones_like(seen)
        if "past_last" in wrong:
            seen = np.roll(seen, -n_past, axis=1)
        more = 1 if "one_real_key_more" in wrong else 0
        real = (keys < lengths[:, None] + more)[:, None, :]
        if "lengths_of_queries" in wrong:
            real = (queries < lengths[:, None])[:, :, None]
        if "padding_seen" in wrong:
            real = np.ones((len(lengths), 1, 1), dtype=bool)
        mask = seen & real
        if "for_adding" in wrong:
            return np.where(mask, 0.0, -np.inf)
        return ~mask if "inverted" in wrong else mask

    return answer


EXERCISE = exercise(
    causal_mask,
    title="A causal mask with a past",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
