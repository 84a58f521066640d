"""Exercise 07.rotary."""

import numpy as np

from selfattn.exercises.ch07._waves import WAVE_MISTAKES, frequencies
from selfattn.exercises.model import Case, Property, exercise


def rotary(x, positions, base=10000.0):
    """Turn each pair of entries by an angle that grows with the position.

    x : float array (..., L, d), d even. positions : array (L,).
    Pair m is the entries 2m and 2m + 1. The vector at position p has it
    turned anticlockwise, from the first entry's axis towards the second's,
    by p * base ** (-2 * m / d) radians.
    Returns an array like x, and leaves x as it is.
    """
    d = x.shape[-1]
    frequency = base ** (-np.arange(0, d, 2) / d)  # (d / 2,)
    angle = positions[:, None] * frequency  # (L, d / 2)
    cos, sin = np.cos(angle), np.sin(angle)  # (L, d / 2)
    first, second = x[..., 0::2], x[..., 1::2]  # (..., L, d / 2)
    out = np.empty_like(x)  # (..., L, d)
    out[..., 0::2] = first * cos - second * sin
    out[..., 1::2] = first * sin + second * cos
    return out


HINTS = (
    "Turn (3, 4) by a quarter on paper. Which entry gets which, and "
    "where is the minus?",
    "Angles are (L, d/2), one per position and pair. They broadcast "
    "against the even entries of x, (..., L, d/2).",
    "New first entry: first · cos − second · sin. The new second "
    "one has a plus and the two functions swapped. Put both into an "
    "empty array with slices of step 2.",
)


def cases(rng):
    quarter = np.array([0.0, np.pi / 2])
    made = [
        Case(
            "(3, 4) at rest, then a quarter turn",
            (np.array([[3.0, 4.0], [3.0, 4.0]]), quarter),
        ),
        Case(
            "d = 4, base 100",
            (
                np.array([[1.0, 0, 0, 2], [1, 0, 0, 2]]),
                np.array([1, 3]),
                100.0,
            ),
        ),
    ]
    for shape in ((7, 6), (2, 3, 5, 10)):
        x = rng.standard_normal(shape)
        positions = rng.choice(40, shape[-2], replace=False)
        base = float(rng.integers(20, 5000))
        made.append(Case(f"x {shape}, base {base:.0f}", (x, positions, base)))
    x = rng.standard_normal((3, 11, 14)).astype(np.float32)
    made.append(Case("float32, d = 14", (x, np.arange(11) + 5)))
    return made


def shifted(rng):
    x = rng.standard_normal((5, 6))
    places = np.array([0, 1, 4, 6, 9])
    base = float(rng.integers(20, 500))
    return [
        Case(f"5 vectors, moved on by {k}", (x, places + k, base))
        for k in (0, 13)
    ]


def same_scores(cases, outs):
    one, other = (np.asarray(o, dtype=float) for o in outs)
    return bool(np.allclose(one @ one.T, other @ other.T, atol=1e-6))


PROPERTIES = (
    Property(
        "distances_only",
        "When all vectors move on by the same number of places, "
        "their dot products should stay; yours change.",
        shifted,
        same_scores,
    ),
)

MISTAKES = {
    "halves_paired": (
        "You pair entry m with entry m + d/2. Much published code does that, "
        "and it is as good, but weights trained for one pairing are useless "
        "with the other. Here neighbours are paired."
    ),
    "frequencies_tiled": (
        "Your cosines run through all frequencies and then through all of "
        "them again, as for the pairing m with m + d/2. Your pairs are "
        "neighbours, so each frequency comes twice in a row."
    ),
    "put_back_in_halves": (
        "You turn the right pairs, and then put all first entries in front "
        "and all second ones behind. Each goes back to where it came from."
    ),
    "wrong_way": (
        "You turn clockwise. Scores would then depend on the distance just "
        "as well, but (3, 4) after a quarter turn must be (−4, 3)."
    ),
    "sine_and_cosine_swapped": (
        "Sine and cosine have changed places: at position 0 nothing may "
        "turn, and yours does."
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
        "You only shrink the entries. A rotation also mixes the two entries "
        "of a pair, by the sine."
    ),
    "added": (
        "You added sine and cosine to the vector. That is the sinusoidal "
        "encoding; rotary positions multiply."
    ),
    "one_frequency": (
        "All pairs turn at the same speed, so that distances repeat after "
        "about six steps. Pair m has its own frequency."
    ),
    "from_one": (
        "Every vector is turned by one step too many. At position 0 it stays "
        "as it is."
    ),
    "own_positions": (
        "You count 0, 1, 2 … yourself. The positions are given: they may "
        "have gaps, or start where a longer text was cut."
    ),
    "unit_length": (
        "You scaled the vectors to length 1. A rotation keeps their length."
    ),
    **WAVE_MISTAKES,
}


def variant(wrong):
    def answer(x, positions, base=10000.0):
        d = x.shape[-1]
        if "from_one" in wrong:
            positions = positions + 1
        if "own_positions" in wrong:
            positions = np.arange(x.shape[-2])
        if "unit_length" in wrong:
            x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        angle = positions[:, None] * frequencies(d, base, wrong)
        tiled = np.concatenate([angle, angle], axis=-1)  # (L, d)
        c, s = np.cos(angle), np.sin(angle)  # (L, d / 2)
        if "wrong_way" in wrong:
            s = -s
        if "sine_and_cosine_swapped" in wrong:
            c, s = s, c
        halves = "halves_paired" in wrong
        low, high = (
            (x[..., : d // 2], x[..., d // 2 :])
            if halves
            else (x[..., 0::2], x[..., 1::2])
        )
        out = np.empty_like(x)  # (..., L, d)
        if halves:
            new_low, new_high = out[..., : d // 2], out[..., d // 2 :]
        else:
            new_low, new_high = out[..., 0::2], out[..., 1::2]
        new_low[...] = low * c - high * s
        source = new_low if "overwritten" in wrong else low
        new_high[...] = source * s + high * c
        if "frequencies_tiled" in wrong:
            one, two = tiled[:, 0::2], tiled[:, 1::2]  # (L, d / 2) each
            new_low[...] = low * np.cos(one) - high * np.sin(one)
            new_high[...] = high * np.cos(two) + low * np.sin(two)
        if "sign_missing" in wrong:
            new_low[...] = low * c + high * s
        if "cosines_only" in wrong:
            new_low[...], new_high[...] = low * c, high * c
        if "added" in wrong:
            new_low[...], new_high[...] = low + s, high + c
        if "put_back_in_halves" in wrong:
            out = np.concatenate([new_low, new_high], axis=-1)
        return out

    return answer


EXERCISE = exercise(
    rotary,
    title="Rotary positions",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    properties=PROPERTIES,
    mistakes=MISTAKES,
    variant=variant,
)
