"""Exercise 13.tiled_attention."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def tiled_attention(q, k, v, tile, mask):
    """Masked attention that looks at `tile` keys at a time.

    q : (L, d_k). k : (S, d_k). v : (S, d_v), floats.
    tile : how many keys and values are read at once, 1 or more; the last
        tile is shorter where tile does not divide S.
    mask : booleans (L, S), True where a query may see a key. Each query may
        see one key at least, but perhaps none of the first tile.
    Returns out (L, d_v): softmax attention with scaled dot products over
    the allowed keys. Keep the largest score, the sum of exponentials and
    the sum of weighted values of each query; never make scores (L, S).
    """
    top = np.full((len(q), 1), -np.inf)  # (L, 1)
    total, mixed = 0.0, 0.0
    for start in range(0, len(k), tile):
        part = slice(start, start + tile)
        scores = q @ k[part].T / np.sqrt(q.shape[1])  # (L, tile)
        scores = np.where(mask[:, part], scores, -np.inf)
        new = np.maximum(top, scores.max(axis=1, keepdims=True))
        safe = np.where(np.isneginf(new), 0, new)  # no key so far
        shrink = np.exp(top - safe)  # (L, 1)
        e = np.exp(scores - safe)  # (L, tile)
        total = total * shrink + e.sum(axis=1, keepdims=True)
        mixed = mixed * shrink + e @ v[part]  # (L, d_v)
        top = new
    return mixed / total


HINTS = (
    "Begin with the function of the chapter. Only the scores change: those "
    "of forbidden keys become -infinity, with the same columns of the mask "
    "as of the keys.",
    "If a query has seen no key yet, its largest score is -infinity, and "
    "-infinity - (-infinity) is NaN. What must its exponentials be?",
    "Subtract safe = np.where(np.isneginf(new), 0, new) in both exponents, "
    "so that they are exp(-infinity) = 0. But keep new as the largest score.",
)


def cases(rng):
    def case(n_queries, n_keys, d_k, d_v, tile, mask=None, by=1.0):
        q = by * rng.standard_normal((n_queries, d_k))
        k = rng.standard_normal((n_keys, d_k))
        v = rng.standard_normal((n_keys, d_v))
        name = f"{n_queries} queries, {n_keys} keys, tile {tile}"
        name += ", large scores" if by > 1 else ""
        if mask is None:
            mask = rng.random((n_queries, n_keys)) < 0.7
            mask[
                np.arange(n_queries), rng.integers(n_keys, size=n_queries)
            ] = 1
        else:
            name += f", {mask}"
            i = np.arange(n_queries)[:, None]
            j = np.arange(n_keys)
            masks = {"no mask": i >= 0, "window": abs(i - j) < 2}
            mask = masks[mask] | (j < 0)
        return Case(name, (q, k, v, tile, mask))

    hand = [[[2.0], [0]], [[0.0], [1], [2]], [[1.0, 0], [0, 1], [1, 1]]]
    single = [np.array([[1.0], [1]]), np.array([[1.0], [2]])]
    seen = np.array([[True, True, True], [False, False, True]])
    return [
        Case(
            "1 query, 2 keys, tile 1",
            (np.array([[1.0]]), *single, 1, np.ones((1, 2), dtype=bool)),
        ),
        Case(
            "2 queries, 3 keys, tile 2, query 1 sees key 2 alone",
            (*(np.array(x) for x in hand), 2, seen),
        ),
        case(3, 6, 2, 5, 2, mask="no mask"),
        case(7, 7, 3, 2, 3, mask="window"),
        case(2, 5, 7, 3, 11),
        case(7, 11, 5, 3, 4, by=2000.0),
        case(3, 13, 5, 5, 1),
    ]


MISTAKES = {
    "mask_ignored": (
        "Forbidden keys count as well. Set their scores to -infinity."
    ),
    "zero_scores": (
        "Forbidden keys have the score 0, and so a weight. Their score has to "
        "be -infinity: its exponential is 0."
    ),
    "first_columns": (
        "Every tile meets the first columns of the mask. Cut the mask's "
        "columns at the same places as k."
    ),
    "nan_before_the_first_key": (
        "A query that may see no key of the first tile gets NaN, from "
        "-infinity - (-infinity). Its exponentials so far have to be 0."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "not_rescaled": (
        "Both sums stay as they were when a larger score comes. "
        "Both were made relative to the old largest score and have to shrink."
    ),
    "values_not_rescaled": (
        "The sum of exponentials shrinks when a larger score comes, the sum "
        "of values does not. It needs the same factor."
    ),
    "sum_not_rescaled": (
        "The sum of values shrinks when a larger score comes, the sum of "
        "exponentials does not. It needs the same factor."
    ),
    "softmax_per_tile": (
        "Each tile has a softmax of its own, and you average the tiles. Then "
        "a tile of bad keys counts as much as a tile of good ones."
    ),
    "even_in_empty_tiles": (
        "Each tile has a softmax of its own, and you average the tiles. Where "
        "a query sees no key of a tile, that tile still mixes all its values."
    ),
    "short_tile_lost": (
        "The last keys are left out where the tile does not divide S. Take "
        "the shorter tile too."
    ),
    "first_values": (
        "Every tile of scores meets the values of the first tile. Cut v at "
        "the same places as k."
    ),
    "not_divided": (
        "The sum of values is not divided by the sum of the exponentials."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract the largest score so far."
    ),
}


def variant(wrong):
    @np.errstate(invalid="ignore")  # one of the mistakes makes NaN
    def answer(q, k, v, tile, mask):
        root = np.sqrt(q.shape[1])
        root = 1.0 if "no_scale" in wrong else root
        root = q.shape[1] if "divided_by_d_k" in wrong else root
        end = len(k)
        if "short_tile_lost" in wrong and end > tile:
            end -= end % tile
        top = np.full((len(q), 1), -np.inf)
        total, mixed, means = 0.0, 0.0, []
        for start in range(0, end, tile):
            part = slice(start, min(start + tile, end))
            scores = q @ k[part].T / root
            scores = _masked(scores, mask, part, wrong)
            new = np.maximum(top, scores.max(axis=1, keepdims=True))
            safe = np.where(np.isneginf(new), 0, new)
            if "nan_before_the_first_key" in wrong:
                safe = new
            if "unstable" in wrong:
                new = safe = np.zeros_like(new)
            shrink = np.exp(np.minimum(top - safe, 0))
            if "unstable" in wrong:
                shrink = 1.0
            e = np.exp(scores - safe)
            one = 1.0 if {"not_rescaled", "sum_not_rescaled"} & wrong else None
            two = "not_rescaled" in wrong or "values_not_rescaled" in wrong
            values = v[: e.shape[1]] if "first_values" in wrong else v[part]
            total = total * (one or shrink) + e.sum(axis=1, keepdims=True)
            mixed = mixed * (1.0 if two else shrink) + e @ values
            means.append(_softmax(scores) @ values)
            top = new
        if {"softmax_per_tile", "even_in_empty_tiles"} & wrong:
            return np.mean(means, axis=0)
        return mixed if "not_divided" in wrong else mixed / total

    return answer


def _masked(scores, mask, part, wrong):
    """A tile of scores whose forbidden keys have no weight, or a mistake."""
    if "mask_ignored" in wrong:
        return scores
    seen = mask[:, part]
    if "first_columns" in wrong:
        seen = mask[:, : seen.shape[1]]
    other = 0.0 if "zero_scores" in wrong else -np.inf
    other = -1e9 if "even_in_empty_tiles" in wrong else other
    return np.where(seen, scores, other)


def _softmax(scores):
    """Each row's softmax; zeros for a row without a key."""
    top = scores.max(axis=1, keepdims=True)
    e = np.exp(scores - np.where(np.isneginf(top), 0, top))
    total = e.sum(axis=1, keepdims=True)
    return e / np.where(total == 0, 1, total)


EXERCISE = exercise(
    tiled_attention,
    title="Attention in tiles, with a mask",
    difficulty=3,
    minutes=20,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
