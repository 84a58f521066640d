"""Exercise 08.count_pairs."""

from selfattn.exercises.model import Case, exercise


def count_pairs(n, radius):
    """How many weights truncated self-attention needs.

    n : frames, 1 or more.
    radius : a frame attends to itself and to at most this many frames to
        either side, where they exist. It may be larger than n.
    Returns the number of pairs (query, key) that remain, a whole number,
    also for a million frames, without making a matrix of them.
    """
    reach = min(radius, n - 1)
    return n * (2 * reach + 1) - reach * (reach + 1)


HINTS = (
    "Far from the ends a frame sees 2 · radius + 1 frames. How many of them "
    "does the first frame lack, how many the second one?",
    "The left end lacks radius + (radius − 1) + … + 1 pairs, and the right "
    "end as many. That sum has a closed form.",
    "If the radius is n − 1 or more, every frame sees all n. Cut the radius "
    "down first, and the same formula holds.",
)


def cases(rng):
    made = [(4, 1), (4, 0), (5, 2), (5, 4), (5, 5), (3, 50), (1, 0), (1, 7)]
    made += [(6000, 50), (6000, 5999), (1_000_000, 100)]
    for _ in range(3):
        n = int(rng.integers(20, 60))
        made.append((n, int(rng.integers(1, n - 1))))
    return [
        Case(f"{n} frames, radius {r} ({k + 1})", (n, r))
        for k, (n, r) in enumerate(made)
    ]


MISTAKES = {
    "ends_forgotten": (
        "You count as if every frame had all its neighbours. Near both ends "
        "some are missing."
    ),
    "one_end": (
        "You took off what is missing at one end. The other end lacks as much."
    ),
    "self_forgotten": (
        "You do not count the pair of a frame with itself."
    ),
    "one_side": (
        "You count the neighbours of one side only."
    ),
    "radius_not_cut": (
        "With a radius of n or more your number is wrong. Every frame then "
        "sees all n frames, and no more."
    ),
    "square": (
        "You count all pairs, n². Only those within the radius remain."
    ),
    "radius_squared": (
        "You take off radius². Each end lacks radius + (radius − 1) + … + 1 "
        "pairs, which is a little more than half of that."
    ),
}  # fmt: skip


def variant(wrong):
    def answer(n, radius):
        if "square" in wrong:
            return n * n
        r = radius if "radius_not_cut" in wrong else min(radius, n - 1)
        own = "self_forgotten" not in wrong
        missing = r * (r + 1)
        if "radius_squared" in wrong:
            missing = r * r
        if "one_end" in wrong:
            missing //= 2
        if "ends_forgotten" in wrong:
            missing = 0
        if "one_side" in wrong:
            return n * (r + own) - missing // 2
        return n * (2 * r + own) - missing

    return answer


EXERCISE = exercise(
    count_pairs,
    title="Count the weights of a window",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
