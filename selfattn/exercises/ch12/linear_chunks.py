"""Exercise 12.linear_chunks."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def linear_chunks(phi_q, phi_k, v, chunk):
    """Causal linear attention in chunks: pairs inside, a state between.

    phi_q, phi_k : float arrays (L, m), the features of the queries and keys,
        all above 0. v : (L, d_v), the values.
    chunk : positions in a chunk, at least 1. The last chunk may be shorter.
    A query sees its own key and those before it. Inside its chunk they count
    pair by pair; those of earlier chunks come from two sums, memory (m, d_v)
    of phi_k[j] v[j] and total (m,) of phi_k[j].
    Returns out (L, d_v), and memories (n_chunks, m, d_v): the memory as it
    is before each chunk. The first is zeros.
    """
    memory = np.zeros((phi_k.shape[1], v.shape[1]))  # (m, d_v)
    total = np.zeros(phi_k.shape[1])  # (m,)
    out, memories = np.zeros(v.shape), []  # (L, d_v)
    for start in range(0, len(v), chunk):
        rows = slice(start, start + chunk)
        q, k, values = phi_q[rows], phi_k[rows], v[rows]  # (c, ...)
        inside = np.tril(q @ k.T)  # (c, c)
        mixed = inside @ values + q @ memory  # (c, d_v)
        out[rows] = mixed / (inside.sum(axis=1) + q @ total)[:, None]
        memories.append(memory)
        memory = memory + k.T @ values  # (m, d_v)
        total = total + k.sum(axis=0)  # (m,)
    return out, np.array(memories)


HINTS = (
    "For one chunk: `np.tril(q @ k.T)` has the products of its own pairs. "
    "What do all earlier chunks add to a query's output?",
    "They add q @ memory above and q @ total below the fraction line. Add "
    "both parts up before you divide.",
    "After a chunk: memory = memory + k.T @ values and total = total + "
    "k.sum(axis=0). A slice that goes past the end is only shorter.",
)


def cases(rng):
    ones = np.ones((3, 1))
    made = [
        Case(
            "3 positions, chunks of 2",
            (ones, ones, np.array([[2.0], [4], [9]]), 2),
        ),
    ]
    for n, m, d_v, chunk in (
        (6, 3, 2, 3),
        (7, 2, 5, 3),
        (5, 3, 2, 1),
        (5, 2, 3, 11),
        (13, 5, 7, 4),
    ):
        phi_q, phi_k = np.exp(rng.standard_normal((2, n, m)))  # (L, m) each
        v = rng.standard_normal((n, d_v))  # (L, d_v)
        name = f"{n} positions, {m} features, chunks of {chunk}"
        made.append(Case(name, (phi_q, phi_k, v, chunk)))
    return made


MISTAKES = {
    "sees_ahead": (
        "Each query sees all keys of its chunk, the later ones too. Either "
        "the mask is missing, or the chunk is in the state already."
    ),
    "not_itself": (
        "Inside a chunk, a query does not see its own key. It may."
    ),
    "chunks_alone": (
        "No chunk sees those before it. Add q @ memory and q @ total."
    ),
    "total_forgotten": (
        "You divide by the sum inside the chunk alone. The earlier keys "
        "count below the fraction line too: add q @ total."
    ),
    "total_once": (
        "Your total holds the last chunk alone, while memory goes on. Add "
        "each chunk's keys to both."
    ),
    "memory_once": (
        "Your memory holds the last chunk alone. Add each chunk to it, as to "
        "total."
    ),
    "updated_first": (
        "The chunk is in the state already when its queries read it, so its "
        "own keys count twice."
    ),
    "not_divided": (
        "The outputs are not divided. Divide by the sum of the products that "
        "a query has with all keys that it sees."
    ),
    "sum_over_queries": (
        "Inside the chunk you add the products of each key. Add those of each "
        "query, along a row."
    ),
    "divided_apart": (
        "You divide the two parts apart and add the results. Add both parts "
        "up, then divide once."
    ),
    "memories_after": (
        "You return the memories after the chunks. Those before them are "
        "asked for, and the first is zeros."
    ),
    "rest_lost": (
        "The last, shorter chunk is missing: its outputs are still zeros."
    ),
}


def variant(wrong):
    def answer(phi_q, phi_k, v, chunk):
        memory = np.zeros((phi_k.shape[1], v.shape[1]))
        total = np.zeros(phi_k.shape[1])
        out, memories = np.zeros(v.shape), []
        for start in range(0, len(v), chunk):
            rows = slice(start, start + chunk)
            q, k, values = phi_q[rows], phi_k[rows], v[rows]
            if "rest_lost" in wrong and len(k) < chunk:
                break
            products = q @ k.T
            inside = np.tril(products, -1 if "not_itself" in wrong else 0)
            inside = products if "sees_ahead" in wrong else inside
            new = memory + k.T @ values, total + k.sum(axis=0)
            if "memory_once" in wrong:
                new = k.T @ values, new[1]
            if "total_once" in wrong:
                new = new[0], k.sum(axis=0)
            seen = new if "updated_first" in wrong else (memory, total)
            above, below = q @ seen[0], q @ seen[1]
            if "chunks_alone" in wrong:
                above, below = 0 * above, 0 * below
            own = inside.sum(axis=0 if "sum_over_queries" in wrong else 1)
            with np.errstate(all="ignore"):
                if "divided_apart" in wrong:
                    first = inside @ values / own[:, None]
                    mixed = above / np.where(below > 0, below, 1)[:, None]
                    out[rows] = first + mixed
                else:
                    down = own if "total_forgotten" in wrong else own + below
                    if "not_divided" in wrong:
                        down = np.ones_like(down)
                    out[rows] = (inside @ values + above) / down[:, None]
            kept = new[0] if "memories_after" in wrong else memory
            memories.append(kept)
            memory, total = new
        return out, np.array(memories)

    return answer


EXERCISE = exercise(
    linear_chunks,
    title="Linear attention in chunks",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
