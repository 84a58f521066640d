"""Exercise 13.tiled_attention."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def tiled_attention(q, k, v, tile):
    """Attention that looks at `tile` keys at a time.

    q : (L, d_k). k : (S, d_k). v : (S, d_v), floats.
    tile : how many keys and values are read at once, 1 or more; the last
        tile is shorter where tile does not divide S.
    Returns out (L, d_v): softmax attention with scaled dot products over
    all S keys. Keep the largest score, the sum and the mixed values of each
    query; never make an array of shape (L, S).
    """
    top = np.full((len(q), 1), -np.inf)  # (L, 1)
    total, mixed = 0.0, 0.0
    for start in range(0, len(k), tile):
        part = slice(start, start + tile)
        scores = q @ k[part].T / np.sqrt(q.shape[1])  # (L, tile)
        new = np.maximum(top, scores.max(axis=1, keepdims=True))
        shrink = np.exp(top - new)  # (L, 1)
        e = np.exp(scores - new)  # (L, tile)
        total = total * shrink + e.sum(axis=1, keepdims=True)
        mixed = mixed * shrink + e @ v[part]  # (L, d_v)
        top = new
    return mixed / total


HINTS = (
    "Take your online softmax, with one row of scores per query, and keep a "
    "third thing: the sum of exp(score - top) times the value.",
    "When a larger score comes, the sum and the mixed values shrink by the "
    "same factor exp(top - new), which has one row per query: (L, 1).",
    "Per tile: scores, new = np.maximum(...), shrink, e = np.exp(scores - "
    "new). Divide the mixed values by the sum once, after the loop.",
)


def cases(rng):
    def case(n_queries, n_keys, d_k, d_v, tile, by=1.0):
        q = by * rng.standard_normal((n_queries, d_k))
        k = rng.standard_normal((n_keys, d_k))
        v = rng.standard_normal((n_keys, d_v))
        name = f"{n_queries} queries, {n_keys} keys, tile {tile}"
        name += ", large scores" if by > 1 else ""
        return Case(name, (q, k, v, tile))

    hand = [[[2.0], [0]], [[0.0], [1], [2]], [[1.0, 0], [0, 1], [1, 1]]]
    single = [np.array([[1.0], [1]]), np.array([[1.0], [2]])]
    return [
        Case("1 query, 2 keys, tile 1", (np.array([[1.0]]), *single, 1)),
        Case("2 queries, 3 keys, tile 2", (*(np.array(x) for x in hand), 2)),
        case(3, 6, 2, 5, 2),
        case(5, 7, 3, 2, 3),
        case(2, 5, 7, 3, 11),
        case(7, 11, 5, 3, 4, by=2000.0),
        case(3, 13, 5, 5, 1),
    ]


MISTAKES = {
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "not_rescaled": (
        "Sum and mixed values stay as they were when a larger score comes. "
        "Both were made relative to the old largest score and have to shrink."
    ),
    "values_not_rescaled": (
        "The sum shrinks when a larger score comes, the mixed values do not. "
        "They need the same factor."
    ),
    "sum_not_rescaled": (
        "The mixed values shrink when a larger score comes, the sum does not. "
        "It needs the same factor."
    ),
    "softmax_per_tile": (
        "Each tile has a softmax of its own, and you average the tiles. Then "
        "a tile of bad keys counts as much as a tile of good ones."
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
        "The mixed values are not divided by the sum of the exponentials."
    ),
    "unstable": (
        "exp overflows for large scores. Subtract the largest score so far."
    ),
}


def variant(wrong):
    def answer(q, k, v, tile):
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
            new = np.maximum(top, scores.max(axis=1, keepdims=True))
            if "unstable" in wrong:
                new = np.zeros_like(new)
            shrink = np.exp(np.minimum(top - new, 0))
            if "unstable" in wrong:
                shrink = 1.0
            e = np.exp(scores - new)
            one = 1.0 if {"not_rescaled", "sum_not_rescaled"} & wrong else None
            two = "not_rescaled" in wrong or "values_not_rescaled" in wrong
            values = v[: e.shape[1]] if "first_values" in wrong else v[part]
            total = total * (one or shrink) + e.sum(axis=1, keepdims=True)
            mixed = mixed * (1.0 if two else shrink) + e @ values
            own = np.exp(scores - scores.max(axis=1, keepdims=True))
            means.append(own / own.sum(axis=1, keepdims=True) @ values)
            top = new
        if "softmax_per_tile" in wrong:
            return np.mean(means, axis=0)
        return mixed if "not_divided" in wrong else mixed / total

    return answer


EXERCISE = exercise(
    tiled_attention,
    title="Attention in tiles",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
