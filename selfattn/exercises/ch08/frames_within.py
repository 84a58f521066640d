"""Exercise 08.frames_within."""

from selfattn.exercises.model import Case, exercise


def frames_within(start, stop, n_frames, window, hop):
    """Which frames have their middle in a stretch of the signal.

    start, stop : samples, counted from 0; `start` belongs to the stretch,
        `stop` does not. start <= stop.
    n_frames : how many frames there are; frame i begins at sample i * hop,
        lasts `window` samples, and its middle is sample
        i * hop + window // 2.
    Returns two whole numbers: the first such frame, and the frame after the
    last one, as for a slice; (0, 0) if there is none.
    """
    middles = [i * hop + window // 2 for i in range(n_frames)]
    inside = [i for i, m in enumerate(middles) if start <= m < stop]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


HINTS = (
    "Write down the middles of the first four frames, for a window of 400 "
    "and a hop of 160: 200, 360, and so on. Which of them lie in the stretch?",
    "A list of all middles and a loop that tests each one is a good answer. "
    "The stretch holds its first sample, and not its last one.",
    "The second number is one more than the last frame inside, so that "
    "x[first:after] are the frames. Say first what happens if no frame is "
    "inside.",
)


def cases(rng):
    made = [
        ("one second, from 0.2 s to 0.5 s", 3200, 8000, 98, 400, 160),
        ("a stretch that begins and ends at a middle", 360, 840, 10, 400, 160),
        ("a stretch between two middles", 201, 360, 10, 400, 160),
        ("an empty stretch", 520, 520, 10, 400, 160),
        ("a stretch before the first middle", 0, 200, 10, 400, 160),
        ("a stretch that outlasts the frames", 1000, 9999, 10, 400, 160),
        ("a stretch behind the last frame", 5000, 9999, 10, 400, 160),
        ("no frames at all", 0, 900, 0, 400, 160),
        ("an odd window", 7, 23, 11, 5, 3),
        ("a hop that is longer than the window", 10, 60, 11, 3, 7),
        ("one frame", 0, 9, 1, 5, 3),
    ]
    for number in range(3):
        n, window, hop = (int(k) for k in rng.integers(5, 40, 3))
        start, more = (int(k) for k in rng.integers(0, n * hop, 2))
        name = f"freshly drawn, number {number + 1}"
        made.append((name, start, start + more, n, window, hop))
    return [Case(name, tuple(args)) for name, *args in made]


MISTAKES = {
    "starts_not_middles": (
        "You looked at where a frame starts. Its middle counts, half a window "
        "later."
    ),
    "ends_not_middles": (
        "You looked at where a frame ends. Its middle counts, half a window "
        "earlier."
    ),
    "stop_included": (
        "A middle that falls exactly on `stop` counts as inside with you. As "
        "in a slice, `stop` is the first sample that is outside."
    ),
    "start_left_out": (
        "A middle that falls exactly on `start` counts as outside with you. "
        "As in a slice, `start` is the first sample inside."
    ),
    "last_not_after": (
        "Your second number is the last frame inside. The one after it is "
        "asked for, so that the pair can be used as a slice."
    ),
    "not_clipped": (
        "You name frames that do not exist. There are n_frames, numbered "
        "from 0."
    ),
    "whole_frame": (
        "You ask that the whole frame lies in the stretch. Only its middle "
        "has to."
    ),
    "window_and_hop": (
        "Window and hop have changed places: frames start a hop apart, and "
        "each lasts a window."
    ),
    "an_empty_pair": (
        "Where no frame is inside, the answer is (0, 0). Yours is right "
        "elsewhere."
    ),
}


def variant(wrong):
    def answer(start, stop, n_frames, window, hop):
        if "window_and_hop" in wrong:
            window, hop = hop, window
        shift = window // 2
        if "starts_not_middles" in wrong:
            shift = 0
        if "ends_not_middles" in wrong:
            shift = window - 1
        count = n_frames
        if "not_clipped" in wrong:
            count = max(n_frames, 1 + stop // hop)
        inside = []
        for i in range(count):
            m = i * hop + shift
            after = m <= stop if "stop_included" in wrong else m < stop
            before = m > start if "start_left_out" in wrong else m >= start
            if "whole_frame" in wrong:
                before = i * hop >= start
                after = i * hop + window <= stop
            if before and after:
                inside.append(i)
        if not inside:
            return (n_frames, n_frames) if "an_empty_pair" in wrong else (0, 0)
        return inside[0], inside[-1] + ("last_not_after" not in wrong)

    return answer


EXERCISE = exercise(
    frames_within,
    title="Which frames lie in a stretch of time",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
