"""How much do a sentence's words tell without their order? Chapter 04.

    python data/studies/word_order_ceiling.py

The net of word_order.py that knows no places sees which words a sentence
has, and how often, but not where. This is how often the best guess from so
much is right: from the grammar's probabilities, every way to give each word
one of its tags is weighed. Writes results/word_order_ceiling.json: shares of
the test words with two readings, the ceiling as the mean chance of the best
guess.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from functools import cache
from itertools import product

import word_order as study
from recording import conditions, save

CERTAIN = 0.999
FROM_TRAINING = 20_000  # sentences, to count each word's commonest tag


def phrase(pronoun):
    """Tags of a noun phrase with their probability."""
    found = Counter({("PRON",): 0.4}) if pronoun else Counter()
    rest = 0.6 if pronoun else 1.0
    for n, p in enumerate((3 / 6, 2 / 6, 1 / 6)):
        found[("DET", *["ADJ"] * n, "NOUN")] += rest * p
    return found


def then(first, second):
    """One part after the other."""
    found = Counter()
    for (a, p), (b, q) in product(first.items(), second.items()):
        found[a + b] += p * q
    return found


def perhaps(part, p):
    """The part with probability p, else nothing."""
    return Counter({k: p * q for k, q in part.items()}) + Counter({(): 1 - p})


def grammar():
    """Tag sequences that `word_order.sentence` draws, with probabilities."""
    one = {tag: Counter({(tag,): 1.0}) for tag in ("ADP", "ADV", "VERB")}
    with_whom = then(one["ADP"], phrase(False))
    found = phrase(True)
    for part in (
        perhaps(with_whom, 0.1),
        perhaps(one["ADV"], 0.25),
        one["VERB"],
        perhaps(phrase(True), 0.8),
        perhaps(with_whom, 0.3),
    ):
        found = then(found, part)
    short = {k: p for k, p in found.items() if len(k) <= study.LONGEST}
    return {k: p / sum(short.values()) for k, p in short.items()}


@cache
def tag_sets():
    """The probability of each set of tags, in any order."""
    found = Counter()
    for tags, p in grammar().items():
        found[tuple(sorted(tags))] += p
    return found


@cache
def tags_given_words(words):
    """{(word, tag): probability}, of sorted words in an unknown order."""
    counts = Counter(words)
    total, expected = 0.0, defaultdict(float)
    for chosen in product(*(_splits(w, n) for w, n in counts.items())):
        tags = sum(chosen, Counter())
        p = tag_sets().get(tuple(sorted(tags.elements())), 0.0)
        for tag, n in tags.items():
            p *= math.factorial(n) / len(study.words_for(tag)) ** n
        p /= math.prod(math.factorial(n) for c in chosen for n in c.values())
        total += p
        for (word, times), c in zip(counts.items(), chosen, strict=True):
            for tag, n in c.items():
                expected[word, tag] += p * n / times
    return {k: p / total for k, p in expected.items()}


def _splits(word, n):
    """Every way to share n occurrences of a word among its tags."""
    first, *other = study.READINGS[word]
    if not other:
        return [Counter({first: n})]
    return [Counter({first: i, other[0]: n - i}) for i in range(n + 1)]


def commonest_tags():
    """Each word's commonest tag in training sentences."""
    words, tags = study.draw(random.Random(0), FROM_TRAINING, False)
    counts = defaultdict(Counter)
    here = words >= 0
    pairs = zip(words[here].tolist(), tags[here].tolist(), strict=True)
    for word, tag in pairs:
        counts[study.VOCABULARY[word]][study.TAGS[tag]] += 1
    return {word: c.most_common(1)[0][0] for word, c in counts.items()}


def main():
    words, tags = study.draw(random.Random(1000), study.N_TEST, True)
    usual, rows = commonest_tags(), []
    for ids, said in zip(words.tolist(), tags.tolist(), strict=True):
        text = [study.VOCABULARY[i] for i in ids if i >= 0]
        chances = tags_given_words(tuple(sorted(text)))
        two = [w for w in text if len(study.READINGS[w]) > 1]
        for word, tag in zip(text, said, strict=False):
            if word in two:
                best = max(
                    chances.get((word, t), 0.0) for t in study.READINGS[word]
                )
                plain = usual[word] == study.TAGS[tag]
                rows.append((len(two), best, plain, best > CERTAIN))
    stored = conditions(__file__) | {
        "n": len(rows),
        "ceiling": _mean(r[1] for r in rows),
        "commonest_tag": _mean(r[2] for r in rows),
        "certain": _mean(r[3] for r in rows),
        "by_ambiguous_words": {
            str(n): {
                "share": _mean(r[0] == n for r in rows),
                "ceiling": _mean(r[1] for r in rows if r[0] == n),
            }
            for n in sorted({r[0] for r in rows})
        },
    }
    save("word_order_ceiling", stored)


def _mean(values):
    values = list(values)
    return round(sum(values) / len(values), 4)


if __name__ == "__main__":
    main()
