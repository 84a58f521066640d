"""Chapter 01, vector sets: from words, sounds and atoms to rows of numbers."""

from __future__ import annotations

import re

import numpy as np

from selfattn.exercises import Case, Exercise, Trap

WORDS = (
    "saw", "I", "a", "the", "dog", "cat", "tree", "runs", "fern", "eats",
    "old", "you", "goose", "and", "we", "sees", "moss", "jumps", "her",
)  # fmt: skip


# --- one-hot ---------------------------------------------------------------


def one_hot(words, vocabulary):
    rows = np.zeros((len(words), len(vocabulary)))  # (L, V)
    for position, word in enumerate(words):
        rows[position, vocabulary.index(word)] = 1.0
    return rows


ONE_HOT_STARTER = '''def one_hot(words, vocabulary):
    """One row per word, with a 1 at the word's place in the vocabulary.

    words : list of L strings, all of them in the vocabulary.
    vocabulary : list of V different strings, in any order.
    Returns an array (L, V) of zeros and ones.
    """
    raise NotImplementedError
'''


def _one_hot_variant(wrong):
    def answer(words, vocabulary):
        if "set_without_repeats" in wrong:
            words = list(dict.fromkeys(words))
        if "own_vocabulary" in wrong:
            vocabulary = list(dict.fromkeys(words))
        if "sorted_vocabulary" in wrong:
            vocabulary = sorted(vocabulary)
        ids = np.array([vocabulary.index(word) for word in words])
        if "ids_from_one" in wrong:
            ids = (ids + 1) % len(vocabulary)
        if "position_not_word" in wrong:
            ids = np.arange(len(words)) % len(vocabulary)
        first = np.array([words.index(word) for word in words])
        if "place_in_sentence" in wrong:
            ids = first % len(vocabulary)
        if "ids_only" in wrong:
            return ids.astype(float)
        rows = np.eye(len(vocabulary))[ids]  # (L, V)
        if "repeat_left_empty" in wrong:
            rows[first != np.arange(len(words))] = 0
        if "counts" in wrong:
            rows = rows * rows.sum(axis=0)
        if "bag_of_words" in wrong:
            return rows.sum(axis=0)
        return rows.T if "columns" in wrong else rows

    return answer


def _one_hot_cases(rng):
    cases = [
        Case(
            "“I saw a saw” in a vocabulary of 5",
            ("I saw a saw".split(), ["the", "saw", "a", "dog", "I"]),
        ),
        Case("one word", (["dog"], ["the", "dog", "a"])),
    ]
    for n_words, size in ((7, 11), (5, 17), (13, 19)):
        vocabulary = [str(w) for w in rng.permutation(WORDS)[:size]]
        words = [str(w) for w in rng.choice(vocabulary, n_words)]
        name = f"{n_words} words, vocabulary of {size}"
        cases.append(Case(name, (words, vocabulary)))
    return cases


ONE_HOT_TRAPS = {
    "columns": (
        "Your words stand in columns, as in the lecture's drawings. In this "
        "book's code every vector is a row, so L words make L rows."
    ),
    "set_without_repeats": (
        "A word that occurs twice got only one row. “Set” here keeps repeats: "
        "“I saw a saw” has four vectors, two of them equal."
    ),
    "own_vocabulary": (
        "The width of your rows changes with the sentence, because the "
        "vocabulary was rebuilt from it. Column 3 must mean the same word in "
        "every sentence, so use the vocabulary that is given."
    ),
    "sorted_vocabulary": (
        "Your columns follow the alphabet. The order of the vocabulary is "
        "given, and it decides which column belongs to which word."
    ),
    "ids_from_one": (
        "Every 1 stands one column too far right. The first word of the "
        "vocabulary owns column 0."
    ),
    "position_not_word": (
        "Your row number i has its 1 in column i: it says where the word "
        "stands and not which word it is. Equal words must get equal rows."
    ),
    "place_in_sentence": (
        "Your column is the place where the sentence has the word first. It "
        "should be the word's place in the vocabulary, which is the same for "
        "every sentence."
    ),
    "repeat_left_empty": (
        "A word's second occurrence has an empty row. Asking the sentence "
        "where a word stands always finds the first place; count along as "
        "you go."
    ),
    "ids_only": (
        "You return each word's number. As a number, word 6 would be twice "
        "word 3 and close to word 5; one-hot rows exist to avoid that."
    ),
    "counts": (
        "Where a word occurs twice, your row holds a 2. A row describes one "
        "occurrence; how often the word occurs is not its business."
    ),
    "bag_of_words": (
        "You added the rows up into one vector. That is a bag of words: it "
        "counts them, and there is no longer one vector per word."
    ),
}


# --- embedding -------------------------------------------------------------


def embed(ids, table):
    return table[ids]  # (..., L, d_model)


EMBED_STARTER = '''def embed(ids, table):
    """Each word's row of the table.

    ids : integer array (L,) or (B, L): each word's place in the vocabulary.
    table : float array (V, d_model), one row per word of the vocabulary.
    Returns an array (L, d_model) or (B, L, d_model).
    """
    raise NotImplementedError
'''


def _embed_variant(wrong):
    def answer(ids, table):
        size, width = table.shape
        if "ids_from_one" in wrong:
            ids = ids - 1
        if "sorted_words" in wrong:
            ids = np.sort(ids, axis=-1)
        if "one_hot_only" in wrong:
            return np.eye(size)[ids]  # (..., L, V)
        if "table_reshaped" in wrong:
            table = table.T.reshape(size, width)
        if "unit_length" in wrong:
            table = table / np.linalg.norm(table, axis=1, keepdims=True)
        out = table[ids]  # (..., L, d_model)
        if "cut_to_integers" in wrong:
            out = np.trunc(out)
        if "summed" in wrong:
            return out.sum(axis=-2)
        if "averaged" in wrong:
            return out.mean(axis=-2)
        return out.swapaxes(-1, -2) if "columns" in wrong else out

    return answer


def _embed_cases(rng):
    small = np.array([[0.0, 1.5], [2.0, 0.5], [-1.0, 3.0]])  # (3, 2)
    cases = [
        Case("“I saw a saw”, d_model = 2", (np.array([0, 2, 1, 2]), small)),
        Case("one word", (np.array([1]), small)),
    ]
    for shape, size, width in (((7,), 11, 3), ((3, 5), 13, 7)):
        table = 2 * rng.standard_normal((size, width))  # (V, d_model)
        ids = rng.integers(size, size=shape)  # (L,) or (B, L)
        name = f"ids {shape}, table ({size}, {width})"
        cases.append(Case(name, (ids, table)))
    table = 2 * rng.standard_normal((5, 5)).astype(np.float32)
    ids = rng.integers(5, size=(2, 3))
    cases.append(Case("a square table, float32", (ids, table)))
    return cases


EMBED_TRAPS = {
    "ids_from_one": (
        "Every word got its predecessor's vector, and word 0 the last one, "
        "because a negative index counts from the end. Ids start at 0."
    ),
    "sorted_words": (
        "The right vectors in the wrong order: yours are sorted by id. Row i "
        "must belong to word i, or labels will not fit their words."
    ),
    "one_hot_only": (
        "You stopped at the one-hot rows, which are V wide. Their product "
        "with the table is what is asked for, d_model wide."
    ),
    "table_reshaped": (
        "The numbers of the table were dealt out afresh: it was transposed "
        "and reshaped back. `reshape` does not swap axes, so your rows mix "
        "several words."
    ),
    "unit_length": (
        "Your vectors were scaled to length 1. A look-up copies the row as "
        "it is, length included."
    ),
    "cut_to_integers": (
        "The digits after the point are gone. The array you fill has an "
        "integer type, probably taken from the ids."
    ),
    "summed": (
        "You added the words' vectors into one. One vector per word is asked "
        "for: the set is the input, not its sum."
    ),
    "averaged": (
        "You averaged the words' vectors into one. That is a pooled summary "
        "of the sentence; here each word keeps its own vector."
    ),
    "columns": (
        "The last two axes are swapped: your vectors are columns. The book's "
        "code keeps one vector per row, (L, d_model)."
    ),
}


# --- how many frames -------------------------------------------------------


def n_frames(n_samples, window, hop, padding="none"):
    if padding == "end":
        return -(-n_samples // hop)  # rounded up
    if padding == "centre":
        n_samples = n_samples + 2 * (window // 2)
    if n_samples < window:
        return 0
    return 1 + (n_samples - window) // hop


N_FRAMES_STARTER = '''def n_frames(n_samples, window, hop, padding="none"):
    """How many frames a signal is cut into.

    n_samples, window, hop : whole numbers of samples; window is even.
    padding : "none", only frames that lie wholly inside the signal;
        "end", one frame for every hop that starts inside the signal,
            the last ones filled up with zeros;
        "centre", half a window of zeros is put on either side of the
            signal, and then as "none".
    Returns a whole number.
    """
    raise NotImplementedError
'''


def _n_frames_variant(wrong):
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


def _n_frames_cases(rng):
    cases = [
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
        cases.append(Case(name, (n_samples, window, hop, padding)))
    return cases


N_FRAMES_TRAPS = {
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


# --- cutting frames --------------------------------------------------------


def frame_signal(signal, window, hop):
    n_frames = 1 + (len(signal) - window) // hop
    starts = hop * np.arange(n_frames)  # (n_frames,)
    return signal[starts[:, None] + np.arange(window)]  # (n_frames, window)


FRAME_SIGNAL_STARTER = '''def frame_signal(signal, window, hop):
    """Cut a signal into overlapping frames, without padding.

    signal : float array (n_samples,), at least one window long.
    window, hop : whole numbers of samples.
    Returns an array (n_frames, window); frame i starts at sample i * hop,
    and a frame that would run past the end is left out.
    """
    raise NotImplementedError
'''


def _frame_signal_variant(wrong):
    def answer(signal, window, hop):
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
        if "last_frame_lost" in wrong:
            starts = np.arange(0, last, hop)
        if "end_padded" in wrong or "wraps_round" in wrong:
            starts = np.arange(0, size, hop)
        at = starts[:, None] + np.arange(window)  # (n_frames, window)
        frames = np.where(at < size, signal[at % size], 0)
        if "wraps_round" in wrong:
            frames = signal[at % size]
        if "backwards" in wrong:
            frames = frames[:, ::-1]
        if "hann_applied" in wrong:
            frames = frames * np.hanning(window).astype(frames.dtype)
        return frames.T if "columns" in wrong else frames

    return answer


def _frame_signal_cases(rng):
    cases = [
        Case("1, 2 … 10, window 4, hop 3", (np.arange(1.0, 11.0), 4, 3)),
        Case("0, 1 … 10, window 4, hop 3", (np.arange(0.0, 11.0), 4, 3)),
        Case("hop larger than the window", (np.arange(1.0, 14.0), 3, 5)),
    ]
    for n_samples, window, hop, dtype in (
        (101, 17, 7, np.float64),
        (67, 13, 11, np.float32),
    ):
        signal = rng.standard_normal(n_samples).astype(dtype)  # (n_samples,)
        name = f"{n_samples} samples, window {window}, hop {hop}"
        cases.append(Case(name, (signal, window, hop)))
    return cases


FRAME_SIGNAL_TRAPS = {
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
    "columns": (
        "Your frames are columns. One frame per row is asked for: frames are "
        "the vectors of this set, and vectors are rows here."
    ),
}


# --- a batch of sets of different size -------------------------------------


def pad_batch(sets):
    lengths = [len(vectors) for vectors in sets]
    width = sets[0].shape[1]
    batch = np.zeros((len(sets), max(lengths), width), sets[0].dtype)
    mask = np.zeros((len(sets), max(lengths)), bool)  # (B, L)
    for i, vectors in enumerate(sets):
        batch[i, : lengths[i]] = vectors
        mask[i, : lengths[i]] = True
    return batch, mask  # (B, L, d_model), (B, L)


PAD_BATCH_STARTER = '''def pad_batch(sets):
    """Stack sets of different size, and say which vectors are real.

    sets : list of B float arrays (L_i, d_model), each with L_i >= 1 rows.
    Returns
    batch : (B, L, d_model) with L the largest L_i; zeros after the last
        real vector of each set.
    mask : (B, L) of booleans, True where the vector is real.
    """
    raise NotImplementedError
'''


def _pad_batch_variant(wrong):
    def answer(sets):
        lengths = [len(vectors) for vectors in sets]
        size = min(lengths) if "cut_to_shortest" in wrong else max(lengths)
        batch = np.zeros((len(sets), size, sets[0].shape[1]), sets[0].dtype)
        mask = np.zeros((len(sets), size), bool)
        for i, vectors in enumerate(sets):
            n = min(len(vectors), size)
            if "padded_in_front" in wrong:
                batch[i, size - n :] = vectors[:n]
                mask[i, size - n :] = True
            else:
                batch[i, :n] = vectors[:n]
                mask[i, :n] = True
                if "last_repeated" in wrong:
                    batch[i, n:] = vectors[n - 1]
        if "mask_from_zeros" in wrong:
            mask = (batch != 0).any(axis=-1)
        if "all_real" in wrong:
            mask = np.ones_like(mask)
        if "mask_inverted" in wrong:
            mask = ~mask  # (B, L)
        if "lengths_not_mask" in wrong:
            mask = np.array(lengths)
        elif "mask_per_number" in wrong:
            mask = np.repeat(mask[..., None], batch.shape[-1], axis=-1)
        return batch, mask

    return answer


def _pad_batch_cases(rng):
    cases = [
        Case(
            "sets of 2 and 1 vectors, d_model = 3",
            ([np.array([[1.0, 2, 3], [4, 5, 6]]), np.array([[7.0, 8, 9]])],),
        ),
        Case(
            "a real vector that is all zeros",
            ([np.array([[1.0, 2], [0, 0]]), np.array([[3.0, 4]] * 3)],),
        ),
        Case("one set alone", ([np.array([[1.0, 2.0]])],)),
    ]
    for lengths, width, dtype in (
        ((5, 2, 7), 3, np.float64),
        ((3, 11, 1, 7, 11), 5, np.float32),
    ):
        sets = [
            rng.standard_normal((n, width)).astype(dtype)  # (L_i, d_model)
            for n in lengths
        ]
        name = f"sets of {', '.join(map(str, lengths))}, d_model = {width}"
        cases.append(Case(name, (sets,)))
    return cases


PAD_BATCH_TRAPS = {
    "mask_inverted": (
        "Your mask says True where there is padding. In this book True "
        "always means “real, may be attended to”."
    ),
    "padded_in_front": (
        "You pad in front. It would work if everybody did, but here the real "
        "vectors come first and the zeros after them."
    ),
    "cut_to_shortest": (
        "You cut every set down to the smallest one and lost real vectors. "
        "The batch is as long as its largest set."
    ),
    "mask_from_zeros": (
        "You take every all-zero vector for padding. A real vector may be "
        "zero: an unknown word, or silence. The mask has to come from the "
        "lengths."
    ),
    "all_real": (
        "Your mask is True everywhere, padding included. Then nobody who is "
        "given this batch can tell a zero vector from a missing one."
    ),
    "last_repeated": (
        "You fill up with copies of the last vector. A model that forgot the "
        "mask would count that vector several times; zeros are asked for."
    ),
    "lengths_not_mask": (
        "You return the lengths. They say the same, but what attention takes "
        "is a mask, (B, L), one boolean per place."
    ),
    "mask_per_number": (
        "Your mask has an entry for each number, (B, L, d_model). A vector "
        "is real or padding as a whole: (B, L)."
    ),
}


# --- a molecule ------------------------------------------------------------


def atoms_one_hot(formula, elements):
    import re

    rows = []
    for symbol, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        row = [float(symbol == element) for element in elements]
        rows += [row] * int(count or 1)
    return np.array(rows)  # (n_atoms, n_elements)


ATOMS_STARTER = '''def atoms_one_hot(formula, elements):
    """One one-hot row per atom of a molecule.

    formula : a string such as "C2H6O" or "CHCl3": a capital letter, perhaps
        a small one, perhaps a count; no brackets.
    elements : list of n_elements symbols, all that can occur.
    Returns an array (n_atoms, n_elements). Rows may come in any order.
    """
    raise NotImplementedError
'''


def _atoms_variant(wrong):
    def answer(formula, elements):
        pattern = r"([A-Z][a-z]?)(\d*)"
        if "capital_only" in wrong:
            pattern = r"([A-Z])[a-z]?(\d*)"
        if "one_digit" in wrong:
            pattern = pattern[:-2] + r"?)\d*"
        found = re.findall(pattern, formula)
        if "letter_by_letter" in wrong:
            found = re.findall(r"([A-Z])(\d?)", formula)
            found = [pair for pair in found if pair[0] in elements]
        if "sorted_elements" in wrong:
            elements = sorted(elements)
        kinds = np.array([[e == s for e in elements] for s, _ in found], float)
        counts = np.array([int(n or 1) for _, n in found])
        if "one_forgotten" in wrong:
            counts = np.array([int(n or 0) for _, n in found])
        if "own_elements" in wrong:
            kinds = kinds[:, kinds.any(axis=0)]
        if "kinds_not_atoms" in wrong:
            return kinds
        if "counts_in_rows" in wrong:
            return kinds * counts[:, None]
        atoms = kinds.repeat(counts, axis=0)  # (n_atoms, n_elements)
        if "formula_as_vector" in wrong:
            return atoms.sum(axis=0)
        return atoms.T if "columns" in wrong else atoms

    return answer


def _atoms_run(answer, formula, elements):
    """Call the answer and sort its rows: a set has no order."""
    out = answer(formula, elements)
    try:
        rows = np.asarray(out)
    except (TypeError, ValueError, RuntimeError):
        return out
    if rows.ndim != 2 or rows.dtype.kind not in "bif":
        return out
    if rows.shape[1] == len(elements):
        return rows[np.lexsort(rows.T[::-1])[::-1]]
    if rows.shape[0] == len(elements):  # columns, a known mistake
        return rows[:, np.lexsort(rows[::-1])[::-1]]
    return out


def _atoms_cases(rng):
    cases = [
        Case("water", ("H2O", ["O", "H", "C", "N"])),
        Case("ethanol", ("C2H6O", ["H", "C", "N", "O"])),
        Case("chloroform", ("CHCl3", ["H", "Cl", "C"])),
        Case("cane sugar", ("C12H22O11", ["C", "H", "O", "N", "S"])),
    ]
    symbols = ["H", "C", "N", "O", "S", "Cl", "Br", "Na", "F", "P", "Si"]
    for size, used in ((7, 3), (11, 5)):
        elements = [str(e) for e in rng.permutation(symbols)[:size]]
        counts = rng.integers(1, 14, size=used)
        formula = "".join(
            symbol + (str(n) if n > 1 else "")
            for symbol, n in zip(elements[1:], counts, strict=False)
        )
        cases.append(Case(f"{formula}, {size} elements", (formula, elements)))
    return cases


ATOMS_TRAPS = {
    "kinds_not_atoms": (
        "You have one row per element. The set's members are atoms: water "
        "has three of them, two with equal rows."
    ),
    "counts_in_rows": (
        "You wrote the counts into the rows. A row describes one atom and "
        "holds a single 1; two atoms make two rows."
    ),
    "formula_as_vector": (
        "You count the atoms in one vector. That is the formula again; asked "
        "for is one vector per atom."
    ),
    "one_forgotten": (
        "An element without a number is lost. In H2O the O has no count "
        "because there is one of it."
    ),
    "capital_only": (
        "Symbols of two letters lose their second one, so that chlorine, Cl, "
        "is read as carbon. The small letter belongs to the symbol."
    ),
    "one_digit": (
        "Only the first digit of a count is read: C12 becomes one carbon. "
        "Counts can have several digits."
    ),
    "letter_by_letter": (
        "You read the formula one character at a time. Cl and Br have two, "
        "and a count such as 12 has two digits."
    ),
    "own_elements": (
        "Your columns are the elements of this molecule. Then O is column 1 "
        "in one molecule and column 2 in another; use the list given."
    ),
    "sorted_elements": (
        "Your columns follow the alphabet. The list of elements is given, "
        "and its order decides which column is whose."
    ),
    "columns": (
        "Your atoms are columns. Vectors are rows here: n_atoms rows, one "
        "column per element."
    ),
}


# --- positive pointwise mutual information ---------------------------------


def ppmi(counts):
    rows = counts.sum(axis=1, keepdims=True)  # (V, 1)
    columns = counts.sum(axis=0, keepdims=True)  # (1, C)
    by_chance = rows * columns / counts.sum()  # (V, C)
    ratio = np.ones(counts.shape)
    np.divide(counts, by_chance, out=ratio, where=counts > 0)
    return np.maximum(np.log(ratio), 0)  # (V, C)


PPMI_STARTER = '''def ppmi(counts):
    """Positive pointwise mutual information of words and contexts.

    counts : float array (V, C); counts[i, j] says how often word i was seen
        with context j. Some words may never have been seen.
    Returns an array (V, C): the natural logarithm of the count over the
    count to be expected by chance; 0 where that is negative, and 0 where
    the count is 0.
    """
    raise NotImplementedError
'''


def _ppmi_variant(wrong):
    def answer(counts):
        if "one_added" in wrong:
            counts = counts + 1.0
        rows = counts.sum(axis=1, keepdims=True)  # (V, 1)
        columns = counts.sum(axis=0, keepdims=True)  # (1, C)
        if "contexts_equal" in wrong:
            columns = np.full(columns.shape, columns.mean())
        if "words_equal" in wrong:
            rows = np.full(rows.shape, rows.mean())
        by_chance = rows * columns
        if "total_forgotten" not in wrong:
            by_chance = by_chance / counts.sum()
        seen = counts > 0
        ratio = np.where(seen, counts, 1) / np.where(seen, by_chance, 1)
        if "no_log" in wrong:
            return np.where(seen, ratio, 0)
        if "log_one_plus" in wrong:
            out = np.where(seen, np.log1p(ratio), 0)
        else:
            out = np.log(ratio)
        if "base_two" in wrong:
            out = out / np.log(2)
        if "negative_kept" not in wrong:
            out = np.abs(out) if "absolute" in wrong else np.maximum(out, 0)
        if "nan_when_unseen" in wrong:
            out = np.where(by_chance > 0, out, np.nan)
        return out

    return answer


def _ppmi_cases(rng):
    cases = [
        Case("2 words, 2 contexts", (np.array([[3.0, 1.0], [1.0, 3.0]]),)),
        Case(
            "a word that was never seen",
            (np.array([[4.0, 0, 1], [0, 0, 0], [1, 2, 2]]),),
        ),
    ]
    for size, n_contexts in ((5, 7), (13, 11)):
        rate = rng.gamma(0.5, 4.0, (size, n_contexts))
        counts = rng.poisson(rate).astype(float)  # (V, C)
        counts[0, 0] += 1
        name = f"{size} words, {n_contexts} contexts"
        cases.append(Case(name, (counts,)))
    return cases


PPMI_TRAPS = {
    "total_forgotten": (
        "You divide by the two sums but leave out the total. What chance "
        "predicts must be a count again; as it is, nearly everything falls "
        "below 0 and is cut away."
    ),
    "contexts_equal": (
        "You treat all contexts as equally common. Then “the” looks close to "
        "every word, because it is everywhere."
    ),
    "words_equal": (
        "You treat all words as equally common. Then a frequent word gets "
        "large values for no better reason than being frequent."
    ),
    "no_log": (
        "You return the ratio itself. Its logarithm is asked for: “twice as "
        "often” and “half as often” should weigh the same."
    ),
    "log_one_plus": (
        "You added 1 inside the logarithm. That avoids log 0, but it lifts "
        "every value; pairs that were never seen are handled on their own."
    ),
    "base_two": (
        "Your logarithm has base 2: every value is 1/ln 2 ≈ 1.44 times too "
        "large. The natural one is asked for."
    ),
    "negative_kept": (
        "Negative values are left in. The first P of PPMI stands for "
        "“positive”: less often than chance counts as 0."
    ),
    "absolute": (
        "You turned negative values into positive ones. “Rarer than chance” "
        "then looks like “more often than chance”; it should be 0."
    ),
    "one_added": (
        "You added 1 to every count. That is smoothing: it changes all "
        "values, and the task has another rule for pairs never seen."
    ),
    "nan_when_unseen": (
        "A word or context that was never seen gives NaN: 0 divided by 0. "
        "One such row is enough to spoil everything computed from the table."
    ),
}


def _traps(variant, messages):
    return {
        name: Trap(variant(frozenset({name})), message)
        for name, message in messages.items()
    }


EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        id="01.one_hot",
        title="One-hot rows of a sentence",
        difficulty=1,
        minutes=5,
        reference=one_hot,
        starter=ONE_HOT_STARTER,
        cases=_one_hot_cases,
        traps=_traps(_one_hot_variant, ONE_HOT_TRAPS),
        variant=_one_hot_variant,
        hints=(
            "How many rows has the answer, how many columns? Write down the "
            "four rows of “I saw a saw” by hand first.",
            "A list knows where a word stands: try `vocabulary.index('saw')`.",
            "Begin with zeros of shape (L, V). Go through the words with "
            "their positions, and set one number in each row.",
        ),
    ),
    Exercise(
        id="01.embed",
        title="Words to vectors by look-up",
        difficulty=1,
        minutes=5,
        reference=embed,
        starter=EMBED_STARTER,
        cases=_embed_cases,
        traps=_traps(_embed_variant, EMBED_TRAPS),
        variant=_embed_variant,
        hints=(
            "What does a row with a single 1 pick out of a matrix that it is "
            "multiplied with?",
            "The multiplication works, but almost all of it is times zero. "
            "NumPy can pick rows directly, by an array of their numbers.",
            "Square brackets accept an integer array of any shape; the answer "
            "has that shape, followed by the table's width.",
        ),
    ),
    Exercise(
        id="01.n_frames",
        title="How many frames",
        difficulty=2,
        minutes=8,
        reference=n_frames,
        starter=N_FRAMES_STARTER,
        cases=_n_frames_cases,
        traps=_traps(_n_frames_variant, N_FRAMES_TRAPS),
        variant=_n_frames_variant,
        hints=(
            "Draw ten samples, a window of 4, a hop of 3. Where may the last "
            "frame start?",
            "Without padding the last start is at most n_samples − window. "
            "Count the multiples of the hop from 0 up to there.",
            "For “end”, count the multiples of the hop below n_samples. For "
            "“centre”, make the signal longer first, by half a window at "
            "both ends. Mind the signal that is shorter than its window.",
        ),
    ),
    Exercise(
        id="01.frame_signal",
        title="A signal cut into frames",
        difficulty=2,
        minutes=10,
        reference=frame_signal,
        starter=FRAME_SIGNAL_STARTER,
        cases=_frame_signal_cases,
        traps=_traps(_frame_signal_variant, FRAME_SIGNAL_TRAPS),
        variant=_frame_signal_variant,
        hints=(
            "Frame i is one slice of the signal. Where does it begin, where "
            "does it end?",
            "You know how many frames there are from the exercise before. A "
            "loop over slices, stacked at the end, is a good answer.",
            "Without a loop: add a column of starts to a row of offsets "
            "0 … window − 1. The sum is a matrix of sample numbers, and a "
            "signal can be indexed with that.",
        ),
    ),
    Exercise(
        id="01.pad_batch",
        title="A batch with its mask",
        difficulty=2,
        minutes=10,
        reference=pad_batch,
        starter=PAD_BATCH_STARTER,
        cases=_pad_batch_cases,
        traps=_traps(_pad_batch_variant, PAD_BATCH_TRAPS),
        variant=_pad_batch_variant,
        hints=(
            "How long must the batch be so that no vector is lost?",
            "Begin with a batch of zeros and a mask of False, and copy the "
            "sets into it one by one.",
            "While copying set i you know its length: the same slice that "
            "receives the vectors is True in the mask.",
        ),
    ),
    Exercise(
        id="01.atoms_one_hot",
        title="A molecule as a set of atoms",
        difficulty=2,
        minutes=10,
        reference=atoms_one_hot,
        starter=ATOMS_STARTER,
        cases=_atoms_cases,
        traps=_traps(_atoms_variant, ATOMS_TRAPS),
        variant=_atoms_variant,
        run=_atoms_run,
        hints=(
            "How many atoms has C2H6O? That many rows are needed, and many "
            "of them are equal.",
            "First turn the formula into pairs (symbol, count). A missing "
            "count means one. Then repeat each symbol's row.",
            "`re.findall` with two groups gives such pairs: a capital with an "
            "optional small letter, then any number of digits.",
        ),
    ),
    Exercise(
        id="01.ppmi",
        title="Counts to PPMI",
        difficulty=3,
        minutes=15,
        reference=ppmi,
        starter=PPMI_STARTER,
        cases=_ppmi_cases,
        traps=_traps(_ppmi_variant, PPMI_TRAPS),
        variant=_ppmi_variant,
        hints=(
            "If word and context had nothing to do with each other, how often "
            "would they meet? Think of rolling two dice many times.",
            "By chance: row sum × column sum ÷ total. Compare the count with "
            "that, as a ratio.",
            "Take the logarithm only where the count is not 0, and leave 0 "
            "elsewhere; at the end, lift everything negative to 0. "
            "`np.divide` and `np.log` have a `where` argument.",
        ),
    ),
)
