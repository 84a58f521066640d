"""Exercise 02.shift_targets."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def shift_targets(sequences, start, stop, pad):
    """What a decoder is given while it is trained, and what it should say.

    sequences : list of B lists of token ids. Their lengths may differ, and
        one may be empty; the longest has N tokens.
    start, stop, pad : the ids of three more tokens.
    Returns
    inputs : integer array (B, T) with T = N + 1; at each place what was said
        before.
    targets : integer array (B, T); at each place what comes next, and after
        the last token of a sequence, stop.
    What is left at the end of a row is pad.
    """
    size = max(len(s) for s in sequences) + 1  # T
    inputs = np.full((len(sequences), size), pad)  # (B, T)
    targets = np.full((len(sequences), size), pad)  # (B, T)
    for i, sequence in enumerate(sequences):
        n = len(sequence)
        inputs[i, : n + 1] = [start, *sequence]
        targets[i, : n + 1] = [*sequence, stop]
    return inputs, targets


HINTS = (
    "Write down, for 44, what the decoder has heard before each of "
    "its three decisions, and what each decision should be.",
    "Row by row, the inputs are start and then the sequence; the "
    "targets are the sequence and then stop.",
    "Begin with two arrays full of pad, (B, T). A sequence of n "
    "tokens fills the first n + 1 places of its row in both.",
)


def cases(rng):
    made = [
        Case("one sequence", ([[5, 3, 7]], 10, 11, 12)),
        Case("44 and 8000000", ([[4, 4], [8, *6 * [0]]], 10, 11, 12)),
        Case("one token, and none", ([[7], [], [2]], 3, 1, 0)),
        Case("equal lengths", ([[5, 2, 9], [9, 9, 4]], 11, 12, 10)),
    ]
    for n_items, size in ((3, 7), (5, 11)):
        start, stop, pad = (int(t) for t in rng.permutation(3) + 20)
        lengths = rng.permutation(np.arange(1, size))[:n_items]  # (B,)
        sequences = [rng.integers(1, 20, size=n).tolist() for n in lengths]
        name = f"{n_items} sequences, up to {max(lengths)} tokens"
        made.append(Case(name, (sequences, start, stop, pad)))
    return made


MISTAKES = {
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
        "You return the targets first. The inputs, which begin with start, "
        "come first."
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
        "Your arrays have N columns. The longest sequence has N tokens and "
        "then stop, so it needs N + 1 places."
    ),
    "stop_after_padding": (
        "Your stop stands in the last column, after the padding. It belongs "
        "directly after the sequence's own last token, or the decoder learns "
        "to write padding first."
    ),
    "stop_as_input": (
        "Your arrays have one column too many: the decoder is also given "
        "stop, and should say something after it. Nothing comes after the "
        "end."
    ),
    "stop_given": (
        "Your inputs are the targets moved by one place, so a short sequence "
        "gets stop as an input. Nothing comes after the end; pad stands there."
    ),
    "reversed": (
        "You reversed the sequences. Each keeps its order in both arrays."
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
        "You fill the rest of each row with stop. Stop is written once, "
        "directly after the last token; pad is asked for after that."
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


def variant(wrong):
    def rows(sequences, start, stop, pad):
        inputs = [[start, *s] for s in sequences]
        targets = [[*s, stop] for s in sequences]
        if "no_start" in wrong:
            inputs = [[pad, *s] for s in sequences]
        if "no_stop" in wrong:
            targets = [[*s, pad] for s in sequences]
        if "stop_left_out" in wrong:
            inputs = [[start, *s[:-1]] for s in sequences]
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
        if "reversed" in wrong:
            sequences = [s[::-1] for s in sequences]
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
        inputs, targets = both  # (B, T) each
        if "one_column_short" in wrong:
            inputs, targets = inputs[:, :-1], targets[:, :-1]
        if "stop_after_padding" in wrong:
            targets = np.where(targets == stop, pad, targets)
            targets[:, -1] = stop
        if "stop_given" in wrong:
            inputs = np.hstack([inputs[:, :1], targets[:, :-1]])
        if "rolled" in wrong:
            inputs = np.roll(targets, 1, axis=1)
        return inputs, targets

    return answer


EXERCISE = exercise(
    shift_targets,
    title="The decoder's inputs and targets",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
