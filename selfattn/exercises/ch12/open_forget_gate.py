"""Exercise 12.open_forget_gate."""

import numpy as np
import torch

from selfattn.exercises.model import Case, exercise
from selfattn.exercises.tensors import tensor


def open_forget_gate(bias_ih, bias_hh, share):
    """The biases of an LSTM whose forget gate starts at a given share.

    bias_ih, bias_hh : tensors (4 * d,), as torch.nn.LSTM has them for one
        layer. Each holds four parts of d numbers, in torch's order: input
        gate, forget gate, cell, output gate. A gate is the sigmoid of the sum
        of both biases and of what input and state give.
    share : a number between 0 and 1, what the forget gate should be for an
        input and a state of zeros.
    Returns new tensors, bias_ih and bias_hh. The forget part of bias_ih is
    what gives the share, that of bias_hh is 0; all else is as it was. The
    given tensors stay as they are.
    """
    bias_ih, bias_hh = bias_ih.clone(), bias_hh.clone()  # (4 d,) each
    d = len(bias_ih) // 4
    bias_ih[d : 2 * d] = np.log(share / (1 - share))
    bias_hh[d : 2 * d] = 0
    return bias_ih, bias_hh


HINTS = (
    "Which number has the sigmoid `share`? Solve 1 / (1 + exp(-b)) = share "
    "for b, or look for torch.logit.",
    "The forget gate is the second of four parts: the entries d to 2 d - 1, "
    "where d is a quarter of the length.",
    "Both biases are added, so one of them gets log(share / (1 - share)) and "
    "the other 0. Clone the tensors before you write into them.",
)


def cases(rng):
    made = []
    for d, share in ((1, 0.5), (3, 0.9), (7, 0.993), (5, 0.25)):
        biases = [tensor(rng.standard_normal(4 * d)) for _ in range(2)]
        name = f"d = {d}, a share of {share}"
        made.append(Case(name, (*biases, share)))
    biases = [tensor(rng.standard_normal(8), torch.float32) for _ in range(2)]
    made.append(Case("d = 2, a share of 0.75, float32", (*biases, 0.75)))
    return made


MISTAKES = {
    "share_itself": (
        "You wrote the share itself into the bias. The gate is the sigmoid of "
        "the bias: find the number whose sigmoid is the share."
    ),
    "log_alone": (
        "You wrote log(share). The sigmoid's inverse is "
        "log(share / (1 - share))."
    ),
    "sign_flipped": (
        "The sign is wrong: the gate starts at 1 minus the share."
    ),
    "both_full": (
        "Both biases got the full number. They are added, so the gate is more "
        "open than asked; one of them is 0."
    ),
    "halved": (
        "You shared the number out to both biases. Here the forget part of "
        "bias_hh is asked to be 0."
    ),
    "other_kept": (
        "bias_hh still has its old forget part, and it is added to the gate. "
        "Set it to 0."
    ),
    "input_gate": (
        "You changed the input gate, the first part. torch's order is input, "
        "forget, cell, output."
    ),
    "cell_part": (
        "You changed the third part, the cell. torch's order is input, "
        "forget, cell, output."
    ),
    "output_gate": (
        "You changed the output gate, the last part. torch's order is input, "
        "forget, cell, output."
    ),
    "every_fourth": (
        "You changed every fourth number. The four parts stand one behind the "
        "other, each of d numbers."
    ),
    "whole_bias": (
        "You changed all four parts. Only the forget gate's should change."
    ),
    "added": (
        "You added to the old bias. The gate should start at the share "
        "exactly, whatever was there."
    ),
    "swapped": (
        "You wrote the number into bias_hh, and 0 into bias_ih. It is asked "
        "for the other way round."
    ),
}


def variant(wrong):
    def answer(bias_ih, bias_hh, share):
        ih, hh = bias_ih.clone(), bias_hh.clone()
        d = len(ih) // 4
        b = np.log(share / (1 - share))
        if "share_itself" in wrong:
            b = share
        if "log_alone" in wrong:
            b = np.log(share)
        if "sign_flipped" in wrong:
            b = -b
        part = slice(d, 2 * d)
        if "input_gate" in wrong:
            part = slice(0, d)
        if "cell_part" in wrong:
            part = slice(2 * d, 3 * d)
        if "output_gate" in wrong:
            part = slice(3 * d, 4 * d)
        if "every_fourth" in wrong:
            part = slice(1, None, 4)
        if "whole_bias" in wrong:
            part = slice(None)
        first, second = b, 0.0
        if "both_full" in wrong:
            second = b
        if "halved" in wrong:
            first = second = b / 2
        if "swapped" in wrong:
            first, second = second, first
        ih[part] = ih[part] + first if "added" in wrong else first
        if "other_kept" not in wrong:
            hh[part] = second
        return ih, hh

    return answer


EXERCISE = exercise(
    open_forget_gate,
    title="An LSTM that starts by remembering",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
