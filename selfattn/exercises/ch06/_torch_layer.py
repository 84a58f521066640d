"""On what 06.multi_head_layer calls an answer, and how: there and back."""

import math

import torch
from torch import nn

from selfattn.attention import device
from selfattn.exercises.model import Case
from selfattn.exercises.tensors import tensor

NAMES = ("w_q", "w_k", "w_v", "w_o")


def run(answer, x, matrices, n_heads, lengths, back=False):
    """Build the layer, give it these matrices, call it on x, and go back."""
    d_model = x.shape[-1]
    layer = answer(d_model, n_heads).to(device=x.device, dtype=x.dtype)
    for name, matrix in zip(NAMES, matrices, strict=True):
        part = getattr(layer, name, None)
        if not isinstance(part, nn.Linear):
            raise AttributeError(
                f"the layer needs self.{name}, an nn.Linear(d_model, d_model,"
                f" bias=False): got {type(part).__name__}"
            )
        if part.bias is not None or part.weight.shape != matrix.shape:
            raise ValueError(
                f"self.{name} must be nn.Linear({d_model}, {d_model}, "
                f"bias=False): got {part}"
            )
        with torch.no_grad():
            part.weight.copy_(matrix)
    layer(x, torch.ones_like(lengths))  # nothing may be kept from this call
    out = layer(x, lengths)
    if not isinstance(out, torch.Tensor) or out.shape != x.shape:
        return out
    if out.dtype != x.dtype:
        raise TypeError(
            f"the output must have the dtype of x, {x.dtype}: got {out.dtype}"
        )
    places = torch.arange(x.shape[1], device=x.device)  # (L,)
    real = (places < lengths[:, None])[..., None]  # (B, L, 1)
    out = torch.where(real, out, 0.0)
    return gradients(layer, out) if back else out


def gradients(layer, out):
    """What reaches each matrix from a weighted sum of the output."""
    slope = torch.linspace(-1, 2, out.numel()).to(out).view(out.shape)
    layer.zero_grad()
    if out.requires_grad:
        (out * slope).sum().backward()
    weights = {name: getattr(layer, name).weight for name in NAMES}
    return {
        f"gradient of {name}": torch.zeros_like(w)
        if w.grad is None
        else w.grad.clone()
        for name, w in weights.items()
    }


def cases(rng):
    def case(name, lengths, n_heads, d_k, like=torch.float64, by=1.0, **how):
        d_model, n = n_heads * d_k, max(lengths) + how.get("more", 0)
        x = rng.standard_normal((len(lengths), n, d_model))
        for b, length in enumerate(lengths):
            x[b, length:] = 3 * x[b, :1] + rng.standard_normal(d_model)
        matrices = rng.standard_normal((4, d_model, d_model))
        matrices /= math.sqrt(d_model)
        matrices[0] *= by
        x[0, 0] *= not how.get("zero")  # then all scores of a word are 0
        if how.get("far"):  # real words score each other far below padding
            matrices[1] = -matrices[0]
            x[0] = abs(x[0])
            x[:, :, 1:] = 0
            x[0, lengths[0] :] *= -1
        where = torch.tensor(lengths, device=device())
        args = (tensor(x, like), tensor(matrices, like), n_heads, where)
        return Case(name, args, {"back": True} if how.get("back") else {})

    return [
        case("2 sentences of 3 and 1, 3 heads", [3, 1], 3, 5),
        case("no padding, 3 heads", [5, 5], 3, 7),
        case("3 sentences, 3 heads of width 5", [7, 2, 5], 3, 5),
        case("5 sentences, 5 heads of width 2", [1, 3, 7, 2, 4], 5, 2),
        case("one head", [3, 7], 1, 11),
        case("all shorter than the batch", [3, 2], 5, 7, more=4, zero=True),
        case("large scores", [5, 3], 2, 7, by=80.0),
        case(
            "real words score far below padding", [3, 7], 2, 5, by=3e3, far=1
        ),
        case("gradients, padding", [5, 2, 3], 2, 7, back=True),
        case("float32", [11, 5], 2, 5, torch.float32),
    ]


def two_paddings(rng):
    x = rng.standard_normal((3, 7, 6))
    matrices = tensor(rng.standard_normal((4, 6, 6)))
    lengths = torch.tensor([4, 7, 1], device=device())
    made = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        for b, length in enumerate((4, 7, 1)):
            x[b, length:] = fill
        made.append(Case(name, (tensor(x.copy()), matrices, 3, lengths)))
    return made
