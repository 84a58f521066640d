"""Exercise 01.one_hot."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def one_hot(words, vocabulary):
    """One row per word, with a 1 at the word's place in the vocabulary.

    words : list of L strings, all of them in the vocabulary.
    vocabulary : list of V different strings, in any order.
    Returns an array (L, V) of zeros and ones.
    """
    rows = np.zeros((len(words), len(vocabulary)))  # (L, V)
    for position, word in enumerate(words):
        rows[position, vocabulary.index(word)] = 1.0
    return rows


HINTS = (
    "How many rows has the answer, how many columns? Write down the "
    "four rows of “I saw a saw” by hand first.",
    "A list knows where a word stands: try `vocabulary.index('saw')`.",
    "Begin with zeros of shape (L, V). Go through the words with "
    "their positions, and set one number in each row.",
)

WORDS = (
    "saw",
    "I",
    "a",
    "the",
    "dog",
    "cat",
    "tree",
    "runs",
    "fern",
    "eats",
    "old",
    "you",
    "goose",
    "and",
    "we",
    "sees",
    "moss",
    "jumps",
    "her",
)


def cases(rng):
    made = [
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
        made.append(Case(name, (words, vocabulary)))
    return made


MISTAKES = {
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


def variant(wrong):
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


EXERCISE = exercise(
    one_hot,
    title="One-hot rows of a sentence",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
