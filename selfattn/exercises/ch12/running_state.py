"""Exercise 12.running_state."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def running_state(phi_q, phi_k, v, memory, total):
    """Causal linear attention as an RNN: one position after the other.

    phi_q, phi_k : float arrays (L, m), the features of the queries and keys,
        all above 0. v : (L, d_v), the values.
    memory : (m, d_v), the sum of the products phi_k[j] v[j] of the positions
        before these. total : (m,), the sum of their phi_k[j]. Both are zeros
        at the start of a sequence; do not change them in place.
    At each position, first add its key and value to the two sums. Then
    divide phi_q · memory by phi_q · total.
    Returns out (L, d_v), and memory and total after the last position.
    """
    out = np.zeros(v.shape)  # (L, d_v)
    for i in range(len(v)):
        memory = memory + np.outer(phi_k[i], v[i])  # (m, d_v)
        total = total + phi_k[i]  # (m,)
        out[i] = phi_q[i] @ memory / (phi_q[i] @ total)
    return out, memory, total


HINTS = (
    "What does one key add? To memory a matrix (m, d_v), to total a vector "
    "(m,).",
    "The matrix is `np.outer(phi_k[i], v[i])`: row a holds the a-th feature "
    "times the value.",
    "In each step: memory = memory + ..., total = total + ..., and only then "
    "out[i] = phi_q[i] @ memory / (phi_q[i] @ total).",
)


def cases(rng):
    def zeros(m, d_v):
        return np.zeros((m, d_v)), np.zeros(m)

    ones = np.ones((3, 1))
    made = [
        Case(
            "3 positions with equal features",
            (ones, ones, np.array([[2.0], [4], [9]]), *zeros(1, 1)),
        ),
        Case(
            "1 position, a past",
            (
                np.array([[1.0, 2]]),
                np.array([[3.0, 1]]),
                np.array([[5.0]]),
                np.array([[1.0], [4]]),
                np.array([1.0, 2]),
            ),
        ),
    ]
    for n, m, d_v, past in ((5, 3, 2, 0), (7, 2, 5, 3), (3, 11, 7, 5)):
        phi_q, phi_k = np.exp(rng.standard_normal((2, n, m)))  # (L, m) each
        v = rng.standard_normal((n, d_v))  # (L, d_v)
        before = np.exp(rng.standard_normal((past, m)))  # (past, m)
        values = rng.standard_normal((past, d_v))  # (past, d_v)
        state = before.T @ values, before.sum(axis=0)
        name = f"{n} positions, {m} features, {past} positions before"
        made.append(Case(name, (phi_q, phi_k, v, *state)))
    return made


MISTAKES = {
    "read_first": (
        "You read the state before the position's own key is in it. A query "
        "sees its own key too."
    ),
    "past_forgotten": (
        "You begin with empty sums. The given memory and total belong to the "
        "positions before these."
    ),
    "total_forgotten": (
        "The given total is left out: memory goes on where it stopped, and "
        "so must total."
    ),
    "not_divided": (
        "phi_q · memory is not divided. The weights of a query add up to 1 "
        "only after you divide by phi_q · total."
    ),
    "divided_by_count": (
        "You divided by the number of positions. Divide by phi_q · total."
    ),
    "divided_by_sum_of_total": (
        "You divided by the sum of the entries of total. The query's features "
        "belong into it: phi_q · total."
    ),
    "overwritten": (
        "Each step replaces the state by its own key and value. They are "
        "added to what was there."
    ),
    "one_for_all": (
        "All queries read the last state. Query i reads the state after "
        "position i."
    ),
    "query_stored": (
        "You stored the queries' features with the values. The keys' are "
        "stored; the queries' read."
    ),
    "decayed": (
        "The state shrinks at each step. Plain linear attention has no forget "
        "gate."
    ),
}


def variant(wrong):
    def answer(phi_q, phi_k, v, memory, total):
        if "past_forgotten" in wrong:
            memory, total = 0 * memory, 0 * total
        if "total_forgotten" in wrong:
            total = 0 * total
        stored = phi_q if "query_stored" in wrong else phi_k
        keep = 0.9 if "decayed" in wrong else 1.0
        keep = 0.0 if "overwritten" in wrong else keep
        states = []
        for i in range(len(v)):
            before = memory, total
            memory = keep * memory + np.outer(stored[i], v[i])
            total = keep * total + stored[i]
            now = before if "read_first" in wrong else (memory, total)
            states.append(now)
        if "one_for_all" in wrong:
            states = [states[-1]] * len(v)
        out = np.zeros(v.shape)
        with np.errstate(all="ignore"):
            for i, (a, b) in enumerate(states):
                down = phi_q[i] @ b
                if "not_divided" in wrong:
                    down = 1.0
                if "divided_by_count" in wrong:
                    down = i + 1
                if "divided_by_sum_of_total" in wrong:
                    down = b.sum()
                out[i] = phi_q[i] @ a / down
        return out, memory, total

    return answer


EXERCISE = exercise(
    running_state,
    title="Linear attention with a running state",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
