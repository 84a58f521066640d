"""Exercise 09.pixel_attention."""

import torch
from torch import nn

from selfattn.exercises import tensors
from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def pixel_attention(x, w_q, w_k, w_v, n_heads):
    """Let all pixels of each image attend to each other, in several heads.

    x : tensor (B, channels, height, width).
    w_q, w_k, w_v : tensors (channels, d), used as pixel @ w_q; head h owns
        the h-th block of d / n_heads columns.
    Scores are divided by the root of a head's width. Use torch's fused
    kernel, so that the weights (n, n) are never stored: for a picture of
    128 by 128 pixels they would be 268 million numbers in each head.
    Returns a tensor (B, d, height, width).
    """
    b, _, height, width = x.shape
    pixels = x.flatten(2).transpose(1, 2)  # (B, n, channels)
    heads = [
        (pixels @ w).unflatten(-1, (n_heads, -1)).transpose(1, 2)
        for w in (w_q, w_k, w_v)
    ]  # (B, H, n, d_k) each
    out = nn.functional.scaled_dot_product_attention(*heads)
    return out.transpose(2, 3).reshape(b, -1, height, width)


HINTS = (
    "Pixels first: (B, channels, height, width) becomes (B, n, channels). "
    "Then it is the multi-head attention of chapter 06.",
    "`scaled_dot_product_attention` wants (B, H, n, d_k). Cut the last axis "
    "with `unflatten`, then exchange two axes.",
    "The kernel gives (B, H, n, d_k). Exchange the last two axes; then the "
    "heads and their columns are neighbours, and one reshape does the rest.",
)


def cases(rng):
    def case(name, b, channels, side, n_heads, d_k, dtype=torch.float64):
        d = n_heads * d_k
        x = tensor(rng.standard_normal((b, channels, *side)), dtype)
        matrices = rng.standard_normal((3, channels, d)) / channels**0.5
        return Case(name, (x, *tensor(1.5 * matrices, dtype), n_heads))

    made = [
        case("one pixel, one head", 1, 3, (1, 1), 1, 2),
        case("2 by 3 pixels, one head", 1, 5, (2, 3), 1, 3),
        case("3 by 5 pixels, 2 heads", 2, 3, (3, 5), 2, 7),
        case("as many heads as images", 3, 5, (5, 2), 3, 2),
        case("square", 2, 4, (2, 2), 2, 2),
        case("3 heads, float32", 2, 7, (5, 3), 3, 5, torch.float32),
    ]
    if tensors.large():  # n x n weights would not fit
        big = (2, 16, (192, 192), 4, 32, torch.float32)
        made.append(case("192 by 192 pixels, 4 heads", *big))
    return made


MISTAKES = {
    "not_scaled": (
        "Your scores are not divided by the root of a head's width."
    ),
    "scaled_by_model": (
        "You divide by the root of d, the width of all heads together. A "
        "head's own width is meant."
    ),
    "one_head": (
        "All columns form one head. Cut them into `n_heads` blocks first."
    ),
    "heads_reshaped": (
        "You cut the heads with one reshape to (B, H, n, d_k), which gives "
        "each head whole pixels. Cut the width first, then exchange axes."
    ),
    "heads_interleaved": (
        "Head h owns every n_heads-th column in your answer. It should own a "
        "block of neighbours."
    ),
    "pixels_reshaped": (
        "You made pixels of (channels, n) with a reshape. It takes a "
        "transpose, or channels and pixels are mixed."
    ),
    "back_reshaped": (
        "At the end you reshaped without exchanging axes. In (B, d, height, "
        "width) the columns of the heads come before the pixels."
    ),
    "height_and_width_exchanged": (
        "The height and the width of your result have changed places."
    ),
    "q_and_k_swapped": ("Queries and keys have changed places."),
    "values_are_keys": ("You mixed the keys. The values come from w_v."),
    "values_alone": (
        "You return the values as they are. No pixel has attended to another."
    ),
    "softmax_over_queries": (
        "Your softmax runs over the queries. The weights of one pixel sum to "
        "1 along the keys."
    ),
    "causal": (
        "Pixels see only those before them. In a picture there is no before: "
        "each attends to all."
    ),
    "vectors_returned": (
        "Your result is a set of vectors, (B, n, d). Put it back into the "
        "form of an image."
    ),
}


def variant(wrong):
    def answer(x, w_q, w_k, w_v, n_heads):
        b, c, height, width = x.shape
        n, d = height * width, w_q.shape[1]
        flat = x.flatten(2)
        if "pixels_reshaped" in wrong:
            pixels = flat.reshape(b, n, c)
        else:
            pixels = flat.transpose(1, 2)
        if "q_and_k_swapped" in wrong:
            w_q, w_k = w_k, w_q
        if "values_are_keys" in wrong:
            w_v = w_k
        heads = 1 if "one_head" in wrong else n_heads
        d_k = d // heads

        def cut(w):
            t = pixels @ w  # (B, n, d)
            if "heads_reshaped" in wrong:
                return t.reshape(b, heads, n, d_k)
            if "heads_interleaved" in wrong:
                return t.reshape(b, n, d_k, heads).permute(0, 3, 1, 2)
            return t.reshape(b, n, heads, d_k).transpose(1, 2)

        scale = d_k**-0.5
        if "not_scaled" in wrong:
            scale = 1.0
        if "scaled_by_model" in wrong:
            scale = d**-0.5
        q, k, v = cut(w_q), cut(w_k), cut(w_v)  # (B, H, n, d_k) each
        causal = "causal" in wrong
        if "softmax_over_queries" in wrong:
            out = (scale * q @ k.mT).softmax(dim=-2) @ v
        elif "values_alone" in wrong:
            out = v
        else:
            out = nn.functional.scaled_dot_product_attention(
                q, k, v, scale=scale, is_causal=causal
            )  # (B, H, n, d_k)
        if "vectors_returned" in wrong:
            return out.transpose(1, 2).reshape(b, n, d)
        if "height_and_width_exchanged" in wrong:
            height, width = width, height
        if "back_reshaped" in wrong:
            out = out.transpose(1, 2).reshape(b, n, d)
            return out.reshape(b, d, height, width)
        return out.transpose(2, 3).reshape(b, d, height, width)

    return answer


EXERCISE = exercise(
    pixel_attention,
    title="Every pixel attends, n by n is never stored",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
