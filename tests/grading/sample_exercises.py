"""Small exercises with which the grader's own tests are made."""

from __future__ import annotations

import numpy as np

from selfattn.exercises import Case, Exercise, Property, quiz_cases, traps_from


def weights(q, k, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def variant(wrong):
    unknown = wrong - set(MESSAGES)
    if unknown or wrong >= {"no_scale", "scale_by_d"}:
        raise ValueError("these exclude each other")

    def answer(q, k, mask=None):
        d = q.shape[-1]
        scores = q @ np.swapaxes(k, -1, -2)
        if "scale_by_d" in wrong:
            scores = scores / d
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(d)
        if mask is not None:
            keep = ~mask if "mask_inverted" in wrong else mask
            hidden = 0 if "mask_zero" in wrong else -np.inf
            scores = np.where(keep, scores, hidden)
        axis = -2 if "over_queries" in wrong else -1
        e = np.exp(scores - scores.max(axis, keepdims=True))
        return e / e.sum(axis, keepdims=True)

    return answer


MESSAGES = {
    "no_scale": "The scores grow with the width; they are not scaled.",
    "scale_by_d": "Divided by the width, where its root keeps the variance.",
    "over_queries": "Each query shares out its own attention.",
    "mask_inverted": "True means may attend.",
    "mask_zero": "A score of 0 still gets weight.",
}


def cases(rng):
    def normal(*shape):
        return rng.normal(size=shape)

    mask = np.tril(np.ones((5, 7), bool))
    mask[:, 0] = True
    return [
        Case(
            "2 queries, 3 keys",
            (
                np.array([[1.0, 0], [0, 2]]),
                np.array([[1.0, 1], [0, 1], [2, 0]]),
            ),
        ),
        Case("5 queries, 7 keys", (normal(5, 3), normal(7, 3))),
        Case("with a mask", (normal(5, 11), normal(7, 11)), {"mask": mask}),
        Case("a batch of 2", (normal(2, 3, 5), normal(2, 7, 5))),
        Case("large scores", (normal(3, 5) * 30, normal(7, 5) * 30)),
        Case(
            "float32",
            (normal(5, 3).astype("float32"), normal(7, 3).astype("float32")),
        ),
    ]


def make(**changes):
    given = dict(
        id="99.weights",
        title="attention weights",
        difficulty=1,
        minutes=3,
        reference=weights,
        starter="def weights(q, k, mask=None):\n"
        "    raise NotImplementedError\n",
        cases=cases,
        traps=traps_from(variant, MESSAGES),
        hints=("one", "two", "three"),
        variant=variant,
    )
    return Exercise(**{**given, **changes})


WEIGHTS = make()


def of(reference, *case_args, traps=None, **changes):
    """An exercise around any function, with one case per tuple of args."""
    made = [Case(f"case {i}", args) for i, args in enumerate(case_args)]
    return make(
        reference=reference,
        cases=lambda rng: made,
        traps=traps or {},
        variant=None,
        **changes,
    )


ROWS = Property(
    "rows_sum_to_one",
    "The rows must sum to one.",
    lambda rng: [
        Case("rows", (rng.normal(size=(3, 2)), rng.normal(size=(5, 2))))
    ],
    lambda cases, outs: np.allclose(outs[0].sum(-1), 1),
)


def quiz(right, traps=None):
    return make(
        kind="value",
        reference=lambda: right,
        cases=quiz_cases,
        traps=traps or {},
        variant=None,
        starter="answer = ...",
    )
