"""How an answer to 05.one_head is built, called and differentiated."""

from __future__ import annotations

import torch
from torch import nn


def built(answer, sizes, arrays, x):
    """The reader's module with the given matrices in it."""
    d_model, d_k, d_v = sizes
    torch.manual_seed(0)
    model = answer(*sizes)
    if not isinstance(model, nn.Module):
        raise TypeError("the class must be a subclass of nn.Module")
    model = model.to(x)
    for name, width in (("w_q", d_k), ("w_k", d_k), ("w_v", d_v)):
        part = getattr(model, name, None)
        if not isinstance(part, nn.Linear):
            found = "nothing" if part is None else type(part).__name__
            raise TypeError(f"self.{name} must be an nn.Linear: got {found}")
        if part.weight.shape != (width, d_model):
            made = f"nn.Linear({part.in_features}, {part.out_features})"
            raise ValueError(
                f"self.{name} must be nn.Linear({d_model}, {width}) for "
                f"OneHead({d_model}, {d_k}, {d_v}): got {made}"
            )
    for name, _ in model.named_parameters():
        if not name.startswith(("w_q.", "w_k.", "w_v.")):
            raise ValueError(
                "the module must learn w_q, w_k and w_v and nothing else: "
                f"got also {name}"
            )
    with torch.no_grad():
        for p in model.parameters():
            p.zero_()
        for name, array in arrays.items():
            getattr(model, name).weight.copy_(array)
    return model


def two(given):
    """What forward returned, if it is two tensors."""
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise TypeError(
            "forward must return two things, out and weights: got "
            f"{type(given).__name__}"
        )
    for name, part in zip(("out", "weights"), given, strict=True):
        if not isinstance(part, torch.Tensor):
            raise TypeError(f"{name} must be a tensor: got {type(part)}")
    if (given[1] <= 0).all():
        raise ValueError(
            "weights must sum to 1 for each query: got no number above 0; "
            "log_softmax returns such numbers, softmax does not"
        )
    return given


def through(learned, result):
    """The gradient that comes back from a result, in one matrix after all."""
    if not result.requires_grad:
        return [torch.zeros_like(p) for p in learned]
    slope = torch.linspace(-1, 1, result.numel()).to(result)
    found = torch.autograd.grad(
        (result * slope.view(result.shape)).sum(),
        [p for p in learned if p.requires_grad],
        retain_graph=True,
        allow_unused=True,
    )
    found = iter(found)
    back = [next(found) if p.requires_grad else None for p in learned]
    return [
        torch.zeros_like(p) if g is None else g
        for p, g in zip(learned, back, strict=True)
    ]


def run(answer, sizes, arrays, x, mask):
    """Build it, give it the matrices, and see what comes out and back."""
    model = built(answer, sizes, arrays, x)
    out, weights = two(model(x, mask) if mask is not None else model(x))
    again, _ = two(model(x, mask) if mask is not None else model(x))
    if out.shape == again.shape and not torch.equal(
        out.nan_to_num(), again.nan_to_num()
    ):
        raise ValueError(
            "two calls with the same x differ: got another out; forward "
            "must not draw random numbers"
        )
    if out.dtype != x.dtype or weights.dtype != x.dtype:
        raise TypeError(
            f"out and weights must have the dtype of x, {x.dtype}: got "
            f"{out.dtype} and {weights.dtype}"
        )
    shorter, _ = two(model(x[:, 1:]))
    learned = [getattr(model, name).weight for name in arrays]
    count = sum(p.numel() for p in model.parameters() if p.requires_grad)
    from_out = through(learned, out)
    from_weights = through(learned, weights)[:2]
    names = [f"gradient of {name}" for name in arrays]
    other = [f"{name} through weights" for name in names[:2]]
    return {
        "out": out,
        "weights": weights,
        "out of a second call, without the first word and the mask": shorter,
        "learned numbers": count,
        **dict(zip(names, from_out, strict=True)),
        **dict(zip(other, from_weights, strict=True)),
    }
