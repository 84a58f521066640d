"""Exercise 12.linear_parallel."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def linear_parallel(q, k, v):
    """Causal linear attention, all pairs at once.

    q, k : float arrays (L, d_k). v : (L, d_v).
    The features of a vector x are phi(x) = x + 1 where x is above 0, and
    exp(x) elsewhere, entry by entry. The weight of query i and key j is
    phi(q_i)·phi(k_j) for j <= i and 0 for later keys, divided by the sum of
    these over j. There is no scale and no softmax.
    Returns out (L, d_v) and the weights (L, L).
    """
    phi_q = np.where(q > 0, q + 1, np.exp(np.minimum(q, 0)))  # (L, d_k)
    phi_k = np.where(k > 0, k + 1, np.exp(np.minimum(k, 0)))  # (L, d_k)
    products = np.tril(phi_q @ phi_k.T)  # (L, L)
    weights = products / products.sum(axis=1, keepdims=True)  # (L, L)
    return weights @ v, weights


HINTS = (
    "Write phi first and try it on a few numbers: 0 gives 1, 3 gives 4.",
    "The products phi(q_i)·phi(k_j) of all pairs are one matrix product. "
    "Which of its entries are later keys?",
    "`np.tril` keeps the lower half. Set the later keys to 0 before you "
    "divide each row by its sum.",
)


def cases(rng):
    made = [
        Case("1 position", tuple(np.array([[x]]) for x in (0.0, 2.0, 5.0))),
        Case(
            "3 positions with equal features",
            (np.zeros((3, 1)), np.zeros((3, 1)), np.array([[2.0], [4], [9]])),
        ),
    ]
    for n, d_k, d_v, by in ((5, 3, 2, 1), (7, 2, 11, 1), (13, 5, 3, 1)):
        q, k = by * rng.standard_normal((2, n, d_k))  # (L, d_k) each
        v = rng.standard_normal((n, d_v))  # (L, d_v)
        made.append(Case(f"{n} positions, d_k = {d_k}", (q, k, v)))
    q, k = 900 * rng.standard_normal((2, 5, 3))  # (L, d_k) each
    q[0, 0], k[0, 0] = 1.0, 2.0  # so that no row is all but 0
    k[:, 1], q[:, 1] = 3.0, 1.0
    made.append(Case("numbers near 1000", (q, k, rng.standard_normal((5, 2)))))
    return made


MISTAKES = {
    "no_order": (
        "Every query sees all keys. With a causal mask, query i sees the "
        "keys 0 to i alone."
    ),
    "masked_after": (
        "You divide by the sum over all keys and mask then. Mask first: the "
        "weights of a row must add up to 1."
    ),
    "anticausal": (
        "Each query sees the keys from its own on. It should see those up to "
        "its own."
    ),
    "not_itself": (
        "A query does not see its own key. It may: j <= i includes i."
    ),
    "not_divided": (
        "The products are not divided by their sum. The weights of a row "
        "must add up to 1."
    ),
    "divided_by_count": (
        "You divided by the number of keys that a query sees. Divide by the "
        "sum of its products."
    ),
    "softmax": (
        "You put the products through a softmax. Linear attention divides "
        "them by their sum, without exp."
    ),
    "raw": (
        "You multiplied q and k themselves. Their features phi(q) and phi(k) "
        "are asked for."
    ),
    "relu_features": (
        "Your features are max(x, 0). They are x + 1 above 0, and exp(x) "
        "below."
    ),
    "exp_features": (
        "Your features are exp(x) everywhere. Above 0 they are x + 1."
    ),
    "swapped": (
        "Queries and keys are exchanged: row i must hold the products of "
        "query i with the keys."
    ),
    "only_keys": (
        "The queries went in without phi. Both the queries and the keys need "
        "it."
    ),
    "over_queries": (
        "Your columns add up to 1. The sum runs over the keys of one query, "
        "along a row."
    ),
    "scaled": (
        "You divided the vectors by the root of the root of d_k, or the like. "
        "Here nothing is scaled before phi."
    ),
}


def variant(wrong):
    def phi(x):
        if "raw" in wrong:
            return x
        if "relu_features" in wrong:
            return np.maximum(x, 0)
        if "exp_features" in wrong:
            return np.exp(x)
        return np.where(x > 0, x + 1, np.exp(np.minimum(x, 0)))

    def answer(q, k, v):
        if "swapped" in wrong:
            q, k = k, q
        with np.errstate(all="ignore"):
            return attend(q, k, v)

    def attend(q, k, v):
        if "scaled" in wrong:
            q, k = q / q.shape[1] ** 0.25, k / k.shape[1] ** 0.25
        phi_q = q if "only_keys" in wrong else phi(q)
        products = phi_q @ phi(k).T
        n = len(q)
        mask = np.tril(np.ones((n, n)))
        if "anticausal" in wrong:
            mask = mask.T
        if "not_itself" in wrong:
            mask = np.tril(mask, -1)
        if "no_order" in wrong:
            mask = np.ones((n, n))
        axis = 0 if "over_queries" in wrong else 1
        with np.errstate(all="ignore"):
            if "softmax" in wrong:
                scores = np.where(mask > 0, products, -np.inf)
                e = np.exp(scores - scores.max(axis=axis, keepdims=True))
                weights = e / e.sum(axis=axis, keepdims=True)
                return weights @ v, weights
            masked = products * mask
            total = masked.sum(axis=axis, keepdims=True)
            if "masked_after" in wrong:
                total = products.sum(axis=axis, keepdims=True)
            if "divided_by_count" in wrong:
                total = mask.sum(axis=axis, keepdims=True)
            if "not_divided" in wrong:
                total = np.ones_like(total)
            weights = masked / total
        return weights @ v, weights

    return answer


EXERCISE = exercise(
    linear_parallel,
    title="Linear attention, all pairs at once",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
