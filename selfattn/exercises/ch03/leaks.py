"""Exercise 03.leaks."""

import numpy as np

from selfattn.exercises.model import Case, Property, exercise


def leaks(train, test):
    """Which test sentences training gives away.

    train, test : lists of dicts, neither empty, with "words" (the sentence,
        a string) and "group" (a number; a group's sentences differ in their
        cues only).
    A test sentence leaks if training holds the same words in the same order,
    capitals aside, or any sentence of its group. A full stop is a word.
    Returns n_test booleans, in an array or a list: True where the sentence
    leaks.
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


def records(*pairs):
    return [{"words": w, "group": g} for w, g in pairs]


def by_hand():
    five = (
        records(("I saw a saw .", 1), ("they must fish .", 2)),
        records(
            ("they need fish .", 2),
            ("i saw a saw .", 7),
            ("a saw I saw .", 8),
            ("we like oil .", 9),
            ("we sell oil .", 9),
        ),
    )
    seven = (
        records(("the old oak grew .", 0), ("we saw oil .", 5), ("dry .", 4)),
        records(
            ("the young oak grew .", 0),
            ("six elms grew .", 3),  # between the groups, and new
            ("we saw oil", 6),
            ("today we saw oil .", 7),
            ("WE SAW OIL .", 8),
            ("saw oil", 9),
            ("dry oil .", 5),
            ("Dry .", 10),
        ),
    )
    one = (records(("oil it .", 3), ("dry it .", 4)), records(("Oil It .", 6)))
    return [
        Case("five test sentences", five),
        Case("group 0, and a sentence without its full stop", seven),
        Case("one test sentence", one),
    ]


def cases(rng):
    made = by_hand()
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


PROPERTIES = (
    Property(
        "not_booleans",
        "Some of your entries are numbers. The task asks for True and False.",
        lambda rng: by_hand(),
        lambda cases, outs: all(np.asarray(o).dtype == bool for o in outs),
    ),
)

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
        "“I saw” and “i saw” count as different for you. The task leaves "
        "capitals aside."
    ),
    "train_lowered_only": (
        "You brought the training sentences to lower case, and not the test "
        "sentences. Then “I saw” meets “i saw” and differs from it."
    ),
    "test_lowered_only": (
        "You brought the test sentences to lower case, and not the training "
        "sentences. Then “i saw” meets “I saw” and differs from it."
    ),
    "first_letter_only": (
        "You made the first letter small and left the others. A capital can "
        "stand anywhere in a sentence."
    ),
    "order_ignored": (
        "You compare the words without their order. “I saw a saw” and “a saw "
        "I saw” hold the same words, yet they are different sentences."
    ),
    "full_stop_ignored": (
        "You removed the full stops before you compared. A full stop is a "
        "word here, so the sentence without it is another one."
    ),
    "any_shared_word": (
        "You call a sentence leaked if it shares any word with training. "
        "Common words are no leak: without them there is nothing to learn."
    ),
    "part_of_a_sentence": (
        "You look for the test sentence inside longer training sentences "
        "too. The same words means the whole sentence."
    ),
    "around_a_sentence": (
        "You look for training sentences inside longer test sentences too. "
        "The same words means the whole sentence."
    ),
    "both_at_once": (
        "You ask for the same words and the same group at once. Either one "
        "gives the answer away."
    ),
    "whole_record": (
        "You look for the whole record of a test sentence in training, words "
        "and group at once. Either one gives the answer away."
    ),
    "within_test": (
        "You also mark test sentences whose twin is in the test split. That "
        "is no leak: nothing there is trained on."
    ),
    "group_zero": (
        "You take group 0 for no group, as Python takes 0 for False. It is a "
        "number like any other."
    ),
    "group_range": (
        "You mark every group number between the smallest and the largest of "
        "training. A group leaks only if training holds it."
    ),
    "pairwise": (
        "You compared the first test sentence with the first training "
        "sentence, and so on. Each test sentence must be compared with all "
        "of training."
    ),
    "first_only": (
        "You compared with the first training sentence only. Does your loop "
        "stop too early?"
    ),
    "last_only": (
        "Only the last training sentence counts: each turn of your loop "
        "replaces what the turn before had found."
    ),
    "every_pair": (
        "You return one row of booleans per test sentence. A sentence leaks "
        "if any entry of its row is True; return one boolean for it."
    ),
    "counted": (
        "You count the training sentences that give each test sentence away. "
        "The task asks whether there is one: True or False."
    ),
    "indices": (
        "You return the numbers of the sentences that leak. The task asks "
        "for one boolean for each test sentence."
    ),
    "of_training": (
        "You marked the training sentences. One boolean is asked for each "
        "test sentence."
    ),
    "share": (
        "You return one number for the whole split. One boolean is asked for "
        "each test sentence."
    ),
    "any_leak": (
        "You return one boolean for the whole split: whether any sentence "
        "leaks. One is asked for each test sentence."
    ),
    "sentences": (
        "You return the sentences that leak. The task asks for one boolean "
        "for each test sentence."
    ),
    "inverted": "True and False are swapped: you mark the clean sentences.",
}


def text_of(record, wrong, part):
    """The words as the answer compares them."""
    text = record["words"]
    if {"capitals_matter", "whole_record", f"{part}_lowered_only"} & wrong:
        low = f"{part}_lowered_only" in wrong
        return text.lower() if low else text
    if {"train_lowered_only", "test_lowered_only"} & wrong:
        return text
    if "first_letter_only" in wrong:
        return text[0].lower() + text[1:]
    if "full_stop_ignored" in wrong:
        text = text.strip(" .")
    return text.lower()


def same_words(text, other, wrong):
    if "groups_only" in wrong:
        return False
    if "order_ignored" in wrong:
        return sorted(text.split()) == sorted(other.split())
    if "any_shared_word" in wrong:
        return bool(set(text.split()) & set(other.split()))
    if "part_of_a_sentence" in wrong:
        return text in other
    if "around_a_sentence" in wrong:
        return other in text
    return text == other


def same_group(group, other, wrong):
    if "words_only" in wrong or ("group_zero" in wrong and group == 0):
        return False
    return group == other


def gives_away(one, other, wrong):
    """Whether the training sentence `other` gives the test sentence away."""
    same = same_words(
        text_of(one, wrong, "test"), text_of(other, wrong, "train"), wrong
    )
    twin = same_group(one["group"], other["group"], wrong)
    return same and twin if "whole_record" in wrong else same or twin


def all_of(one, train, wrong):
    """The same words somewhere and the same group somewhere."""
    return gives_away_by(one, train, {*wrong, "groups_only"}) and (
        gives_away_by(one, train, {*wrong, "words_only"})
    )


def gives_away_by(one, train, wrong):
    return any(gives_away(one, other, wrong) for other in train)


def variant(wrong):
    if "of_training" in wrong and {"share", "any_leak"} & wrong:
        raise ValueError("one number does not tell of which split it is")

    def answer(train, test):
        if "of_training" in wrong:
            test = train
        pairs = np.array(
            [[gives_away(r, o, wrong) for o in train] for r in test]
        )  # (n_test, n_train)
        if "every_pair" in wrong:
            return pairs
        if "counted" in wrong:
            return pairs.sum(axis=1)
        if "pairwise" in wrong:
            return np.diagonal(pairs)
        found = pairs.any(axis=1)
        if "first_only" in wrong:
            found = pairs[:, 0]
        if "last_only" in wrong:
            found = pairs[:, -1]
        if "both_at_once" in wrong:
            found = np.array([all_of(r, train, wrong) for r in test])
        groups = [r["group"] for r in test]
        if "group_range" in wrong:
            known = [r["group"] for r in train]
            inside = [min(known) <= g <= max(known) for g in groups]
            found = found | np.array(inside)
        if "within_test" in wrong:
            twins = [g in groups[:k] for k, g in enumerate(groups)]
            found = found | np.array(twins)
        if "indices" in wrong:
            return np.flatnonzero(found)
        if "any_leak" in wrong:
            return found.any()
        if "sentences" in wrong:
            return [r for r, leak in zip(test, found, strict=True) if leak]
        if "share" in wrong:
            return found.mean()
        return ~found if "inverted" in wrong else found

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
    properties=PROPERTIES,
)
