"""Exercise 04.attend_padded."""

import math

import torch

from selfattn.attention import device
from selfattn.exercises.model import Case, Property, exercise
from selfattn.exercises.tensors import tensor


def attend_padded(q, k, v, lengths):
    """Scaled dot-product attention for one query per padded sentence.

    q : tensor (B, d_k). k : (B, S, d_k). v : (B, S, d_v).
    lengths : integer tensor (B,), 1 or more: only the first lengths[b] keys
        and values of sentence b are real, the rest is padding.
    Returns out (B, d_v) and weights (B, S); padding has weight 0.
    """
    scores = torch.einsum("bd,bsd->bs", q, k) / math.sqrt(q.shape[-1])
    places = torch.arange(k.shape[1], device=k.device)  # (S,)
    real = places < lengths[:, None]  # (B, S)
    scores = scores.masked_fill(~real, -torch.inf)  # (B, S)
    weights = scores.softmax(dim=-1)  # (B, S)
    out = torch.einsum("bs,bsd->bd", weights, v)  # (B, d_v)
    return out, weights


HINTS = (
    "First without padding: scores (B, S), divided by √d_k, softmax, "
    "weighted sum. `torch.einsum` or a product with an extra axis "
    "does it for all sentences at once.",
    "Place s of sentence b is real if s is less than lengths[b]. "
    "`torch.arange` compared with the lengths as a column gives a "
    "mask (B, S).",
    "Fill the scores of padding with −inf before the softmax, "
    "whose exponential is 0. Mind on which of the two values "
    "`masked_fill` acts.",
)


def cases(rng):
    def case(
        name, lengths, size, d_k, d_v, like=torch.float64, by=1.0, low=0.0
    ):
        n, zero = len(lengths), 0.0 if "exactly 0" in name else 1.0
        q = by * rng.standard_normal((n, d_k))
        k = rng.standard_normal((n, size, d_k))
        v = rng.standard_normal((n, size, d_v))
        for b, length in enumerate(lengths):
            k[b, :length] -= low * q[b]  # scores far below those of padding
            k[b, length:] += 2 * q[b]  # tempting, so that it must be masked
            k[b, 0] *= zero  # a real key may score exactly 0
            v[b, length:] = 50
        where = torch.tensor(lengths, device=device())
        args = (*(tensor(x, like) for x in (q, k, v)), where)
        return Case(name, args)

    return [
        case("2 sentences, of 3 words and of 1", [3, 1], 3, 2, 2),
        case("no padding at all", [5, 5, 5], 5, 3, 7),
        case("lengths 7, 2, 5", [7, 2, 5], 7, 3, 11),
        case("everybody shorter than the batch", [3, 2, 5, 1, 4], 7, 11, 3),
        case("large scores", [3, 2], 5, 7, 2, by=60.0),
        case("real scores below −1000", [4, 1, 3], 5, 7, 2, by=40.0, low=9),
        case("a real key that scores exactly 0", [4, 2, 3], 5, 2, 7),
        case("float32", [2, 11, 5], 11, 5, 3, torch.float32),
    ]


def two_paddings(rng):
    q = rng.standard_normal((3, 5))
    k = rng.standard_normal((3, 7, 5))
    v = rng.standard_normal((3, 7, 2))
    lengths = torch.tensor([4, 7, 1], device=device())
    made = []
    for name, fill in (("padding of zeros", 0.0), ("padding of nines", 9.0)):
        for b, length in enumerate((4, 7, 1)):
            k[b, length:] = v[b, length:] = fill
        args = (*(tensor(x.copy()) for x in (q, k, v)), lengths)
        made.append(Case(name, args))
    return made


PROPERTIES = (
    Property(
        "padding_is_ignored",
        "What stands in the padding changes your answer. It should "
        "be as if it were not there.",
        two_paddings,
        lambda cases, outs: all(
            torch.allclose(x, y, atol=1e-5) for x, y in zip(*outs, strict=True)
        ),
    ),
)

MISTAKES = {
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
    "finite_fill": (
        "You give the scores of padding a number such as −1000. Real scores "
        "can be lower than that, and then padding gets the weight; −∞ is "
        "lower than every number."
    ),
    "zero_is_padding": (
        "You take a score of exactly 0 for padding. A real key can score 0 "
        "too; the lengths say what is real."
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


def variant(wrong):
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
        elif "finite_fill" in wrong:
            weights = torch.where(real, scores, -1000.0).softmax(dim)
        else:
            if "zero_is_padding" in wrong:
                real = real & (scores != 0)
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


EXERCISE = exercise(
    attend_padded,
    title="One query per sentence in a padded batch",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
