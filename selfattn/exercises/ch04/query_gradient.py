"""Exercise 04.query_gradient."""

import torch

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def query_gradient(q, k, v, g, scale):
    """How g·b changes with the query, b being the output of attention.

    q : tensor (d_k,). k : (S, d_k). v : (S, d_v). g : (d_v,), held fixed.
    scale : the dot products are multiplied by it before the softmax.
    Returns a tensor (d_k,): the gradient of g·b with respect to q.
    Leaves q as it is; by autograd or by a formula, as you like.
    """
    q = q.detach().clone().requires_grad_()  # (d_k,)
    weights = (scale * (k @ q)).softmax(dim=-1)  # (S,)
    b = weights @ v  # (d_v,)
    (gradient,) = torch.autograd.grad(g @ b, q)  # (d_k,)
    return gradient


HINTS = (
    "Write the forward pass from q to the number g·b first.",
    "Autograd needs a query that asks for a gradient. A detached "
    "copy with `requires_grad_()` leaves the caller's alone.",
    "`torch.autograd.grad` of that number with respect to the copy "
    "is the answer. By hand: back through g and the values, then the "
    "softmax, then the keys.",
)


def cases(rng):
    def case(name, n_keys, d_k, d_v, scale, like=torch.float64, by=1.0):
        shapes = ((d_k,), (n_keys, d_k), (n_keys, d_v), (d_v,))
        arrays = [rng.standard_normal(s) for s in shapes]
        arrays[0] = by * arrays[0]
        return Case(name, (*(tensor(x, like) for x in arrays), scale))

    hand = (
        [1.0, -1.0],
        [[0.0, 1], [1, 0], [1, 1], [1, 0]],
        [[2.0, 0], [1, 3], [3, 3], [1, 3]],
        [1.0, 0.0],
    )
    return [
        Case("“I”, first entry of b¹", (*map(tensor, hand), 1.0)),
        case("one key", 1, 3, 2, 0.5),
        case("5 keys, d_k = 3, scaled", 5, 3, 2, 3**-0.5),
        case("7 keys, d_k = 11, not scaled", 7, 11, 3, 1.0),
        case("3 keys, long query", 3, 5, 7, 0.5, by=3.0),
        case("float32", 11, 7, 5, 0.25, torch.float32),
    ]


MISTAKES = {
    "of_the_weights": (
        "Your gradient is 0 up to rounding. So is that of the sum of the "
        "weights, which is 1 whatever the query; g·b is asked for, and the "
        "way back to q must not be cut by a `detach`."
    ),
    "g_forgotten": (
        "You differentiated the sum of b's entries. Each entry counts as "
        "much as g says."
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
        "The sign is wrong: this is the direction in which g·b falls. The "
        "gradient points to where it rises."
    ),
    "added_up": (
        "Your gradient is twice the right one. `backward` adds to what "
        "`.grad` holds already; two calls add up."
    ),
}


def variant(wrong):
    def answer(q, k, v, g, scale):
        weights = (scale * (k @ q)).softmax(-1)  # (S,)
        if "scale_outside_softmax" in wrong:
            weights = (k @ q).softmax(-1)
        into = v @ g  # (S,), the gradient with respect to the weights
        if "g_forgotten" in wrong:
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


EXERCISE = exercise(
    query_gradient,
    title="The gradient that reaches the query",
    difficulty=3,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
