"""Exercise 01.n_frames."""

from selfattn.exercises.model import Case, exercise


def n_frames(n_samples, window, hop, padding="none"):
    """How many frames a signal is cut into.

    n_samples, window, hop : whole numbers of samples; window is even.
    padding : "none", only frames that lie wholly inside the signal;
        "end", one frame for every hop that starts inside the signal,
            the last ones filled up with zeros;
        "centre", half a window of zeros is put on either side of the
            signal, and then as "none".
    Returns a whole number.
    """
    if padding == "end":
        return -(-n_samples // hop)  # rounded up
    if padding == "centre":
        n_samples = n_samples + 2 * (window // 2)
    if n_samples < window:
        return 0
    return 1 + (n_samples - window) // hop


HINTS = (
    "Draw ten samples, a window of 4, a hop of 3. Where may the last "
    "frame start?",
    "Without padding the last start is at most n_samples − window. "
    "Count the multiples of the hop from 0 up to there.",
    "For “end”, count the multiples of the hop below n_samples. For "
    "“centre”, make the signal longer first, by half a window at "
    "both ends. Mind the signal that is shorter than its window.",
)


def cases(rng):
    made = [
        Case("10 samples, window 4, hop 3, no padding", (10, 4, 3, "none")),
        Case("11 samples, window 4, hop 3, no padding", (11, 4, 3, "none")),
        Case("11 samples, window 4, hop 3, end padded", (11, 4, 3, "end")),
        Case("12 samples, window 4, hop 3, end padded", (12, 4, 3, "end")),
        Case("11 samples, window 4, hop 3, centred", (11, 4, 3, "centre")),
        Case("shorter than a window", (3, 14, 5, "none")),
        Case("1 s at 16 kHz, no padding", (16000, 400, 160, "none")),
        Case("1 s at 16 kHz, end padded", (16000, 400, 160, "end")),
        Case("1 s at 16 kHz, centred", (16000, 400, 160, "centre")),
    ]
    for padding in ("none", "end", "centre"):
        n_samples = int(rng.integers(200, 2000))
        window = 2 * int(rng.integers(11, 41))
        hop = int(rng.integers(3, window // 2))
        name = f"{n_samples} samples, window {window}, hop {hop}, {padding}"
        made.append(Case(name, (n_samples, window, hop, padding)))
    return made


MISTAKES = {
    "first_forgotten": (
        "One frame short without padding. The first frame stands at 0, "
        "before any hop has been made: k hops make k + 1 frames."
    ),
    "centre_one_short": (
        "One frame short for “centre”. A frame is centred on sample 0, and "
        "then one on every further hop: k hops make k + 1 frames."
    ),
    "part_counted": (
        "Without padding you count a last frame that runs past the end of "
        "the signal. A frame that is only partly there does not count."
    ),
    "window_forgotten": (
        "You count a frame for every hop, although the last ones would stick "
        "out of the signal. The window's own length has to fit in too."
    ),
    "no_overlap": (
        "You lay the windows end to end. They overlap: each starts one hop "
        "after the one before, not one window."
    ),
    "hop_is_overlap": (
        "You read the hop as the part that two frames share. It is the "
        "distance between their starts; they share the window less the hop."
    ),
    "padding_ignored": (
        "You give the same number whatever `padding` says. The three "
        "conventions differ, which is why one second can have 98, 100 or 101 "
        "frames."
    ),
    "end_rounded_down": (
        "With the end padded, a last incomplete hop still starts a frame. "
        "You rounded it away."
    ),
    "centre_on_one_side": (
        "For “centre” you added half a window in all. It is added before the "
        "signal and after it."
    ),
    "below_zero": (
        "For a signal shorter than one window your count is negative. There "
        "is no frame then: 0."
    ),
}


def variant(wrong):
    def answer(n_samples, window, hop, padding="none"):
        if padding == "end" and "padding_ignored" not in wrong:
            floor = n_samples // hop
            if "end_rounded_down" in wrong:
                return floor
            return floor + (n_samples % hop > 0)
        if padding == "centre" and "padding_ignored" not in wrong:
            half = window // 2
            n_samples += half if "centre_on_one_side" in wrong else 2 * half
        step = window if "no_overlap" in wrong else hop
        if "hop_is_overlap" in wrong:
            step = window - hop
        room = n_samples - (0 if "window_forgotten" in wrong else window)
        count = room // step
        if "part_counted" in wrong:
            count = -(-room // step)
        forgotten = {"none": "first_forgotten", "centre": "centre_one_short"}
        if forgotten.get(padding) not in wrong:
            count += 1
        return count if "below_zero" in wrong else max(count, 0)

    return answer


EXERCISE = exercise(
    n_frames,
    title="How many frames",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
