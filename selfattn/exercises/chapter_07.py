"""Chapter 07, positions: what order is, written as numbers."""

from __future__ import annotations

import numpy as np

from selfattn.exercises import Case, Exercise, Property, traps_from


def _frequencies(d, base, wrong):
    """Radians per position of each pair, with the mistakes named."""
    pairs = np.arange(d // 2)  # (d / 2,)
    exponent = pairs if "exponent_halved" in wrong else 2 * pairs
    omega = np.power(float(base), -exponent / d)  # (d / 2,)
    if "base_ignored" in wrong:
        omega = 10000.0 ** (-exponent / d)
    if "one_frequency" in wrong:
        omega = np.ones(d // 2)
    if "degrees" in wrong:
        omega = np.degrees(omega)
    return omega


SHARED_TRAPS = {
    "exponent_halved": (
        "Your exponent is half as large as it should be: it counts pairs, "
        "and the formula counts entries. The slowest wave then has a period "
        "of only about √base."
    ),
    "base_ignored": (
        "You wrote 10000 into the code, so the argument `base` changes "
        "nothing."
    ),
    "degrees": (
        "Your angles were turned into degrees. NumPy's sine and cosine take "
        "radians, which is what position times frequency is already."
    ),
}


# --- sinusoidal ------------------------------------------------------------


def sinusoidal(n_positions, d_model, base=10000.0):
    pair = np.arange(d_model // 2)  # (d / 2,)
    frequency = base ** (-2 * pair / d_model)  # (d / 2,)
    angle = np.arange(n_positions)[:, None] * frequency  # (n, d / 2)
    table = np.empty((n_positions, d_model))  # (n, d)
    table[:, 0::2] = np.sin(angle)
    table[:, 1::2] = np.cos(angle)
    return table


SINUSOIDAL_STARTER = '''def sinusoidal(n_positions, d_model, base=10000.0):
    """One row of waves per position.

    d_model is even. With the frequency of pair m (from 0) equal to
    base ** (-2 * m / d_model), row i holds
        entry 2m     : sin(i * frequency)
        entry 2m + 1 : cos(i * frequency).
    Returns an array (n_positions, d_model); the first row is position 0.
    """
    raise NotImplementedError
'''


def _sinusoidal_variant(wrong):
    def answer(n_positions, d_model, base=10000.0):
        i = np.arange(n_positions, dtype=float)[:, None]  # (n, 1)
        if "from_one" in wrong:
            i = i + 1
        omega = _frequencies(d_model, base, wrong)  # (d / 2,)
        if "period_for_frequency" in wrong:
            omega = 1 / omega
        sin, cos = np.sin(i * omega), np.cos(i * omega)  # (n, d / 2)
        if "frequencies_not_paired" in wrong:
            all_of_them = float(base) ** (-np.arange(d_model) / d_model)
            sin = np.sin(i * all_of_them[0::2])
            cos = np.cos(i * all_of_them[1::2])
        if wrong & {"exponent_by_entry", "last_is_base"}:
            pairs = np.arange(0, d_model, 2)  # (d / 2,)
            by_entry = float(base) ** (-2 * pairs / d_model)
            step = float(base) ** (-2 / d_model)
            sin, cos = np.sin(i * by_entry), np.cos(i * by_entry * step)
        if "last_is_base" in wrong:
            omega = float(base) ** (-pairs / max(d_model - 2, 1))
            sin, cos = np.sin(i * omega), np.cos(i * omega)
        if "cosine_first" in wrong:
            sin, cos = cos, sin
        if "cosine_forgotten" in wrong:
            cos = sin
        if "in_halves" in wrong:
            out = np.concatenate([sin, cos], axis=1)
        else:
            out = np.stack([sin, cos], axis=-1).reshape(len(i), -1)
        return out.T if "columns" in wrong else out

    return answer


def _sinusoidal_cases(rng):
    cases = [
        Case("3 positions, d_model = 2", (3, 2)),
        Case("5 positions, d_model = 4, base 100", (5, 4, 100.0)),
    ]
    for n, d in ((11, 6), (7, 14)):
        base = float(rng.integers(20, 5000))
        name = f"{n} positions, d_model = {d}, base {base:.0f}"
        cases.append(Case(name, (n, d, base)))
    n = int(rng.choice([13, 17, 19]))
    cases.append(Case(f"{n} positions, d_model = 10", (n, 10)))
    return cases


SINUSOIDAL_TRAPS = {
    "in_halves": (
        "All sines stand on the left and all cosines on the right. Here they "
        "alternate, sine and cosine of one frequency side by side."
    ),
    "cosine_first": (
        "Sines and cosines have changed places: even entries hold the sine."
    ),
    "cosine_forgotten": (
        "Both entries of a pair are sines. One number cannot tell a wave "
        "that rises from one that falls; its cosine beside it can."
    ),
    "frequencies_not_paired": (
        "Each entry has a frequency of its own. Sine and cosine of a pair "
        "share one; without that, a shift is no rotation."
    ),
    "exponent_by_entry": (
        "You put the entry's number where the pair's belongs, twice it over "
        "d_model. Entries 2m and 2m + 1 share one frequency, and the "
        "exponent counts m."
    ),
    "last_is_base": (
        "Your slowest wave has exactly the frequency 1/base: you divide by "
        "d_model − 2. Some code does so; here the exponent is over d_model."
    ),
    "period_for_frequency": (
        "Your later pairs turn faster and faster: you multiply by the power "
        "of the base. The position is divided by it."
    ),
    "from_one": (
        "Your first row is that of position 1. Positions start at 0, whose "
        "row is 0, 1, 0, 1 and so on."
    ),
    "columns": (
        "Your positions are columns. One row per position is asked for, "
        "(n_positions, d_model)."
    ),
    "one_frequency": (
        "All pairs turn at the same speed, so positions repeat after about "
        "six steps. Each pair has its own, from fast to slow."
    ),
    **SHARED_TRAPS,
}


# --- shift matrix ----------------------------------------------------------


def shift_matrix(steps, d_model, base=10000.0):
    matrix = np.zeros((d_model, d_model))
    for pair in range(d_model // 2):
        angle = steps * base ** (-2 * pair / d_model)
        cos, sin = np.cos(angle), np.sin(angle)
        block = slice(2 * pair, 2 * pair + 2)
        matrix[block, block] = [[cos, -sin], [sin, cos]]
    return matrix  # (d, d)


SHIFT_STARTER = '''def shift_matrix(steps, d_model, base=10000.0):
    """The matrix that moves sinusoidal positions on by some steps.

    e = sinusoidal(n, d_model, base) has rows; the matrix M must satisfy
    e[i] @ M = e[i + steps] for every i. steps may be negative or 0.
    Pair m has the frequency base ** (-2 * m / d_model), its sine in entry
    2m and its cosine in entry 2m + 1. Returns an array (d_model, d_model).
    """
    raise NotImplementedError
'''


def _shift_variant(wrong):
    def answer(steps, d_model, base=10000.0):
        if "one_too_far" in wrong:
            steps = steps + 1
        if "length_only" in wrong:
            steps = abs(steps)
        if "one_step" in wrong:
            steps = 1
        angle = steps * _frequencies(d_model, base, wrong)  # (d / 2,)
        c, s = np.diag(np.cos(angle)), np.diag(np.sin(angle))
        if "wrong_way" in wrong:
            s = -s
        if "reflection" in wrong:
            parts = (c, s, s, -c)
        elif "sign_missing" in wrong:
            parts = (c, s, s, c)
        elif "cosines_only" in wrong:
            parts = (c, 0 * s, 0 * s, c)
        else:
            parts = (c, -s, s, c)
        out = np.zeros((d_model, d_model))  # (d, d)
        if "in_halves" in wrong:
            half = d_model // 2
            out[:half, :half], out[:half, half:] = parts[:2]
            out[half:, :half], out[half:, half:] = parts[2:]
        else:
            out[0::2, 0::2], out[0::2, 1::2] = parts[:2]
            out[1::2, 0::2], out[1::2, 1::2] = parts[2:]
        if "entries_rolled" in wrong:
            out = np.roll(np.eye(d_model), steps, axis=1)
        return out

    return answer


def _shift_cases(rng):
    cases = [
        Case("one step, d_model = 2", (1, 2)),
        Case("3 steps, d_model = 4, base 100", (3, 4, 100.0)),
        Case("5 steps back, d_model = 6, base 50", (-5, 6, 50.0)),
        Case("no step, d_model = 4", (0, 4)),
    ]
    for d in (6, 10):
        steps = int(rng.integers(4, 20))
        base = float(rng.integers(20, 5000))
        name = f"{steps} steps, d_model = {d}, base {base:.0f}"
        cases.append(Case(name, (steps, d, base)))
    return cases


def _shift_pairs(rng):
    base = float(rng.integers(20, 500))
    return [
        Case(f"{k} steps, to be combined", (k, 6, base)) for k in (3, 4, 7)
    ]


SHIFT_TRAPS = {
    "wrong_way": (
        "Your matrix goes the other way, or it is the lecture's, which "
        "stands left of a column. Here the row stands left of the matrix: "
        "check `e[0] @ M` against `e[steps]`."
    ),
    "reflection": (
        "Your blocks are reflections. A shift turns: with no steps at all "
        "the matrix must be the identity."
    ),
    "sign_missing": (
        "All four numbers of a block have the same sign. Then lengths "
        "change; in sin(a + b) and cos(a + b) one of the terms is "
        "subtracted."
    ),
    "cosines_only": (
        "Your matrix is diagonal. The sine of a sum needs the cosine too: "
        "the two entries of a pair mix."
    ),
    "in_halves": (
        "Your matrix expects all sines first and then all cosines. In this "
        "table they alternate, so each pair's block sits on the diagonal."
    ),
    "entries_rolled": (
        "You move the entries of the vector. What moves is the position: "
        "every pair of entries turns by an angle."
    ),
    "one_step": (
        "Your matrix always makes one step, whatever `steps` says."
    ),
    "length_only": (
        "Your matrix steps forward even when steps is negative. The sign "
        "says in which direction to turn."
    ),
    "one_too_far": (
        "Your matrix goes one step too far: with 0 steps it must change "
        "nothing."
    ),
    "one_frequency": (
        "All pairs turn by the same angle. Pair m turns by steps times its "
        "own frequency."
    ),
    **SHARED_TRAPS,
}


# --- permutation test ------------------------------------------------------


def order_gap(layer, x, order):
    moved_before = layer(x[order])  # (L, d)
    moved_after = layer(x)[order]  # (L, d)
    return np.abs(moved_before - moved_after).max()


GAP_STARTER = '''def order_gap(layer, x, order):
    """How far a layer is from treating its input as a set.

    layer : a function from an array (L, d) to an array (L, d').
    x : array (L, d). order : integer array (L,), a permutation of 0 ... L-1;
        x[order] are the same vectors in that order.
    Returns a number, 0 for a layer that knows no order: the largest absolute
    difference between the outputs of the reordered vectors, and the
    outputs of x reordered in the same way.
    """
    raise NotImplementedError
'''


def _softmax(x):
    x = np.exp(x - x.max(axis=-1, keepdims=True))
    return x / x.sum(axis=-1, keepdims=True)


def _attend(x):
    return _softmax(x @ x.T / np.sqrt(x.shape[-1])) @ x


def _with_places(x):
    places = np.arange(len(x))[:, None] / (1 + np.arange(x.shape[1]))
    return _attend(x + np.sin(places))


LAYERS = {
    "self-attention": _attend,
    "attention with positions": _with_places,
    "running sum": lambda x: np.cumsum(x, axis=0),
    "one net per vector": lambda x: np.tanh(x[:, ::-1] - 0.5),
    "difference to the neighbour": lambda x: x - np.roll(x, 1, axis=0),
    "sort each column": lambda x: np.sort(x, axis=0),
}


def _gap_run(answer, name, x, order):
    return answer(LAYERS[name], x, order)


def _gap_variant(wrong):
    def answer(layer, x, order):
        into = np.argsort(order) if "undone_before" in wrong else order
        back = np.argsort(order) if "undone_after" in wrong else order
        before, after = layer(x[into]), layer(x)
        if "input_not_moved" in wrong:
            before = layer(x)
        if "widths_moved" in wrong:
            columns = order[order < x.shape[1]]
            before, back = layer(x[:, columns]), np.arange(len(x))
            after = after[:, columns]
        if "reversed_instead" in wrong:
            before, after = layer(x[::-1]), after[::-1]
            back = np.arange(len(x))
        if "output_not_moved" not in wrong:
            after = after[back]
        gap = before - after  # (L, d)
        if "first_row_only" in wrong:
            gap = gap[:1]
        if "signed" not in wrong:
            gap = np.abs(gap)
        if "averaged" in wrong:
            return gap.mean()
        if "summed" in wrong:
            return gap.sum()
        if "euclidean" in wrong:
            return np.sqrt((gap**2).sum())
        if "yes_or_no" in wrong:
            return bool(gap.max() < 1e-9)
        return gap.max()

    return answer


def _gap_cases(rng):
    x = np.array([[0.0, 2.0], [1.0, 0.0], [3.0, 1.0]])  # (3, 2)
    turn = np.array([1, 2, 0])
    cases = [
        Case("running sum, 3 vectors", ("running sum", x, turn)),
        Case("self-attention, 3 vectors", ("self-attention", x, turn)),
    ]
    for name in LAYERS:
        n, d = ((5, 7), (7, 3), (11, 5))[int(rng.integers(3))]
        x = 2 * rng.standard_normal((n, d))
        order = rng.permutation(n)
        while np.array_equal(order[order], np.arange(n)):
            order = rng.permutation(n)  # one that is not its own inverse
        cases.append(Case(f"{name}, {n} vectors", (name, x, order)))
    return cases


GAP_TRAPS = {
    "output_not_moved": (
        "You ask whether the outputs stay where they are. Attention's move "
        "with the inputs, so the outputs of x have to be reordered too "
        "before you compare."
    ),
    "input_not_moved": (
        "The layer never saw the reordered vectors. Reorder before it once, "
        "and after it once."
    ),
    "undone_before": (
        "You gave the layer the vectors in the inverse order: `argsort` of a "
        "permutation undoes it. Both sides take the same one."
    ),
    "undone_after": (
        "You reordered the outputs by the inverse order. That fits only "
        "permutations that are their own inverse, such as a swap; both sides "
        "take the same one."
    ),
    "widths_moved": (
        "You reordered the entries of the vectors. The order in question is "
        "that of the rows."
    ),
    "reversed_instead": (
        "You reversed the vectors, whatever `order` says. A layer may pass "
        "that one and fail others."
    ),
    "first_row_only": (
        "Only the first output is compared. A layer may get that one right "
        "and the others wrong."
    ),
    "signed": (
        "Without the absolute value a large negative difference is lost: "
        "the largest of −3 and 0.1 is 0.1."
    ),
    "averaged": (
        "You return the mean difference. The largest one is asked for, since "
        "one row that differs is enough."
    ),
    "summed": (
        "You added all differences up. The largest one is asked for."
    ),
    "euclidean": (
        "You return the Euclidean length of the difference. The largest "
        "single difference is asked for."
    ),
    "yes_or_no": (
        "You return whether the two agree. How far they differ at most is "
        "asked for, so that the reader can choose the tolerance."
    ),
}


# --- rotary ----------------------------------------------------------------


def rotary(x, positions, base=10000.0):
    d = x.shape[-1]
    frequency = base ** (-np.arange(0, d, 2) / d)  # (d / 2,)
    angle = positions[:, None] * frequency  # (L, d / 2)
    cos, sin = np.cos(angle), np.sin(angle)  # (L, d / 2)
    first, second = x[..., 0::2], x[..., 1::2]  # (..., L, d / 2)
    out = np.empty_like(x)  # (..., L, d)
    out[..., 0::2] = first * cos - second * sin
    out[..., 1::2] = first * sin + second * cos
    return out


ROTARY_STARTER = '''def rotary(x, positions, base=10000.0):
    """Turn each pair of entries by an angle that grows with the position.

    x : float array (..., L, d), d even. positions : array (L,).
    Pair m is the entries 2m and 2m + 1. The vector at position p has it
    turned anticlockwise, from the first entry's axis towards the second's,
    by p * base ** (-2 * m / d) radians.
    Returns an array like x, and leaves x as it is.
    """
    raise NotImplementedError
'''


def _rotary_variant(wrong):
    def answer(x, positions, base=10000.0):
        d = x.shape[-1]
        if "from_one" in wrong:
            positions = positions + 1
        if "own_positions" in wrong:
            positions = np.arange(x.shape[-2])
        if "unit_length" in wrong:
            x = x / np.linalg.norm(x, axis=-1, keepdims=True)
        angle = positions[:, None] * _frequencies(d, base, wrong)
        tiled = np.concatenate([angle, angle], axis=-1)  # (L, d)
        c, s = np.cos(angle), np.sin(angle)  # (L, d / 2)
        if "wrong_way" in wrong:
            s = -s
        if "sine_and_cosine_swapped" in wrong:
            c, s = s, c
        halves = "halves_paired" in wrong
        low, high = (x[..., : d // 2], x[..., d // 2 :]) if halves else (
            x[..., 0::2], x[..., 1::2]
        )  # fmt: skip
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


def _rotary_cases(rng):
    quarter = np.array([0.0, np.pi / 2])
    cases = [
        Case("(3, 4) at rest, then a quarter turn",
             (np.array([[3.0, 4.0], [3.0, 4.0]]), quarter)),
        Case("d = 4, base 100",
             (np.array([[1.0, 0, 0, 2], [1, 0, 0, 2]]), np.array([1, 3]),
              100.0)),
    ]  # fmt: skip
    for shape in ((7, 6), (2, 3, 5, 10)):
        x = rng.standard_normal(shape)
        positions = rng.choice(40, shape[-2], replace=False)
        base = float(rng.integers(20, 5000))
        cases.append(Case(f"x {shape}, base {base:.0f}", (x, positions, base)))
    x = rng.standard_normal((3, 11, 14)).astype(np.float32)
    cases.append(Case("float32, d = 14", (x, np.arange(11) + 5)))
    return cases


def _rotary_shifted(rng):
    x = rng.standard_normal((5, 6))
    places = np.array([0, 1, 4, 6, 9])
    base = float(rng.integers(20, 500))
    return [
        Case(f"5 vectors, moved on by {k}", (x, places + k, base))
        for k in (0, 13)
    ]


def _same_scores(cases, outs):
    one, other = (np.asarray(o, dtype=float) for o in outs)
    return bool(np.allclose(one @ one.T, other @ other.T, atol=1e-6))


ROTARY_TRAPS = {
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
    **SHARED_TRAPS,
}


# --- linear bias -----------------------------------------------------------


def linear_bias(n_heads, n):
    head = np.arange(1, n_heads + 1)  # (H,)
    slope = 2.0 ** (-8 * head / n_heads)  # (H,)
    steps_back = np.arange(n)[:, None] - np.arange(n)  # (n, n)
    bias = -slope[:, None, None] * steps_back  # (H, n, n)
    return np.where(steps_back < 0, -np.inf, bias)


LINEAR_STARTER = '''def linear_bias(n_heads, n):
    """What is added to the scores: the further back, the less.

    n_heads : H, a power of two. n : number of queries and of keys.
    Head h = 1 ... H has the slope 2 ** (-8 * h / H). Its bias for query i
    and key j is minus the slope times the number of steps from j to i, and
    -inf for a key after its query, which may not be seen.
    Returns an array (H, n, n): heads, queries, keys.
    """
    raise NotImplementedError
'''


def _linear_variant(wrong):
    def answer(n_heads, n):
        h = np.arange(1, n_heads + 1)  # (H,)
        if "heads_from_zero" in wrong:
            h = h - 1
        if "heads_reversed" in wrong:
            h = h[::-1]
        slope = 2.0 ** (-8 * h / n_heads)  # (H,)
        if "eight_forgotten" in wrong:
            slope = 2.0 ** (-h / n_heads)
        if "heads_not_counted" in wrong:
            slope = 2.0**-h
        if "slopes_linear" in wrong:
            slope = h / n_heads
        if "one_slope" in wrong:
            slope = np.full(n_heads, slope[0])
        if "natural_base" in wrong:
            slope = np.exp(-8 * h / n_heads)
        back = np.arange(n)[:, None] - np.arange(n)  # (n, n)
        if "axes_swapped" in wrong:
            back = back.T
        steps = abs(back) + 1 if "one_step_more" in wrong else abs(back)
        if "squared" in wrong:
            steps = steps**2
        bias = -slope[:, None, None] * steps  # (H, n, n)
        if "sign_flipped" in wrong:
            bias = -bias
        if "from_the_end" in wrong:
            bias = slope[:, None, None] * np.arange(1 - n, 1)  # (H, 1, n)
            bias = np.broadcast_to(bias, (n_heads, n, n))
        if "symmetric" in wrong:
            return bias
        if "not_infinite" in wrong:
            return np.where(back < 0, -1e9, bias)
        if "future_rewarded" in wrong:
            return np.where(back < 0, -bias, bias)
        if "future_zero" in wrong:
            return np.where(back < 0, 0.0, bias)
        if "self_hidden" in wrong:
            return np.where(back <= 0, -np.inf, bias)
        return np.where(back < 0, -np.inf, bias)

    return answer


def _linear_cases(rng):
    cases = [
        Case("2 heads, 3 words", (2, 3)),
        Case("8 heads, 5 words", (8, 5)),
        Case("1 head, 4 words", (1, 4)),
    ]
    for n_heads in (4, 16):
        n = int(rng.choice([7, 11, 13, 17, 19]))
        cases.append(Case(f"{n_heads} heads, {n} words", (n_heads, n)))
    return cases


LINEAR_TRAPS = {
    "sign_flipped": (
        "Your bias rewards distance: the farthest word gets the most. The "
        "bias is negative, so that near words win."
    ),
    "symmetric": (
        "Your bias is the same to the left and to the right. Then a head "
        "cannot tell the word before from the word after; keys behind the "
        "query's position are shut out with −inf."
    ),
    "future_rewarded": (
        "Keys after the query get a positive bias, the larger the later they "
        "come. They may not be seen at all."
    ),
    "future_zero": (
        "Keys after the query have bias 0, which is the best a key can get. "
        "To hide them, use −inf."
    ),
    "not_infinite": (
        "Keys after the query get a large negative number. It works where "
        "scores are small against it; −inf, which is asked for, works always."
    ),
    "from_the_end": (
        "Your bias counts from the last word, the same in every row. A "
        "softmax would forgive that, because each row is off by a constant, "
        "but steps are counted from the query."
    ),
    "self_hidden": (
        "The query's own position is hidden as well. It is 0 steps away and "
        "may be seen; without it the first query has no key left."
    ),
    "axes_swapped": (
        "Queries and keys are swapped: your heads look into the future and "
        "not into the past. Rows are queries."
    ),
    "one_step_more": (
        "Each distance is one too large. From a word to itself it is 0 "
        "steps. (A softmax would forgive the constant; the next reader of "
        "your code may not.)"
    ),
    "squared": (
        "You squared the distance. The bias falls in a straight line, hence "
        "its name."
    ),
    "heads_from_zero": (
        "Your heads are counted from 0, so that the first slope is 1. They "
        "are counted from 1 in the formula."
    ),
    "heads_reversed": (
        "The slopes come in reverse. The first head has the steepest one."
    ),
    "eight_forgotten": (
        "The 8 is missing from the exponent, so all slopes lie between 1 and "
        "1/2. They should reach from near-sighted to far-sighted, down to "
        "1/256."
    ),
    "heads_not_counted": (
        "Your exponent does not depend on the number of heads. Only with "
        "eight heads is that the same."
    ),
    "slopes_linear": (
        "Your slopes grow evenly. They form a geometric sequence: each is "
        "the one before times the same factor."
    ),
    "one_slope": (
        "All heads have the same slope. Each has its own, so that some look "
        "near and some far."
    ),
    "natural_base": (
        "Your slopes are powers of e. They are powers of 2."
    ),
}


# --- where to add it -------------------------------------------------------


def positioned_attention(a, e, w_q, w_k, w_v):
    x = a + e  # (L, d)
    q, k, v = x @ w_q, x @ w_k, x @ w_v  # (L, d) each
    scores = q @ k.T / np.sqrt(k.shape[-1])  # (L, L)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)  # (L, L)
    return weights @ v  # (L, d)


WHERE_STARTER = '''def positioned_attention(a, e, w_q, w_k, w_v):
    """Self-attention of one head, with positions where the lecture adds them.

    a : float array (L, d), the words. e : float array (L, d), one vector
        per position. w_q, w_k, w_v : (d, d), rows times matrix.
    Scores are divided by the root of d; softmax over the keys.
    Returns the outputs b, (L, d).
    """
    raise NotImplementedError
'''


def _where_variant(wrong):
    def answer(a, e, w_q, w_k, w_v):
        if "matrices_transposed" in wrong:
            w_q, w_k, w_v = w_q.T, w_k.T, w_v.T
        if "not_at_all" in wrong:
            e = np.zeros_like(e)
        if "order_reversed" in wrong:
            e = e[::-1]
        if "one_late" in wrong:
            e = np.roll(e, 1, axis=0)
        if "twice" in wrong:
            e = 2 * e
        if "multiplied" in wrong:
            x = a * e
        else:
            x = a + e  # (L, d)
        q, k, v = x @ w_q, x @ w_k, x @ w_v  # (L, d)
        if "after_projection" in wrong:
            q, k, v = a @ w_q + e, a @ w_k + e, a @ w_v + e
        if "after_projection_not_to_values" in wrong:
            q, k, v = a @ w_q + e, a @ w_k + e, a @ w_v
        if "values_left_out" in wrong:
            v = a @ w_v
        if "keys_left_out" in wrong:
            k = a @ w_k
        if "queries_left_out" in wrong:
            q = a @ w_q
        if "values_only" in wrong:
            q, k = a @ w_q, a @ w_k
        if "to_the_output" in wrong:
            q, k, v = a @ w_q, a @ w_k, a @ w_v
        scores = q @ k.T  # (L, L)
        if "root_of_length" in wrong:
            scores = scores / np.sqrt(len(k))
        elif "no_scale" not in wrong:
            scores = scores / np.sqrt(k.shape[-1])
        if "softmax_over_queries" in wrong:
            weights = _softmax(scores.T).T
        else:
            weights = _softmax(scores)
        out = weights @ v  # (L, d)
        return out + e if "to_the_output" in wrong else out

    return answer


def _where_cases(rng):
    a = np.array([[1.0, 0], [0, 1], [1, 1], [0, 1]])  # (4, 2)
    e = np.array([[0.0, 0], [1, 0], [0, 1], [2, 1]])  # (4, 2)
    w = (np.array([[1.0, -1], [1, 2]]), np.array([[0.0, 1], [1, 0]]),
         np.array([[2.0, 0], [1, 3]]))  # fmt: skip
    cases = [Case("“I saw a saw”", (a, e, *w))]
    for n, d in ((3, 5), (11, 7), (5, 3)):
        a, e = rng.standard_normal((2, n, d))
        w = rng.standard_normal((3, d, d))
        cases.append(Case(f"{n} words, d = {d}", (a, e, *w)))
    a, e = 6 * rng.standard_normal((2, 7, 5))
    w = 6 * rng.standard_normal((3, 5, 5))
    cases.append(Case("large scores", (a, e, *w)))
    return cases


WHERE_TRAPS = {
    "after_projection": (
        "You added e to queries, keys and values, behind the matrices. Then "
        "no learned matrix ever sees a position, and none can decide what to "
        "do with it. In the lecture eⁱ + aⁱ is what the matrices read."
    ),
    "after_projection_not_to_values": (
        "You added e to queries and keys behind the matrices. The lecture "
        "adds it to the word before any matrix."
    ),
    "values_left_out": (
        "Your values are made from the words alone. That is a sensible "
        "design, and rotary positions do it; the lecture makes q, k and v "
        "all from eⁱ + aⁱ."
    ),
    "keys_left_out": (
        "Your keys are made from the words alone. Then no query can ask for "
        "a place, since no key shows one."
    ),
    "queries_left_out": (
        "Your queries are made from the words alone. Both saws then ask the "
        "same question, and b² = b⁴ again."
    ),
    "values_only": (
        "Only your values know their places. Both saws still weigh the "
        "words alike, so b² = b⁴ again."
    ),
    "to_the_output": (
        "You added e to the outputs. The words found each other without "
        "knowing where they stand; positions must be there before that."
    ),
    "not_at_all": (
        "The positions change nothing in your answer: this is attention "
        "without them."
    ),
    "order_reversed": (
        "The position vectors are taken in reverse. Row i of e belongs to "
        "row i of a."
    ),
    "one_late": (
        "Each word has its neighbour's position vector. Row i of e belongs "
        "to row i of a."
    ),
    "twice": ("The positions count double. They are added once."),
    "multiplied": (
        "You multiplied words by positions. Where e has a 0 the word is "
        "wiped out; they are added."
    ),
    "matrices_transposed": (
        "Your matrices are transposed, as the lecture's columns want them. "
        "Here vectors are rows, and the row comes first."
    ),
    "root_of_length": (
        "You divided by the root of the number of words. The root of the "
        "vectors' width d is meant."
    ),
    "no_scale": (
        "The scores are not scaled: divide them by the root of d before "
        "the softmax."
    ),
    "softmax_over_queries": (
        "Your weights sum to 1 down the columns. Each query shares out its "
        "attention among the keys, along a row."
    ),
}


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="07.sinusoidal",
        title="Sinusoidal positions",
        difficulty=2,
        minutes=10,
        reference=sinusoidal,
        starter=SINUSOIDAL_STARTER,
        cases=_sinusoidal_cases,
        traps=traps_from(_sinusoidal_variant, SINUSOIDAL_TRAPS),
        variant=_sinusoidal_variant,
        hints=(
            "Work out the row of position 1 for d_model = 2 first: it has "
            "one frequency, and that is 1.",
            "Make the frequencies (d/2,) and the angles (n, d/2), positions "
            "as a column times frequencies as a row.",
            "Fill an empty table with two slices of step 2: the even "
            "columns from the sine of the angles, the odd ones from the "
            "cosine.",
        ),
    ),
    Exercise(
        id="07.shift_matrix",
        title="The matrix that moves a position",
        difficulty=3,
        minutes=15,
        reference=shift_matrix,
        starter=SHIFT_STARTER,
        cases=_shift_cases,
        traps=traps_from(_shift_variant, SHIFT_TRAPS),
        variant=_shift_variant,
        properties=(
            Property(
                "shifts_add_up",
                "Three steps and then four should be seven steps; with your "
                "matrices they are not.",
                _shift_pairs,
                lambda cases, outs: bool(
                    np.allclose(
                        np.asarray(outs[0]) @ np.asarray(outs[1]),
                        outs[2],
                        atol=1e-6,
                    )
                ),
            ),
        ),
        hints=(
            "Write sin(a + b) and cos(a + b) as sums of products. Here a is "
            "the old angle, b the turn.",
            "One pair (sin a, cos a) times a 2 × 2 matrix gives the new "
            "pair. Its entries are cos b, sin b, and one of them with a "
            "minus.",
            "The big matrix has one such block per pair on its diagonal and "
            "zeros elsewhere; b is steps times the pair's frequency. Check "
            "with `e[0] @ M`, where the old pair is (0, 1).",
        ),
    ),
    Exercise(
        id="07.order_gap",
        title="A test for the sense of order",
        difficulty=1,
        minutes=8,
        reference=order_gap,
        starter=GAP_STARTER,
        cases=_gap_cases,
        traps=traps_from(_gap_variant, GAP_TRAPS),
        variant=_gap_variant,
        run=_gap_run,
        hints=(
            "There are two ways to a reordered output: reorder, then layer; "
            "layer, then reorder.",
            "`x[order]` reorders rows. The output has one row per vector, so "
            "the same brackets reorder it.",
            "Subtract the two results, drop the signs, take the largest "
            "entry.",
        ),
    ),
    Exercise(
        id="07.rotary",
        title="Rotary positions",
        difficulty=2,
        minutes=12,
        reference=rotary,
        starter=ROTARY_STARTER,
        cases=_rotary_cases,
        traps=traps_from(_rotary_variant, ROTARY_TRAPS),
        variant=_rotary_variant,
        properties=(
            Property(
                "distances_only",
                "When all vectors move on by the same number of places, "
                "their dot products should stay; yours change.",
                _rotary_shifted,
                _same_scores,
            ),
        ),
        hints=(
            "Turn (3, 4) by a quarter on paper. Which entry gets which, and "
            "where is the minus?",
            "Angles are (L, d/2), one per position and pair. They broadcast "
            "against the even entries of x, (..., L, d/2).",
            "New first entry: first · cos − second · sin. The new second "
            "one has a plus and the two functions swapped. Put both into an "
            "empty array with slices of step 2.",
        ),
    ),
    Exercise(
        id="07.linear_bias",
        title="A bias that falls with distance",
        difficulty=2,
        minutes=10,
        reference=linear_bias,
        starter=LINEAR_STARTER,
        cases=_linear_cases,
        traps=traps_from(_linear_variant, LINEAR_TRAPS),
        variant=_linear_variant,
        hints=(
            "For three words, write down the steps from each key to each "
            "query. Where is the key after the query?",
            "Positions as a column minus positions as a row give the steps "
            "back; negative ones belong to the future.",
            "Give the slopes two more axes so that they broadcast over the "
            "(n, n) steps, and let `np.where` put −inf where the steps are "
            "negative.",
        ),
    ),
    Exercise(
        id="07.positioned_attention",
        title="Where positions are added",
        difficulty=1,
        minutes=8,
        reference=positioned_attention,
        starter=WHERE_STARTER,
        cases=_where_cases,
        traps=traps_from(_where_variant, WHERE_TRAPS),
        variant=_where_variant,
        hints=(
            "The lecture's slide has an arrow from eⁱ + aⁱ to qⁱ, kⁱ and vⁱ.",
            "If e is added before the three matrices, the rest is attention "
            "as in chapter 05.",
            "Add once, and make queries, keys and values from that sum. "
            "Subtract the largest score of each row before you "
            "exponentiate.",
        ),
    ),
)
