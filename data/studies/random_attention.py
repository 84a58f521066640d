"""What holds for random attention, over many draws? Chapter 04.

    python data/studies/random_attention.py

Three questions about layers before any training. How large is the gradient
that reaches a query, with and without the division by sqrt(d_k)? How many
queries do ReLU weights silence, when all scores are negative? And how far
apart are two words after twelve layers? Writes
results/random_attention.json. Takes half a minute.
"""

from __future__ import annotations

import numpy as np
from recording import conditions, save

DRAWS, QUERIES, KEYS, D_V = 20, 500, 16, 8
WIDTHS = [2**n for n in range(11)]  # d_k, 1 to 1024
DEAD = 1e-3  # a gradient below it counts as none
SETS, SILENT_QUERIES, D_K, FEW_KEYS = 2000, 2000, 8, 4
STACKS, DEPTHS, D_MODEL = 400, (1, 2, 3, 6, 12), 8


def softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def gradients(d_k, scale, rng):
    """One draw: length of d(c.b)/dq, best share and entropy per query.

    Every query has keys, values and a gradient c from the loss of its own,
    all with independent normal entries. By hand the gradient is
    scale * sum_i w_i (c.v_i - their mean under w) k_i.
    """
    q = rng.standard_normal((QUERIES, d_k))
    k = rng.standard_normal((QUERIES, KEYS, d_k))
    v = rng.standard_normal((QUERIES, KEYS, D_V))
    c = rng.standard_normal((QUERIES, D_V))
    w = softmax(scale * np.einsum("nd,nsd->ns", q, k))  # (n, S)
    pull = np.einsum("nsd,nd->ns", v, c)  # (n, S), c.v of each key
    pull -= (w * pull).sum(axis=1, keepdims=True)
    grad = scale * np.einsum("ns,nsd->nd", w * pull, k)  # (n, d_k)
    entropy = -(w * np.log(np.maximum(w, 1e-300))).sum(axis=1)
    return np.linalg.norm(grad, axis=1), w.max(axis=1), entropy


def saturation():
    """Median, mean and range of the gradient at every width."""
    found = {}
    for name in ("scaled", "raw"):
        found[name] = []
        for d_k in WIDTHS:
            scale = d_k**-0.5 if name == "scaled" else 1.0
            rng = np.random.default_rng(d_k)
            draws = [gradients(d_k, scale, rng) for _ in range(DRAWS)]
            size, best, entropy = map(np.array, zip(*draws, strict=True))
            found[name].append(
                {
                    "d_k": d_k,
                    "median": spread(np.median(size, axis=1)),
                    "mean": spread(size.mean(axis=1)),
                    "dead": spread((size < DEAD).mean(axis=1)),
                    "largest": spread(size.max(axis=1)),
                    "best_share": spread(np.median(best, axis=1)),
                    "entropy": spread(entropy.mean(axis=1)),
                }
            )
    return found


def silent_shares():
    """The share of queries with no positive score, per set of four keys."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(SETS):
        keys = rng.standard_normal((FEW_KEYS, D_K))
        queries = rng.standard_normal((SILENT_QUERIES, D_K))
        shares.append((queries @ keys.T < 0).all(axis=1).mean())
    low, high = np.percentile(shares, [5, 95])
    return {
        "mean": _number(np.mean(shares)),
        "exact": FEW_KEYS**-2,
        "lowest": _number(min(shares)),
        "highest": _number(max(shares)),
        "percentile_5": _number(low),
        "percentile_95": _number(high),
    }


def relative_distance(x):
    """|I - saw| / |I|, of vectors (..., L, d) whose first two these are."""
    off = np.linalg.norm(x[..., 1, :] - x[..., 0, :], axis=-1)
    return off / np.linalg.norm(x[..., 0, :], axis=-1)


def stacks(add_input):
    """The distance of I and saw in random stacks, (STACKS, depths + 1)."""
    rng, d = np.random.default_rng(0), D_MODEL
    x = rng.standard_normal((STACKS, 3, d))[:, [0, 1, 2, 1]]  # I saw a saw
    found = [relative_distance(x)]
    for depth in range(1, max(DEPTHS) + 1):
        w_q, w_k, w_v = rng.standard_normal((3, STACKS, d, d)) / d**0.5
        w_1 = rng.standard_normal((STACKS, d, 4 * d)) / d**0.5
        w_2 = rng.standard_normal((STACKS, 4 * d, d)) / (2 * d) ** 0.5
        scores = x @ w_q @ (x @ w_k).swapaxes(1, 2) / d**0.5  # (n, L, L)
        b = softmax(scores) @ (x @ w_v)  # (n, L, d)
        b = b + x if add_input else b
        fc = np.maximum(b @ w_1, 0) @ w_2  # (n, L, d)
        b = b + fc if add_input else fc
        x = b / np.sqrt((b**2).mean(axis=-1, keepdims=True))
        if depth in DEPTHS:
            found.append(relative_distance(x))
    return np.array(found).T


def survivals():
    """Median and range of what is left of the difference, by depth."""
    found = {}
    for name, add_input in (("plain", False), ("input_added", True)):
        apart = stacks(add_input)  # (n, depths + 1)
        found[name] = [
            {
                "depth": depth,
                "apart": quantiles(apart[:, i]),
                "of_the_start": quantiles(apart[:, i] / apart[:, 0]),
            }
            for i, depth in enumerate((0, *DEPTHS))
        ]
    return found


def spread(values):
    """Mean, lowest and highest over the draws."""
    return [_number(f(values)) for f in (np.mean, np.min, np.max)]


def quantiles(values):
    """Lowest, 5 %, median, 95 % and highest."""
    return [_number(v) for v in np.percentile(values, [0, 5, 50, 95, 100])]


def _number(value):
    return float(f"{value:.4g}")


def main():
    stored = conditions(__file__)
    stored["settings"] = {
        "draws": DRAWS,
        "queries": QUERIES,
        "keys": KEYS,
        "d_v": D_V,
        "dead_below": DEAD,
        "relu_sets_of_keys": SETS,
        "relu_queries": SILENT_QUERIES,
        "relu_keys": FEW_KEYS,
        "relu_d_k": D_K,
        "stacks": STACKS,
        "stack_d_model": D_MODEL,
    }
    stored["gradient"] = saturation()
    stored["silent"] = silent_shares()
    stored["stack"] = survivals()
    save("random_attention", stored)


if __name__ == "__main__":
    main()
