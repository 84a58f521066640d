"""Exercise 11.placed_head."""

import torch

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def placed_head(x, centre, log_sharpness):
    """One head that learns where to look and how sharply, in torch.

    x : tensor (B, height, width, d).
    centre : tensor (2,), how many rows below and how many columns to the
        right of its own place a query looks; learned, so not whole.
    log_sharpness : tensor with no axes; the sharpness s is its exponential.
    Query p gives key r the score -s times the squared distance between the
    place of r and the place that p looks at; softmax over all keys of the
    image. Every image of the batch has the same weights.
    Returns out (B, height, width, d) and the weights (n, n), n = height *
    width, pixels row by row. Gradients reach centre and log_sharpness.
    """
    height, width = x.shape[1:3]
    at = torch.arange(height * width, device=x.device)
    place = torch.stack([at // width, at % width], dim=1)  # (n, 2)
    away = place - (place[:, None] + centre)  # (n, n, 2)
    scores = -log_sharpness.exp() * away.square().sum(dim=-1)  # (n, n)
    weights = scores.softmax(dim=-1)  # (n, n)
    out = weights @ x.flatten(1, 2)  # (B, n, d)
    return out.unflatten(1, (height, width)), weights


HINTS = (
    "Make the places of all pixels with torch.arange on x's device, and "
    "never turn centre into a Python number: it has to keep its gradient.",
    "The differences of all pairs are place[None] minus (place + "
    "centre)[:, None], of shape (n, n, 2).",
    "`x.flatten(1, 2)` makes the pixels one axis, and weights @ it works for "
    "the whole batch. At the end `.unflatten(1, (height, width))`.",
)


def run(answer, x, centre, log_sharpness, back=False):
    """The answer's results, or the gradients that it leaves."""
    if not back:
        return answer(x, centre, log_sharpness)
    learned = [
        part.clone().requires_grad_() for part in (centre, log_sharpness)
    ]
    out, _ = answer(x, *learned)
    slope = torch.linspace(-1, 2, out.numel()).to(out).view(out.shape)
    if out.requires_grad:
        (out * slope).sum().backward()
    return {
        f"gradient of {name}": torch.zeros_like(part)
        if part.grad is None
        else part.grad.clone()
        for name, part in zip(
            ("centre", "log_sharpness"), learned, strict=True
        )
    }


def cases(rng):
    def case(name, shape, centre, log_s, dtype=torch.float64, **how):
        x = tensor(rng.standard_normal(shape), dtype)
        pair, number = tensor(centre, dtype), tensor(log_s, dtype)
        return Case(name, (x, pair, number), how)

    return [
        case("one pixel", (1, 1, 1, 2), [0.0, 1.0], 0.0),
        case("1 by 3, one to the right", (1, 1, 3, 1), [0.0, 1.0], 0.0),
        case("3 by 2, up and to the right", (2, 3, 2, 5), [-1.5, 0.5], 1.0),
        case("5 by 3, very sharp", (3, 5, 3, 2), [1.0, -1.0], 6.0),
        case("3 by 5, blunt", (2, 3, 5, 7), [0.25, 2.0], -2.0),
        case("gradients", (2, 3, 5, 2), [0.5, -0.75], -0.5, back=True),
        case("float32", (2, 5, 3, 2), [0.5, 1.0], 0.5, torch.float32),
    ]


MISTAKES = {
    "other_way": (
        "Your head looks to the opposite side. Query p looks at its own "
        "place plus the centre."
    ),
    "columns_first": (
        "You took the centre as (column, row). Its first number counts rows."
    ),
    "no_exp": (
        "You used log_sharpness as it is. The sharpness is its exponential, "
        "which is positive whatever is learned."
    ),
    "no_square": ("Your scores fall with the distance, not with its square."),
    "no_minus": (
        "Your head prefers what is far from its place. The scores are minus "
        "the squared distances."
    ),
    "over_queries": (
        "Your softmax runs over the queries. The weights of one query, along "
        "the last axis, sum to 1."
    ),
    "column_by_column": (
        "You number the pixels column by column, but x.flatten(1, 2) goes "
        "row by row."
    ),
    "centre_detached": (
        "No gradient reaches centre. A conversion to a Python number, "
        "detach(), or rounding cuts it off."
    ),
    "sharpness_detached": (
        "No gradient reaches log_sharpness. A conversion to a Python number "
        "or detach() cuts it off."
    ),
    "rounded": (
        "You rounded the centre to whole pixels. Between pixels the weights "
        "are shared among neighbours."
    ),
    "square_root_scaled": (
        "You divided the scores by a root. These scores are not dot products "
        "and need no scale besides the sharpness."
    ),
}


def variant(wrong):
    def answer(x, centre, log_sharpness):
        height, width = x.shape[1:3]
        at = torch.arange(height * width, device=x.device)
        rows, columns = at // width, at % width
        if "column_by_column" in wrong:
            rows, columns = at % height, at // height
        place = torch.stack([rows, columns], dim=1)
        if "centre_detached" in wrong:
            centre = centre.detach()
        if "rounded" in wrong:
            centre = centre.round()
        if "columns_first" in wrong:
            centre = centre.flip(0)
        if "other_way" in wrong:
            centre = -centre
        if "sharpness_detached" in wrong:
            log_sharpness = log_sharpness.detach()
        s = log_sharpness if "no_exp" in wrong else log_sharpness.exp()
        away = (place - (place[:, None] + centre)).square().sum(-1)
        if "no_square" in wrong:
            away = (away + 1e-12).sqrt()
        scores = s * away if "no_minus" in wrong else -s * away
        if "square_root_scaled" in wrong:
            scores = scores / 2**0.5
        axis = 0 if "over_queries" in wrong else 1
        weights = scores.softmax(axis)
        out = weights @ x.flatten(1, 2)
        return out.unflatten(1, (height, width)), weights

    return answer


EXERCISE = exercise(
    placed_head,
    title="A head that learns where to look",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
    run=run,
)
