"""Exercise 07.learned_positions."""

import torch
from torch import nn

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


class LearnedPositions(nn.Module):
    def __init__(self, max_len, d_model):
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_len, d_model))

    def forward(self, x):
        n, max_len = x.shape[-2], len(self.table)
        if n > max_len:
            raise ValueError(f"{n} vectors, but only {max_len} positions")
        return x + self.table[:n]  # (B, L, d_model)


STARTER = '''class LearnedPositions(nn.Module):
    """One learned vector per position, added to the input.

    LearnedPositions(max_len, d_model) has one parameter, a table
    (max_len, d_model). Calling it with x (B, L, d_model) returns x plus the
    vector of each position, (B, L, d_model); position 0 comes first. L may
    be smaller than max_len. An input with L larger than max_len is refused
    with a ValueError.
    """

    def __init__(self, max_len, d_model):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        raise NotImplementedError
'''

HINTS = (
    "Which numbers does training change? They belong in "
    "`__init__`, as a parameter.",
    "x has the axes batch, position, width. A slice of the table "
    "with as many rows as x has positions broadcasts over the batch.",
    "Compare the number of positions in x with the number of rows "
    "first, and raise a ValueError if there are too few rows.",
)


def run(answer, max_len, d_model, table, x):
    """Build it, put known numbers into its table, call it, go back."""
    module = answer(max_len, d_model)
    if not isinstance(module, nn.Module):
        return module
    module.to(device=x.device, dtype=x.dtype)
    learned = [p for p in module.parameters() if p.requires_grad]
    n_learned = sum(p.numel() for p in learned)
    with torch.no_grad():
        # A tensor that is no parameter gets them too, to be named as such.
        own = [v for v in vars(module).values() if torch.is_tensor(v)]
        for numbers in (*module.parameters(), *module.buffers(), *own):
            if numbers.numel() == table.numel():
                numbers.copy_(table.reshape(numbers.shape))
    if x.shape[-2] > max_len:
        try:
            out = module(x)
        except ValueError:
            out = "refused"
        except (AssertionError, IndexError, RuntimeError):
            out = "another error"
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


def cases(rng):
    def case(max_len, batch, n, d_model, like=torch.float64):
        table = tensor(rng.standard_normal((max_len, d_model)), like)
        x = tensor(rng.standard_normal((batch, n, d_model)), like)
        name = f"{batch} × {n} vectors of width {d_model}, {max_len} places"
        if n > max_len:
            name += ", to be refused with a ValueError"
        return Case(name, (max_len, d_model, table, x))

    return [
        case(4, 1, 3, 2),
        case(11, 2, 5, 3),
        case(7, 3, 7, 5),
        case(5, 2, 1, 3),
        case(3, 5, 2, 7),
        case(5, 2, 6, 3),
        case(5, 2, 8, 3),
        case(13, 5, 11, 7, torch.float32),
    ]


MISTAKES = {
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
        "vector, so equal words stay equal."
    ),
    "number_per_position": (
        "Your positions are single numbers, added to every entry alike. "
        "Each position has a vector of d_model numbers."
    ),
    "from_the_end": (
        "A short input gets the last rows of the table. The first word "
        "stands at position 0, however many follow."
    ),
    "backwards": "The rows are added in reverse. The first word gets row 0.",
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
        "You multiplied x by the table. Positions are added to the words."
    ),
    "another_error": (
        "An input that is too long ends in an error, but in no ValueError. "
        "Compare the number of vectors with max_len first, and raise a "
        "ValueError."
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


def variant(wrong):
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
                if "another_error" in wrong:
                    raise RuntimeError("sizes do not match")
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


EXERCISE = exercise(
    LearnedPositions,
    title="A module that learns positions",
    difficulty=2,
    minutes=10,
    starter=STARTER,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
