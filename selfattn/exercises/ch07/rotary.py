"""Exercise 07.rotary."""

import numpy as np

from selfattn.exercises.ch07._waves import WAVE_MISTAKES, frequencies
from selfattn.exercises.model import Case, Property, exercise


def rotary(q, k, places, base=10000.0):
    """Turn queries and keys, with entry m paired with entry m + d/2.

    q, k : float arrays (..., L, d), d even; they may have different numbers
        of heads in front. places : array (L,), for q and for k.
    Pair m (from 0) is the entries m and m + d/2. The vector at place p has
    it turned anticlockwise, from the axis of entry m towards that of entry
    m + d/2, by p * base ** (-2 * m / d) radians.
    Returns the turned q and the turned k, and leaves q and k as they are.
    """
    d = q.shape[-1]
    frequency = base ** (-np.arange(0, d, 2) / d)  # (d / 2,)
    angle = places[:, None] * frequency  # (L, d / 2)
    cos, sin = np.cos(angle), np.sin(angle)  # (L, d / 2)

    def turned(x):
        low, high = x[..., : d // 2], x[..., d // 2 :]  # (..., L, d / 2)
        pairs = (low * cos - high * sin, low * sin + high * cos)
        return np.concatenate(pairs, axis=-1)  # (..., L, d)

    return turned(q), turned(k)


HINTS = (
    "For d = 4, which two entries make the first pair, and which the "
    "second? Turn (3, 4) by a quarter on paper: where is the minus?",
    "Angles are (L, d/2), one per place and pair. They broadcast against "
    "the left half of a query, (..., L, d/2), and against its right half.",
    "Write one inner function that turns the two halves of an array and "
    "joins them again along the last axis. Call it for q and for k.",
)


def cases(rng):
    made = [
        Case(
            "d = 2, at rest and after a quarter turn",
            (
                np.array([[3.0, 4.0], [3.0, 4.0]]),
                np.array([[0.0, 1.0], [2.0, 0.0]]),
                np.array([0.0, np.pi / 2]),
            ),
        ),
        Case(
            "d = 4, base 100",
            (
                np.array([[1.0, 0, 0, 2], [1, 0, 0, 2], [0, 3, 1, 0]]),
                np.array([[0.0, 1, 2, 0], [2, 1, 0, 0], [1, 0, 0, 1]]),
                np.array([1, 3, 4]),
                100.0,
            ),
        ),
        Case(
            "one vector at place −2, d = 6",
            (*rng.standard_normal((2, 1, 6)), np.array([-2])),
        ),
    ]
    for front, other, n, d in (((), (), 7, 6), ((2, 6), (2, 3), 5, 10)):
        q = rng.standard_normal((*front, n, d))
        k = rng.standard_normal((*other, n, d))
        places = rng.choice(40, n, replace=False)
        base = float(rng.integers(20, 5000))
        name = f"q {q.shape}, k {k.shape}, base {base:.0f}"
        made.append(Case(name, (q, k, places, base)))
    q, k = rng.standard_normal((2, 3, 11, 14)).astype(np.float32)
    made.append(Case("float32, d = 14", (q, k, np.arange(11) + 5)))
    return made


def shifted(rng):
    q, k = rng.standard_normal((2, 5, 6))
    places = np.array([0, 1, 4, 6, 9])
    base = float(rng.integers(20, 500))
    return [
        Case(f"5 vectors, moved on by {by}", (q, k, places + by, base))
        for by in (0, 13)
    ]


def same_scores(cases, outs):
    (q, k), (q_late, k_late) = (
        [np.asarray(x, dtype=float) for x in pair] for pair in outs
    )
    return bool(np.allclose(q @ k.T, q_late @ k_late.T, atol=1e-6))


PROPERTIES = (
    Property(
        "distances_only",
        "When all words move on by the same number of places, the dot "
        "products of queries and keys should stay; yours change.",
        shifted,
        same_scores,
    ),
)

MISTAKES = {
    "neighbours_paired": (
        "You pair neighbouring entries, as the chapter does. Here entry m is "
        "paired with entry m + d/2. Both are in use, and weights trained with "
        "one are wrong with the other."
    ),
    "frequencies_repeated": (
        "Your cosines have each frequency twice in a row, as for neighbouring "
        "pairs. Here the two entries of a pair are d/2 apart, so all the "
        "frequencies come once, and then all of them again."
    ),
    "put_back_alternating": (
        "You turn the right pairs, but you put them back in turns, one entry "
        "of each half after the other. Each goes back to where it came from."
    ),
    "keys_left_out": (
        "Only the queries are turned. Then a score depends on where the "
        "query stands and not on how far away the key is; turn both."
    ),
    "queries_left_out": (
        "Only the keys are turned. Then a score depends on where the key "
        "stands and not on how far away it is; turn both."
    ),
    "keys_turned_back": (
        "Queries and keys turn in opposite directions, so that scores depend "
        "on the sum of two places. Turned the same way, they leave the "
        "difference."
    ),
    "returned_in_reverse": (
        "You return the keys first. The turned q comes first, then the "
        "turned k."
    ),
    "wrong_way": (
        "You turn clockwise. Scores would then depend on the distance just "
        "as well, but (3, 4) after a quarter turn must be (−4, 3)."
    ),
    "sine_and_cosine_swapped": (
        "Sine and cosine have changed places: at place 0 nothing may turn, "
        "and yours does."
    ),
    "sign_missing": (
        "Both new entries are sums. Then lengths change; a rotation "
        "subtracts in one of them."
    ),
    "overwritten": (
        "The second entry was computed from the first one's new value. Keep "
        "the old pair until both are done."
    ),
    "cosines_only": (
        "You multiply the entries by a cosine and do nothing else. A rotation "
        "also mixes the two entries of a pair, by the sine."
    ),
    "added": (
        "You added sine and cosine to the vectors. That is the sinusoidal "
        "encoding; rotary positions multiply."
    ),
    "from_one": (
        "Every vector is turned by one step too many. At place 0 it stays "
        "as it is."
    ),
    "own_positions": (
        "You count 0, 1, 2 … yourself. The places are given: they may "
        "have gaps, or start where a longer text was cut."
    ),
    "unit_length": (
        "You scaled the vectors to length 1. A rotation keeps their length."
    ),
    **WAVE_MISTAKES,
}


def variant(wrong):
    def turned(x, places, base):
        d = x.shape[-1]
        if "unit_length" in wrong:
            x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        angle = places[:, None] * frequencies(d, base, wrong)
        c, s = np.cos(angle), np.sin(angle)  # (L, d / 2)
        if "wrong_way" in wrong:
            s = -s
        if "sine_and_cosine_swapped" in wrong:
            c, s = s, c
        pairs = [slice(0, d // 2), slice(d // 2, d)]
        if "neighbours_paired" in wrong:
            pairs = [slice(0, d, 2), slice(1, d, 2)]
        low, high = (x[..., part] for part in pairs)  # (..., L, d / 2)
        new_low = low * c - high * s
        source = new_low if "overwritten" in wrong else low
        new_high = source * s + high * c
        if "frequencies_repeated" in wrong:
            one, two = np.split(np.repeat(angle, 2, axis=-1), 2, axis=-1)
            new_low = low * np.cos(one) - high * np.sin(one)
            new_high = high * np.cos(two) + low * np.sin(two)
        if "sign_missing" in wrong:
            new_low = low * c + high * s
        if "cosines_only" in wrong:
            new_low, new_high = low * c, high * c
        if "added" in wrong:
            new_low, new_high = low + s, high + c
        if "put_back_alternating" in wrong:
            pairs = [slice(0, d, 2), slice(1, d, 2)]
        out = np.empty_like(x)  # (..., L, d)
        out[..., pairs[0]], out[..., pairs[1]] = new_low, new_high
        return out

    def answer(q, k, places, base=10000.0):
        if "from_one" in wrong:
            places = places + 1
        if "own_positions" in wrong:
            places = np.arange(q.shape[-2])
        k_places = -places if "keys_turned_back" in wrong else places
        new_q, new_k = turned(q, places, base), turned(k, k_places, base)
        if "keys_left_out" in wrong:
            new_k = k.copy()
        if "queries_left_out" in wrong:
            new_q = q.copy()
        if "returned_in_reverse" in wrong:
            return new_k, new_q
        return new_q, new_k

    return answer


EXERCISE = exercise(
    rotary,
    title="Rotary positions, in two halves",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
