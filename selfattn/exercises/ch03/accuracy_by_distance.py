"""Exercise 03.accuracy_by_distance."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def accuracy_by_distance(predicted, tags, distances, reach):
    """Accuracy on the ambiguous words, by how far away their cue is.

    predicted, tags : integer arrays (n,), what the net says and what is
        true.
    distances : integer array (n,), where the cue is: -3 is three words to
        the left, 2 two to the right; 0 marks a word that is not ambiguous.
    reach : the largest distance to report.
    Returns an array (reach,). Entry k - 1 is the share of right answers
    among words whose cue is k words away on either side; NaN if there are
    none.
    """
    right = predicted == tags  # (n,)
    out = np.full(reach, np.nan)  # (reach,)
    for k in range(1, reach + 1):
        here = np.abs(distances) == k  # (n,)
        if here.any():
            out[k - 1] = right[here].mean()
    return out


HINTS = (
    "Start from an array of `reach` NaNs and fill in what you can.",
    "Which words have their cue k words away, whichever the side?",
    "A mean of True and False is a share. Take it over those words, "
    "and only if there are any.",
)


def cases(rng):
    made = [
        Case(
            "six words, reach 3",
            (
                np.array([1, 0, 2, 2, 1, 1]),
                np.array([1, 0, 2, 1, 1, 2]),
                np.array([0, -1, 1, -1, 3, 0]),
                3,
            ),
        ),
        Case(
            "reach 7, beyond every cue",
            (
                np.array([2, 0, 1, 1, 4, 3, 3, 0]),
                np.array([2, 1, 1, 3, 0, 3, 3, 0]),
                np.array([2, -1, 0, -2, 2, 3, 0, -3]),
                7,
            ),
        ),
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
        made.append(Case(f"{n} words, reach {reach}", args))
    return made


MISTAKES = {
    "left_only": (
        "You count only cues on the left, where the distance is negative. A "
        "cue at 3 is three words away too."
    ),
    "right_only": (
        "You count only cues on the right, where the distance is positive. A "
        "cue at -3 is three words away too."
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
    "at_least_distance": (
        "Your entries hold everything from that distance on. Each should "
        "hold the words at exactly its own distance."
    ),
    "from_zero": (
        "You have one entry too many: the first is distance 0, the "
        "unambiguous words. Report the distances from 1 to `reach`."
    ),
    "empty_left_out": (
        "You left out the distances at which there is no word, so the later "
        "entries have moved. Put NaN there."
    ),
    "mean_prediction": (
        "You averaged the predicted numbers. A prediction is right where it "
        "equals the tag; average that."
    ),
    "mean_difference": (
        "You averaged how far predictions are from tags. Tags are names "
        "with numbers: one is right or wrong, not near."
    ),
    "mean_of_sides": (
        "You averaged the accuracy on the left and on the right. Where one "
        "side has more words it should weigh more: pool them, then divide."
    ),
    "share_of_all": (
        "You divided by all n words. Each entry is a share of the words at "
        "its own distance."
    ),
    "share_of_ambiguous": (
        "You divided by all ambiguous words. Each entry is a share of the "
        "words at its own distance."
    ),
    "counts": "These are numbers of right answers; divide by how many words "
    "have their cue at that distance.",
    "errors": "These are error rates, one minus what is asked.",
    "zero_for_none": (
        "Where no word has its cue at a distance you report 0, which reads "
        "as “always wrong”. Nothing was measured there: NaN says so."
    ),
    "one_for_none": (
        "Where no word has its cue at a distance you report 1, which reads "
        "as “always right”. Nothing was measured there: NaN says so."
    ),
}


def variant(wrong):
    def answer(predicted, tags, distances, reach):
        right = predicted == tags
        if "errors" in wrong:
            right = ~right
        if "mean_prediction" in wrong:
            right = predicted
        if "mean_difference" in wrong:
            right = np.abs(predicted - tags)
        near = np.abs(distances)
        if "left_only" in wrong:
            near = -distances
        if "right_only" in wrong:
            near = distances
        first = 0 if {"off_by_one", "from_zero"} & wrong else 1
        entries = reach + 1 if "from_zero" in wrong else reach
        out = np.full(entries, np.nan)
        for k in range(first, entries + first):
            here = near == k
            if "up_to_distance" in wrong:
                here = (near >= 1) & (near <= k)
            if "with_unambiguous" in wrong:
                here = (near >= 0) & (near <= k)
            if "at_least_distance" in wrong:
                here = near >= k
            if "mean_of_sides" in wrong:
                sides = [right[distances == s * k] for s in (-1, 1)]
                means = [s.mean() for s in sides if s.size]
                out[k - first] = np.mean(means) if means else np.nan
                continue
            n = here.sum()
            if "share_of_all" in wrong:
                n = len(tags) if n else 0
            if "share_of_ambiguous" in wrong:
                n = (distances != 0).sum() if n else 0
            if "counts" in wrong:
                n = 1 if n else 0
            if n:
                out[k - first] = right[here].sum() / n
        if "empty_left_out" in wrong:
            return out[~np.isnan(out)]
        if "one_for_none" in wrong:
            return np.nan_to_num(out, nan=1.0)
        return np.nan_to_num(out) if "zero_for_none" in wrong else out

    return answer


EXERCISE = exercise(
    accuracy_by_distance,
    title="Accuracy by the distance of the cue",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
