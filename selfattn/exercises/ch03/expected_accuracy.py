"""Exercise 03.expected_accuracy."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def expected_accuracy(distances, readings, radius):
    """The accuracy of an ideal window of this radius on ambiguous words.

    distances : (n,), where each word's cue stands: -3 is three to the left.
    readings : (n,), how many tags each word may have, all equally frequent.
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


def variant(wrong):
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
