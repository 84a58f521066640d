"""Exercise 07.rotary_scores."""

import numpy as np
import torch

from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor


def rotary_scores(q, k, base=10000.0):
    """Scaled scores of a batch of heads, with rotary positions.

    q : tensor (B, H, L, d_k). k : (B, H, S, d_k), S >= L, d_k even.
    The keys stand at 0 ... S-1. The queries belong to the newest L of
    these places, so that the last query stands where the last key stands.
    Pairs are neighbours, entries 2m and 2m + 1, and turn by position times
    base ** (-2 * m / d_k). Returns scores (B, H, L, S) over the root of
    d_k, on the device of q and in its dtype.
    """

    def turned(x, places):
        # In bfloat16 place 257 would become 256: angles in float32 or more.
        exact = torch.promote_types(x.dtype, torch.float32)
        width = torch.arange(0, x.shape[-1], 2, device=x.device)
        frequency = base ** (-width.to(exact) / x.shape[-1])  # (d_k / 2,)
        angle = places.to(exact)[:, None] * frequency  # (L, d_k / 2)
        cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
        a, b = x[..., 0::2], x[..., 1::2]  # (B, H, L, d_k / 2)
        pairs = (a * cos - b * sin, a * sin + b * cos)
        return torch.stack(pairs, dim=-1).flatten(-2)  # (B, H, L, d_k)

    keys_at = torch.arange(k.shape[-2], device=k.device)  # (S,)
    queries_at = keys_at[-q.shape[-2] :]  # (L,)
    scores = turned(q, queries_at) @ turned(k, keys_at).mT  # (B, H, L, S)
    return scores / q.shape[-1] ** 0.5


def run(answer, q, k, *base):
    """Call it, and see that the scores have the dtype of q."""
    scores = answer(q, k, *base)
    if isinstance(scores, torch.Tensor) and scores.dtype != q.dtype:
        raise TypeError(f"the scores are {scores.dtype}, but q is {q.dtype}")
    return scores


HINTS = (
    "With one query and seven keys, at which place does the query "
    "stand? Make one array of places for the keys and take its end "
    "for the queries.",
    "Turn queries and keys with one inner function that takes the "
    "vectors and their places, as `rotary` in the chapter. Make every "
    "new tensor on the device of q.",
    "Angles (L, d_k/2) broadcast over batch and heads. After both "
    "turns: matrix product with the keys transposed in their last "
    "two axes, over the root of d_k.",
)


def cases(rng):
    def case(name, batch, n_heads, n, n_keys, d_k, base, like=torch.float64):
        q = tensor(rng.standard_normal((batch, n_heads, n, d_k)), like)
        k = tensor(rng.standard_normal((batch, n_heads, n_keys, d_k)), like)
        return Case(name, (q, k, base))

    base = float(rng.integers(20, 5000))
    return [
        case("1 head, 3 words, d_k = 2", 1, 1, 3, 3, 2, 10000.0),
        case("2 × 3 heads, 5 words, d_k = 4", 2, 3, 5, 5, 4, 100.0),
        case("one word, d_k = 6", 3, 2, 1, 1, 6, 30.0),
        case("one new query, 7 keys", 2, 3, 1, 7, 6, base),
        case("5 queries, 11 keys", 3, 2, 5, 11, 10, base),
        case("float32", 2, 5, 7, 13, 6, 300.0, torch.float32),
    ]


def growing(rng):
    k = tensor(rng.standard_normal((2, 3, 7, 6)))
    q = tensor(rng.standard_normal((2, 3, 7, 6)))
    return [
        Case("7 queries at once", (q, k)),
        Case("the last 2 of them", (q[..., 5:, :], k)),
    ]


PROPERTIES = (
    Property(
        "late_queries_agree",
        "The last two queries alone should get the scores that they "
        "get among all seven; yours differ.",
        growing,
        lambda cases, outs: np.allclose(
            outs[0][..., 5:, :].cpu(), outs[1].cpu(), atol=1e-5
        ),
    ),
)

MISTAKES = {
    "queries_from_zero": (
        "Your queries start at place 0. They belong to the newest words: "
        "with one query and seven keys it stands at place 6."
    ),
    "one_behind": (
        "Each query stands one place too early. The last query and the last "
        "key share a place."
    ),
    "one_ahead": (
        "Each query stands one place too late. The last query and the last "
        "key share a place."
    ),
    "all_at_the_end": (
        "All queries stand at the last place. Only the last query does; the "
        "one before it stands one place earlier."
    ),
    "future_hidden": (
        "You hid keys with −inf. No mask is asked for here; the scores of all "
        "keys are."
    ),
    "keys_left_out": (
        "Only the queries are turned. Then a score depends on where the "
        "query stands and not on how far away the key is; turn both."
    ),
    "queries_left_out": (
        "Only the keys are turned. Then a score depends on where the key "
        "stands and not on how far away it is; turn both."
    ),
    "not_turned": (
        "Your scores know no positions. Either nothing is turned, or queries "
        "and keys all turn by one angle, for "
        "instance that of their head. The place is the third axis of batch, "
        "head, place, width."
    ),
    "keys_turned_back": (
        "Queries and keys turn in opposite directions, so the scores depend "
        "on the sum of two positions. Turned the same way, they leave the "
        "difference."
    ),
    "opposite_turns": (
        "You turn both the other way. The scores still depend on distances, "
        "but left and right have changed places; positive positions turn "
        "the first entry towards the second."
    ),
    "halves_paired": (
        "You pair entry m with entry m + d_k/2. Here neighbours are paired; "
        "trained weights fit only one of the two."
    ),
    "width_of_all_heads": (
        "Your frequencies are those of all heads' width together. Each head "
        "is turned on its own, with d_k in the exponent."
    ),
    "exponent_halved": (
        "Your exponent is half as large as it should be: it counts pairs, "
        "and the formula counts entries."
    ),
    "base_ignored": (
        "You wrote 10000 into the code, so the argument `base` changes "
        "nothing."
    ),
    "degrees": (
        "Your angles are in degrees. Sine and cosine take radians, which "
        "position times frequency is already."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k, the width of one "
        "head."
    ),
    "root_of_all_heads": (
        "You divided by the root of the width of all heads together. Each "
        "head has its own scores, of vectors of width d_k."
    ),
    "key_axes_reshaped": (
        "You turned the keys with `reshape` or `view`. It fills the new shape "
        "with the numbers in their old order, so different keys are mixed; a "
        "transpose keeps each key together."
    ),
    "period_for_frequency": (
        "Your later pairs turn faster and faster. The minus in the exponent "
        "is missing, or you divide by the frequency where you should "
        "multiply."
    ),
    "one_frequency": (
        "All pairs turn at the same speed. Each pair has its own frequency, "
        "from fast to slow."
    ),
    "divided_by_d_k": "You divided by d_k. Its root is asked for.",
    "weights_not_scores": (
        "You went on to the softmax. The scores are asked for, before it."
    ),
}


def variant(wrong):
    def turned(x, at, base):
        d = x.shape[-1]
        if "width_of_all_heads" in wrong:
            d = d * x.shape[1]
        step = 1 if "exponent_halved" in wrong else 2
        if "one_frequency" in wrong:
            step = 0
        if "period_for_frequency" in wrong:
            step = -step
        m = torch.arange(x.shape[-1] // 2, device=x.device, dtype=x.dtype)
        angle = at.to(x.dtype)[:, None] * base ** (-step * m / d)
        if "degrees" in wrong:
            angle = torch.rad2deg(angle)
        turn = torch.polar(torch.ones_like(angle), angle)
        if "halves_paired" in wrong:
            low, high = x.chunk(2, dim=-1)
            z = torch.complex(low.contiguous(), high.contiguous()) * turn
            return torch.cat([z.real, z.imag], dim=-1)
        z = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous())
        return torch.view_as_real(z * turn).flatten(-2)

    def answer(q, k, base=10000.0):
        n_queries, n_keys = q.shape[-2], k.shape[-2]
        base = 10000.0 if "base_ignored" in wrong else base
        keys_at = torch.arange(n_keys, device=q.device)
        queries_at = keys_at[n_keys - n_queries :]
        if "queries_from_zero" in wrong:
            queries_at = keys_at[:n_queries]
        if "one_behind" in wrong:
            queries_at = queries_at - 1
        if "one_ahead" in wrong:
            queries_at = queries_at + 1
        if "all_at_the_end" in wrong:
            queries_at = torch.full_like(queries_at, n_keys - 1)
        if "opposite_turns" in wrong:
            queries_at, keys_at = -queries_at, -keys_at
        if "keys_turned_back" in wrong:
            keys_at = -keys_at
        new_q = turned(q, queries_at, base)
        new_k = turned(k, keys_at, base)
        if "keys_left_out" in wrong:
            new_k = k
        if "queries_left_out" in wrong:
            new_q = q
        if "not_turned" in wrong:
            new_q, new_k = q, k
        back = new_k.transpose(-1, -2)  # (B, H, d_k, S)
        if "key_axes_reshaped" in wrong:
            back = new_k.reshape(back.shape)
        scores = new_q @ back  # (B, H, L, S)
        power = 1.0 if "divided_by_d_k" in wrong else 0.5
        width = q.shape[-1]
        if "root_of_all_heads" in wrong:
            width = width * q.shape[1]
        if "no_scale" not in wrong:
            scores = scores / width**power
        if "future_hidden" in wrong:
            hidden = queries_at[:, None] < keys_at  # (L, S)
            scores = scores.masked_fill(hidden, -torch.inf)
        return scores.softmax(-1) if "weights_not_scores" in wrong else scores

    return answer


EXERCISE = exercise(
    rotary_scores,
    title="Rotary scores while a text grows",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    run=run,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
