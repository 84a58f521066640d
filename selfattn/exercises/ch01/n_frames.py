"""Exercise 01.n_frames."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def n_frames(n_samples, window, hop, padding="none"):
    """How many frames a signal is cut into.

    n_samples, window, hop : whole numbers of samples, 1 or more; window is
        even. The hop may be longer than the window.
    padding : "none", only frames that lie wholly inside the signal;
        "end", one frame for every hop that starts inside the signal,
            the last ones filled up with zeros;
        "centre", half a window of zeros is put on either side of the
            signal, and then as "none".
    Returns an int; 0 where no frame fits.
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
        Case("10 samples, window 4, hop 3, end padded", (10, 4, 3, "end")),
        Case("padding left out", (11, 4, 3)),
        Case("exactly one window", (14, 14, 5, "none")),
        Case("shorter than a window", (4, 14, 5, "none")),
        Case("shorter than a window, end padded", (8, 14, 5, "end")),
        Case("shorter than a window, centred", (8, 14, 5, "centre")),
        Case("a hop longer than the window", (31, 4, 9, "none")),
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


PROPERTIES = (
    Property(
        "an_int",
        "The count is right, but its type is float: division with / and "
        "`np.ceil` give floats. A count is an int.",
        lambda rng: [
            Case(f"21 samples, {padding}", (21, 8, 5, padding))
            for padding in ("none", "end", "centre")
        ],
        lambda cases, outs: all(np.asarray(o).dtype.kind == "i" for o in outs),
    ),
)

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
        "Without padding, your count for a signal shorter than one window is "
        "negative. There is no frame then: 0."
    ),
    "one_at_least": (
        "You count one frame even where none fits. Without padding, a signal "
        "shorter than one window has no frame."
    ),
    "none_rounded": (
        "Without padding you round to the nearest number. A frame that does "
        "not fit wholly into the signal does not count: round down."
    ),
    "one_window_missed": (
        "A signal that is exactly one window long has one frame. You count "
        "none."
    ),
    "last_start_lost": (
        "Where the last frame ends exactly at the end of the signal, you do "
        "not count it. `range` leaves its end out, and the last start is "
        "n_samples − window itself."
    ),
    "short_end_none": (
        "With the end padded, a signal shorter than a window has frames too: "
        "one for every hop that starts inside it."
    ),
    "short_centre_none": (
        "You compare the length with the window before the padding. For "
        "“centre”, pad first and compare then."
    ),
    "end_one_more": (
        "With the end padded you count one frame too many where the hops fit "
        "exactly. A frame that starts at sample n_samples is outside."
    ),
    "end_rounded": (
        "With the end padded you round to the nearest number. A started hop "
        "counts even if it is short: round up."
    ),
    "end_until_covered": (
        "With the end padded you stop as soon as every sample is in a frame. "
        "A frame starts at every hop inside the signal, so some more follow."
    ),
    "end_ignored": (
        "For “end” you return what “none” gives. With the end padded every "
        "hop inside the signal starts a frame."
    ),
    "centre_ignored": (
        "For “centre” you return what “none” gives. Compare the spelling with "
        "the docstring; half a window of zeros is added on either side."
    ),
    "centre_two_windows": (
        "For “centre” you added a whole window on either side. Half a window "
        "on either side is asked for."
    ),
    "not_rounded": (
        "Your counts have digits after the point. Only whole frames count, so "
        "round: down for “none” and “centre”, up for “end”."
    ),
}


def variant(wrong):
    def answer(n_samples, window, hop, padding="none"):
        ignored = {"padding_ignored", f"{padding}_ignored"} & wrong
        if padding == "end" and not ignored:
            return padded_end(wrong, n_samples, window, hop)
        if padding == "centre" and not ignored:
            if "short_centre_none" in wrong and n_samples < window:
                return 0
            half = window // 2
            n_samples += half if "centre_on_one_side" in wrong else 2 * half
            if "centre_two_windows" in wrong:
                n_samples += window
        step = window if "no_overlap" in wrong else hop
        if "hop_is_overlap" in wrong:
            step = (window - hop) or 1
        if "one_window_missed" in wrong and n_samples == window:
            return 0
        room = n_samples - (0 if "window_forgotten" in wrong else window)
        count = room // step
        if "not_rounded" in wrong:
            count = room / step
        if "none_rounded" in wrong and padding == "none":
            count = round(room / step)
        if "last_start_lost" in wrong and padding == "none":
            count = -(-room // step) - 1
        if "part_counted" in wrong:
            count = -(-room // step)
        forgotten = {"none": "first_forgotten", "centre": "centre_one_short"}
        if forgotten.get(padding) not in wrong:
            count += 1
        if "one_at_least" in wrong:
            return max(count, 1)
        return count if "below_zero" in wrong else max(count, 0)

    return answer


def padded_end(wrong, n_samples, window, hop):
    """The count for “end”, with its mistakes."""
    floor = n_samples // hop
    if "short_end_none" in wrong and n_samples < window:
        return 0
    if "end_rounded_down" in wrong:
        return floor
    if "end_one_more" in wrong:
        return floor + 1
    if "end_rounded" in wrong:
        return round(n_samples / hop)
    if "end_until_covered" in wrong:
        return 1 + -(-(n_samples - window) // hop)
    if "not_rounded" in wrong:
        return n_samples / hop
    return floor + (n_samples % hop > 0)


EXERCISE = exercise(
    n_frames,
    title="How many frames",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
