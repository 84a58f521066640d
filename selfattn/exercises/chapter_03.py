"""Chapter 03, sequence labelling: windows, ceilings, fair tests."""

from __future__ import annotations

from collections import Counter

import numpy as np

from selfattn.exercises import Case, Exercise, quiz_cases, traps_from

# --- window features -------------------------------------------------------


def window_features(x, radius):
    n, d = x.shape
    rows = np.zeros((n + 2 * radius, d), dtype=x.dtype)  # (L + 2r, d_model)
    rows[radius : radius + n] = x
    slots = [rows[k : k + n] for k in range(2 * radius + 1)]
    return np.concatenate(slots, axis=1)  # (L, (2r + 1) d_model)


WINDOW_STARTER = '''def window_features(x, radius):
    """Each vector with its neighbours, side by side in one long row.

    x : array (L, d_model).
    radius : r >= 0, how many neighbours on either side; may exceed L.
    Returns an array (L, (2 r + 1) * d_model). Row i holds x[i - r], ...,
    x[i], ..., x[i + r] in this order; zeros stand for vectors beyond the
    ends.
    """
    raise NotImplementedError
'''


def _window_variant(wrong):
    def answer(x, radius):
        n, d = x.shape
        before, after = radius, radius
        if "radius_is_width" in wrong:
            before, after = (radius - 1) // 2, radius // 2
        if "left_only" in wrong:
            after = 0
        if "right_only" in wrong:
            before = 0
        offsets = list(range(-before, after + 1))
        if "centre_missing" in wrong:
            offsets = [k for k in offsets if k]
        if "order_reversed" in wrong:
            offsets = offsets[::-1]
        if "shifted_by_one" in wrong:
            offsets = [k + 1 for k in offsets]
        slots = []
        for k in offsets:
            at = np.arange(n) + k
            inside = (at >= 0) & (at < n)
            if "wraps_around" in wrong:
                slots.append(x[at % n])
            elif "edge_repeated" in wrong:
                slots.append(x[np.clip(at, 0, n - 1)])
            else:
                slots.append(np.where(inside[:, None], x[at % n], 0))
        if not slots:
            return np.zeros((n, 0), x.dtype)
        if "summed" in wrong:
            return np.sum(slots, axis=0)  # (L, d)
        stacked = np.stack(slots, axis=1)  # (L, slots, d)
        if "features_first" in wrong:
            stacked = stacked.swapaxes(1, 2)
        out = stacked.reshape(n, -1)
        if "edges_dropped" in wrong:
            out = out[radius : max(n - radius, radius)]
        return out

    return answer


def _window_cases(rng):
    cases = [
        Case(
            "3 vectors of width 2, radius 1",
            (np.arange(1.0, 7.0).reshape(3, 2), 1),
        ),
        Case("one vector, radius 2", (np.array([[3.0, 5.0, 7.0]]), 2)),
    ]
    for n, d, r in ((7, 3, 2), (11, 2, 3), (5, 7, 0), (3, 2, 5)):
        x = rng.normal(size=(n, d)).astype("float32" if d == 7 else float)
        cases.append(Case(f"{n} vectors of width {d}, radius {r}", (x, r)))
    return cases


WINDOW_TRAPS = {
    "wraps_around": (
        "Beyond the last word your window goes on with the first, as if the "
        "sentence were a ring. np.roll does that. Zeros belong there."
    ),
    "edge_repeated": (
        "You repeat the first or last vector beyond the ends. The net could "
        "then not tell the end of a sentence from a word said twice; the "
        "task asks for zeros."
    ),
    "radius_is_width": (
        "Your window holds r vectors in all. The radius counts the "
        "neighbours on one side, so the window is more than twice as wide."
    ),
    "left_only": (
        "Your window looks to the left only. Half of the cues in this "
        "chapter stand to the right of their word."
    ),
    "right_only": (
        "Your window looks to the right only; it never sees what was said "
        "before."
    ),
    "centre_missing": (
        "The vector itself is missing from its window. Its neighbours are "
        "there, and the net would have to guess the word in the middle."
    ),
    "order_reversed": (
        "Your slots run from right to left. Row i should begin with the "
        "leftmost neighbour, x[i - r]."
    ),
    "shifted_by_one": (
        "The middle slot of row i holds vector i + 1: the window sits one "
        "place too far right."
    ),
    "summed": (
        "You added the vectors of the window. A sum has no order left, so "
        "“dog bites man” and “man bites dog” come out alike; set them side "
        "by side."
    ),
    "features_first": (
        "All numbers are there, but interleaved: first feature 0 of every "
        "neighbour, then feature 1. Each neighbour's vector should stay in "
        "one piece."
    ),
    "edges_dropped": (
        "Words near the ends got no row. Every word has a tag, so every word "
        "needs a window, even where part of it is empty."
    ),
}


# --- counting parameters ---------------------------------------------------


def count_parameters(model, n_words, d_model, d_hidden, n_tags, radius=0):
    table = n_words * d_model
    if model == "window":
        mixing, d_in = 0, (2 * radius + 1) * d_model
    else:
        mixing, d_in = 3 * d_model * d_model, d_model
    first = d_in * d_hidden + d_hidden
    second = d_hidden * n_tags + n_tags
    return table + mixing + first + second


COUNT_STARTER = '''def count_parameters(
    model, n_words, d_model, d_hidden, n_tags, radius=0
):
    """How many numbers a tagger learns.

    model : "window" or "attention".
        "window": a table of n_words vectors of width d_model; the window of
        radius r, its 2 r + 1 vectors side by side; a fully connected layer
        with d_hidden units, and one with n_tags units. Both have biases.
        "attention": the same table; Wq, Wk and Wv, each d_model by d_model
        and without bias; then the same two layers on every vector alone.
        It has no window: radius does not matter.
    Returns a whole number.
    """
    raise NotImplementedError
'''


def _count_variant(wrong):
    def answer(model, n_words, d_model, d_hidden, n_tags, radius=0):
        slots = 2 * radius + 1
        if "radius_is_width" in wrong:
            slots = max(radius, 1)
        if "centre_missing" in wrong:
            slots = 2 * radius
        window = model == "window"
        table = n_words * d_model
        if "table_per_slot" in wrong and window:
            table *= 2 * radius + 1
        if "no_table" in wrong:
            table = 0
        d_in = slots * d_model if window else d_model
        if "window_ignored" in wrong:
            d_in = d_model
        biases = 0 if "no_biases" in wrong else d_hidden + n_tags
        mixing = 0 if window else 3 * d_model**2
        if "attention_has_biases" in wrong and not window:
            mixing += 3 * d_model
        if "one_matrix" in wrong and not window:
            mixing = d_model**2
        if "attention_per_slot" in wrong and not window:
            mixing *= 2 * radius + 1
        return (
            table + mixing + d_in * d_hidden + d_hidden * n_tags + biases
        )

    return answer


def _count_cases(rng):
    cases = [
        Case("a window of one word, sizes 2, 3, 5", ("window", 2, 3, 5, 2, 0)),
        Case("a window of radius 1", ("window", 5, 2, 3, 2, 1)),
        Case("attention, sizes 2, 3, 5", ("attention", 2, 3, 5, 2)),
    ]
    for model, radius in (("window", 7), ("attention", 5), ("window", 2)):
        sizes = [int(rng.choice(p)) for p in _SIZES]
        name = f"{model}, radius {radius}, sizes {sizes}"
        cases.append(Case(name, (model, *sizes), {"radius": radius}))
    return cases


_SIZES = ((101, 211, 499), (7, 13, 29), (17, 31, 61), (3, 5, 11))

COUNT_TRAPS = {
    "radius_is_width": (
        "You gave the window r slots. It has r neighbours on either side and "
        "the word itself."
    ),
    "centre_missing": (
        "You counted 2 r slots; the word in the middle has one too."
    ),
    "table_per_slot": (
        "You gave every slot of the window a table of its own. All slots "
        "look up the same one, so it counts once."
    ),
    "no_table": (
        "The table of word vectors is missing. It is learned too, and here "
        "it is often the largest part."
    ),
    "window_ignored": (
        "Your window net costs the same at every radius. Its first layer "
        "needs a weight for each number in the window."
    ),
    "no_biases": (
        "The biases of the two fully connected layers are missing: one per "
        "unit."
    ),
    "attention_has_biases": (
        "You gave Wq, Wk and Wv a bias each. In the lecture and in this "
        "task they have none."
    ),
    "one_matrix": (
        "You counted one matrix for attention. Queries, keys and values "
        "each have their own."
    ),
    "attention_per_slot": (
        "Your attention grows with the radius. Its three matrices are shared "
        "by all positions, however many there are."
    ),
}


# --- the majority ceiling --------------------------------------------------


def majority_ceiling(inputs, tags):
    counts = {}
    for seen, tag in zip(inputs, tags, strict=True):
        counts.setdefault(seen, Counter())[tag] += 1
    return sum(max(c.values()) for c in counts.values()) / len(tags)


CEILING_STARTER = '''def majority_ceiling(inputs, tags):
    """The best accuracy on these pairs of anything that sees only `inputs`.

    inputs : list of n strings or tuples: what a net sees of each word.
    tags : list of n strings: what it should answer.
    Equal inputs force equal answers, so the best answer to an input is its
    most frequent tag. Returns a share between 0 and 1 of the n pairs.
    """
    raise NotImplementedError
'''


def _ceiling_variant(wrong):
    def answer(inputs, tags):
        counts = {}
        for seen, tag in zip(inputs, tags, strict=True):
            counts.setdefault(seen, Counter())[tag] += 1
        if "one_tag_for_all" in wrong:
            return max(Counter(tags).values()) / len(tags)
        if "ambiguous_only" in wrong:
            kept = {k: c for k, c in counts.items() if len(c) > 1}
            counts = kept or counts
        if "unambiguous_only" in wrong:
            right = sum(sum(c.values()) for c in counts.values()
                        if len(c) == 1)
            return right / len(tags)
        best = {k: max(c.values()) for k, c in counts.items()}
        total = {k: sum(c.values()) for k, c in counts.items()}
        if "minority" in wrong:
            best = {k: min(c.values()) for k, c in counts.items()}
        if "even_guess" in wrong:
            best = {k: total[k] / len(c) for k, c in counts.items()}
        if "guess_in_proportion" in wrong:
            best = {
                k: sum(v * v for v in c.values()) / total[k]
                for k, c in counts.items()
            }
        if "mean_over_words" in wrong:
            return float(np.mean([best[k] / total[k] for k in counts]))
        if "per_word_type" in wrong:
            return sum(best.values()) / len(counts)
        share = sum(best.values()) / sum(total.values())
        return 1 - share if "error_rate" in wrong else share

    return answer


def _ceiling_cases(rng):
    inputs = "saw saw saw a a dog fish fish fish fish".split()
    tags = "V N N D D N N V V V".split()
    cases = [
        Case("ten words, two of them ambiguous", (inputs, tags)),
        Case(
            "“I saw a saw”",
            ("I saw a saw".split(), "PRON VERB DET NOUN".split()),
        ),
    ]
    words = np.array("saw fish light dry a I the of oak dog run".split())
    for n in (53, 101, 211):
        at = rng.integers(0, len(words), n)
        at[: len(words)] = np.arange(len(words))
        chance = rng.uniform(size=n) + 0.05 * at
        tag = np.where(chance < 0.5, "VERB", "NOUN")
        tag = np.where((at == 2) & (chance < 0.4), "ADJ", tag)
        tag = np.where(at > 7, "DET", tag)
        seen = [str(w) for w in words[at]]
        if n == 101:
            seen = [(w, k % 3 == 0) for k, w in enumerate(seen)]
        cases.append(Case(f"{n} words", (seen, [str(t) for t in tag])))
    return cases


CEILING_TRAPS = {
    "one_tag_for_all": (
        "You answered the same tag for every word. The best answer may "
        "differ from one input to the next."
    ),
    "ambiguous_only": (
        "You left out the inputs that have one tag only. They are the easy "
        "part of the n pairs, but a part of them."
    ),
    "unambiguous_only": (
        "You count an ambiguous input as lost. Its most frequent tag is "
        "right some of the time."
    ),
    "minority": "You took the rarest tag of each input.",
    "even_guess": (
        "You guess evenly among an input's tags. The ceiling is what the "
        "best answer reaches, and a majority beats an even guess."
    ),
    "guess_in_proportion": (
        "You guess each tag as often as it occurs. Always saying the most "
        "frequent one is better: 0.9 against 0.82 for a 9 to 1 word."
    ),
    "mean_over_words": (
        "You averaged over the different inputs. A frequent word weighs more "
        "than a rare one: the share is of the n pairs."
    ),
    "per_word_type": (
        "You divided by the number of different inputs. It is a share of "
        "the n pairs, so it cannot exceed 1."
    ),
    "error_rate": "This is the smallest error; the task asks for accuracy.",
}


# --- accuracy by the distance of the cue -----------------------------------


def accuracy_by_distance(predicted, tags, distances, reach):
    right = predicted == tags  # (n,)
    out = np.full(reach, np.nan)  # (reach,)
    for k in range(1, reach + 1):
        here = np.abs(distances) == k  # (n,)
        if here.any():
            out[k - 1] = right[here].mean()
    return out


DISTANCE_STARTER = '''\
def accuracy_by_distance(predicted, tags, distances, reach):
    """Accuracy on the ambiguous words, by how far away their cue is.

    predicted, tags : whole numbers (n,), what the net says and what is true.
    distances : (n,), where the cue stands: -3 is three words to the left, 2
        two to the right; 0 marks a word that is not ambiguous.
    reach : the largest distance to report.
    Returns an array (reach,). Entry k - 1 is the share of right answers
    among words whose cue is k words away on either side; NaN if there are
    none.
    """
    raise NotImplementedError
'''


def _distance_variant(wrong):
    def answer(predicted, tags, distances, reach):
        right = predicted == tags
        if "errors" in wrong:
            right = ~right
        near = np.abs(distances)
        if "left_only" in wrong:
            near = -distances
        if "right_only" in wrong:
            near = distances
        first = 0 if "off_by_one" in wrong else 1
        out = np.full(reach, np.nan)
        for k in range(first, reach + first):
            here = near == k
            if "up_to_distance" in wrong:
                here = (near >= 1) & (near <= k)
            if "with_unambiguous" in wrong:
                here = (near >= 0) & (near <= k)
            if "mean_of_sides" in wrong:
                sides = [right[distances == s * k] for s in (-1, 1)]
                means = [s.mean() for s in sides if s.size]
                out[k - first] = np.mean(means) if means else np.nan
                continue
            n = here.sum()
            if "share_of_all" in wrong:
                n = len(tags) if n else 0
            if "counts" in wrong:
                n = 1 if n else 0
            if n:
                out[k - first] = right[here].sum() / n
        return np.nan_to_num(out) if "zero_for_none" in wrong else out

    return answer


def _distance_cases(rng):
    cases = [
        Case(
            "six words, reach 3",
            (
                np.array([1, 0, 2, 2, 1, 1]),
                np.array([1, 0, 2, 1, 1, 2]),
                np.array([0, -1, 1, -1, 3, 0]),
                3,
            ),
        )
    ]
    for n, reach in ((97, 5), (211, 7), (307, 3)):
        tags = rng.integers(0, 5, n)
        slips = rng.uniform(size=n) < 0.35
        predicted = np.where(slips, rng.integers(0, 5, n), tags)
        distances = rng.integers(-reach - 1, reach + 2, n)
        distances[np.abs(distances) == reach - 1] = 0
        distances[:4] = [-1, -1, -1, 1]
        predicted[:4] = tags[:4] + [0, 0, 1, 1]
        args = (predicted, tags, distances, reach)
        cases.append(Case(f"{n} words, reach {reach}", args))
    return cases


DISTANCE_TRAPS = {
    "left_only": (
        "You count only cues on the left, where the distance is negative."
    ),
    "right_only": (
        "You count only cues on the right, where the distance is positive. "
        "-3 is three words away too."
    ),
    "off_by_one": (
        "Your first entry is distance 0, the unambiguous words. The first "
        "entry should be distance 1."
    ),
    "up_to_distance": (
        "Your entries are cumulative: everything up to that distance. Near "
        "cues then hide what happens to the far ones."
    ),
    "with_unambiguous": (
        "Your entries also hold the nearer words and the unambiguous ones. "
        "Those are easy, and make every window look good."
    ),
    "mean_of_sides": (
        "You averaged the accuracy on the left and on the right. Where one "
        "side has more words it should weigh more: pool them, then divide."
    ),
    "share_of_all": (
        "You divided by all n words. Each entry is a share of the words at "
        "its own distance."
    ),
    "counts": "These are numbers of right answers; divide by how many words "
    "have their cue at that distance.",
    "errors": "These are error rates, one minus what is asked.",
    "zero_for_none": (
        "Where no word has its cue at a distance you report 0, which reads "
        "as “always wrong”. Nothing was measured there: NaN says so."
    ),
}


# --- which nets can separate the saws --------------------------------------


def separates():
    return {
        "per_word": False,
        "window_of_radius_1": True,
        "attention": False,
        "twelve_layers_of_attention": False,
        "attention_with_positions": True,
        "attention_to_neighbours_only": True,
        "attention_to_earlier_words_only": True,
        "word_and_mean_of_sentence": False,
        "positions_added_after_attention": True,
    }


SEPARATES_STARTER = '''# True: some weights give the two "saw" of
# "I saw a saw" different outputs. False: no weights do.
separates = {
    # a fully connected net on each word's vector
    "per_word": ...,
    # the same on the word and one neighbour on each side
    "window_of_radius_1": ...,
    # self-attention over the sentence, then a net per word
    "attention": ...,
    # twelve such layers, each with its net per word
    "twelve_layers_of_attention": ...,
    # a vector per position is added to the words first
    "attention_with_positions": ...,
    # no positions; each word sees itself and its two neighbours
    "attention_to_neighbours_only": ...,
    # no positions; each word sees itself and the words before it
    "attention_to_earlier_words_only": ...,
    # a net on the word's vector beside the mean of all vectors
    "word_and_mean_of_sentence": ...,
    # attention without positions; they are added to what comes out
    "positions_added_after_attention": ...,
}
'''


def _separates_variant(wrong):
    def answer():
        right = separates()
        flipped = {_SEPARATES_ITEMS[name] for name in wrong}
        return {key: v ^ (key in flipped) for key, v in right.items()}

    return answer


_SEPARATES_ITEMS = {
    "same_input_same_output": "per_word",
    "window_too_small": "window_of_radius_1",
    "attention_knows_order": "attention",
    "depth_breaks_ties": "twelve_layers_of_attention",
    "positions_do_not_help": "attention_with_positions",
    "mask_is_blind": "attention_to_neighbours_only",
    "past_is_blind": "attention_to_earlier_words_only",
    "mean_tells_places": "word_and_mean_of_sentence",
    "too_late_for_positions": "positions_added_after_attention",
}

SEPARATES_TRAPS = {
    "same_input_same_output": (
        "per_word: the net is one function and both words are the same "
        "vector. A function has one value at one point."
    ),
    "window_too_small": (
        "window_of_radius_1: the first window reads “I saw a”, the second "
        "“a saw” and an empty slot. These are different inputs."
    ),
    "attention_knows_order": (
        "attention: equal vectors ask equal queries of the same keys, and "
        "receive the same mixture. Nothing in it says which came first."
    ),
    "depth_breaks_ties": (
        "twelve_layers_of_attention: two vectors that leave the first layer "
        "equal enter the second one equal. More layers repeat the argument."
    ),
    "positions_do_not_help": (
        "attention_with_positions: the second and the fourth position add "
        "different vectors, so the two words are equal no longer."
    ),
    "mask_is_blind": (
        "attention_to_neighbours_only: the first “saw” mixes in “I”, the "
        "second cannot. Who may be seen depends on the place, so the mask "
        "tells something about it."
    ),
    "past_is_blind": (
        "attention_to_earlier_words_only: the first “saw” sees two words, "
        "the second all four. Their mixtures can differ."
    ),
    "mean_tells_places": (
        "word_and_mean_of_sentence: both words stand beside the same mean. "
        "It says what the sentence holds, and both get the same of it."
    ),
    "too_late_for_positions": (
        "positions_added_after_attention: “different outputs” asks for no "
        "more than two vectors that differ, and the added ones do. It would "
        "make a poor tagger, since it knows places and not cues."
    ),
}


# --- what to expect of a window --------------------------------------------


def expected_accuracy(distances, readings, radius):
    seen = np.abs(distances) <= radius  # (n,)
    return float(np.mean(np.where(seen, 1.0, 1.0 / readings)))


EXPECTED_STARTER = '''def expected_accuracy(distances, readings, radius):
    """The accuracy of an ideal window of this radius on ambiguous words.

    distances : (n,), where each word's cue stands: -3 is three to the left.
    readings : (n,), how many tags each word may have, all equally frequent.
    radius : r; the window sees r words on either side.
    A word whose cue is in the window is always right. For any other word
    the ideal window is right as often as one fixed tag is.
    Returns a float, the mean over the n words.
    """
    raise NotImplementedError
'''


def _expected_variant(wrong):
    def answer(distances, readings, radius):
        near = np.abs(distances)
        seen = near <= radius
        if "edge_left_out" in wrong:
            seen = near < radius
        if "signed_distance" in wrong:
            seen = distances <= radius
        if "radius_is_width" in wrong:
            seen = near <= radius // 2
        if "twice_the_radius" in wrong:
            seen = near <= 2 * radius + 1
        guess = 1.0 / readings
        if "always_two_readings" in wrong:
            guess = np.full(len(readings), 0.5)
        if "unseen_is_lost" in wrong:
            guess = np.zeros(len(readings))
        if "guess_everywhere" in wrong:
            seen = np.zeros(len(readings), bool)
        if "unseen_only" in wrong and not seen.all():
            return float(guess[~seen].mean())
        return float(np.where(seen, 1.0, guess).mean())

    return answer


def _expected_cases(rng):
    cases = [
        Case(
            "four words, radius 2",
            (np.array([-2, 1, 3, -7]), np.array([2, 3, 2, 3]), 2),
        ),
        Case(
            "radius 0 sees no cue",
            (np.array([-1, 1, 5]), np.array([3, 2, 2]), 0),
        ),
    ]
    for n, radius in ((53, 5), (101, 8), (211, 3)):
        sign = rng.choice([-1, 1], n)
        distances = sign * rng.integers(1, 21, n)
        distances[:4] = [radius, -radius, -radius - 1, radius + 1]
        readings = rng.choice([2, 2, 3], n)
        args = (distances, readings, radius)
        cases.append(Case(f"{n} words, radius {radius}", args))
    return cases


EXPECTED_TRAPS = {
    "edge_left_out": (
        "A cue exactly r words away is still in the window; yours stops one "
        "short."
    ),
    "signed_distance": (
        "You compared the signed distance, so every cue on the left counts "
        "as seen, -20 too."
    ),
    "radius_is_width": (
        "You halved the radius. It already counts one side only."
    ),
    "twice_the_radius": (
        "You compared with the whole width of the window. The word stands "
        "in its middle, so it sees only r words either way."
    ),
    "always_two_readings": (
        "You guess one half for every word. “light” is a noun, a verb and an "
        "adjective: one fixed tag is right a third of the time."
    ),
    "unseen_is_lost": (
        "You count a word whose cue is not seen as wrong. One fixed tag is "
        "right now and then."
    ),
    "guess_everywhere": (
        "Your answer does not depend on the radius: no cue counts as seen."
    ),
    "unseen_only": (
        "This is the accuracy on the words whose cue is out of sight. The "
        "mean goes over all n words."
    ),
}


# --- leaks between training and test ---------------------------------------


def leaks(train, test):
    groups = {r["group"] for r in train}
    texts = {r["words"].lower() for r in train}
    return np.array(
        [r["group"] in groups or r["words"].lower() in texts for r in test]
    )


LEAKS_STARTER = '''def leaks(train, test):
    """Which test sentences training gives away.

    train, test : lists of dicts with "words" (the sentence, a string) and
        "group" (a number; a group's sentences differ in their cues only).
    A test sentence leaks if training holds the same words, capitals aside,
    or any sentence of its group.
    Returns booleans (n_test,): True where the sentence leaks.
    """
    raise NotImplementedError
'''


def _leaks_variant(wrong):
    def answer(train, test):
        def plain(text):
            return text if "capitals_matter" in wrong else text.lower()

        groups = {r["group"] for r in train}
        texts = {plain(r["words"]) for r in train}
        bags = {tuple(sorted(t.split())) for t in texts}
        vocabulary = {w for t in texts for w in t.split()}
        found = []
        for k, r in enumerate(test):
            text = plain(r["words"])
            same = text in texts
            if "order_ignored" in wrong:
                same = tuple(sorted(text.split())) in bags
            if "any_shared_word" in wrong:
                same = any(w in vocabulary for w in text.split())
            if "part_of_a_sentence" in wrong:
                same = any(text in t for t in texts)
            twin = r["group"] in groups
            if "words_only" in wrong:
                twin = False
            if "groups_only" in wrong:
                same = False
            leak = same and twin if "both_at_once" in wrong else same or twin
            if "within_test" in wrong:
                leak = leak or any(
                    r["group"] == o["group"] for o in test[:k]
                )
            found.append(leak)
        out = np.array(found)
        return ~out if "inverted" in wrong else out

    return answer


def _leaks_cases(rng):
    def records(*pairs):
        return [{"words": w, "group": g} for w, g in pairs]

    cases = [
        Case(
            "five test sentences",
            (
                records(("I saw a saw .", 1), ("they must fish .", 2)),
                records(
                    ("they need fish .", 2),
                    ("i saw a saw .", 7),
                    ("a saw I saw .", 8),
                    ("we like oil .", 9),
                    ("we sell oil .", 9),
                ),
            ),
        )
    ]
    words = "I you they must need fish oil paint a saw".split()
    for n_train, n_test in ((29, 17), (41, 23)):
        texts = [" ".join(rng.permutation(words)[:5]) for _ in range(n_train)]
        groups = [int(g) for g in rng.integers(0, 60, n_train)]
        train = records(*zip(texts, groups, strict=True))
        old = [str(t) for t in rng.permutation(texts)]
        g = groups[0]
        test = records(
            (old[0], 101),
            (old[1].capitalize().swapcase(), 102),
            (" ".join(old[2].split()[::-1]), 103),
            (old[3].rsplit(" ", 1)[0], 104),
            (old[4], g),
            ("two oaks grew .", 105),
            ("six oaks grew .", 105),
            ("two elms grew .", g),
        )
        for _ in range(n_test - len(test)):
            text = " ".join(rng.permutation(words)[:4])
            test.append({"words": text, "group": int(rng.integers(0, 120))})
        name = f"{n_train} training and {n_test} test sentences"
        cases.append(Case(name, (train, test)))
    return cases


LEAKS_TRAPS = {
    "words_only": (
        "You found the repeated sentences, and missed the twins: a sentence "
        "that differs from a training sentence in its cue only. Its group "
        "number tells."
    ),
    "groups_only": (
        "You compared the groups only. Two groups can hold the same "
        "sentence, and then the answer was seen in training."
    ),
    "capitals_matter": (
        "“I saw” and “i saw” count as different for you. A reader of both "
        "would call it the same sentence."
    ),
    "order_ignored": (
        "You compare the words without their order. “I saw a saw” and “a saw "
        "I saw” hold the same words, yet they are different sentences."
    ),
    "any_shared_word": (
        "You call a sentence leaked if it shares any word with training. "
        "That is how it should be: without common words there is nothing to "
        "learn."
    ),
    "part_of_a_sentence": (
        "You look for the test sentence inside longer training sentences "
        "too. The same words means the whole sentence."
    ),
    "both_at_once": (
        "You ask for the same words and the same group at once. Either one "
        "gives the answer away."
    ),
    "within_test": (
        "You also mark test sentences whose twin is in the test split. That "
        "is no leak: nothing there is trained on."
    ),
    "inverted": "True and False are swapped: you mark the clean sentences.",
}


# --- the list --------------------------------------------------------------

EXERCISES = (
    Exercise(
        id="03.window_features",
        title="A word and its neighbours in one row",
        difficulty=2,
        minutes=12,
        reference=window_features,
        starter=WINDOW_STARTER,
        cases=_window_cases,
        traps=traps_from(_window_variant, WINDOW_TRAPS),
        hints=(
            "Write down by hand what row 0 holds for L = 3 and r = 1.",
            "Put r rows of zeros above and below x first. Then no window "
            "runs over an edge.",
            "In the padded array the slot k of all rows together is one "
            "slice of L rows. There are 2 r + 1 such slices to set side by "
            "side.",
        ),
        variant=_window_variant,
    ),
    Exercise(
        id="03.count_parameters",
        title="What a window costs, and what attention costs",
        difficulty=1,
        minutes=8,
        reference=count_parameters,
        starter=COUNT_STARTER,
        cases=_count_cases,
        traps=traps_from(_count_variant, COUNT_TRAPS),
        hints=(
            "Count the table, then each layer: its weights, then its biases.",
            "A fully connected layer from m numbers to n has m n weights "
            "and n biases. What is m for a window of radius r?",
            "Both models share the table and the last layer. They differ in "
            "the width that the first layer sees, and in three square "
            "matrices.",
        ),
        variant=_count_variant,
    ),
    Exercise(
        id="03.majority_ceiling",
        title="The ceiling of anything that sees one word",
        difficulty=2,
        minutes=10,
        reference=majority_ceiling,
        starter=CEILING_STARTER,
        cases=_ceiling_cases,
        traps=traps_from(_ceiling_variant, CEILING_TRAPS),
        hints=(
            "Whoever sees only “saw” must give every “saw” the same tag. "
            "Which one would you choose?",
            "Count, for each input, how often each tag comes with it. A "
            "dict of Counters does that.",
            "Add up the largest count of every input, and compare the sum "
            "with n.",
        ),
        variant=_ceiling_variant,
    ),
    Exercise(
        id="03.accuracy_by_distance",
        title="Accuracy by the distance of the cue",
        difficulty=2,
        minutes=10,
        reference=accuracy_by_distance,
        starter=DISTANCE_STARTER,
        cases=_distance_cases,
        traps=traps_from(_distance_variant, DISTANCE_TRAPS),
        hints=(
            "Start from an array of `reach` NaNs and fill in what you can.",
            "Which words have their cue k words away, whichever the side?",
            "A mean of True and False is a share. Take it over those words, "
            "and only if there are any.",
        ),
        variant=_distance_variant,
    ),
    Exercise(
        id="03.separates",
        title="Which of these nets can separate the saws",
        difficulty=2,
        minutes=8,
        reference=separates,
        starter=SEPARATES_STARTER,
        cases=quiz_cases,
        traps=traps_from(_separates_variant, SEPARATES_TRAPS),
        hints=(
            "Both “saw” start as the same vector. Look for the first place "
            "where the net treats them differently.",
            "If everything that the net reads for position 2 equals what it "
            "reads for position 4, no weights can part them.",
            "Three things part them: other neighbours in a window, a mask "
            "that lets them see different words, a position added to them. "
            "A sum over the whole sentence is none of these.",
        ),
        kind="value",
        variant=_separates_variant,
    ),
    Exercise(
        id="03.expected_accuracy",
        title="What a window can reach at best",
        difficulty=1,
        minutes=6,
        reference=expected_accuracy,
        starter=EXPECTED_STARTER,
        cases=_expected_cases,
        traps=traps_from(_expected_variant, EXPECTED_TRAPS),
        hints=(
            "There are two kinds of words: those whose cue is in the window, "
            "and the rest.",
            "How often is one fixed tag right, if a word has three tags and "
            "all are equally frequent?",
            "np.where chooses, word by word, between 1 and that share. Mind "
            "the sign of the distance.",
        ),
        variant=_expected_variant,
    ),
    Exercise(
        id="03.leaks",
        title="Spot the leak in a split",
        difficulty=2,
        minutes=10,
        reference=leaks,
        starter=LEAKS_STARTER,
        cases=_leaks_cases,
        traps=traps_from(_leaks_variant, LEAKS_TRAPS),
        hints=(
            "Two things give a test sentence away. Write a test for each.",
            "Collect from training what you will ask for: a set of group "
            "numbers and a set of sentences.",
            "Bring both sides to lower case before you compare, and join "
            "the two tests with `or`.",
        ),
        variant=_leaks_variant,
    ),
)
