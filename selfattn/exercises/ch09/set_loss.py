"""Exercise 09.set_loss."""

import torch
from torch import nn

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def set_loss(scores, boxes, kinds, truths, matched):
    """The loss of one image, once its objects have been matched.

    scores : tensor (Q, K + 1), before the softmax; column K means "no
        object".
    boxes : tensor (Q, 4), what each answer predicts.
    kinds : whole numbers (N,), 0 to K - 1, the true kind of each object.
    truths : tensor (N, 4), its true box.
    matched : whole numbers (N,), the answer that each object was given.
    Returns one number: the mean over all Q answers of the cross-entropy of
    their kinds, where answers without an object should say "no object", plus
    5 times the L1 distance of the boxes, summed over the 4 numbers and
    averaged over the N objects. With N = 0 the second part is 0.
    """
    n_queries, no_object = scores.shape[0], scores.shape[1] - 1
    wanted = torch.full((n_queries,), no_object, device=scores.device)
    wanted[matched] = kinds
    loss = nn.functional.cross_entropy(scores, wanted)
    far = (boxes[matched] - truths).abs().sum(dim=-1)  # (N,)
    return loss + 5 * far.sum() / max(len(kinds), 1)


HINTS = (
    'Every answer gets a kind that it should have said. Begin with "no '
    'object" for all, and overwrite those that were matched.',
    "`wanted[matched] = kinds` does it. Then one call of cross_entropy takes "
    "care of all answers.",
    "Pick the matched boxes with `boxes[matched]`: row i now belongs to "
    "object i. An average over nothing is NaN, so treat N = 0 with care.",
)


def cases(rng):
    def case(name, n, q, k, dtype=torch.float64):
        matched = tensor(rng.permutation(q)[:n]).long()
        return Case(
            name,
            (
                tensor(2 * rng.standard_normal((q, k + 1)), dtype),
                tensor(rng.random((q, 4)), dtype),
                tensor(rng.integers(0, k, n)).long(),
                tensor(rng.random((n, 4)), dtype),
                matched,
            ),
        )

    return [
        case("one object, two answers", 1, 2, 2),
        case("2 objects, 5 answers, 3 kinds", 2, 5, 3),
        case("no object", 0, 3, 2),
        case("as many objects as answers", 3, 3, 5),
        case("3 objects, 7 answers, 2 kinds", 3, 7, 2),
        case("5 objects, 7 answers, 3 kinds", 5, 7, 3),
        case("float32", 2, 5, 3, torch.float32),
    ]


MISTAKES = {
    "matched_only": (
        "Only matched answers count in your cross-entropy. The others must "
        'learn to say "no object", or the detector finds things '
        "everywhere."
    ),
    "in_order": (
        "You compared object i with answer i. The matching says which answer "
        "belongs to it."
    ),
    "boxes_in_order": (
        "The kinds follow the matching, but the boxes do not: you compared "
        "the box of object i with that of answer i."
    ),
    "matching_inverted": (
        "You used the matching the wrong way round. `matched[i]` is the "
        "answer of object i, not the object of answer i."
    ),
    "no_object_first": (
        'You take column 0 for "no object". It is the last column.'
    ),
    "not_weighted": (
        "The distance of the boxes counts once. It should count 5 times."
    ),
    "squared": (
        "You squared the differences of the boxes. L1 takes their absolute "
        "values."
    ),
    "entries_averaged": (
        "You averaged the four numbers of each box. They are summed; only the "
        "objects are averaged."
    ),
    "objects_summed": (
        "You summed the distances over the objects. Crowded images would "
        "count more; take their mean."
    ),
    "over_queries": (
        "You divided the distances by the number of answers. Divide by the "
        "number of objects."
    ),
    "entropy_summed": (
        "You summed the cross-entropies. Their mean over all answers is asked "
        "for."
    ),
    "nan_without_objects": (
        "An image without objects gives NaN: you divided by 0 objects."
    ),
    "probabilities_twice": (
        "You applied softmax before `cross_entropy`, which applies it itself."
    ),
}


def variant(wrong):
    def answer(scores, boxes, kinds, truths, matched):
        n, q = len(kinds), len(scores)
        no_object = scores.shape[1] - 1
        if "in_order" in wrong:
            matched = torch.arange(n, device=scores.device)
        if "probabilities_twice" in wrong:
            scores = scores.softmax(dim=-1)
        rows = matched
        if "matching_inverted" in wrong:
            rows = torch.argsort(matched)
        empty = 0 if "no_object_first" in wrong else no_object
        wanted = torch.full((q,), empty, device=scores.device)
        wanted[rows] = kinds
        each = nn.functional.cross_entropy(scores, wanted, reduction="none")
        if "matched_only" in wrong:
            each = each[rows]
        if "entropy_summed" in wrong:
            loss = each.sum()
        else:
            loss = each.sum() / max(len(each), 1)
        picked = boxes[:n] if "boxes_in_order" in wrong else boxes[rows]
        gap = picked - truths
        gap = gap**2 if "squared" in wrong else gap.abs()
        far = gap.mean(-1) if "entries_averaged" in wrong else gap.sum(-1)
        count = n if "nan_without_objects" in wrong else max(n, 1)
        if "over_queries" in wrong:
            count = q
        if "objects_summed" in wrong:
            count = 1
        pairs = far.sum() / count if count else far.mean()
        return loss + (1 if "not_weighted" in wrong else 5) * pairs

    return answer


EXERCISE = exercise(
    set_loss,
    title="The loss of a set",
    difficulty=2,
    minutes=15,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
