"""Chapter 07's torch exercises: learned positions, rotary with a cache."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises import Case, Exercise, Property, traps_from


def _tensor(x, like=torch.float64):
    """On the device there is; Apple's has no float64."""
    where = device()
    if where.type == "mps" and like == torch.float64:
        like = torch.float32
    return torch.as_tensor(x).to(device=where, dtype=like)


# --- learned positions ------------------------------------------------------


class LearnedPositions(nn.Module):
    def __init__(self, max_len, d_model):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d_model))

    def forward(self, x):
        n, max_len = x.shape[-2], len(self.table)
        if n > max_len:
            raise ValueError(f"{n} vectors, but only {max_len} positions")
        return x + self.table[:n]  # (B, L, d_model)


LEARNED_STARTER = '''class LearnedPositions(nn.Module):
    """One learned vector per position, added to the input.

    LearnedPositions(max_len, d_model) has one parameter, a table
    (max_len, d_model). Calling it with x (B, L, d_model) returns x plus the
    vector of each position, (B, L, d_model); position 0 comes first. An
    input longer than max_len is refused with a ValueError.
    """

    def __init__(self, max_len, d_model):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError
'''


def _learned_run(answer, max_len, d_model, table, x):
    """Build it, put known numbers into its table, call it, go back."""
    module = answer(max_len, d_model)
    if not isinstance(module, nn.Module):
        return module
    module.to(device=x.device, dtype=x.dtype)
    learned = [p for p in module.parameters() if p.requires_grad]
    n_learned = sum(p.numel() for p in learned)
    with torch.no_grad():
        for numbers in (*module.parameters(), *module.buffers()):
            if numbers.numel() == table.numel():
                numbers.copy_(table.reshape(numbers.shape))
    if x.shape[-2] > max_len:
        try:
            out = module(x)
        except ValueError:
            out = "refused"
        return {"learned numbers": n_learned, "out": out}
    out = module(x)
    grads = [torch.zeros_like(table)]
    if learned and isinstance(out, torch.Tensor) and out.requires_grad:
        weight = torch.arange(out.numel(), device=x.device).reshape(out.shape)
        back = torch.autograd.grad(
            (weight * out).sum(), learned, allow_unused=True
        )
        grads = [
            g.reshape(table.shape)
            for g in back
            if g is not None and g.numel() == table.numel()
        ] + grads
    if isinstance(out, torch.Tensor):
        out = out.detach()
    return {"learned numbers": n_learned, "out": out, "gradient": grads[0]}


def _learned_variant(wrong):
    class Answer(nn.Module):
        def __init__(self, max_len, d_model):
            super().__init__()
            table = torch.randn(max_len, d_model)
            if "one_vector_for_all" in wrong:
                table = table[:1].clone()
            if "number_per_position" in wrong:
                table = table[:, :1].clone()
            if "not_learned" in wrong:
                self.register_buffer("table", table)
            else:
                self.table = nn.Parameter(table)
            self.max_len = max_len

        def forward(self, x):
            n = x.shape[-2]
            table = self.table.expand(self.max_len, x.shape[-1])
            if "detached" in wrong:
                table = table.detach()
            at = torch.arange(n, device=x.device)
            if "from_the_end" in wrong:
                at = at + max(self.max_len - n, 0)
            if "backwards" in wrong:
                at = at.flip(0)
            if "starts_at_one" in wrong:
                at = (at + 1) % self.max_len
            if n > self.max_len:
                if "wraps_round" in wrong:
                    at = at % self.max_len
                elif "last_repeated" in wrong:
                    at = at.clamp(max=self.max_len - 1)
                elif "input_cut" in wrong:
                    x, at = x[..., : self.max_len, :], at[: self.max_len]
                elif "rest_without" in wrong:
                    more = table.new_zeros(n - self.max_len, x.shape[-1])
                    table = torch.cat([table, more])
                else:
                    raise ValueError("too long")
            rows = table[at]  # (L, d)
            if "one_per_sentence" in wrong:
                which = torch.arange(len(x), device=x.device) % self.max_len
                rows = table[which][:, None]  # (B, 1, d)
            if "positions_alone" in wrong:
                return rows.expand(x.shape)
            return x * rows if "multiplied" in wrong else x + rows

    return Answer


def _learned_cases(rng):
    def case(max_len, batch, n, d_model, like=torch.float64):
        table = _tensor(rng.standard_normal((max_len, d_model)), like)
        x = _tensor(rng.standard_normal((batch, n, d_model)), like)
        name = f"{batch} × {n} vectors of width {d_model}, {max_len} places"
        if n > max_len:
            name += ", to be refused with a ValueError"
        return Case(name, (max_len, d_model, table, x))

    return [
        case(4, 1, 3, 2),
        case(11, 2, 5, 3),
        case(7, 3, 7, 5),
        case(5, 2, 8, 3),
        case(13, 5, 11, 7, torch.float32),
    ]


LEARNED_TRAPS = {
    "not_learned": (
        "Your table is no parameter, so no optimiser ever changes it. Wrap "
        "it in `nn.Parameter`."
    ),
    "detached": (
        "No gradient reaches your table: it is cut off on the way, by "
        "`detach`, `.data` or `no_grad`. Then it stays as it was drawn."
    ),
    "one_vector_for_all": (
        "There is one vector for all positions. Every word gets the same "
        "added to it, and the two saws stay equal."
    ),
    "number_per_position": (
        "Your positions are single numbers, added to every entry alike. "
        "Each position has a vector of d_model numbers."
    ),
    "from_the_end": (
        "A short input gets the last rows of the table. The first word "
        "stands at position 0, however many follow."
    ),
    "backwards": (
        "The rows are added in reverse. The first word gets row 0."
    ),
    "starts_at_one": (
        "The first word gets the second row of the table. Positions count "
        "from 0."
    ),
    "one_per_sentence": (
        "You took a row for each sentence of the batch. x has the axes "
        "batch, position, width; the position is the second."
    ),
    "positions_alone": (
        "You return the positions without the words. They are added to x."
    ),
    "multiplied": (
        "You multiplied x by the table. In the lecture they are added."
    ),
    "wraps_round": (
        "An input that is too long starts again at row 0, so two words share "
        "a position without anybody noticing. Refuse it with a ValueError."
    ),
    "last_repeated": (
        "In an input that is too long all late words share the last "
        "position, without anybody noticing. Refuse it with a ValueError."
    ),
    "input_cut": (
        "You cut an input that is too long, and its last words are lost "
        "without anybody noticing. Refuse it with a ValueError."
    ),
    "rest_without": (
        "In an input that is too long the late words get no position, and "
        "nobody notices. Refuse it with a ValueError."
    ),
}


# --- rotary scores of a batch, with earlier keys -----------------------------


def rotary_scores(q, k, base=10000.0):
    def turned(x, places):
        width = torch.arange(0, x.shape[-1], 2, device=x.device)
        frequency = base ** (-width.to(x.dtype) / x.shape[-1])  # (d_k / 2,)
        angle = places.to(x.dtype)[:, None] * frequency  # (L, d_k / 2)
        cos, sin = angle.cos(), angle.sin()  # (L, d_k / 2)
        a, b = x[..., 0::2], x[..., 1::2]  # (B, H, L, d_k / 2)
        pairs = (a * cos - b * sin, a * sin + b * cos)
        return torch.stack(pairs, dim=-1).flatten(-2)  # (B, H, L, d_k)

    keys_at = torch.arange(k.shape[-2], device=k.device)  # (S,)
    queries_at = keys_at[-q.shape[-2] :]  # (L,)
    scores = turned(q, queries_at) @ turned(k, keys_at).mT  # (B, H, L, S)
    return scores / math.sqrt(q.shape[-1])


ROTARY_STARTER = '''def rotary_scores(q, k, base=10000.0):
    """Scaled scores of a batch of heads, with rotary positions.

    q : tensor (B, H, L, d_k). k : (B, H, S, d_k), S >= L, d_k even.
    The keys stand at 0 ... S-1. The queries belong to the newest L of
    these places, so that the last query stands where the last key stands.
    Pairs are neighbours, entries 2m and 2m + 1, and turn by position times
    base ** (-2 * m / d_k). Returns scores (B, H, L, S) over the root of
    d_k, on the device of q and in its dtype.
    """
    raise NotImplementedError
'''


def _rotary_variant(wrong):
    def turned(x, at, base):
        d = x.shape[-1]
        if "width_of_all_heads" in wrong:
            d = d * x.shape[1]
        step = 1 if "exponent_halved" in wrong else 2
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
        scores = new_q @ new_k.transpose(-1, -2)  # (B, H, L, S)
        power = 1.0 if "divided_by_d_k" in wrong else 0.5
        if "no_scale" not in wrong:
            scores = scores / q.shape[-1] ** power
        return scores.softmax(-1) if "weights_not_scores" in wrong else scores

    return answer


def _rotary_cases(rng):
    def case(name, batch, n_heads, n, n_keys, d_k, base, like=torch.float64):
        q = _tensor(rng.standard_normal((batch, n_heads, n, d_k)), like)
        k = _tensor(rng.standard_normal((batch, n_heads, n_keys, d_k)), like)
        return Case(name, (q, k, base))

    base = float(rng.integers(20, 5000))
    return [
        case("1 head, 3 words, d_k = 2", 1, 1, 3, 3, 2, 10000.0),
        case("2 × 3 heads, 5 words, d_k = 4", 2, 3, 5, 5, 4, 100.0),
        case("one new query, 7 keys", 2, 3, 1, 7, 6, base),
        case("5 queries, 11 keys", 3, 2, 5, 11, 10, base),
        case("float32", 2, 5, 7, 13, 6, 300.0, torch.float32),
    ]


def _growing(rng):
    k = _tensor(rng.standard_normal((2, 3, 7, 6)))
    q = _tensor(rng.standard_normal((2, 3, 7, 6)))
    return [
        Case("7 queries at once", (q, k)),
        Case("the last 2 of them", (q[..., 5:, :], k)),
    ]


ROTARY_TRAPS = {
    "queries_from_zero": (
        "Your queries start at place 0. They belong to the newest words: "
        "with one query and seven keys it stands at place 6."
    ),
    "one_behind": (
        "Each query stands one place too early. The last query and the last "
        "key share a place."
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
        "and keys all turn by one angle, say that of their head: the place "
        "is the third axis of batch, head, place, width."
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
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for."
    ),
    "weights_not_scores": (
        "You went on to the softmax. The scores are asked for, before it."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="07.learned_positions",
        title="A module that learns positions",
        difficulty=2,
        minutes=10,
        tier="torch",
        kind="class",
        reference=LearnedPositions,
        starter=LEARNED_STARTER,
        cases=_learned_cases,
        traps=traps_from(_learned_variant, LEARNED_TRAPS),
        variant=_learned_variant,
        run=_learned_run,
        hints=(
            "Which numbers does training change? They belong into "
            "`__init__`, as a parameter.",
            "x has the axes batch, position, width. A slice of the table "
            "with as many rows as x has positions broadcasts over the batch.",
            "Compare the number of positions in x with the number of rows "
            "first, and raise a ValueError if there are too few rows.",
        ),
    ),
    Exercise(
        id="07.rotary_scores",
        title="Rotary scores while a text grows",
        difficulty=3,
        minutes=15,
        tier="torch",
        reference=rotary_scores,
        starter=ROTARY_STARTER,
        cases=_rotary_cases,
        traps=traps_from(_rotary_variant, ROTARY_TRAPS),
        variant=_rotary_variant,
        properties=(
            Property(
                "late_queries_agree",
                "The last two queries alone should get the scores that they "
                "get among all seven; yours differ.",
                _growing,
                lambda cases, outs: np.allclose(
                    outs[0][..., 5:, :].cpu(), outs[1].cpu(), atol=1e-5
                ),
            ),
        ),
        hints=(
            "With one query and seven keys, at which place does the query "
            "stand? Make one array of places for the keys and take its end "
            "for the queries.",
            "Turn queries and keys with one inner function that takes the "
            "vectors and their places, as in exercise 07.rotary. Make every "
            "new tensor on the device of q.",
            "Angles (L, d_k/2) broadcast over batch and heads. After both "
            "turns: matrix product with the keys transposed in their last "
            "two axes, over the root of d_k.",
        ),
    ),
)
