"""Exercise 01.frame_signal."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def frame_signal(signal, window, hop):
    """Cut a signal into overlapping frames, without padding.

    signal : float array (n_samples,), at least one window long.
    window, hop : whole numbers of samples.
    Returns an array (n_frames, window), also for a single frame. Frame i,
    counted from 0, starts at sample i * hop, and a frame that would run past
    the end is left out.
    """
    n_frames = 1 + (len(signal) - window) // hop
    starts = hop * np.arange(n_frames)  # (n_frames,)
    return signal[starts[:, None] + np.arange(window)]  # (n_frames, window)


HINTS = (
    "Frame i is one slice of the signal. Where does it begin, where "
    "does it end?",
    "You know how many frames there are from the exercise before. A "
    "loop over slices, stacked at the end, is a good answer.",
    "Without a loop: add a column of starts to a row of offsets "
    "0 … window − 1. The sum is a matrix of sample numbers, and a "
    "signal can be indexed with that.",
)


def cases(rng):
    made = [
        Case("1, 2 … 16, window 4, hop 3", (np.arange(1.0, 17.0), 4, 3)),
        Case("0, 1 … 16, window 4, hop 3", (np.arange(0.0, 17.0), 4, 3)),
        Case("hop larger than the window", (np.arange(1.0, 19.0), 3, 5)),
        Case("exactly one window", (np.array([3.0, -1, 4, 1, -5]), 5, 2)),
    ]
    for n_samples, window, hop, dtype in (
        (101, 17, 7, np.float64),
        (67, 13, 11, np.float32),
    ):
        signal = rng.standard_normal(n_samples).astype(dtype)  # (n_samples,)
        name = f"{n_samples} samples, window {window}, hop {hop}"
        made.append(Case(name, (signal, window, hop)))
    return made


MISTAKES = {
    "last_frame_lost": (
        "When the last frame ends exactly where the signal ends, you drop "
        "it. It fits: the last allowed start is included."
    ),
    "one_short": (
        "The last frame is always missing. The first one stands at 0, before "
        "any hop: k hops make k + 1 frames."
    ),
    "hop_ignored": (
        "A frame starts at every sample. Frame i should start i hops in."
    ),
    "end_padded": (
        "Your last frames are filled up with zeros. Here a frame that would "
        "run past the end is left out."
    ),
    "wraps_round": (
        "Your last frames go on with the signal's beginning. Sound does not "
        "wrap round; a frame that would run past the end is left out."
    ),
    "no_overlap": (
        "Your frames lie end to end. They start one hop apart, so that "
        "neighbours share samples when the hop is smaller than the window."
    ),
    "hop_is_overlap": (
        "You read the hop as the part that neighbours share. It is the "
        "distance between their starts."
    ),
    "backwards": (
        "Each of your frames runs backwards in time. Inside a frame the "
        "samples keep their order."
    ),
    "hann_applied": (
        "Your frames fade in and out: a Hann window was multiplied in. That "
        "comes later, before the Fourier transform; here samples are copied."
    ),
    "hamming_applied": (
        "Your frames are smaller at both ends: a Hamming window was "
        "multiplied in. Here the samples are only copied."
    ),
    "mean_removed": (
        "You subtracted the mean of each frame. Here the samples are only "
        "copied."
    ),
    "sample_numbers": (
        "You return the numbers of the samples. Index the signal with them to "
        "get the samples themselves."
    ),
    "first_missing": (
        "The first frame is missing: yours begin one hop into the signal. The "
        "first frame starts at sample 0."
    ),
    "first_repeated": (
        "All of your frames are the first one. The start has to move on by "
        "one hop each time."
    ),
    "start_not_times_hop": (
        "You have the right number of frames, but frame i starts at sample i. "
        "It should start at sample i * hop."
    ),
    "swapped": (
        "You exchanged window and hop. A frame is `window` samples long, and "
        "the next one starts `hop` samples later."
    ),
    "last_filled_up": (
        "You filled up a last frame with zeros to use the samples that are "
        "left. Here they are left out."
    ),
    "padded_on_both_sides": (
        "You put zeros on both sides first, as the convention “centre” does. "
        "Here nothing is padded."
    ),
    "columns": (
        "Your frames are columns. One frame per row is asked for: frames are "
        "the vectors of this set, and vectors are rows here."
    ),
}


def variant(wrong):
    def answer(signal, window, hop):
        if "swapped" in wrong:
            window, hop = hop, window
        if "padded_on_both_sides" in wrong:
            signal = np.pad(signal, window // 2)
        size = len(signal)
        if "no_overlap" in wrong:
            hop = window
        elif "hop_is_overlap" in wrong:
            hop = max(window - hop, 1)
        elif "hop_ignored" in wrong:
            hop = 1
        last = size - window
        starts = np.arange(0, last + 1, hop)  # (n_frames,)
        if "one_short" in wrong:
            starts = starts[:-1]
        if "start_not_times_hop" in wrong:
            starts = np.arange(len(starts))
        if "first_repeated" in wrong:
            starts = np.zeros_like(starts)
        if "first_missing" in wrong:
            starts = starts[1:]
        if "last_filled_up" in wrong:
            starts = np.arange(0, last + hop, hop)
        if "last_frame_lost" in wrong:
            starts = np.arange(0, last, hop)
        if "end_padded" in wrong or "wraps_round" in wrong:
            starts = np.arange(0, size, hop)
        if len(starts) == 0:  # (0,) in one style, (0, window) in another
            raise ValueError("no frame is left")
        at = starts[:, None] + np.arange(window)  # (n_frames, window)
        frames = np.where(at < size, signal[at % size], 0)
        if "sample_numbers" in wrong:
            frames = at.astype(float)
        if "wraps_round" in wrong:
            frames = signal[at % size]
        if "backwards" in wrong:
            frames = frames[:, ::-1]
        if "hann_applied" in wrong:
            frames = frames * np.hanning(window).astype(frames.dtype)
        if "hamming_applied" in wrong:
            frames = frames * np.hamming(window).astype(frames.dtype)
        if "mean_removed" in wrong:
            frames = frames - frames.mean(axis=1, keepdims=True)
        return frames.T if "columns" in wrong else frames

    return answer


EXERCISE = exercise(
    frame_signal,
    title="A signal cut into frames",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
