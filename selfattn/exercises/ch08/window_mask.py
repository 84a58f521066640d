"""Exercise 08.window_mask."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def window_mask(n, radius, lengths):
    """Who may attend to whom: the near frames of its own recording.

    n : frames per recording, padding included.
    radius : a frame sees at most this many frames to either side; 0 leaves
        only itself.
    lengths : list of B whole numbers from 1 to n: only the first lengths[b]
        frames of recording b are real, the rest is padding.
    Returns a boolean array (B, n, n), query by key, True = may attend. Keys
    in the padding are seen by nobody. Queries in the padding are treated as
    all others are, so some of their rows may be all False.
    """
    i = np.arange(n)  # (n,)
    near = abs(i[:, None] - i) <= radius  # (n, n)
    real = i < np.array(lengths)[:, None]  # (B, n)
    return near & real[:, None, :]  # (B, n, n)


HINTS = (
    "Make two masks: which frames are near each other, (n, n), and which keys "
    "are real, (B, n). A frame may be seen where both say True.",
    "A column of places minus a row of places is a matrix of distances. Their "
    "absolute value is compared with the radius.",
    "The mask of the keys needs an axis for the queries, between the other "
    "two: (B, 1, n). Then & broadcasts.",
)


def cases(rng):
    made = [
        ("4 frames, radius 1, no padding", 4, 1, [4]),
        ("two recordings, of 5 and 3 frames", 5, 1, [5, 3]),
        ("radius 0", 5, 0, [5, 2]),
        ("a radius larger than the recording", 5, 7, [4, 5]),
        ("a radius of one less than the length", 5, 4, [5, 5]),
        ("one frame", 1, 3, [1]),
        ("everybody shorter than the batch", 11, 2, [7, 1, 3]),
    ]
    for number in range(2):
        n, radius = int(rng.integers(7, 14)), int(rng.integers(2, 5))
        lengths = [n, *rng.integers(1, n, 2).tolist()]
        name = f"freshly drawn, number {number + 1}"
        made.append((name, n, radius, lengths))
    return [Case(name, tuple(args)) for name, *args in made]


MISTAKES = {
    "radius_as_width": (
        "Your window is `radius` frames wide altogether. The radius is how "
        "far it reaches to either side."
    ),
    "one_short": (
        "Frames exactly `radius` away are left out. They may still be seen."
    ),
    "one_sided": (
        "Your frames see the past alone. The window reaches to both sides."
    ),
    "padding_seen": (
        "Padding may be attended to. Leave out the keys from lengths[b] on."
    ),
    "padded_queries": (
        "You shut out the queries of the padding, but its keys are what "
        "others must not see."
    ),
    "both_shut": (
        "You also clear the rows of padded queries. They are treated as all "
        "others are; only keys are left out."
    ),
    "inverted": (
        "Your mask is upside down: True means “may attend” in this book."
    ),
    "one_more_is_real": (
        "The first frame of the padding counts as real. Places count from 0, "
        "so place number `length` is padding."
    ),
    "same_for_all": (
        "Every recording is cut at the first one's length. Each has its own."
    ),
}


def variant(wrong):
    def answer(n, radius, lengths):
        lengths = np.array(lengths)[:, None]  # (B, 1)
        if "same_for_all" in wrong:
            lengths = np.repeat(lengths[:1], len(lengths), axis=0)
        i = np.arange(n)
        off = i[:, None] - i  # (n, n)
        near = abs(off) <= radius
        if "radius_as_width" in wrong:
            near = 2 * abs(off) <= radius
        if "one_short" in wrong:
            near = abs(off) < max(radius, 1)
        if "one_sided" in wrong:
            near = near & (off >= 0)
        real = i <= lengths if "one_more_is_real" in wrong else i < lengths
        keys, queries = real[:, None, :], real[:, :, None]
        if "padding_seen" in wrong:
            keys = np.ones_like(keys)
        if "padded_queries" in wrong:
            keys = queries
        mask = near & keys
        if "both_shut" in wrong:
            mask = mask & queries
        mask = np.broadcast_to(mask, (len(lengths), n, n)).copy()
        return ~mask if "inverted" in wrong else mask

    return answer


EXERCISE = exercise(
    window_mask,
    title="A window's mask for a padded batch",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
