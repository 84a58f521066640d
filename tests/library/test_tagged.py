"""The tagged corpus is what chapter 03 says of it."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from selfattn import data

CORPUS = data.load("tagged")
LEXICON = data.load("lexicon")
CATEGORY = {
    word: name
    for name, entry in LEXICON.items()
    for word in entry["words"] + entry["held_out"]
}
CUES = {
    "modal": "VERB",
    "adverb_often": "VERB",
    "adverb_manner": "VERB",
    "pronoun": "VERB",
    "verb_wanting": "NOUN",
    "verb_wanting_s": "NOUN",
    "determiner": "NOUN",
    "verb_outcome": "NOUN",
    "copula": "ADJ",
}
ALL = [r for records in CORPUS.values() for r in records]


def tokens(records, framed=True):
    """(words, tags, index, distance) of each ambiguous word."""
    for r in records:
        if framed and r["pattern"] == "plain":
            continue
        words, tags = r["words"].split(), r["tags"].split()
        for at, distance in r["ambiguous"]:
            yield words, tags, at, distance


def window(words, at, radius):
    padded = [""] * radius + words + [""] * radius
    return tuple(padded[at : at + 2 * radius + 1])


def ceiling(records, radius, seen):
    """Best accuracy of any window of this radius, and of a fixed tag.

    Over the ambiguous words whose cue the window does (`seen`) or does not
    reach.
    """
    counts = defaultdict(Counter)
    chance = 0.0
    for words, tags, at, distance in tokens(records):
        if (abs(distance) <= radius) == seen:
            counts[window(words, at, radius)][tags[at]] += 1
            chance += 1 / len(LEXICON[CATEGORY[words[at]]]["tags"])
    n = sum(sum(c.values()) for c in counts.values())
    return sum(max(c.values()) for c in counts.values()) / n, chance / n


def test_every_word_has_a_tag_and_the_unambiguous_ones_always_the_same():
    for r in ALL:
        words, tags = r["words"].split(), r["tags"].split()
        assert len(words) == len(tags)
        marked = {at for at, _ in r["ambiguous"]}
        for i, (word, tag) in enumerate(zip(words, tags, strict=True)):
            possible = LEXICON[CATEGORY[word]]["tags"]
            assert tag in possible
            assert (len(possible) > 1) == (i in marked)


def test_several_hundred_words_and_several_kinds_of_ambiguity():
    kinds = {
        frozenset(e["tags"]) for e in LEXICON.values() if len(e["tags"]) > 1
    }
    assert len(CATEGORY) > 500
    assert kinds == {
        frozenset({"NOUN", "VERB"}),
        frozenset({"NOUN", "ADJ"}),
        frozenset({"VERB", "ADJ"}),
        frozenset({"NOUN", "VERB", "ADJ"}),
    }
    n = sum(len(e["words"]) for e in LEXICON.values() if len(e["tags"]) > 1)
    assert n == 86


def test_no_sentence_occurs_twice():
    texts = [r["words"] for r in ALL]
    assert len(set(texts)) == len(texts)


def test_the_running_sentence_is_tested_and_not_trained():
    [found] = [r for r in CORPUS["test"] if r["words"] == "I saw a saw ."]
    assert found["tags"] == "PRON VERB DET NOUN PUNCT"
    assert found["ambiguous"] == [[1, -1], [3, -1]]


@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_cues_stand_1_to_20_words_away_on_both_sides(split):
    found = Counter(d for *_, d in tokens(CORPUS[split]))
    assert set(found) == {*range(-20, 0), *range(1, 21)}
    least = {"train": 100, "valid": 3, "test": 15}[split]
    assert min(found.values()) >= least


def test_the_recorded_cue_is_a_cue_of_that_reading():
    for words, tags, at, distance in tokens(ALL):
        cue = words[at + distance]
        assert CUES[CATEGORY[cue]] == tags[at], (words, at)


def test_a_group_lies_in_one_split_and_differs_in_its_cues_only():
    split_of, members = {}, defaultdict(list)
    for split, records in CORPUS.items():
        for r in records:
            assert split_of.setdefault(r["group"], split) == split
            members[r["group"]].append(r)
    for group in members.values():
        lines = [r["words"].split() for r in group]
        cues = {at + d for r in group for at, d in r["ambiguous"]}
        differ = {
            i for i in range(len(lines[0])) if len({w[i] for w in lines}) > 1
        }
        assert len({len(w) for w in lines}) == 1
        assert differ == (cues if len(group) > 1 else set())


@pytest.mark.parametrize("split", CORPUS)
@pytest.mark.parametrize("radius", [0, 1, 2, 4, 8, 13, 19])
def test_without_the_cue_no_window_beats_a_fixed_tag(split, radius):
    best, chance = ceiling(CORPUS[split], radius, seen=False)
    assert best == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize("radius", [1, 2, 4, 8, 13, 20])
def test_with_the_cue_a_window_decides_everything(radius):
    assert ceiling(ALL, radius, seen=True)[0] == 1.0


def test_the_check_notices_a_sentence_without_its_twins():
    broken = [r for r in CORPUS["test"] if r["pattern"] != "plain"][1:]
    best, chance = ceiling(broken, 0, seen=False)
    assert best > chance


def test_held_out_words_and_patterns_are_new():
    def words(split):
        return {w for r in CORPUS[split] for w in r["words"].split()}

    def patterns(split):
        return {r["pattern"] for r in CORPUS[split]}

    held_out = {w for e in LEXICON.values() for w in e["held_out"]}
    known = words("train")
    assert not known & held_out
    assert words("test") <= known and words("test_patterns") <= known
    assert words("test_words") - known == held_out
    for r in CORPUS["test_words"]:
        assert held_out & set(r["words"].split())
    assert patterns("test") <= patterns("train")
    assert patterns("test_patterns") == {"right_list", "right+left"}
    assert not patterns("test_patterns") & patterns("train")


def test_a_word_alone_tells_little():
    counts = defaultdict(Counter)
    for words, tags, at, _ in tokens(CORPUS["train"], framed=False):
        counts[words[at]][tags[at]] += 1
    n = sum(sum(c.values()) for c in counts.values())
    majority = sum(max(c.values()) for c in counts.values()) / n
    assert 0.45 < majority < 0.55
    saw = counts["saw"]
    assert 0.4 < saw["NOUN"] / sum(saw.values()) < 0.6
