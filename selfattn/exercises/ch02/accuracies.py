"""Exercise 02.accuracies."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def accuracies(predicted, targets, mask):
    """How many tokens are right, and how many whole sequences.

    predicted, targets : integer arrays (B, T); what stands in the padding
        is arbitrary.
    mask : boolean array (B, T), True where the target is real. Padding can
        stand anywhere; each sequence has at least one real target.
    Returns two numbers between 0 and 1:
    per_token : share of all real tokens of the batch that are right.
    per_sequence : share of sequences whose real tokens are all right.
    """
    right = predicted == targets  # (B, T)
    per_token = right[mask].mean()
    per_sequence = (right | ~mask).all(axis=1).mean()
    return per_token, per_sequence


HINTS = (
    "Compare the two arrays first: a boolean array (B, T). Both "
    "rates follow from it and the mask.",
    "Per token: among the places where the mask is True, the share "
    "that is right.",
    "Per sequence: a place does no harm if it is right *or* padding. "
    "All places of a row must do no harm.",
)


def cases(rng):
    targets = np.array([[4, 4, 11, 0], [8, 0, 0, 11]])
    predicted = np.array([[4, 4, 11, 7], [8, 0, 11, 11]])
    mask = np.array([[1, 1, 1, 0], [1, 1, 1, 1]], bool)
    made = [
        Case("one of two numbers right", (predicted, targets, mask)),
        Case(
            "one sequence, wrong in the padding only",
            (np.array([[3, 1, 9]]), np.array([[3, 1, 0]]), mask[:1, 1:]),
        ),
        Case(
            "two digits in the wrong order",
            (
                np.array([[5, 3, 11], [7, 11, 2]]),
                np.array([[3, 5, 11], [7, 11, 0]]),
                np.array([[1, 1, 1], [1, 1, 0]], bool),
            ),
        ),
        Case(
            "padding in front and in between",
            (
                np.array([[1, 4, 0, 11], [6, 2, 9, 11], [8, 3, 3, 5]]),
                np.array([[0, 4, 0, 11], [6, 0, 9, 11], [8, 3, 4, 11]]),
                np.array([[0, 1, 1, 1], [1, 0, 1, 1], [1, 1, 0, 1]], bool),
            ),
        ),
    ]
    for n_items, size in ((7, 5), (13, 17), (11, 13)):
        targets = rng.integers(10, size=(n_items, size))  # (B, T)
        n_real = rng.integers(1, size, size=n_items)  # (B,)
        n_real[1] = size
        mask = np.arange(size) < n_real[:, None]  # (B, T)
        off = rng.random((n_items, size)) < 0.3  # (B, T)
        off[: n_items // 2] &= ~mask[: n_items // 2]  # right where real
        off[0, -1] = True  # wrong in the padding only
        off[2] = False  # right in the padding, too
        predicted = (targets + off) % 10
        name = f"{n_items} sequences of up to {size} tokens"
        made.append(Case(name, (predicted, targets, mask)))
    return made


MISTAKES = {
    "tokens_over_padding": (
        "Your rate per token runs over the padding as well. What stands "
        "there does not count, right or wrong."
    ),
    "divided_by_all": (
        "You count the right real tokens but divide by the number of places. "
        "With padding in the batch even a perfect answer stays below 1."
    ),
    "mean_of_means": (
        "Your rate per token is the mean of the sequences' rates, in which a "
        "token of a short sequence counts more. All real tokens of the batch "
        "count alike."
    ),
    "sequences_over_padding": (
        "You call a sequence wrong because of what stands in its padding. "
        "Only its real tokens have to be right."
    ),
    "padding_as_wrong": (
        "You call every sequence wrong that has padding: outside the mask "
        "your comparison is False. Padding must not make a sequence "
        "wrong."
    ),
    "mask_from_zeros": (
        "You take every target 0 for padding. Here 0 is a digit like any "
        "other; only the mask knows what is padding."
    ),
    "sums_compared": (
        "You compare the sums of two sequences. The same digits in another "
        "order have the same sum, and are another number."
    ),
    "last_token_only": (
        "You judge a sequence by its last real token alone. All of its real "
        "tokens must be right."
    ),
    "mask_not_inverted": (
        "You let every real token count as right in your second value. A "
        "place does no harm if it is right or padding."
    ),
    "wrong_axis": (
        "Your second value is a share of places. A sequence is a row, so all "
        "real tokens of a row must be right."
    ),
    "any_token": (
        "You call a sequence right if one of its tokens is. One wrong digit "
        "makes a wrong number, so all of them must be right."
    ),
    "most_tokens": (
        "You call a sequence right if more than half of its tokens are. One "
        "wrong digit makes a wrong number."
    ),
    "independent_errors": (
        "You raise the rate per token to the power of the length. That is "
        "what independent errors would give; count the sequences instead."
    ),
    "sequences_not_share": (
        "Your second value counts the right sequences. A share is asked for, "
        "between 0 and 1."
    ),
    "mask_inverted": (
        "You score the padding and leave the real tokens out. In this book "
        "True means real."
    ),
    "wrong_counted": (
        "You count the tokens that differ. That is the error rate, and "
        "accuracy is what is right."
    ),
    "swapped": (
        "You return the two rates in the wrong order: tokens first, then "
        "sequences."
    ),
}


def variant(wrong):
    def answer(predicted, targets, mask):
        right = predicted == targets  # (B, T)
        if "wrong_counted" in wrong:
            right = ~right
        if "mask_inverted" in wrong:
            mask = ~mask
        if "mask_from_zeros" in wrong:
            mask = targets != 0
        per_item = (right & mask).sum(axis=1) / mask.sum(axis=1)  # (B,)
        per_token = (right & mask).sum() / mask.sum()
        if "tokens_over_padding" in wrong:
            per_token = right.mean()
        if "divided_by_all" in wrong:
            per_token = (right & mask).mean()
        if "mean_of_means" in wrong:
            per_token = per_item.mean()
        whole = (right | ~mask).all(axis=1)  # (B,)
        if "sequences_over_padding" in wrong:
            whole = right.all(axis=1)
        if "padding_as_wrong" in wrong:
            whole = (right & mask).all(axis=1)
        if "any_token" in wrong:
            whole = (right & mask).any(axis=1)
        if "most_tokens" in wrong:
            whole = per_item > 0.5
        if "sums_compared" in wrong:
            whole = ((predicted - targets) * mask).sum(axis=1) == 0
        if "mask_not_inverted" in wrong:
            whole = (right | mask).all(axis=1)
        if "wrong_axis" in wrong:
            whole = (right | ~mask).all(axis=0)
        if "last_token_only" in wrong:
            last = mask.shape[1] - 1 - mask[:, ::-1].argmax(axis=1)  # (B,)
            whole = right[np.arange(len(mask)), last]
        per_sequence = whole.mean()
        if "independent_errors" in wrong:
            per_sequence = (per_token ** mask.sum(axis=1)).mean()
        if "sequences_not_share" in wrong:
            per_sequence = whole.sum()
        if "swapped" in wrong:
            return per_sequence, per_token
        return per_token, per_sequence

    return answer


EXERCISE = exercise(
    accuracies,
    title="Accuracy per token and per sequence",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
