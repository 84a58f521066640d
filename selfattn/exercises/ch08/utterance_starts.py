"""Exercise 08.utterance_starts."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def utterance_starts(rows, d):
    """Where utterances begin, in rows that each hold several frames.

    rows : float array (n, w * d), all utterances one below the other. A row
        holds w neighbouring frames of width d, side by side: w // 2 before
        the frame that it stands for, that frame, and w // 2 behind it. At
        the ends of an utterance frames are repeated.
    d : the width of one frame. w, the number of frames in a row, is odd and
        3 or more.
    Returns a list of row numbers: the first row, and each row that is not
    the row above it moved on by one frame.
    """
    follows = (rows[1:, :-d] == rows[:-1, d:]).all(axis=1)  # (n - 1,)
    return [i for i in range(len(rows)) if i == 0 or not follows[i - 1]]


HINTS = (
    "Draw two rows of the same utterance, with three frames each: (a b c) and "
    "(b c d). What do they share, and where does it stand in each?",
    "Drop the first d numbers of the upper row, and the last d numbers of the "
    "lower one. Within an utterance the rest is equal.",
    "Compare all rows with the rows above them at once: rows[1:] and "
    "rows[:-1] have equal shapes. `.all(axis=1)` asks for whole rows.",
)


def spliced(utterances, w):
    """Rows of w frames, with the ends repeated, of several utterances."""
    rows = []
    for x in utterances:
        padded = np.pad(x, ((w // 2, w // 2), (0, 0)), mode="edge")
        rows += [padded[i : i + w].ravel() for i in range(len(x))]
    return np.array(rows)


def cases(rng):
    def case(name, lengths, w, d, dtype=np.float64):
        frames = [rng.standard_normal((n, d)).astype(dtype) for n in lengths]
        return Case(name, (spliced(frames, w), d))

    silent = spliced([np.zeros((3, 2)), np.ones((2, 2))], 3)
    in_turn = spliced([np.arange(7.0)[:, None] % 2, np.full((2, 1), 5.0)], 3)
    number = rng.standard_normal((9, 3))  # utterances of 5 and 4 frames
    frame = rng.standard_normal((9, 3))
    number[:, 1] = 1  # one number is the same everywhere
    frame[5:7] = frame[3:5]  # two frames come again
    return [
        case("2 utterances of 3 and 2 frames", [3, 2], 3, 1),
        Case("frames of the same sound", (silent, 2)),
        case("one utterance", [7], 3, 5),
        case("one row", [1], 5, 2),
        case("utterances of one frame each", [1, 1, 1, 4], 3, 2),
        case("7 frames of width 3 in a row", [5, 11, 2, 13], 7, 3),
        case("as in the homework, 11 frames of 39", [13, 17], 11, 39,
             np.float32),
        Case("two sounds in turn", (in_turn, 1)),
        Case("a number that all frames share",
             (spliced([number[:5], number[5:]], 5), 3)),
        Case("two frames that two utterances share",
             (spliced([frame[:5], frame[5:]], 5), 3)),
    ]  # fmt: skip


MISTAKES = {
    "first_row_left_out": (
        "The first row begins an utterance too, though there is none above it."
    ),
    "row_before": (
        "Your numbers are one too small: you name the last row of an "
        "utterance, and the first one of the next is asked for."
    ),
    "one_number": (
        "You moved the row on by one number. A frame is d numbers wide."
    ),
    "moved_backwards": (
        "You compare with the row above moved the other way. The later row "
        "lacks the oldest frame, and has a new one at its end."
    ),
    "any_equal": (
        "You join two rows as soon as one of their numbers agrees. All of the "
        "shared frames have to agree."
    ),
    "equal_rows": (
        "You compare rows as they are. Neighbouring rows share frames, one "
        "place apart, and are seldom equal."
    ),
    "middle_only": (
        "You compare one frame of each row. Two utterances can share one "
        "frame by chance; compare all that rows have in common."
    ),
}


def variant(wrong):
    def answer(rows, d):
        step = 1 if "one_number" in wrong else d
        upper, lower = rows[:-1, step:], rows[1:, :-step]
        if "moved_backwards" in wrong:
            upper, lower = rows[:-1, :-step], rows[1:, step:]
        if "equal_rows" in wrong:
            upper, lower = rows[:-1], rows[1:]
        if "middle_only" in wrong:
            upper, lower = upper[:, :d], lower[:, :d]
        same = upper == lower
        follows = same.any(1) if "any_equal" in wrong else same.all(1)
        starts = [i + 1 for i in range(len(rows) - 1) if not follows[i]]
        if "row_before" in wrong:
            starts = [i - 1 for i in starts]
        return starts if "first_row_left_out" in wrong else [0, *starts]

    return answer


EXERCISE = exercise(
    utterance_starts,
    title="Find the utterances in the homework’s rows",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
