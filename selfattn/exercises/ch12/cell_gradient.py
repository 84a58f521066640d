"""Exercise 12.cell_gradient."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def cell_gradient(forget):
    """How strongly the last cell of an LSTM depends on each earlier cell.

    forget : float array (L, d), the forget gates of steps 0 to L - 1, each
        from 0 to 1. The cell of step t is
        c[t] = forget[t] * c[t - 1] + something that does not depend on c.
    Returns an array (L, d): in row t the derivative of c[L - 1] with respect
    to c[t], entry by entry. The last row is all ones.
    """
    backwards = forget[:0:-1]  # (L - 1, d), the last row down to row 1
    later = np.cumprod(backwards, axis=0)  # (L - 1, d)
    last = np.ones((1, forget.shape[1]))  # (1, d)
    return np.concatenate([last, later])[::-1]  # (L, d)


HINTS = (
    "How does c[L - 1] depend on c[L - 2]? And c[L - 2] on c[L - 3]? Multiply "
    "the two (chain rule).",
    "Row t is the product of the gates of the steps t + 1 to L - 1. The gate "
    "of step t itself is not in it: it acts on c[t - 1].",
    "`np.cumprod` multiplies from the front. Turn the array round first, and "
    "back at the end; a gate of 0 forbids dividing by it.",
)


def cases(rng):
    made = [
        Case("3 steps, 1 cell", (np.array([[0.5], [0.25], [0.5]]),)),
        Case("1 step", (np.array([[0.3, 0.7]]),)),
        Case(
            "a gate that is closed",
            (np.array([[0.9, 1.0], [0.0, 0.5], [0.4, 1.0], [0.5, 0.2]]),),
        ),
        Case("gates that are open", (np.ones((5, 2)),)),
    ]
    for n, d in ((7, 3), (3, 11), (13, 2)):
        gates = 1 / (1 + np.exp(-rng.standard_normal((n, d))))  # (L, d)
        made.append(Case(f"{n} steps, {d} cells", (gates,)))
    return made


MISTAKES = {
    "own_gate": (
        "The gate of step t is in the product for c[t]. It acts on c[t - 1]; "
        "what makes c[t] small again comes later."
    ),
    "from_the_front": (
        "You multiplied from the first step on. Row t needs the gates that "
        "come after step t."
    ),
    "from_the_front_all": (
        "Your row t is the product of the gates 0 to t. They act on the cells "
        "before c[t]; row t needs the gates that come after."
    ),
    "first_missing": (
        "Your product leaves out the gate of step t + 1. It is the first "
        "that acts on c[t]."
    ),
    "not_turned_back": (
        "The rows are in the wrong order: the last cell's own row, the ones, "
        "comes last."
    ),
    "summed": (
        "You added the gates up. By the chain rule the derivatives of the "
        "steps are multiplied."
    ),
    "next_only": (
        "Each row holds the next gate alone. The way from c[t] to the last "
        "cell goes through all the later ones."
    ),
    "power_of_mean": (
        "You took a power of the mean gate. Each step has its own gate."
    ),
    "one_minus": (
        "You multiplied 1 minus the gates. An open forget gate, 1, keeps all."
    ),
    "over_cells": (
        "You multiplied along the cells of one step. The product runs over "
        "the steps, for each cell alone."
    ),
}


def variant(wrong):
    def answer(forget):
        gates = 1 - forget if "one_minus" in wrong else forget
        n, d = gates.shape
        if "power_of_mean" in wrong:
            back = np.arange(n)[::-1, None]
            return gates.mean(axis=0) ** back
        axis = 1 if "over_cells" in wrong else 0
        if "over_cells" in wrong:
            return np.cumprod(gates, axis=axis)
        if "from_the_front_all" in wrong:
            return np.cumprod(gates, axis=0)
        if "from_the_front" in wrong:
            first = np.ones((1, d))
            made = np.concatenate([first, np.cumprod(gates[1:], axis=0)])
            return made
        rows = []
        for t in range(n):
            start = t if "own_gate" in wrong else t + 1
            start = t + 2 if "first_missing" in wrong else start
            part = gates[start:]
            if "next_only" in wrong:
                part = part[:1]
            if "summed" in wrong:
                rows.append(part.sum(axis=0) if len(part) else np.ones(d))
            else:
                rows.append(part.prod(axis=0))
        made = np.array(rows)
        return made[::-1] if "not_turned_back" in wrong else made

    return answer


EXERCISE = exercise(
    cell_gradient,
    title="What the forget gates leave of a gradient",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
