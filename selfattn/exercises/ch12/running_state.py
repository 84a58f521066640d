"""Exercise 12.running_state."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def running_state(phi_q, phi_k, v, forget, memory, total):
    """Causal linear attention with a forget gate, as an RNN.

    phi_q, phi_k : float arrays (L, m), the features of the queries and keys,
        all above 0. v : (L, d_v), the values.
    forget : float array (L,), the gate of each position, from 0 to 1: the
        share that is kept of what was there. Ones forget nothing.
    memory : (m, d_v), the sum of the products phi_k[j] v[j] of the positions
        before these. total : (m,), the sum of their phi_k[j]. Both are zeros
        at the start of a sequence; do not change them in place.
    At each position, first multiply both sums by its gate and add its key
    and value to them. Then divide phi_q · memory by phi_q · total.
    Returns out (L, d_v), and memory and total after the last position.
    """
    out = np.zeros(v.shape)  # (L, d_v)
    for i in range(len(v)):
        memory = forget[i] * memory + np.outer(phi_k[i], v[i])  # (m, d_v)
        total = forget[i] * total + phi_k[i]  # (m,)
        out[i] = phi_q[i] @ memory / (phi_q[i] @ total)
    return out, memory, total


HINTS = (
    "What does one key add? To memory a matrix (m, d_v), to total a vector "
    "(m,). The gate acts on what was there, not on what is added.",
    "The matrix is `np.outer(phi_k[i], v[i])`: row a holds the a-th feature "
    "times the value.",
    "In each step: memory = forget[i] * memory + ..., the same for total, and "
    "only then out[i] = phi_q[i] @ memory / (phi_q[i] @ total).",
)


def cases(rng):
    def zeros(m, d_v):
        return np.zeros((m, d_v)), np.zeros(m)

    ones = np.ones((3, 1))
    values = np.array([[2.0], [4], [9]])
    made = [
        Case(
            "3 positions with equal features, gates of 1",
            (ones, ones, values, np.ones(3), *zeros(1, 1)),
        ),
        Case(
            "3 positions with equal features, gates of 0.5",
            (ones, ones, values, np.full(3, 0.5), *zeros(1, 1)),
        ),
        Case(
            "1 position, a past",
            (
                np.array([[1.0, 2]]),
                np.array([[3.0, 1]]),
                np.array([[5.0]]),
                np.array([0.25]),
                np.array([[1.0], [4]]),
                np.array([1.0, 2]),
            ),
        ),
    ]
    for n, m, d_v, past in ((5, 3, 2, 0), (7, 2, 5, 3), (3, 11, 7, 5)):
        phi_q, phi_k = np.exp(rng.standard_normal((2, n, m)))  # (L, m) each
        v = rng.standard_normal((n, d_v))  # (L, d_v)
        forget = rng.uniform(0.2, 0.9, n)  # (L,)
        before = np.exp(rng.standard_normal((past, m)))  # (past, m)
        seen = rng.standard_normal((past, d_v))  # (past, d_v)
        state = before.T @ seen, before.sum(axis=0)
        name = f"{n} positions, {m} features, {past} positions before"
        made.append(Case(name, (phi_q, phi_k, v, forget, *state)))
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
    "gate_ignored": (
        "The gates are left out: nothing is forgotten. Each position's gate "
        "multiplies what was there before it."
    ),
    "total_ungated": (
        "The gate acts on memory, but not on total. The outputs are then no "
        "means of the values: both sums forget alike."
    ),
    "gate_after": (
        "The gate also shrinks the position's own key and value. It acts on "
        "what was there before they are added."
    ),
    "gate_turned": (
        "Your state keeps 1 minus the gate. The gate is the share that is "
        "kept, not the share that is lost."
    ),
    "gate_on_new": (
        "New keys and values are multiplied by 1 minus the gate. Here they "
        "are added whole."
    ),
}


def gates(wrong, forget):
    """What the gates keep of the old state, and of the new key."""
    keep, new = forget, np.ones_like(forget)
    if "gate_turned" in wrong:
        keep = 1 - keep
    if "gate_ignored" in wrong:
        keep = np.ones_like(keep)
    if "overwritten" in wrong:
        keep = np.zeros_like(keep)
    if "gate_on_new" in wrong:
        new = 1 - keep
    if "gate_after" in wrong:
        new = keep * new
    return keep, new


def variant(wrong):
    def answer(phi_q, phi_k, v, forget, memory, total):
        if "past_forgotten" in wrong:
            memory, total = 0 * memory, 0 * total
        if "total_forgotten" in wrong:
            total = 0 * total
        stored = phi_q if "query_stored" in wrong else phi_k
        keep, new = gates(wrong, forget)
        states = []
        for i in range(len(v)):
            before = memory, total
            old = 1.0 if "total_ungated" in wrong else keep[i]
            memory = keep[i] * memory + new[i] * np.outer(stored[i], v[i])
            total = old * total + new[i] * stored[i]
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
    title="Linear attention that forgets",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
