"""Exercise 03.expected_accuracy."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def expected_accuracy(distances, readings, radius):
    """The accuracy of an ideal window of this radius on ambiguous words.

    distances : array (n,), where each word's cue is: -3 is three to the left.
    readings : array (n,), how many tags each word may have, all equally
        frequent.
    radius : r; the window sees r words on either side.
    A word whose cue is in the window is always right. For any other word
    the ideal window is right as often as one fixed tag is.
    Returns a float, the mean over the n words.
    """
    seen = np.abs(distances) <= radius  # (n,)
    return float(np.mean(np.where(seen, 1.0, 1.0 / readings)))


HINTS = (
    "There are two kinds of words: those whose cue is in the window, "
    "and the rest.",
    "How often is one fixed tag right, if a word has three tags and "
    "all are equally frequent?",
    "np.where chooses, word by word, between 1 and that share. Mind "
    "the sign of the distance.",
)


def cases(rng):
    made = [
        Case(
            "four words, radius 2",
            (np.array([-2, 1, 3, -7]), np.array([2, 3, 2, 3]), 2),
        ),
        Case(
            "radius 0 sees no cue",
            (np.array([-1, 1, 5]), np.array([3, 2, 2]), 0),
        ),
        Case(
            "radius 9 sees every cue",
            (np.array([-2, 1, -9, 4, 8]), np.array([3, 2, 2, 3, 3]), 9),
        ),
        Case("one word, three readings", (np.array([-6]), np.array([3]), 4)),
    ]
    for n, radius in ((53, 5), (101, 8), (211, 3)):
        sign = rng.choice([-1, 1], n)
        distances = sign * rng.integers(1, 21, n)
        distances[:4] = [radius, -radius, -radius - 1, radius + 1]
        readings = rng.choice([2, 2, 3], n)
        args = (distances, readings, radius)
        made.append(Case(f"{n} words, radius {radius}", args))
    return made


MISTAKES = {
    "edge_left_out": (
        "A cue exactly r words away is still in the window; yours stops one "
        "short."
    ),
    "signed_distance": (
        "You compared the signed distance, so every cue on the left counts "
        "as seen, -20 too."
    ),
    "left_only": (
        "You count only the cues on the left as seen. The window has r words "
        "on either side."
    ),
    "right_only": (
        "You count only the cues on the right as seen. The window has r "
        "words on either side."
    ),
    "radius_is_width": (
        "You halved the radius. It counts the words on one side, so r itself "
        "is the limit."
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
        "right in one of two cases, or in one of three."
    ),
    "swapped": (
        "The two kinds of words are swapped. You count a word as surely "
        "right where its cue is outside the window."
    ),
    "other_tags": (
        "For a word whose cue is not seen you take the share of the other "
        "tags, two thirds for three readings. One fixed tag has one third."
    ),
    "mean_readings": (
        "You guess with the mean number of readings for every word. Each "
        "word has its own number."
    ),
    "mean_share": (
        "You give every unseen word the mean share of all n words. Each word "
        "has its own share, from its own number of readings."
    ),
    "shares_added": (
        "You added the share of words that are seen and the accuracy on the "
        "others. The second must count only for the words that are not seen."
    ),
    "halves": (
        "You gave the seen and the unseen words equal weight. Each word "
        "counts once, and there may be more of one kind."
    ),
    "not_averaged": (
        "You return one number for each word. The task asks for their mean."
    ),
    "guess_everywhere": (
        "Your answer does not depend on the radius: no cue counts as seen."
    ),
    "unseen_only": (
        "This is the accuracy on the words whose cue is out of sight. The "
        "mean goes over all n words."
    ),
}


def variant(wrong):
    def answer(distances, readings, radius):
        near = np.abs(distances)
        seen = near <= radius
        if "left_only" in wrong:
            seen = seen & (distances <= 0)
        if "right_only" in wrong:
            seen = seen & (distances >= 0)
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
        if "other_tags" in wrong:
            guess = 1 - guess
        if "mean_readings" in wrong:
            guess = np.full(len(readings), 1 / readings.mean())
        if "mean_share" in wrong:
            guess = np.full(len(readings), guess.mean())
        if "swapped" in wrong:
            seen = ~seen
        if "unseen_only" in wrong:
            return float(guess[~seen].mean())
        if "shares_added" in wrong:
            return float(seen.mean() + guess[~seen].mean())
        if "halves" in wrong:
            return float((1 + guess[~seen].mean()) / 2)
        each = np.where(seen, 1.0, guess)  # (n,)
        return each if "not_averaged" in wrong else float(each.mean())

    return answer


EXERCISE = exercise(
    expected_accuracy,
    title="What a window can reach at best",
    difficulty=1,
    minutes=6,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
