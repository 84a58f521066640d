"""Exercise 03.leaks."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def leaks(train, test):
    """Which test sentences training gives away.

    train, test : lists of dicts with "words" (the sentence, a string) and
        "group" (a number; a group's sentences differ in their cues only).
    A test sentence leaks if training holds the same words, capitals aside,
    or any sentence of its group.
    Returns booleans (n_test,): True where the sentence leaks.
    """
    groups = {r["group"] for r in train}
    texts = {r["words"].lower() for r in train}
    return np.array(
        [r["group"] in groups or r["words"].lower() in texts for r in test]
    )


HINTS = (
    "Two things give a test sentence away. Write a test for each.",
    "Collect from training what you will ask for: a set of group "
    "numbers and a set of sentences.",
    "Bring both sides to lower case before you compare, and join "
    "the two tests with `or`.",
)


def cases(rng):
    def records(*pairs):
        return [{"words": w, "group": g} for w, g in pairs]

    made = [
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
        made.append(Case(name, (train, test)))
    return made


MISTAKES = {
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


def variant(wrong):
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
                leak = leak or any(r["group"] == o["group"] for o in test[:k])
            found.append(leak)
        out = np.array(found)
        return ~out if "inverted" in wrong else out

    return answer


EXERCISE = exercise(
    leaks,
    title="Spot the leak in a split",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
