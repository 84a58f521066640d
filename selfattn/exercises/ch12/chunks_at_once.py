"""Exercise 12.chunks_at_once."""

import torch

from selfattn.attention import device
from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def chunks_at_once(phi_q, phi_k, v, chunk):
    """Causal linear attention in chunks, all chunks at once: no loop.

    phi_q, phi_k : tensors (B, L, m), the features of the queries and keys,
        all above 0. v : (B, L, d_v). chunk : positions in a chunk; L is a
        multiple of it.
    A query sees its own key and those before it. Returns out (B, L, d_v): at
    each position the sum of (phi_q_i . phi_k_j) v_j over the keys j that it
    sees, divided by the sum of the products. Where there is a GPU, L is
    200,000 in one case, so that nothing of size (L, L) fits, and a loop over
    the positions takes too long.
    """
    size = (-1, chunk)
    q, k, v = (x.unflatten(1, size) for x in (phi_q, phi_k, v))
    sums = k.transpose(-1, -2) @ v  # (B, n, m, d_v), of each chunk
    memory = sums.cumsum(dim=1) - sums  # of the chunks before it
    totals = k.sum(dim=2)  # (B, n, m)
    total = totals.cumsum(dim=1) - totals
    inside = (q @ k.transpose(-1, -2)).tril()  # (B, n, chunk, chunk)
    above = inside @ v + q @ memory  # (B, n, chunk, d_v)
    below = inside.sum(dim=-1, keepdim=True) + q @ total[..., None]
    return (above / below).flatten(1, 2)  # (B, L, d_v)


HINTS = (
    "`x.unflatten(1, (-1, chunk))` cuts L into chunks: (B, n, chunk, m). Now "
    "every matrix product works on all chunks at once.",
    "Each chunk adds k.transpose(-1, -2) @ v to the memory. What a chunk "
    "reads is the sum of these over the chunks before it.",
    "`sums.cumsum(dim=1) - sums` is that sum without the chunk itself. Do the "
    "same with the keys' own sums, for what you divide by.",
)


def cases(rng):
    def case(batch, n, m, d_v, chunk, like=torch.float64):
        phi_q, phi_k = (
            tensor(rng.exponential(size=(batch, n, m)) + 0.1, like)
            for _ in range(2)
        )
        v = tensor(rng.standard_normal((batch, n, d_v)), like)
        name = f"batch of {batch}, {n} positions, chunks of {chunk}"
        if like == torch.float32:
            name += ", float32"
        return Case(name, (phi_q, phi_k, v, chunk))

    ones = tensor([[[1.0], [1], [1], [1]]])
    values = tensor([[[2.0], [4], [9], [1]]])
    made = [
        Case("4 positions, chunks of 2", (ones, ones, values, 2)),
        case(2, 6, 3, 5, 3),
        case(3, 5, 2, 7, 1),
        case(2, 7, 5, 3, 7),
        case(1, 20, 3, 2, 4),
        case(3, 15, 2, 5, 5, torch.float32),
    ]
    return made + large()


def large():
    """A sequence that asks for a GPU, where there is one."""
    if not tensors.large():
        return []
    where, n = device(), 200_000
    draw = torch.Generator(where).manual_seed(12)
    phi_q, phi_k, v = (
        torch.rand(1, n, d, generator=draw, device=where) + 0.1
        for d in (16, 16, 8)
    )
    return [Case(f"{n:,} positions, chunks of 64", (phi_q, phi_k, v, 64))]


MISTAKES = {
    "sees_ahead": (
        "Inside a chunk, each query sees all its keys. It should see those "
        "up to its own."
    ),
    "not_itself": "Inside a chunk, a query does not see its own key. It may.",
    "chunks_alone": (
        "No chunk sees those before it. Add what q reads from the memory and "
        "from the total."
    ),
    "own_chunk_twice": (
        "A chunk's own keys are in the memory that it reads, so they count "
        "twice. A cumulative sum includes the chunk itself; take it off."
    ),
    "all_chunks": (
        "Every chunk reads the sum over all other chunks, the later ones too. "
        "It should read those before it."
    ),
    "later_chunks": (
        "A chunk reads the sum over the chunks behind it. It should read "
        "those before it."
    ),
    "over_batch": (
        "Your memory is summed up along the batch. Its sum runs over the "
        "chunks, axis 1."
    ),
    "sum_over_queries": (
        "Inside the chunk you add the products of each key. Add those of each "
        "query, along a row."
    ),
    "last_chunk_only": (
        "A chunk reads only the one right before it. Sum over all the earlier "
        "ones."
    ),
    "total_forgotten": (
        "You divide by the sum inside the chunk alone. The earlier keys "
        "count below the fraction line too."
    ),
    "not_divided": ("The result is not divided by the sum of the products."),
    "divided_apart": (
        "You divide the two parts apart and add the results. Add both parts "
        "up, then divide once."
    ),
    "queries_stored": (
        "The memory holds the queries' features. The keys' are stored; the "
        "queries' read."
    ),
}


def variant(wrong):
    def answer(phi_q, phi_k, v, chunk):
        q, k, v = (x.unflatten(1, (-1, chunk)) for x in (phi_q, phi_k, v))
        stored = q if "queries_stored" in wrong else k
        sums = stored.transpose(-1, -2) @ v
        totals = stored.sum(dim=2)

        def before(x):
            if "all_chunks" in wrong:
                return x.sum(dim=1, keepdim=True) - x
            if "last_chunk_only" in wrong:
                first = torch.zeros_like(x[:, :1])
                return torch.cat([first, x[:, :-1]], dim=1)
            if "later_chunks" in wrong:
                return x.flip(1).cumsum(dim=1).flip(1) - x
            own = 0 if "own_chunk_twice" in wrong else x
            return x.cumsum(dim=1) - own

        memory, total = before(sums), before(totals)
        if "over_batch" in wrong:
            memory = sums.cumsum(dim=0) - sums
        if "chunks_alone" in wrong:
            memory, total = 0 * memory, 0 * total
        products = q @ k.transpose(-1, -2)
        inside = products.tril(-1 if "not_itself" in wrong else 0)
        inside = products if "sees_ahead" in wrong else inside
        above, below = q @ memory, q @ total[..., None]
        own = inside.sum(dim=-1, keepdim=True)
        if "sum_over_queries" in wrong:
            own = inside.sum(dim=-2).unsqueeze(-1)
        if "divided_apart" in wrong:
            apart = above / torch.where(below > 0, below, 1.0)
            return (inside @ v / own + apart).flatten(1, 2)
        down = own if "total_forgotten" in wrong else own + below
        if "not_divided" in wrong:
            down = torch.ones_like(down)
        return ((inside @ v + above) / down).flatten(1, 2)

    return answer


EXERCISE = exercise(
    chunks_at_once,
    title="All chunks at once, on a GPU",
    difficulty=3,
    minutes=18,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
    rtol=1e-5,
)
