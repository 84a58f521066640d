"""Exercise 08.frame_labels."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def frame_labels(intervals, n_frames, window, hop):
    """The class of every frame, from labelled stretches of the signal.

    intervals : list of (class, start, stop), in samples, sorted; classes are
        whole numbers from 1, `start` is inside and `stop` is not. Between
        two intervals there may be a gap.
    n_frames, window, hop : frame i starts at sample i * hop, and its middle
        is sample i * hop + window // 2.
    Returns an integer array (n_frames,): the class of the interval that the
    frame's middle lies in, and 0 (silence) if it lies in none.
    """
    middles = np.arange(n_frames) * hop + window // 2  # (L,)
    labels = np.zeros(n_frames, dtype=int)  # (L,)
    for number, start, stop in intervals:
        labels[(start <= middles) & (middles < stop)] = number
    return labels


HINTS = (
    "Begin with an array of zeros, one for each frame. Then go through the "
    "intervals, and write each one's class where it belongs.",
    "Make the middles of all frames as an array. A comparison of that array "
    "with `start` gives a boolean array.",
    "Two boolean arrays are joined with &, each in parentheses, and a boolean "
    "array can be used as an index.",
)


def cases(rng):
    saw = [(3, 400, 900), (1, 900, 2500), (2, 2500, 2600)]
    gaps = [(4, 200, 360), (2, 520, 841), (4, 1000, 1161)]
    made = [
        ("three sounds, one after the other", saw, 15, 400, 160),
        ("gaps, and edges that fall on middles", gaps, 7, 400, 160),
        ("an interval too short to meet a middle", [(5, 361, 400)], 4, 400,
         160),
        ("no interval", [], 5, 400, 160),
        ("no frame", saw, 0, 400, 160),
        ("one frame", [(7, 0, 9)], 1, 5, 3),
        ("an interval that outlasts the frames", [(2, 30, 999)], 11, 5, 7),
    ]  # fmt: skip
    for number in range(3):
        ends = np.cumsum(rng.integers(1, 60, 14)).tolist()
        spans = [
            (int(rng.integers(1, 9)), ends[k], ends[k + 1])
            for k in range(0, 13, 1 + number % 2)
        ]
        name = f"freshly drawn, number {number + 1}"
        made.append((name, spans, 23, 13, 11))
    return [Case(name, tuple(args)) for name, *args in made]


MISTAKES = {
    "starts_not_middles": (
        "You label a frame by the sample that it starts with. The sample in "
        "its middle decides, half a window later."
    ),
    "stop_included": (
        "A middle that falls exactly on `stop` belongs to the next interval, "
        "or to silence."
    ),
    "start_left_out": (
        "A middle that falls exactly on `start` is inside the interval."
    ),
    "gaps_filled": (
        "In a gap you go on with the last sound. A frame in no interval is "
        "silence, class 0."
    ),
    "any_overlap": (
        "You label every frame that touches an interval. Frames overlap each "
        "other, so only the middle decides."
    ),
    "frame_numbers": (
        "You took samples for frame numbers. An interval is given in samples, "
        "and frames start a hop apart."
    ),
    "window_and_hop": (
        "Window and hop have changed places: frames start a hop apart, and "
        "the middle is half a window further."
    ),
    "classes_from_zero": (
        "Your classes are one too low. They are used as they are given, and 0 "
        "is silence."
    ),
}


def variant(wrong):
    def answer(intervals, n_frames, window, hop):
        if "window_and_hop" in wrong:
            window, hop = hop, window
        firsts = np.arange(n_frames) * hop  # (L,)
        at = firsts + window // 2
        if "starts_not_middles" in wrong:
            at = firsts
        if "frame_numbers" in wrong:
            at = np.arange(n_frames)
        labels = np.zeros(n_frames, dtype=int)
        for number, start, stop in intervals:
            before = at > start if "start_left_out" in wrong else at >= start
            after = at <= stop if "stop_included" in wrong else at < stop
            if "any_overlap" in wrong:
                before, after = firsts + window > start, firsts < stop
            if "gaps_filled" in wrong:
                after = True
            labels[before & after] = number - ("classes_from_zero" in wrong)
        return labels

    return answer


EXERCISE = exercise(
    frame_labels,
    title="From labelled intervals to a label per frame",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
