"""The shipped texts: opinions, and numbers in words."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from selfattn import data
from selfattn.text import Vocabulary, tokenize


@pytest.fixture(scope="module")
def sentiment():
    return data.load("sentiment")


def test_sentiment_has_the_fields_and_sizes_that_the_readme_gives(sentiment):
    assert {k: len(v) for k, v in sentiment.items()} == {
        "train": 3000,
        "valid": 400,
        "test": 1200,
    }
    kinds = Counter(r["kind"] for r in sentiment["test"])
    assert kinds == {"seen": 500, "word": 200, "negation": 200, "pattern": 300}
    for split in sentiment.values():
        labels = Counter(r["label"] for r in split)
        assert labels["positive"] == labels["negative"] == len(split) // 2
        for r in split:
            assert set(r) == {"text", "label", "pattern", "kind"}


def test_sentiment_sentences_are_3_to_25_words_and_never_occur_twice(
    sentiment,
):
    texts = [r["text"] for split in sentiment.values() for r in split]
    assert len(set(texts)) == len(texts)
    lengths = [len(tokenize(t)) for t in texts]
    assert min(lengths) == 3
    assert max(lengths) == 25


def test_sentiment_test_kinds_hold_out_what_they_say(sentiment):
    train = sentiment["train"]
    vocabulary = Vocabulary([tokenize(r["text"]) for r in train])
    everything = Vocabulary(
        tokenize(r["text"]) for split in sentiment.values() for r in split
    )
    # One entry of each vocabulary stands for unknown words.
    assert len(vocabulary) - 1 == 395
    assert len(everything) - 1 == 419
    patterns = {r["pattern"] for r in train}
    for r in sentiment["test"]:
        words = tokenize(r["text"])
        unknown = [w for w in words if w not in vocabulary]
        assert bool(unknown) == (r["kind"] == "word"), r["text"]
        is_new = r["pattern"] not in patterns | {"new_word"}
        assert is_new == (r["kind"] == "pattern")


def test_sentiment_denies_some_adjectives_in_the_test_split_only(sentiment):
    def denied(split, kinds):
        found = set()
        for r in sentiment[split]:
            words = tokenize(r["text"])
            for i, w in enumerate(words[:-1]):
                if w in {"not", "never", "hardly"} and r["kind"] in kinds:
                    found.add(words[i + 1])
        return found - {"at", "very"}

    from_test = denied("test", {"negation"})
    assert len(from_test) == 12
    assert not from_test & denied("train", {"train"})


def _bag_of_words_accuracy(train, test, ridge=0.3):
    """Logistic regression on word counts, by Newton's method."""
    vocabulary = Vocabulary([tokenize(r["text"]) for r in train])

    def features(records):
        x = np.zeros((len(records), len(vocabulary)))
        for row, r in zip(x, records, strict=True):
            np.add.at(row, vocabulary.encode(tokenize(r["text"])), 1)
        x[:, 0] = 1  # unknown words become the intercept
        return x, np.array([r["label"] == "positive" for r in records])

    x, y = features(train)
    w = np.zeros(x.shape[1])
    for _ in range(6):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        w -= np.linalg.solve(hessian, x.T @ (p - y) + ridge * w)
    x, y = features(test)
    return np.mean((x @ w > 0) == y)


def test_counting_words_is_good_but_not_enough_for_sentiment(sentiment):
    by_kind = {
        kind: [r for r in sentiment["test"] if r["kind"] == kind]
        for kind in ("seen", "word", "negation", "pattern")
    }
    accuracy = {
        kind: _bag_of_words_accuracy(sentiment["train"], records)
        for kind, records in by_kind.items()
    }
    assert 0.7 < accuracy["seen"] < 0.88
    assert accuracy["word"] > 0.9
    assert accuracy["negation"] < 0.3
    assert accuracy["pattern"] < 0.65


# --- numbers ---------------------------------------------------------------


@pytest.fixture(scope="module")
def numbers():
    return data.load("numbers")


def _value(words: str) -> int:
    """Read number words from left to right, unlike the script's grammar."""
    units = {
        w: n
        for n, w in enumerate(
            "zero one two three four five six seven eight nine ten eleven "
            "twelve thirteen fourteen fifteen sixteen seventeen eighteen "
            "nineteen".split()
        )
    }
    for n, w in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    ):
        units[w] = 10 * n
    total = group = 0
    for word in words.split():
        if word == "hundred":
            group *= 100
        elif word in ("thousand", "million"):
            total += group * {"thousand": 1000, "million": 10**6}[word]
            group = 0
        elif word != "and":
            group += units[word]
    return total + group


def test_number_words_say_their_digits(numbers):
    for split in numbers.values():
        for r in split:
            assert set(r) == {"words", "digits", "kind"}
            assert str(_value(r["words"])) == r["digits"]


def test_no_number_is_in_two_splits(numbers):
    digits = [r["digits"] for split in numbers.values() for r in split]
    assert len(set(digits)) == len(digits)
    sizes = {split: len(records) for split, records in numbers.items()}
    assert sizes == {"train": 3000, "valid": 400, "test": 600}


def test_held_out_endings_are_held_out(numbers):
    def has_one(r):
        n = int(r["digits"])
        return n >= 1000 and 300 <= n % 1000 < 400

    assert not any(map(has_one, numbers["train"] + numbers["valid"]))
    for r in numbers["test"]:
        assert has_one(r) == (r["kind"] == "held_out_ending")


def test_every_number_word_is_in_training(numbers):
    types = {w for r in numbers["train"] for w in r["words"].split()}
    everything = {
        w for s in numbers.values() for r in s for w in r["words"].split()
    }
    assert types == everything
    assert len(types) == 32


def test_as_many_words_give_different_numbers_of_digits(numbers):
    digits_of = {}
    for r in numbers["train"]:
        n_words = len(r["words"].split())
        digits_of.setdefault(n_words, set()).add(len(r["digits"]))
    assert {2, 3, 4, 7} <= digits_of[2]
    spelt = {r["words"]: r["digits"] for r in numbers["train"]}
    assert spelt["one million"] == "1000000"
