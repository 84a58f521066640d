"""Exercise 02.masked_cross_entropy."""

import numpy as np

from selfattn.exercises.ch02._padding import prefix_mask
from selfattn.exercises.model import Case, exercise


def masked_cross_entropy(logits, targets, mask):
    """Mean cross-entropy over the real tokens of a batch.

    logits : float array (B, L, C), a score for each class, before softmax.
        Scores can be as large as 1000.
    targets : integer array (B, L), the right class; in the padding it holds
        some class or other.
    mask : boolean array (B, L), True where the token is real. Padding can
        stand anywhere, and a row may be padding alone, but not every row.
    Returns one number: minus the natural logarithm of the right class's
    probability, averaged over all real tokens of the batch.
    """
    top = logits.max(axis=-1, keepdims=True)  # (B, L, 1)
    total = np.exp(logits - top).sum(axis=-1, keepdims=True)  # (B, L, 1)
    log_p = logits - top - np.log(total)  # (B, L, C)
    picked = np.take_along_axis(log_p, targets[..., None], axis=-1)
    return -picked[..., 0][mask].mean()


HINTS = (
    "Three steps: log-probabilities of all classes, the one of the "
    "right class, and the mean over the tokens that are real.",
    "The logarithm of softmax is: score − largest score − log of the "
    "sum of exp(score − largest score). No probability is ever "
    "computed, so none can become 0.",
    "`np.take_along_axis` picks one entry per token. Indexing the "
    "resulting (B, L) array with the mask leaves a flat list of the "
    "real tokens.",
)


def cases(rng):
    halves = np.log([[[4.0, 2, 1, 1], [1, 2, 1, 4], [1, 2, 4, 1]]])
    made = [
        Case(
            "three words, no padding",
            (halves, np.array([[0, 1, 2]]), np.ones((1, 3), bool)),
        ),
        Case(
            "two words and one of padding",
            (halves, np.array([[0, 1, 1]]), np.array([[True, True, False]])),
        ),
    ]
    for shape in ((2, 5, 3), (3, 7, 11)):
        logits = 2 * rng.standard_normal(shape)  # (B, L, C)
        targets = rng.integers(shape[-1], size=shape[:2])  # (B, L)
        mask = prefix_mask(rng, *shape[:2])
        name = f"logits {shape}, sentences of different length"
        made.append(Case(name, (logits, targets, mask)))
    high = 1000 + 2 * rng.standard_normal((2, 5, 3))  # (B, L, C)
    targets = rng.integers(3, size=(2, 5))  # (B, L)
    mask = prefix_mask(rng, 2, 5)
    made.append(Case("scores near 1000", (high, targets, mask)))
    low = 2 * rng.standard_normal((2, 5, 3))
    low[0, 2, targets[0, 2]] = -1000.0  # probability exp(-1000)
    made.append(Case("one score of -1000", (low, targets, mask)))
    wide = 2 * rng.standard_normal((3, 4, 5))
    wide[0] += 1000.0
    wide[1] -= 1000.0
    targets = rng.integers(1, 5, size=(3, 4))
    targets[0, 1] = targets[2, 0] = 0  # class 0 is one like any other
    anywhere = np.array([[0, 1, 1, 0], [1, 0, 1, 1], [1, 1, 0, 1]], bool)
    made.append(
        Case("scores near 1000 and near −1000", (wide, targets, anywhere))
    )
    alone = anywhere.copy()
    alone[1] = False
    made.append(Case("a row of padding alone", (wide / 500, targets, alone)))
    logits = 2 * rng.standard_normal((3, 5, 7)).astype(np.float32)
    targets = rng.integers(7, size=(3, 5))
    mask = prefix_mask(rng, 3, 5)
    made.append(Case("float32", (logits, targets, mask)))
    return made


MISTAKES = {
    "over_padding": (
        "You average over every place of the batch, padding included. Then "
        "the loss depends on how much padding there is, and the model is "
        "trained on it too."
    ),
    "padding_zeroed": (
        "You set the padding's scores to 0 and average over every place. "
        "After the softmax, equal scores are a guess among C classes, and "
        "such a guess costs ln C."
    ),
    "divided_by_all": (
        "The padding's losses are gone from the sum, but you still divide by "
        "the number of places. Then a batch with much padding has a small "
        "loss."
    ),
    "sum_not_mean": (
        "You return the sum. It grows with the number of words, so that long "
        "batches make large steps; divide by the number of real tokens."
    ),
    "per_sentence": (
        "You divide by the number of sentences. The mean per token is asked "
        "for, so divide by the number of real tokens."
    ),
    "mean_of_means": (
        "You average each sentence, and then the averages. A word in a short "
        "sentence then counts more than one in a long sentence; pool all real "
        "tokens of the batch first."
    ),
    "mask_inverted": (
        "You keep the padding and drop the words. In this book True means "
        "real."
    ),
    "mask_from_zeros": (
        "You take every target 0 for padding. Class 0 is one like any other; "
        "only the mask knows what is padding."
    ),
    "all_classes": (
        "You average over all classes. For each token only the class that is "
        "right counts."
    ),
    "perplexity": (
        "You took the exponential of the mean at the end. That is the "
        "perplexity; the mean itself is asked for."
    ),
    "one_maximum": (
        "You subtract the largest score of the whole batch from every token. "
        "If a token's scores all lie far below it, their exponentials become "
        "0; take the largest score of each token."
    ),
    "softmax_over_all": (
        "Your softmax runs over the whole batch. For each token, the "
        "probabilities of its classes should sum to 1."
    ),
    "clipped": (
        "You keep probabilities above a small number. That limits the loss; "
        "stay with logarithms and no such number is needed."
    ),
    "softmax_over_positions": (
        "Your softmax runs along the sentence, so the probabilities of one "
        "class over all words sum to 1. For each word, those of all classes "
        "should."
    ),
    "no_softmax": (
        "You take the scores for logarithms of probabilities. They become "
        "that only when the logarithm of the sum of their exponentials is "
        "subtracted."
    ),
    "no_log": (
        "You average the probability itself. Without the logarithm a wrong "
        "answer given with certainty costs hardly more than a doubtful one."
    ),
    "sign": (
        "Your loss is negative, and training would drive it down to minus "
        "infinity. A loss is minus the log-probability."
    ),
    "base_two": (
        "Your logarithm has base 2, which makes the loss 1.44 times as large. "
        "The natural one is asked for."
    ),
    "overflow": (
        "The exponential of 1000 is too large for a float, and infinity over "
        "infinity is NaN. Subtract each word's largest score first: the "
        "probabilities stay the same."
    ),
    "sum_overflows": (
        "The exponential of 1000 is too large for a float, so your sum is "
        "infinite and the loss with it. Take each word's largest score out "
        "before you exponentiate."
    ),
    "log_of_zero": (
        "A probability of exp(−1000) is rounded to 0, and its logarithm is "
        "minus infinity. The true value is −1000: do not leave the logarithms "
        "on the way."
    ),
    "small_added": (
        "You add a small number inside the logarithm. That hides a "
        "probability of 0 and caps the loss at about 20; stay with logarithms "
        "and no such number is needed."
    ),
}


def variant(wrong):
    def answer(logits, targets, mask):
        z = logits
        if "padding_zeroed" in wrong:
            z = np.where(mask[..., None], z, 0)
        axis = 1 if "softmax_over_positions" in wrong else -1
        top = z.max(axis=axis, keepdims=True)
        if "one_maximum" in wrong:
            top = z.max()
        with np.errstate(all="ignore"):
            if "overflow" in wrong:
                p = np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
            else:
                p = np.exp(z - top)
                p = p / p.sum(axis=axis, keepdims=True)  # (B, L, C)
            if "overflow" in wrong or "log_of_zero" in wrong:
                log_p = np.log(p)
            elif "small_added" in wrong:
                log_p = np.log(p + 1e-9)
            elif "sum_overflows" in wrong:
                log_p = z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
            else:
                spread = np.exp(z - top).sum(axis=axis, keepdims=True)
                log_p = z - top - np.log(spread)  # (B, L, C)
        if "softmax_over_all" in wrong:
            with np.errstate(all="ignore"):
                log_p = z - top - np.log(np.exp(z - top).sum())
        if "clipped" in wrong:
            log_p = np.log(np.clip(p, 1e-12, 1))
        if "no_log" in wrong:
            log_p = p
        if "no_softmax" in wrong:
            log_p = z
        if "base_two" in wrong:
            log_p = log_p / np.log(2)
        loss = -np.take_along_axis(log_p, targets[..., None], -1)[..., 0]
        if "all_classes" in wrong:
            loss = -log_p.mean(axis=-1)  # (B, L)
        if "sign" in wrong:
            loss = -loss
        if "mask_from_zeros" in wrong:
            mask = targets != 0
        if "over_padding" in wrong or "padding_zeroed" in wrong:
            return loss.mean()
        real = ~mask if "mask_inverted" in wrong else mask
        loss = np.where(real, loss, 0)  # (B, L)
        if "sum_not_mean" in wrong:
            return loss.sum()
        if "per_sentence" in wrong:
            return loss.sum() / len(loss)
        if "divided_by_all" in wrong:
            return loss.mean()
        if "mean_of_means" in wrong:
            with np.errstate(all="ignore"):
                return (loss.sum(axis=1) / real.sum(axis=1)).mean()
        if "perplexity" in wrong:
            return np.exp(loss.sum() / real.sum())
        return loss.sum() / real.sum()

    return answer


EXERCISE = exercise(
    masked_cross_entropy,
    title="Cross-entropy without the padding",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
