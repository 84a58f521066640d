"""Exercise 13.count_pairs."""

from selfattn.exercises.model import Case, exercise


def count_pairs(n, radius, stride):
    """How many pairs (query, key) a window and a stride leave of n * n.

    n : number of positions, at least 1. radius : 0 or more. stride : at
        least 1. Query i sees key j where they are at most radius apart, or
        where i - j is a multiple of stride (also 0), to either side.
    Returns a whole number; each pair counts once. n may be 100,000, so do
    not build a matrix: how many pairs are d positions apart?
    """
    pairs = 0
    for d in range(n):
        if d <= radius or d % stride == 0:
            pairs += (n - d) * (1 if d == 0 else 2)
    return pairs


HINTS = (
    "Sort the pairs by their distance d, which runs from 0 to n - 1. Whether "
    "a pair counts depends on d alone.",
    "There are n pairs with d = 0. For every other d there are n - d pairs in "
    "which the key comes later, and as many in which it comes earlier.",
    "Add up over all d for which d <= radius or d % stride == 0. With `or`, a "
    "distance that satisfies both is still counted once.",
)


def cases(rng):
    def case(n, radius, stride):
        name = f"n = {n:,}, radius {radius}, stride {stride}"
        return Case(name, (n, radius, stride))

    a, b, c = (int(x) for x in rng.integers(5, 60, 3))
    return [
        case(4, 1, 2),
        case(1, 0, 1),
        case(5, 0, 9),
        case(5, 0, 2),
        case(3, 7, 2),
        case(12, 2, 5),
        case(17, 5, 3),
        case(100_000, 64, 512),
        case(70 + a, 2 + b // 7, 3 + c // 5),
    ]


MISTAKES = {
    "counted_twice": (
        "Pairs that are in the window and a multiple of the stride apart are "
        "counted twice. Every query and itself is such a pair."
    ),
    "no_ends": (
        "You took the same number of keys for every query. Those near the "
        "ends have fewer."
    ),
    "radius_is_width": (
        "You took radius for the whole width of the window. It counts to "
        "either side."
    ),
    "window_alone": "The pairs that are a stride apart are missing.",
    "stride_alone": "The pairs of the window are missing.",
    "both_needed": (
        "You ask for pairs that satisfy both conditions. One is enough."
    ),
    "causal": (
        "Only keys at or before the query are counted. Here a query sees "
        "both sides."
    ),
    "without_self": "Each query also sees itself, at distance 0.",
}


def variant(wrong):
    def answer(n, radius, stride):
        pairs = 0
        reach = radius // 2 if "radius_is_width" in wrong else radius
        for d in range(n):
            near, far = d <= reach, d % stride == 0
            if "both_needed" in wrong:
                seen = near and far
            elif "window_alone" in wrong:
                seen = near
            elif "stride_alone" in wrong:
                seen = far
            else:
                seen = near or far
            if "counted_twice" in wrong:
                seen = int(near) + int(far)
            if d == 0 and "without_self" in wrong:
                seen = 0
            each = n if "no_ends" in wrong else n - d
            sides = 1 if d == 0 or "causal" in wrong else 2
            pairs += int(seen) * each * sides
        return pairs

    return answer


EXERCISE = exercise(
    count_pairs,
    title="What a window and a stride cost",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
