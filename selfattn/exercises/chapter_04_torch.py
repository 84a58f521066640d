"""Chapter 04 in torch: a padded batch, and what passes back to the query."""

from __future__ import annotations

import math

import torch

from selfattn.attention import device
from selfattn.exercises import Case, Exercise, Property, traps_from


def _tensor(x, like=torch.float64):
    """On the device there is; Apple's has no float64."""
    where = device()
    if where.type == "mps" and like == torch.float64:
        like = torch.float32
    return torch.as_tensor(x).to(device=where, dtype=like)


# --- one query per sentence, in a padded batch ------------------------------


def attend_padded(q, k, v, lengths):
    scores = torch.einsum("bd,bsd->bs", q, k) / math.sqrt(q.shape[-1])
    places = torch.arange(k.shape[1], device=k.device)  # (S,)
    real = places < lengths[:, None]  # (B, S)
    scores = scores.masked_fill(~real, -torch.inf)  # (B, S)
    weights = scores.softmax(dim=-1)  # (B, S)
    out = torch.einsum("bs,bsd->bd", weights, v)  # (B, d_v)
    return out, weights


PADDED_STARTER = '''def attend_padded(q, k, v, lengths):
    """Scaled dot-product attention for one query per padded sentence.

    q : tensor (B, d_k). k : (B, S, d_k). v : (B, S, d_v).
    lengths : integer tensor (B,), 1 or more: only the first lengths[b] keys
        and values of sentence b are real, the rest is padding.
    Returns out (B, d_v) and weights (B, S); padding has weight 0.
    """
    raise NotImplementedError
'''


def _padded_variant(wrong):
    def answer(q, k, v, lengths):
        root = math.sqrt(q.shape[-1])
        scores = (k @ q[..., None])[..., 0]  # (B, S)
        if "divided_by_d_k" in wrong:
            scores = scores / root**2
        elif "no_scale" not in wrong:
            scores = scores / root
        if "one_short" in wrong:
            lengths = (lengths - 1).clamp(min=1)
        if "one_too_many" in wrong:
            lengths = lengths + 1
        if "first_length_for_all" in wrong:
            lengths = lengths[:1].expand(len(q))
        real = torch.arange(k.shape[1], device=k.device) < lengths[:, None]
        if "mask_inverted" in wrong:
            real = ~real  # (B, S)
        dim = 0 if "softmax_over_batch" in wrong else -1
        if wrong & {"padding_attended", "mask_after_softmax"}:
            weights = scores.softmax(dim)
        elif "score_zero" in wrong:
            weights = (scores * real).softmax(dim)
        else:
            hidden = torch.where(real, scores, -1e30)
            weights = hidden.softmax(dim)
        if "mask_after_softmax" in wrong:
            weights = weights * real
        if "values_only" in wrong:
            weights = scores.softmax(dim)
            return ((weights * real)[..., None] * v).sum(1), weights
        if "keys_mixed" in wrong:
            v = k
        return (weights[..., None] * v).sum(1), weights

    return answer


def _padded_cases(rng):
    def case(name, lengths, size, d_k, d_v, like=torch.float64, by=1.0):
        n = len(lengths)
        q = by * rng.standard_normal((n, d_k))
        k = rng.standard_normal((n, size, d_k))
        v = rng.standard_normal((n, size, d_v))
        for b, length in enumerate(lengths):
            k[b, length:] += 2 * q[b]  # tempting, so that it must be masked
            v[b, length:] = 50
        where = torch.tensor(lengths, device=device())
        args = (*(_tensor(x, like) for x in (q, k, v)), where)
        return Case(name, args)

    return [
        case("2 sentences, of 3 words and of 1", [3, 1], 3, 2, 2),
        case("no padding at all", [5, 5, 5], 5, 3, 7),
        case("lengths 7, 2, 5", [7, 2, 5], 7, 3, 11),
        case("everybody shorter than the batch", [3, 2, 5, 1, 4], 7, 11, 3),
        case("large scores", [3, 2], 5, 7, 2, by=60.0),
        case("float32", [2, 11, 5], 11, 5, 3, torch.float32),
    ]


def _two_paddings(rng):
    q = rng.standard_normal((3, 5))
    k = rng.standard_normal((3, 7, 5))
    v = rng.standard_normal((3, 7, 2))
    lengths = torch.tensor([4, 7, 1], device=device())
    cases = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        for b, length in enumerate((4, 7, 1)):
            k[b, length:] = v[b, length:] = fill
        args = (*(_tensor(x.copy()) for x in (q, k, v)), lengths)
        cases.append(Case(name, args))
    return cases


PADDED_TRAPS = {
    "padding_attended": (
        "Padding takes part: its weights are not 0. Use the lengths to keep "
        "it out before the softmax."
    ),
    "mask_inverted": (
        "Your mask is upside down: only padding is attended to. True means "
        "“may attend” in this book, and `masked_fill` fills where True."
    ),
    "mask_after_softmax": (
        "You set the weights of padding to 0 after the softmax. What is "
        "left no longer sums to 1; mask the scores first."
    ),
    "score_zero": (
        "You set the scores of padding to 0. e⁰ is 1, so padding still gets "
        "weight; a score of −∞ gets none."
    ),
    "values_only": (
        "The padded values are left out of the sum, but their weights are "
        "not 0 and take away from the others."
    ),
    "one_short": (
        "The last real word of each sentence is masked too. Places 0 to "
        "length − 1 are real."
    ),
    "one_too_many": (
        "The first padded place is attended to. Place number `length` is "
        "padding already, since places count from 0."
    ),
    "first_length_for_all": (
        "Every sentence is cut at the first one's length. Each has its own; "
        "compare the places with lengths as a column."
    ),
    "softmax_over_batch": (
        "Your weights sum to 1 across sentences. Each query shares out its "
        "attention among the keys of its own sentence."
    ),
    "no_scale": (
        "The scores are not scaled. Divide them by √d_k before the softmax."
    ),
    "divided_by_d_k": (
        "You divided by d_k. Its root is asked for: it is the standard "
        "deviation of a score."
    ),
    "keys_mixed": (
        "You mixed the keys. The weights come from the keys; what is mixed "
        "are the values."
    ),
}


# --- what passes back to the query ------------------------------------------


def query_gradient(q, k, v, c, scale):
    q = q.detach().clone().requires_grad_()  # (d_k,)
    weights = (scale * (k @ q)).softmax(dim=-1)  # (S,)
    b = weights @ v  # (d_v,)
    (gradient,) = torch.autograd.grad(c @ b, q)  # (d_k,)
    return gradient


GRADIENT_STARTER = '''def query_gradient(q, k, v, c, scale):
    """How c·b changes with the query, b being the output of attention.

    q : tensor (d_k,). k : (S, d_k). v : (S, d_v). c : (d_v,).
    scale : the dot products are multiplied by it before the softmax.
    Returns a tensor (d_k,): the gradient of c·b with respect to q.
    Leaves q as it is; by autograd or by a formula, as you like.
    """
    raise NotImplementedError
'''


def _gradient_variant(wrong):
    def answer(q, k, v, c, scale):
        weights = (scale * (k @ q)).softmax(-1)  # (S,)
        if "scale_outside_softmax" in wrong:
            weights = (k @ q).softmax(-1)
        into = v @ c  # (S,), the gradient with respect to the weights
        if "c_forgotten" in wrong:
            into = v.sum(-1)
        if "of_the_weights" in wrong:
            into = torch.zeros_like(into)  # as for any constant: no gradient
        if "relu_for_softmax" in wrong:
            back = (k @ q > 0) * into
        elif "normalising_forgotten" in wrong:
            back = weights * into
        elif "softmax_left_out" in wrong:
            back = into
        else:
            back = weights * (into - weights @ into)  # (S,)
        factor = 1.0 if "scale_forgotten" in wrong else scale
        if "to_the_scores" in wrong:
            return factor * back
        if "to_the_keys" in wrong:
            return factor * back[:, None] * q
        out = factor * back @ k  # (d_k,)
        if "sign_flipped" in wrong:
            out = -out
        if "added_up" in wrong:
            out = 2 * out
        return out.norm() if "norm_only" in wrong else out

    return answer


def _gradient_cases(rng):
    def case(name, n_keys, d_k, d_v, scale, like=torch.float64, by=1.0):
        shapes = ((d_k,), (n_keys, d_k), (n_keys, d_v), (d_v,))
        arrays = [rng.standard_normal(s) for s in shapes]
        arrays[0] = by * arrays[0]
        return Case(name, (*(_tensor(x, like) for x in arrays), scale))

    hand = ([1.0, -1.0], [[0.0, 1], [1, 0], [1, 1], [1, 0]],
            [[2.0, 0], [1, 3], [3, 3], [1, 3]], [1.0, 0.0])  # fmt: skip
    return [
        Case("“I”, first entry of b¹", (*map(_tensor, hand), 1.0)),
        case("5 keys, d_k = 3, scaled", 5, 3, 2, 3**-0.5),
        case("7 keys, d_k = 11, not scaled", 7, 11, 3, 1.0),
        case("3 keys, long query", 3, 5, 7, 0.5, by=3.0),
        case("float32", 11, 7, 5, 0.25, torch.float32),
    ]


GRADIENT_TRAPS = {
    "of_the_weights": (
        "Your gradient is 0 up to rounding. So is that of the sum of the "
        "weights, which is 1 whatever the query; c·b is asked for, and the "
        "way back to q must not be cut by a `detach`."
    ),
    "c_forgotten": (
        "You differentiated the sum of b's entries. Each entry counts as "
        "much as c says."
    ),
    "normalising_forgotten": (
        "In the softmax, raising one score lowers all the other weights. "
        "Your formula leaves that part out."
    ),
    "relu_for_softmax": (
        "This is the gradient with ReLU weights. Softmax is asked for, "
        "where every key takes part in every weight."
    ),
    "softmax_left_out": (
        "Your gradient passes the softmax as if it were not there. It is "
        "weighted by α′ on its way back."
    ),
    "scale_forgotten": (
        "The scale is missing from the way back. It multiplies the dot "
        "products, so it multiplies their gradient as well."
    ),
    "scale_outside_softmax": (
        "Your weights are those of scores that are not scaled. The scale "
        "comes before the softmax, on the way forward too."
    ),
    "to_the_scores": (
        "This is the gradient with respect to the scores, one number per "
        "key. One step remains: each score is a dot product with the query."
    ),
    "to_the_keys": (
        "This is the gradient with respect to the keys. How b changes with "
        "the query is asked for."
    ),
    "norm_only": (
        "You return the gradient's length. The gradient itself is asked "
        "for, one number per entry of the query."
    ),
    "sign_flipped": (
        "The sign is the wrong way round: this is the direction in which "
        "c·b falls. The gradient points to where it rises."
    ),
    "added_up": (
        "Your gradient is twice the right one. `backward` adds to what "
        "`.grad` holds already; two calls add up."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="04.attend_padded",
        title="one query per sentence in a padded batch",
        difficulty=2,
        minutes=12,
        tier="torch",
        reference=attend_padded,
        starter=PADDED_STARTER,
        cases=_padded_cases,
        traps=traps_from(_padded_variant, PADDED_TRAPS),
        variant=_padded_variant,
        properties=(
            Property(
                "padding_is_ignored",
                "What stands in the padding changes your answer. It should "
                "be as if it were not there.",
                _two_paddings,
                lambda cases, outs: all(
                    torch.allclose(x, y, atol=1e-5)
                    for x, y in zip(*outs, strict=True)
                ),
            ),
        ),
        hints=(
            "First without padding: scores (B, S), divided by √d_k, softmax, "
            "weighted sum. `torch.einsum` or a product with an extra axis "
            "does it for all sentences at once.",
            "Place s of sentence b is real if s is less than lengths[b]. "
            "`torch.arange` compared with the lengths as a column gives a "
            "mask (B, S).",
            "Fill the scores of padding with −inf before the softmax, "
            "whose exponential is 0. Mind on which of the two values "
            "`masked_fill` acts.",
        ),
    ),
    Exercise(
        id="04.query_gradient",
        title="the gradient that reaches the query",
        difficulty=3,
        minutes=15,
        tier="torch",
        reference=query_gradient,
        starter=GRADIENT_STARTER,
        cases=_gradient_cases,
        traps=traps_from(_gradient_variant, GRADIENT_TRAPS),
        variant=_gradient_variant,
        hints=(
            "Write the forward pass from q to the number c·b first.",
            "Autograd needs a query that asks for a gradient. A detached "
            "copy with `requires_grad_()` leaves the caller's alone.",
            "`torch.autograd.grad` of that number with respect to the copy "
            "is the answer. By hand: back through c and the values, then the "
            "softmax, then the keys.",
        ),
    ),
)
