"""Exercise 08.frames_heard."""

from selfattn.exercises.model import Case, exercise


def frames_heard(i, n, radii, splice=0):
    """Which input frames can change output i of a stack of layers.

    i : an output's number, from 0; n : frames of the recording.
    radii : list with the radius of each attention layer's window; None for
        a layer without a window. It may be empty.
    splice : before the first layer, each frame is put side by side with so
        many neighbours on either side.
    Returns two whole numbers: the first such frame, and the frame after the
    last one, as for a slice.
    """
    if None in radii:
        return 0, n
    reach = splice + sum(radii)
    return max(0, i - reach), min(n, i + reach + 1)


HINTS = (
    "One layer of radius 2: output 10 sees 8 to 12. Each of these is an "
    "output of the layer below, which sees further by its own radius.",
    "Radii add up. The splice is one more step of the same kind, below all "
    "layers.",
    "One layer without a window sees everything, and so does the whole "
    "stack. At the ends of the recording there is nothing more to hear.",
)


def cases(rng):
    made = [
        ("one layer of radius 2", 10, 30, [2], 0),
        ("two layers of radius 2", 10, 30, [2, 2], 0),
        ("three layers of different radii", 20, 60, [1, 5, 3], 0),
        ("no layer, as the homework's eleven frames", 10, 30, [], 5),
        ("spliced, then two layers", 20, 60, [3, 2], 5),
        ("near the start", 2, 30, [2, 3], 1),
        ("near the end", 28, 30, [2, 3], 1),
        ("a radius of 0", 5, 13, [0, 0], 0),
        ("one of three layers has no window", 5, 50, [2, None, 1], 0),
        ("a recording of one frame", 0, 1, [3], 2),
        ("a window larger than the recording", 3, 7, [50], 0),
    ]
    for number in range(2):
        radii = rng.integers(1, 9, 3 + number).tolist()
        i = int(rng.integers(40, 160))
        name = f"freshly drawn, number {number + 1}"
        made.append((name, i, 199, radii, int(rng.integers(1, 6))))
    return [
        Case(name, (i, n, radii), {"splice": splice} if splice else {})
        for name, i, n, radii, splice in made
    ]


MISTAKES = {
    "largest_only": (
        "You took the largest radius. Each layer widens what the layer above "
        "it hears, so the radii add up."
    ),
    "last_only": (
        "You looked at one layer only. Its inputs are outputs of the layer "
        "below, which have heard further."
    ),
    "multiplied": (
        "You multiplied the radii. Each layer adds its own reach to what is "
        "heard already."
    ),
    "splice_forgotten": (
        "The neighbours that are put side by side before the first layer are "
        "missing."
    ),
    "not_clipped": (
        "You name frames before the start or behind the end of the recording."
    ),
    "last_not_after": (
        "Your second number is the last frame heard. The one after it is "
        "asked for, as for a slice."
    ),
    "one_side": (
        "You count the past only. A window reaches to both sides."
    ),
    "none_skipped": (
        "A layer without a window sees the whole recording; you left it out "
        "of the sum."
    ),
    "per_layer_splice": (
        "You splice before every layer. It is done once, before the first."
    ),
}  # fmt: skip


def variant(wrong):
    def answer(i, n, radii, splice=0):
        if None in radii and "none_skipped" not in wrong:
            return (0, n - 1) if "last_not_after" in wrong else (0, n)
        radii = [r for r in radii if r is not None]
        reach = sum(radii)
        if "largest_only" in wrong:
            reach = max(radii, default=0)
        if "last_only" in wrong:
            reach = radii[-1] if radii else 0
        if "multiplied" in wrong:
            reach = 1
            for r in radii:
                reach *= r
            reach = reach if radii else 0
        times = len(radii) if "per_layer_splice" in wrong else 1
        if "splice_forgotten" not in wrong:
            reach += splice * times
        first = i - reach
        after = i + (1 if "one_side" in wrong else reach + 1)
        if "not_clipped" not in wrong:
            first, after = max(0, first), min(n, after)
        return first, after - ("last_not_after" in wrong)

    return answer


EXERCISE = exercise(
    frames_heard,
    title="What a stack of windows hears",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
