"""Exercise 01.one_hot."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def one_hot(words, vocabulary):
    """One row per word, with a 1 at the word's place in the vocabulary.

    words : list of L strings, all of them in the vocabulary. "I" and "i"
        are different words.
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
        Case(
            "capital and small letters",
            (["i", "Saw", "I"], ["saw", "I", "a", "Saw", "i"]),
        ),
        Case(
            "more words than the vocabulary has",
            ("saw a dog saw a saw dog".split(), ["dog", "saw", "a"]),
        ),
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
        "every sentence. Use the vocabulary that is given."
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
        "Your row number i has its 1 in column i. It says where the word "
        "stands, and not which word it is. Equal words must get equal rows."
    ),
    "place_in_sentence": (
        "Your column is the place where the sentence has the word first. It "
        "should be the word's place in the vocabulary, which is the same for "
        "every sentence."
    ),
    "repeat_left_empty": (
        "The second row of a word that is there twice is empty. `words.index` "
        "always finds the first place; count the words in your loop instead."
    ),
    "ids_only": (
        "You return each word's number. As a number, word 6 would be twice "
        "word 3 and close to word 5; one-hot rows exist to avoid that."
    ),
    "counts": (
        "Where a word occurs twice, your row holds a 2. A row describes one "
        "occurrence of the word, so it holds a single 1."
    ),
    "bag_of_words": (
        "You added the rows up into one vector. That is a bag of words: it "
        "counts the words, and there is no longer one vector per word."
    ),
    "case_ignored": (
        "You do not tell capital letters from small ones. “I” and “i” are two "
        "words of the vocabulary here, with a column each."
    ),
    "part_of_word": (
        "Some of your rows have more than one 1, because a word also counts "
        "where it is a part of another, as “a” in “saw”. Compare whole words."
    ),
    "first_letter": (
        "Words with the same first letter get the same row. Compare the whole "
        "words."
    ),
    "earlier_words_kept": (
        "Each of your rows also holds the 1 of every earlier word. Begin each "
        "row with zeros."
    ),
    "one_row_for_all": (
        "All of your rows are equal, and hold the 1 of every word. Each word "
        "needs a new row of zeros; a list that holds one array several times "
        "shows its last state several times."
    ),
    "inverted": (
        "Your zeros and ones are exchanged. The word's own column holds 1, "
        "all others hold 0."
    ),
    "sentence_sorted": (
        "You numbered the words of this sentence by the alphabet. A word's "
        "number is its place in the vocabulary that is given."
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
        if "sentence_sorted" in wrong:
            ids = np.unique(words, return_inverse=True)[1] % len(vocabulary)
        if "ids_only" in wrong:
            return ids.astype(float)
        rows = np.eye(len(vocabulary))[ids]  # (L, V)
        if "repeat_left_empty" in wrong:
            rows[first != np.arange(len(words))] = 0
        match = {
            "case_ignored": lambda w, v: w.lower() == v.lower(),
            "part_of_word": lambda w, v: w in v,
            "first_letter": lambda w, v: w[0] == v[0],
        }
        for name in wrong & set(match):
            same = match[name]
            rows = np.array([[same(w, v) for v in vocabulary] for w in words])
            rows = rows.astype(float)  # (L, V)
        if "case_ignored" in wrong:
            rows = np.eye(len(vocabulary))[rows.argmax(axis=1)]
        if "earlier_words_kept" in wrong:
            rows = np.maximum.accumulate(rows, axis=0)
        if "one_row_for_all" in wrong:
            rows = np.repeat(rows.max(axis=0)[None], len(rows), axis=0)
        if "inverted" in wrong:
            rows = 1 - rows
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
