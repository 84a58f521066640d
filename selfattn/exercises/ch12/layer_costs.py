"""Exercise 12.layer_costs."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def layer_costs(n, d, chunk):
    """Multiplications and waiting steps of four layers on n positions.

    n : positions, at least 1. d : the width of every vector, and the number
        of features. chunk : positions in a chunk; the last may be shorter.
    Returns an integer array (4, 2), in each row the multiplications and the
    steps that must wait for one another. The rows are
    0. RNN, h[t] = tanh(h[t - 1] @ W + x[t] @ U) with two (d, d) matrices:
       one step per position.
    1. Causal attention: for each query and each key that it sees (its own
       and those before it), d for the score and d for the value. One step.
    2. Linear attention with a running state: at each position d * d to add
       to memory, d * d to read it and d to read total. One step per position.
    3. The same in chunks: at each position as in row 2, and besides, for each
       query and each key of its chunk that it sees, 2 * d. One step per chunk.
    Projections, divisions and exp are not counted.
    """
    pairs = n * (n + 1) // 2
    full, rest = divmod(n, chunk)
    inside = full * chunk * (chunk + 1) // 2 + rest * (rest + 1) // 2
    state = n * (2 * d * d + d)
    return np.array(
        [
            [2 * n * d * d, n],
            [2 * d * pairs, 1],
            [state, n],
            [state + 2 * d * inside, full + (rest > 0)],
        ]
    )


HINTS = (
    "How many pairs (query, key) does a causal mask leave? Draw it for n = 4 "
    "and count.",
    "Query i, counted from 1, sees i keys: 1 + 2 + ... + n = n (n + 1) / 2 "
    "pairs, and each costs 2 d.",
    "A full chunk has chunk (chunk + 1) / 2 pairs. Count the full chunks with "
    "n // chunk, and treat the rest, n % chunk, as a small chunk.",
)


def cases(rng):
    made = [
        Case("4 positions, d = 1, chunks of 2", (4, 1, 2)),
        Case("1 position, d = 3, chunks of 5", (1, 3, 5)),
        Case("5 positions, d = 2, chunks of 1", (5, 2, 1)),
        Case("7 positions, d = 3, chunks of 3", (7, 3, 3)),
        Case("8192 positions, d = 64, chunks of 64", (8192, 64, 64)),
    ]
    for _ in range(3):
        n, d, chunk = (int(x) for x in rng.integers((20, 2, 3), (99, 30, 15)))
        name = f"{n} positions, d = {d}, chunks of {chunk}"
        if name not in [case.name for case in made]:
            made.append(Case(name, (n, d, chunk)))
    return made


MISTAKES = {
    "all_pairs": (
        "Row 1 counts n² pairs. With a causal mask a query sees its own key "
        "and those before it."
    ),
    "pairs_without_own": (
        "Row 1 counts n (n - 1) / 2 pairs. Each query sees its own key too."
    ),
    "chunk_without_own": (
        "Inside a chunk, each query sees its own key too: c (c + 1) / 2 pairs."
    ),
    "chunk_times_n": (
        "Row 3 counts chunk keys for each query. The mask holds inside a "
        "chunk too, and the last chunk may be shorter."
    ),
    "projections": (
        "Row 1 counts the projections to q, k and v. They are not asked for."
    ),
    "state_at_once": (
        "A running state waits: position i needs the state after i - 1, so "
        "row 2 has one step per position."
    ),
    "one_step_more": (
        "You count a step for a last, shorter chunk also where there is none: "
        "chunk may divide n."
    ),
    "one_product": (
        "A pair costs 2 d: d multiplications for the score, and d for the "
        "value."
    ),
    "one_matrix": (
        "The RNN has two matrices, one for x[t] and one for h[t - 1]."
    ),
    "no_total": ("Rows 2 and 3 lack the d multiplications that read total."),
    "not_read": (
        "Rows 2 and 3 count only what is added to memory. Each query also "
        "reads it, with d * d multiplications."
    ),
    "chunks_full": (
        "You count the last chunk as a full one. It may be shorter, and has "
        "fewer pairs."
    ),
    "rest_lost": (
        "The last, shorter chunk is left out. It is a step too, and has pairs."
    ),
    "rest_no_step": ("The last, shorter chunk is a step too."),
    "chunk_pairs_all": (
        "Inside a chunk you count all pairs. The mask holds there too."
    ),
    "no_state_in_chunks": (
        "Row 3 lacks what the state costs: each position adds to it and reads "
        "it."
    ),
    "attention_waits": (
        "Attention does not wait: all its queries can be done at once, in one "
        "step."
    ),
}


def variant(wrong):
    def answer(n, d, chunk):
        pairs = n * (n + 1) // 2
        if "pairs_without_own" in wrong:
            pairs = n * (n - 1) // 2
        if "all_pairs" in wrong:
            pairs = n * n
        full, rest = divmod(n, chunk)
        if "chunks_full" in wrong and rest:
            full, rest = full + 1, 0
        if "rest_lost" in wrong:
            rest = 0

        def own(x):
            if "chunk_pairs_all" in wrong:
                return x * x
            return x * (x - 1 if "chunk_without_own" in wrong else x + 1) // 2

        each = d if "one_product" in wrong else 2 * d
        read = 0 if "not_read" in wrong else d * d
        total = 0 if "no_total" in wrong else d
        state = n * (d * d + read + total)
        steps = full + (rest > 0 and "rest_no_step" not in wrong)
        if "one_step_more" in wrong:
            steps = full + 1
        kept = 0 if "no_state_in_chunks" in wrong else state
        inside = full * own(chunk) + own(rest)
        if "chunk_times_n" in wrong:
            inside = n * chunk
        more = 3 * n * d * d if "projections" in wrong else 0
        matrices = 1 if "one_matrix" in wrong else 2
        return np.array(
            [
                [matrices * n * d * d, n],
                [each * pairs + more, n if "attention_waits" in wrong else 1],
                [state, 1 if "state_at_once" in wrong else n],
                [kept + each * inside, steps],
            ]
        )

    return answer


EXERCISE = exercise(
    layer_costs,
    title="What four layers cost",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
