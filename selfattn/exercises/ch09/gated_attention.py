"""Exercise 09.gated_attention."""

import torch
from torch import nn

from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor

NAMES = ("w_q", "w_k", "w_v", "w_o")


class GatedAttention(nn.Module):
    def __init__(self, channels, inner):
        super().__init__()
        self.w_q = nn.Linear(channels, inner, bias=False)
        self.w_k = nn.Linear(channels, inner, bias=False)
        self.w_v = nn.Linear(channels, inner, bias=False)
        self.w_o = nn.Linear(inner, channels, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, x):
        pixels = x.flatten(2).transpose(1, 2)  # (B, n, channels)
        q, k, v = self.w_q(pixels), self.w_k(pixels), self.w_v(pixels)
        weights = (q @ k.transpose(1, 2)).softmax(dim=-1)  # (B, n, n)
        mixed = self.w_o(weights @ v)  # (B, n, channels)
        mixed = mixed.transpose(1, 2).reshape(x.shape)
        return x + self.gamma * mixed


STARTER = '''class GatedAttention(nn.Module):
    """Attention over all pixels, added to x through a gate (SAGAN).

    channels : of x. inner : width of queries, keys and values.
    It learns w_q, w_k and w_v, each an nn.Linear(channels, inner,
    bias=False), w_o, an nn.Linear(inner, channels, bias=False), and gamma,
    an nn.Parameter with one number that starts at 0.
    """

    def __init__(self, channels, inner):
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        """x (B, channels, height, width) to an output of the same shape.

        Every pixel is a vector of its channels. All pixels of an image
        attend to each other, with plain dot products that are not scaled.
        w_o brings the result back to `channels`, and gamma times that is
        added to x. A new layer returns x.
        """
        raise NotImplementedError
'''

HINTS = (
    "`x.flatten(2)` makes one axis of all pixels, and `.transpose(1, 2)` "
    "puts the channels last, where nn.Linear wants them.",
    "The weights have the shape (B, n, n) with n = height * width. They are "
    "softmax along the keys, the last axis.",
    "At the end go the way back: transpose first, then reshape to x's shape. "
    "The gate is one number: x + gamma * mixed.",
)


def run(answer, x, matrices, gamma, back=False):
    """A new layer with these weights; gamma None leaves its own."""
    inner, channels = matrices[0].shape
    layer = answer(channels, inner).to(device=x.device, dtype=x.dtype)
    gate = getattr(layer, "gamma", None)
    if not isinstance(gate, nn.Parameter) or gate.numel() != 1:
        raise AttributeError(
            "the layer needs self.gamma, an nn.Parameter with one number: "
            f"got {type(gate).__name__}"
        )
    with torch.no_grad():
        for name, matrix in zip(NAMES, matrices, strict=True):
            part = getattr(layer, name, None)
            if not isinstance(part, nn.Linear) or part.bias is not None:
                raise AttributeError(
                    f"the layer needs self.{name}, an nn.Linear without bias:"
                    f" got {type(part).__name__}"
                )
            part.weight.copy_(matrix)
        if gamma is not None:
            gate.fill_(gamma)
    out = layer(x)
    if not back or not isinstance(out, torch.Tensor):
        return out
    slope = torch.linspace(-1, 2, out.numel()).to(out).view(out.shape)
    layer.zero_grad()
    if out.requires_grad:
        (out * slope).sum().backward()
    grads = {n: getattr(layer, n).weight for n in NAMES} | {"gamma": gate}
    return {
        f"gradient of {name}": torch.zeros_like(p)
        if p.grad is None
        else p.grad.reshape(())
        if name == "gamma"
        else p.grad.clone()
        for name, p in grads.items()
    }


def cases(rng):
    def case(
        name, b, channels, inner, side, gamma, dtype=torch.float64, **how
    ):
        x = tensor(rng.standard_normal((b, channels, *side)), dtype)
        shapes = [(inner, channels)] * 3 + [(channels, inner)]
        matrices = [
            tensor(rng.standard_normal(s) / s[1] ** 0.5, dtype) for s in shapes
        ]
        return Case(name, (x, matrices, gamma), how)

    return [
        case("one pixel", 1, 3, 2, (1, 1), 0.5),
        case("a new layer", 2, 5, 3, (2, 3), None),
        case("gamma 1, 2 by 3 pixels", 1, 3, 2, (2, 3), 1.0),
        case("gamma −0.5, 3 by 5 pixels", 2, 7, 3, (3, 5), -0.5),
        case("as many pixels as channels", 3, 6, 4, (2, 3), 0.75),
        case("square", 3, 3, 3, (3, 3), 2.0),
        case("gradients", 2, 5, 3, (3, 2), 0.5, back=True),
        case("gradients of a new layer", 2, 5, 3, (3, 2), None, back=True),
        case("float32", 2, 5, 2, (3, 5), 0.25, torch.float32),
    ]


def two_gates(rng):
    x = tensor(rng.standard_normal((2, 5, 2, 3)))
    matrices = [
        tensor(rng.standard_normal(s)) for s in [(3, 5)] * 3 + [(5, 3)]
    ]
    return [Case("a new layer, again", (x, matrices, None))]


PROPERTIES = (
    Property(
        "identity_at_start",
        "A new layer changes its input. With gamma at 0, nothing is added.",
        two_gates,
        lambda cases, outs: torch.allclose(outs[0], cases[0].args[0]),
    ),
)

MISTAKES = {
    "gamma_one": (
        "Your gate starts at 1. It has to start at 0, so that a new layer "
        "returns its input."
    ),
    "no_residual": (
        "The input is not added. With gamma at 0 your layer returns zeros."
    ),
    "no_gate": (
        "The attention is added as it is, without the gate. Multiply it by "
        "gamma first."
    ),
    "no_softmax": (
        "Your weights are plain scores. A softmax along the keys has to "
        "follow."
    ),
    "gate_on_both": (
        "The gate also multiplies x. Only the attention goes through it."
    ),
    "mixture": (
        "You blend: (1 − gamma) times x plus gamma times the attention. Here "
        "x stays whole."
    ),
    "softmax_over_queries": (
        "Your softmax runs over the queries. The weights of one pixel, along "
        "the last axis, sum to 1."
    ),
    "scaled": (
        "You divided the scores by the root of the width. This layer does "
        "not, as in its paper."
    ),
    "pixels_reshaped": (
        "You turned (channels, n) into (n, channels) with a reshape, which "
        "mixes pixels and channels. It takes a transpose."
    ),
    "back_reshaped": (
        "On the way back you reshaped (n, channels) straight to the image. "
        "Transpose first, so that the channels come before the pixels."
    ),
    "q_and_k_swapped": (
        "Queries and keys have changed places. Pixel i asks with w_q, and is "
        "found by w_k."
    ),
    "channels_attend": (
        "The channels attend to each other. Every pixel is a vector, so the "
        "weights are (n, n)."
    ),
    "across_batch": (
        "Pixels of different images attend to each other. Every image is a "
        "set of its own."
    ),
    "sigmoid_gate": (
        "Gamma goes through a sigmoid, so that the gate is half open at the "
        "start. Multiply by gamma itself."
    ),
    "gamma_detached": (
        "No gradient reaches gamma. Then the gate stays closed for ever."
    ),
}


def variant(wrong):
    class Answer(GatedAttention):
        def __init__(self, channels, inner):
            super().__init__(channels, inner)
            if "gamma_one" in wrong:
                self.gamma.data.fill_(1.0)

        def forward(self, x):
            b, c, h, w = x.shape
            flat = x.flatten(2)
            if "pixels_reshaped" in wrong:
                pixels = flat.reshape(b, h * w, c)
            else:
                pixels = flat.transpose(1, 2)
            if "across_batch" in wrong:
                pixels = pixels.reshape(1, b * h * w, c)
            w_q, w_k = self.w_q, self.w_k
            if "q_and_k_swapped" in wrong:
                w_q, w_k = w_k, w_q
            q, k, v = w_q(pixels), w_k(pixels), self.w_v(pixels)
            axis = -2 if "softmax_over_queries" in wrong else -1
            if "channels_attend" in wrong:
                scores = q.transpose(1, 2) @ k
                mixed = v @ scores.softmax(axis).transpose(1, 2)
            else:
                scores = q @ k.transpose(1, 2)
                if "scaled" in wrong:
                    scores = scores / q.shape[-1] ** 0.5
                if "no_softmax" not in wrong:
                    scores = scores.softmax(axis)
                mixed = scores @ v
            mixed = self.w_o(mixed).reshape(b, h * w, c)
            if "back_reshaped" not in wrong:
                mixed = mixed.transpose(1, 2)
            mixed = mixed.reshape(x.shape)
            gate = self.gamma
            if "gamma_detached" in wrong:
                gate = gate.detach()
            if "sigmoid_gate" in wrong:
                gate = gate.sigmoid()
            if "mixture" in wrong:
                return (1 - gate) * x + gate * mixed
            if "gate_on_both" in wrong:
                return gate * (x + mixed)
            if "no_gate" in wrong:
                return x + mixed + 0 * gate
            if "no_residual" in wrong:
                return gate * mixed
            return x + gate * mixed

    return Answer


EXERCISE = exercise(
    GatedAttention,
    title="Attention behind a gate",
    difficulty=3,
    minutes=20,
    hints=HINTS,
    starter=STARTER,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
    properties=PROPERTIES,
)
