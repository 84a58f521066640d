"""Chapter 02, outputs: a label per vector, one in all, or a sequence."""

from __future__ import annotations

import numpy as np

from selfattn.exercises import Case, Exercise, Trap, quiz_cases, traps_from

# --- which kind of output --------------------------------------------------


def kinds():
    return {
        "how glad is the writer of this review": "whole",
        "does a comma follow this word": "each",
        "a summary of this article": "model",
        "how many people speak in this recording": "whole",
        "the words of this voice message": "model",
        "which words of this text are names": "each",
        "which accounts of this network are run by thieves": "each",
        "does this molecule dissolve in water": "whole",
        "which word comes next in this text": "whole",
        "the electric charge at the atoms of this molecule": "each",
    }


KINDS_STARTER = '''# "each": each vector has a label
# "whole": the whole sequence has one label
# "model": the model decides how many
kinds = {
    "how glad is the writer of this review": ...,
    "does a comma follow this word": ...,
    "a summary of this article": ...,
    "how many people speak in this recording": ...,
    "the words of this voice message": ...,
    "which words of this text are names": ...,
    "which accounts of this network are run by thieves": ...,
    "does this molecule dissolve in water": ...,
    "which word comes next in this text": ...,
    "the electric charge at the atoms of this molecule": ...,
}
'''


def _kinds_with(**wrong):
    """All right, but for the tasks that contain these words."""

    def answer():
        found = kinds()
        for word, kind in wrong.items():
            for task in found:
                if word in task.split():
                    found[task] = kind
        return found

    return answer


def _kinds_renamed(**names):
    return lambda: {task: names.get(k, k) for task, k in kinds().items()}


KINDS_TRAPS = {
    "each_whole_swapped": Trap(
        _kinds_renamed(each="whole", whole="each"),
        "You call it “whole” where every vector gets a label, and “each” "
        "where there is one label in all. Read the two lines above the "
        "table once more.",
    ),
    "a_number_as_length": Trap(
        _kinds_with(speak="model"),
        "How many people speak is one number, whatever it is. “The model "
        "decides how many” is about how many labels come out.",
    ),
    "names_as_length": Trap(
        _kinds_with(names="model"),
        "A text has any number of names, but every word has an answer: name, "
        "or no name. As many answers come out as words went in.",
    ),
    "next_word_as_length": Trap(
        _kinds_with(next="model"),
        "One step of writing gives one word: a choice among V classes. The "
        "model decides on a length only where such steps are repeated until "
        "it stops.",
    ),
    "next_word_per_word": Trap(
        _kinds_with(next="each"),
        "Asked is which word comes after the whole text, once. (While "
        "training, the question is indeed put at every place.)",
    ),
    "graph_as_one": Trap(
        _kinds_with(accounts="whole", charge="whole"),
        "A network or a molecule is one input, but the question is about its "
        "nodes: each account, each atom has its own answer.",
    ),
    "molecule_by_atoms": Trap(
        _kinds_with(dissolve="each"),
        "No atom dissolves by itself. The molecule does or does not, so the "
        "set has one label.",
    ),
    "writing_per_word": Trap(
        _kinds_with(summary="each", message="each"),
        "As many words out as vectors in? A summary is shorter than its "
        "article, and a second of speech has 100 frames and three words.",
    ),
    "a_text_as_one_label": Trap(
        _kinds_with(summary="whole", message="whole"),
        "One answer is not one label. A label is one out of C classes, and a "
        "text is a sequence of them.",
    ),
}


# --- masked cross-entropy --------------------------------------------------


def masked_cross_entropy(logits, targets, mask):
    top = logits.max(axis=-1, keepdims=True)  # (B, L, 1)
    total = np.exp(logits - top).sum(axis=-1, keepdims=True)  # (B, L, 1)
    log_p = logits - top - np.log(total)  # (B, L, C)
    picked = np.take_along_axis(log_p, targets[..., None], axis=-1)
    return -picked[..., 0][mask].mean()


XENT_STARTER = '''def masked_cross_entropy(logits, targets, mask):
    """Mean cross-entropy over the real tokens of a batch.

    logits : float array (B, L, C), a score for each class, before softmax.
        Scores can be as large as 1000.
    targets : integer array (B, L), the right class; in the padding it holds
        some class or other.
    mask : boolean array (B, L), True where the token is real.
    Returns one number: minus the natural logarithm of the right class's
    probability, averaged over all real tokens of the batch.
    """
    raise NotImplementedError
'''


def _xent_variant(wrong):
    def answer(logits, targets, mask):
        z = logits
        if "padding_zeroed" in wrong:
            z = np.where(mask[..., None], z, 0)
        axis = 1 if "softmax_over_positions" in wrong else -1
        top = z.max(axis=axis, keepdims=True)
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
        if "no_log" in wrong:
            log_p = p
        if "no_softmax" in wrong:
            log_p = z
        if "base_two" in wrong:
            log_p = log_p / np.log(2)
        loss = -np.take_along_axis(log_p, targets[..., None], -1)[..., 0]
        if "sign" in wrong:
            loss = -loss
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
            return (loss.sum(axis=1) / real.sum(axis=1)).mean()
        return loss.sum() / real.sum()

    return answer


def _prefix_mask(rng, n_items, size):
    """Masks of sentences of different length, no two of them full."""
    lengths = rng.permutation(np.arange(1, size))[:n_items]  # (B,)
    lengths[0] = size
    return np.arange(size) < lengths[:, None]  # (B, L)


def _xent_cases(rng):
    halves = np.log([[[4.0, 2, 1, 1], [1, 2, 1, 4], [1, 2, 4, 1]]])
    cases = [
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
        mask = _prefix_mask(rng, *shape[:2])
        name = f"logits {shape}, sentences of different length"
        cases.append(Case(name, (logits, targets, mask)))
    high = 1000 + 2 * rng.standard_normal((2, 5, 3))  # (B, L, C)
    targets = rng.integers(3, size=(2, 5))  # (B, L)
    mask = _prefix_mask(rng, 2, 5)
    cases.append(Case("scores near 1000", (high, targets, mask)))
    low = 2 * rng.standard_normal((2, 5, 3))
    low[0, 2, targets[0, 2]] = -1000.0  # probability exp(-1000)
    cases.append(Case("one score of -1000", (low, targets, mask)))
    logits = 2 * rng.standard_normal((3, 5, 7)).astype(np.float32)
    targets = rng.integers(7, size=(3, 5))
    mask = _prefix_mask(rng, 3, 5)
    cases.append(Case("float32", (logits, targets, mask)))
    return cases


XENT_TRAPS = {
    "over_padding": (
        "You average over every place of the batch, padding included. Then "
        "the loss depends on how long the longest sentence is, and the model "
        "learns to label nothing at all."
    ),
    "padding_zeroed": (
        "You set the padding's scores to 0 and average over every place. "
        "Zeros are not nothing: after the softmax they are a guess among C "
        "classes, and cost ln C each."
    ),
    "divided_by_all": (
        "The padding's losses are gone from the sum, but you still divide by "
        "the number of places. A batch with much padding looks good."
    ),
    "sum_not_mean": (
        "You return the sum. It grows with the number of words, so that long "
        "batches make large steps; divide by the number of real tokens."
    ),
    "per_sentence": (
        "You divide by the number of sentences. That is a mean per sentence, "
        "in which long ones weigh more; asked for is the mean per token."
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


# --- masked mean -----------------------------------------------------------


def masked_mean(x, mask):
    real = mask[..., None]  # (B, L, 1)
    total = np.where(real, x, 0).sum(axis=1)  # (B, d_model)
    return total / real.sum(axis=1)  # (B, d_model)


MEAN_STARTER = '''def masked_mean(x, mask):
    """The mean of each item's real vectors.

    x : float array (B, L, d_model). Padding holds arbitrary finite numbers,
        and a real vector may be all zeros.
    mask : boolean array (B, L), True where the vector is real. Padding can
        stand anywhere; each item has at least one real vector.
    Returns an array (B, d_model).
    """
    raise NotImplementedError
'''


def _mean_variant(wrong):
    def answer(x, mask):
        n_items, size, width = x.shape
        if "mask_from_zeros" in wrong:
            mask = (x != 0).any(axis=-1)  # (B, L)
        if "padding_at_the_end" in wrong:
            mask = np.arange(size) < mask.sum(axis=1, keepdims=True)
        if "mask_inverted" in wrong:
            mask = ~mask
        real = mask[..., None]  # (B, L, 1)
        if "over_padding" in wrong:
            return x.mean(axis=1)
        if "largest" in wrong:
            return np.where(real, x, -np.inf).max(axis=1)
        total = np.where(real, x, 0).sum(axis=1)  # (B, d_model)
        if "sum_not_mean" in wrong:
            return total
        if "divided_by_longest" in wrong:
            return total / size
        if "divided_by_width" in wrong:
            return total / width
        if "one_divisor" in wrong:
            return total / mask.sum(axis=1).mean()
        if "one_mean_for_all" in wrong:
            return np.tile(total.sum(axis=0) / mask.sum(), (n_items, 1))
        with np.errstate(all="ignore"):
            return total / real.sum(axis=1)

    return answer


def _mean_cases(rng):
    a = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1], [9, 9], [9, 9]])
    real = np.array([[True, True, True, True, False, False]])
    cases = [
        Case("“I saw a saw” and two rows of padding", (a[None], real)),
        Case("one vector", (np.array([[[2.0, 3.0, 5.0]]]), real[:, :1])),
    ]
    for shape in ((2, 5, 3), (5, 7, 11)):
        x = rng.standard_normal(shape)  # (B, L, d_model)
        mask = _prefix_mask(rng, *shape[:2])
        x[0, 1] = 0  # a real vector
        cases.append(Case(f"x {shape}, one real vector is 0", (x, mask)))
    x = rng.standard_normal((3, 7, 5))
    mask = _prefix_mask(rng, 3, 7)[:, ::-1].copy()
    cases.append(Case("padding in front", (x, mask)))
    x = rng.standard_normal((2, 5, 7)).astype(np.float32)
    mask = np.array([[1, 0, 1, 1, 0], [0, 1, 0, 0, 1]], bool)
    cases.append(Case("padding in between, float32", (x, mask)))
    return cases


MEAN_TRAPS = {
    "over_padding": (
        "You average all rows, padding included. What happens to stand there "
        "becomes part of the sentence."
    ),
    "divided_by_longest": (
        "The padding is out of the sum, but you divide by L, the padded "
        "length. A short item's mean then shrinks towards 0, and it shrinks "
        "more the longer its companions are."
    ),
    "sum_not_mean": (
        "You return the sum. It grows with the length, so a long calm review "
        "would look like a short excited one."
    ),
    "mask_inverted": (
        "You average the padding. In this book True means real."
    ),
    "mask_from_zeros": (
        "You take rows of zeros for padding and all others for real. It is "
        "the other way round twice here: a real vector may be 0, and padding "
        "need not be. Only the mask knows."
    ),
    "padding_at_the_end": (
        "You take the first n rows, with n from the mask. That is right only "
        "while padding stands at the end; the mask says where it stands."
    ),
    "largest": (
        "You take the largest entry of each column. That is max pooling, "
        "which has its uses; the mean is asked for."
    ),
    "divided_by_width": (
        "You divide by d_model. The mean runs over the vectors, so what "
        "counts is how many vectors are real."
    ),
    "one_divisor": (
        "You divide every item by the same number, the average length. Each "
        "item has its own number of real vectors."
    ),
    "one_mean_for_all": (
        "All items got the same mean: yours runs over the batch as well. "
        "Sentences that share a batch have nothing else in common."
    ),
}


# --- what the decoder sees and what it should write ------------------------


def shift_targets(sequences, start, stop, pad):
    size = max(len(s) for s in sequences) + 1
    inputs = np.full((len(sequences), size), pad)  # (B, T + 1)
    targets = np.full((len(sequences), size), pad)  # (B, T + 1)
    for i, sequence in enumerate(sequences):
        n = len(sequence)
        inputs[i, : n + 1] = [start, *sequence]
        targets[i, : n + 1] = [*sequence, stop]
    return inputs, targets


SHIFT_STARTER = '''def shift_targets(sequences, start, stop, pad):
    """What a decoder is given while it is trained, and what it should say.

    sequences : list of B lists of token ids, of different length; the
        longest has T tokens.
    start, stop, pad : the ids of three more tokens.
    Returns
    inputs : integer array (B, T + 1); at each place what was said before.
    targets : integer array (B, T + 1); at each place what comes next, and
        after the last token of a sequence, stop.
    What is left at the end of a row is pad.
    """
    raise NotImplementedError
'''


def _shift_variant(wrong):
    def rows(sequences, start, stop, pad):
        inputs = [[start, *s] for s in sequences]
        targets = [[*s, stop] for s in sequences]
        if "no_start" in wrong:
            inputs = [[pad, *s] for s in sequences]
        if "no_stop" in wrong:
            targets = [[*s, pad] for s in sequences]
        if "stop_left_out" in wrong:
            inputs = [[start, *s][:-1] for s in sequences]
            targets = [list(s) for s in sequences]
        if "stop_as_input" in wrong:
            inputs = [[start, *s, stop] for s in sequences]
            targets = [[*s, stop, pad] for s in sequences]
        if "not_shifted" in wrong:
            inputs = targets
        if "start_in_both" in wrong:
            targets = [[start, *s] for s in sequences]
        if "swapped" in wrong:
            inputs, targets = targets, inputs
        return inputs, targets

    def answer(sequences, start, stop, pad):
        inputs, targets = rows(sequences, start, stop, pad)
        size = max(len(row) for row in inputs)
        fill = pad
        if "filled_with_stop" in wrong:
            fill = stop
        if "filled_with_zeros" in wrong:
            fill = 0
        if "padding_in_front" in wrong:
            both = [
                np.array([(size - len(r)) * [fill] + r for r in part])
                for part in (inputs, targets)
            ]
        else:
            both = [
                np.array([r + (size - len(r)) * [fill] for r in part])
                for part in (inputs, targets)
            ]
        inputs, targets = both  # (B, T + 1) each
        if "one_column_short" in wrong:
            inputs, targets = inputs[:, :-1], targets[:, :-1]
        if "stop_after_padding" in wrong:
            targets = np.where(targets == stop, pad, targets)
            targets[:, -1] = stop
        if "rolled" in wrong:
            inputs = np.roll(targets, 1, axis=1)
        return inputs, targets

    return answer


def _shift_cases(rng):
    cases = [
        Case("one sequence", ([[5, 3, 7]], 10, 11, 12)),
        Case("44 and 8000000", ([[4, 4], [8, *6 * [0]]], 10, 11, 12)),
    ]
    for n_items, size in ((3, 7), (5, 11)):
        start, stop, pad = (int(t) for t in rng.permutation(3) + 20)
        lengths = rng.permutation(np.arange(1, size))[:n_items]  # (B,)
        sequences = [rng.integers(1, 20, size=n).tolist() for n in lengths]
        name = f"{n_items} sequences, up to {max(lengths)} tokens"
        cases.append(Case(name, (sequences, start, stop, pad)))
    return cases


SHIFT_TRAPS = {
    "not_shifted": (
        "Input and target are the same at every place. The decoder is given "
        "the token that it should find, learns to copy it, and can write "
        "nothing when nobody gives it the answer."
    ),
    "start_in_both": (
        "Input and target both begin with start, so at every place the "
        "decoder is given what it should say. Start is where it begins, and "
        "is never something to write."
    ),
    "swapped": (
        "You return the targets first. Given is what was said before, and "
        "wanted is what comes next; yours runs backwards."
    ),
    "no_stop": (
        "Your targets never ask for stop. The decoder learns to write digits "
        "and never to end."
    ),
    "stop_left_out": (
        "Your arrays are one column short: the place after the last token is "
        "missing. There the decoder should say stop, and so it never learns "
        "to end."
    ),
    "one_column_short": (
        "Your arrays have T columns. The longest sequence has T tokens and "
        "then stop, so it needs T + 1 places."
    ),
    "stop_after_padding": (
        "Your stop stands in the last column, behind the padding. It belongs "
        "directly after the sequence's own last token, or the decoder learns "
        "to write padding first."
    ),
    "stop_as_input": (
        "Your arrays have one column too many: the decoder is also given "
        "stop, and should say something after it. Nothing comes after the "
        "end."
    ),
    "no_start": (
        "Your inputs begin with padding. The first place needs something to "
        "begin from, and that is what start is for."
    ),
    "rolled": (
        "You rolled the targets round, so the last column came back as the "
        "first. The inputs should begin with start, and not with what stands "
        "at the end of the row."
    ),
    "filled_with_stop": (
        "You fill the rest of each row with stop. Counted in a loss, it would "
        "be most of what there is to learn; pad is asked for."
    ),
    "filled_with_zeros": (
        "You fill the rest of each row with 0. Zero is a token like any "
        "other, here perhaps a digit; pad is asked for."
    ),
    "padding_in_front": (
        "You put the padding in front. Then start does not stand at the "
        "first place of a short sequence."
    ),
}


# --- greedy decoding -------------------------------------------------------


def greedy_decode(step, start, stop, limit):
    tokens = [start]
    while len(tokens) <= limit:
        best = int(np.argmax(step(tokens)))
        if best == stop:
            break
        tokens.append(best)
    return tokens[1:]


GREEDY_STARTER = '''def greedy_decode(step, start, stop, limit):
    """Write the likeliest token again and again, until stop.

    step : a function; step(tokens) takes the list of all tokens so far,
        start included, and returns an array (V,): a score for each id.
    start, stop : the ids of two tokens.
    limit : whole number; write at most so many tokens.
    Returns the list of written ids, without start and without stop.
    """
    raise NotImplementedError
'''


def _greedy_variant(wrong):
    def answer(step, start, stop, limit):
        if "one_too_few" in wrong:
            limit -= 1
        if "one_too_many" in wrong:
            limit += 1
        if "no_limit" in wrong:
            limit = 200  # as good as none
        pick = np.argmin if "smallest" in wrong else np.argmax
        tokens = [start]
        for _ in range(limit):
            seen = tokens
            if "last_token_only" in wrong:
                seen = tokens[-1:]
            if "first_token_only" in wrong:
                seen = tokens[:1]
            if "start_not_given" in wrong and len(tokens) > 1:
                seen = tokens[1:]
            tokens.append(int(pick(step(seen))))
            if tokens[-1] == stop and not wrong & {"runs_on", "stops_skipped"}:
                break
        out = tokens if "keeps_start" in wrong else tokens[1:]
        if "stops_skipped" in wrong:
            return [t for t in out if t != stop]
        if "keeps_stop" in wrong or "runs_on" in wrong:
            return out
        return out[:-1] if out[-1:] == [stop] else out

    return answer


def _greedy_run(answer, table, start, stop, limit):
    """Call the answer with a decoder that looks scores up in a table."""
    n_places, n_types, _ = table.shape

    def step(tokens):
        if not np.ndim(tokens):
            raise TypeError(
                "step takes the list of all tokens so far: got "
                f"{tokens}; give it a list"
            )
        place = (len(tokens) - 1) % n_places
        return table[place, int(tokens[-1]) % n_types].copy()  # (V,)

    return answer(step, start, stop, limit)


def _table(rng, n_places, n_types, stop, end=None):
    """Scores (n_places, V, V) for which decoding ends after `end` tokens."""
    table = rng.standard_normal((n_places, n_types, n_types))
    table[:, :, stop] = -3.0 - rng.random((n_places, n_types))
    if end is not None:
        table[end:, :, stop] = 9.0  # now
        table[end + 2 :, :, stop] = -3.0  # and not for ever
    return table


def _greedy_cases(rng):
    words = np.log(
        [
            [0.02, 0.6, 0.2, 0.1, 0.08],  # after start: vidi, una, sega, stop
            [0.02, 0.1, 0.5, 0.3, 0.08],
            [0.02, 0.1, 0.1, 0.7, 0.08],
            [0.02, 0.1, 0.1, 0.08, 0.7],
            [0.02, 0.5, 0.3, 0.1, 0.08],
        ]
    )
    italian = np.tile(words, (7, 1, 1))  # (places, V, V)
    cases = [
        Case("vidi una sega", (italian, 0, 4, 7)),
        Case("vidi una sega, limit 1", (italian, 0, 4, 1)),
        Case("stop at once", (_table(rng, 11, 5, stop=2, end=0), 3, 2, 5)),
    ]
    for n_types, end, limit in ((7, 5, 11), (11, 3, 13), (5, None, 7)):
        start, stop = (int(t) for t in rng.permutation(n_types)[:2])
        table = _table(rng, 17, n_types, stop, end)
        when = "no stop" if end is None else f"stop after {end}"
        name = f"{n_types} ids, {when}, limit {limit}"
        cases.append(Case(name, (table, start, stop, limit)))
    table = _table(rng, 17, 13, 0, 7)
    cases.append(Case("13 ids, stop right at the limit 7", (table, 1, 0, 7)))
    return cases


GREEDY_TRAPS = {
    "keeps_stop": (
        "Stop is part of what you return. It says that the sequence is over "
        "and is not a word of it."
    ),
    "keeps_start": (
        "Start is part of what you return. The decoder began from it and did "
        "not write it."
    ),
    "runs_on": (
        "You always write as many tokens as the limit allows. When stop is "
        "the likeliest token the sequence is over, and what a decoder says "
        "after that means nothing."
    ),
    "stops_skipped": (
        "You leave stop out of the result, but go on writing after it. The "
        "first stop ends the sequence."
    ),
    "one_too_few": (
        "Where the limit ends the decoding you return one token too few. "
        "Either start counts towards your limit, or you drop the last token "
        "as if it had to be stop."
    ),
    "one_too_many": (
        "You write one token more than the limit allows."
    ),
    "no_limit": (
        "Your loop ends at stop only. A decoder may never say stop, so the "
        "limit has to end the loop as well."
    ),
    "last_token_only": (
        "You give the decoder nothing but the last token. What comes next "
        "depends on everything said so far: after “a”, who could know what "
        "was seen?"
    ),
    "first_token_only": (
        "You ask the decoder from start each time, so it never learns what "
        "it has already said and gives the same answer again."
    ),
    "start_not_given": (
        "After the first step you leave start out of the tokens. The decoder "
        "was trained with it, so every place is now off by one."
    ),
    "smallest": (
        "You take the token with the lowest score. Scores are high for "
        "likely tokens."
    ),
}


# --- accuracy per token and per sequence -----------------------------------


def accuracies(predicted, targets, mask):
    right = predicted == targets  # (B, T)
    per_token = right[mask].mean()
    per_sequence = (right | ~mask).all(axis=1).mean()
    return per_token, per_sequence


ACCURACY_STARTER = '''def accuracies(predicted, targets, mask):
    """How many tokens are right, and how many whole sequences.

    predicted, targets : integer arrays (B, T); what stands in the padding
        is arbitrary.
    mask : boolean array (B, T), True where the target is real.
    Returns two numbers between 0 and 1:
    per_token : share of all real tokens of the batch that are right.
    per_sequence : share of sequences whose real tokens are all right.
    """
    raise NotImplementedError
'''


def _accuracy_variant(wrong):
    def answer(predicted, targets, mask):
        right = predicted == targets  # (B, T)
        if "wrong_counted" in wrong:
            right = ~right
        if "mask_inverted" in wrong:
            mask = ~mask
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
        per_sequence = whole.mean()
        if "independent_errors" in wrong:
            per_sequence = (per_token ** mask.sum(axis=1)).mean()
        if "sequences_not_share" in wrong:
            per_sequence = whole.sum()
        if "swapped" in wrong:
            return per_sequence, per_token
        return per_token, per_sequence

    return answer


def _accuracy_cases(rng):
    targets = np.array([[4, 4, 11, 0], [8, 0, 0, 11]])
    predicted = np.array([[4, 4, 11, 7], [8, 0, 11, 11]])
    mask = np.array([[1, 1, 1, 0], [1, 1, 1, 1]], bool)
    cases = [
        Case("one of two numbers right", (predicted, targets, mask)),
        Case(
            "one sequence, wrong in the padding only",
            (np.array([[3, 1, 9]]), np.array([[3, 1, 0]]), mask[:1, 1:]),
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
        cases.append(Case(name, (predicted, targets, mask)))
    return cases


ACCURACY_TRAPS = {
    "tokens_over_padding": (
        "Your rate per token runs over the padding as well. Whatever stands "
        "there, right or wrong, nobody asked for it."
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
        "your comparison is False. What is not asked for must not spoil a "
        "sequence."
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


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="02.output_kind",
        title="which kind of output",
        difficulty=1,
        minutes=5,
        reference=kinds,
        starter=KINDS_STARTER,
        cases=quiz_cases,
        traps=KINDS_TRAPS,
        kind="value",
        hints=(
            "For each task imagine an input twice as long. Do the labels "
            "double, stay one, or does it depend on what the input says?",
            "A label may be a class, yes or no, or a number. How large that "
            "number is does not matter.",
            "Who is asked: every word, account or atom (“each”), or the text, "
            "recording or molecule (“whole”)? If the answer is itself a text, "
            "somebody must decide where it ends.",
        ),
    ),
    Exercise(
        id="02.masked_cross_entropy",
        title="cross-entropy without the padding",
        difficulty=2,
        minutes=12,
        reference=masked_cross_entropy,
        starter=XENT_STARTER,
        cases=_xent_cases,
        traps=traps_from(_xent_variant, XENT_TRAPS),
        variant=_xent_variant,
        hints=(
            "Three steps: log-probabilities of all classes, the one of the "
            "right class, and the mean over the tokens that are real.",
            "The logarithm of softmax is: score − largest score − log of the "
            "sum of exp(score − largest score). No probability is ever "
            "computed, so none can become 0.",
            "`np.take_along_axis` picks one entry per token. Indexing the "
            "resulting (B, L) array with the mask leaves a flat list of the "
            "real tokens.",
        ),
    ),
    Exercise(
        id="02.masked_mean",
        title="mean pooling without the padding",
        difficulty=1,
        minutes=6,
        reference=masked_mean,
        starter=MEAN_STARTER,
        cases=_mean_cases,
        traps=traps_from(_mean_variant, MEAN_TRAPS),
        variant=_mean_variant,
        hints=(
            "A mean is a sum over a count. The padding must stay out of both.",
            "The count of real vectors differs from item to item: it is a "
            "sum over the mask.",
            "The mask is (B, L), the vectors (B, L, d_model): give the mask "
            "a last axis of size 1. Then both sums run over axis 1.",
        ),
    ),
    Exercise(
        id="02.shift_targets",
        title="the decoder's inputs and targets",
        difficulty=2,
        minutes=8,
        reference=shift_targets,
        starter=SHIFT_STARTER,
        cases=_shift_cases,
        traps=traps_from(_shift_variant, SHIFT_TRAPS),
        variant=_shift_variant,
        hints=(
            "Write down, for 44, what the decoder has heard before each of "
            "its three decisions, and what each decision should be.",
            "Row by row, the inputs are start and then the sequence; the "
            "targets are the sequence and then stop.",
            "Begin with two arrays full of pad, (B, T + 1). A sequence of n "
            "tokens fills the first n + 1 places of its row in both.",
        ),
    ),
    Exercise(
        id="02.greedy_decode",
        title="greedy decoding until the stop token",
        difficulty=2,
        minutes=10,
        reference=greedy_decode,
        starter=GREEDY_STARTER,
        cases=_greedy_cases,
        traps=traps_from(_greedy_variant, GREEDY_TRAPS),
        variant=_greedy_variant,
        run=_greedy_run,
        hints=(
            "Keep one list that begins with start, and grow it.",
            "In each round give the whole list to `step`, find the place of "
            "the highest score, and look whether it is stop before you "
            "append it.",
            "Two things end the loop: stop, and `limit` written tokens. At "
            "the end, start has to go.",
        ),
    ),
    Exercise(
        id="02.accuracies",
        title="accuracy per token and per sequence",
        difficulty=1,
        minutes=8,
        reference=accuracies,
        starter=ACCURACY_STARTER,
        cases=_accuracy_cases,
        traps=traps_from(_accuracy_variant, ACCURACY_TRAPS),
        variant=_accuracy_variant,
        hints=(
            "Compare the two arrays first: a boolean array (B, T). Both "
            "rates follow from it and the mask.",
            "Per token: among the places where the mask is True, the share "
            "that is right.",
            "Per sequence: a place does no harm if it is right *or* padding. "
            "All places of a row must do no harm.",
        ),
    ),
)
