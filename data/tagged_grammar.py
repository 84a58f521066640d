"""The template grammar of make_tagged.py: clauses with a cue far away."""

from __future__ import annotations

import random
from typing import NamedTuple

from tagged_words import LEXICON

REACH = 20  # no cue is farther from its word
PAIRED = (
    ["noun_verb_mass"] * 3
    + ["noun_adjective", "verb_adjective"] * 2
    + ["noun_verb_adjective"] * 3
)


class Part(NamedTuple):
    """A stretch of a sentence; `None` stands for the cue of its clause.

    targets : (index in words, distance of the cue) of each ambiguous word
    """

    words: list[str | None]
    targets: list[tuple[int, int]]
    frame: str
    readings: tuple[str, ...]


class Grammar:
    """Draws sentences; `held_out` lets in the words kept from training."""

    def __init__(self, rng: random.Random, held_out: bool = False):
        self.rng = rng
        self.held_out = held_out
        self.used_held_out = False

    def word(self, category: str) -> str:
        """A word of the category."""
        entry = LEXICON[category]
        kept = entry["held_out"]
        if self.held_out and kept and self.rng.random() < 0.4:
            self.used_held_out = True
            return self.rng.choice(kept)
        return self.rng.choice(entry["words"])

    def fill(self, template: str) -> list[str]:
        """A template's words: names of categories are replaced."""
        return [self.word(t) if t in LEXICON else t for t in template.split()]

    def phrase(self, n: int) -> list[str]:
        """A prepositional phrase of n words; 1 is an adverb of time."""
        kinds = {
            1: ["adverb_time"],
            2: ["preposition_time time", "in season"],
            3: [
                "preposition_place the place",
                "preposition_event the event",
                "preposition_place the plant",
                "with the person",
            ],
            4: [
                "preposition_place the adjective_place place",
                "preposition_event the adjective_event event",
                "with the adjective_animal animal",
                "under the adjective_plant plant",
            ],
            7: [
                "with the person who verb_cooking the food",
                "with the person who verb_wearing the clothing",
                "from the person who verb_work the tool",
            ],
            8: [
                "with the person who verb_motion to the place",
                "near the animal who verb_animal under the plant",
                "with the people who verb_speech to the nurse",
            ],
        }
        return self.fill(self.rng.choice(kinds[n]))

    def filler(self, n: int, commas: bool | None = None) -> list[str]:
        """n words that say nothing about what stands on either side."""
        if commas is None:
            commas = n >= 5 and self.rng.random() < 0.5
        if commas:
            return [",", *self.filler(n - 2, False), ","]
        words: list[str] = []
        while len(words) < n:
            left = n - len(words)
            sizes = [s for s in (2, 3, 3, 4, 4, 7, 8) if s <= left]
            sizes = [s for s in sizes if left - s != 1] or [left]
            words += self.phrase(self.rng.choice(sizes))
        return words

    def subject(self) -> list[str]:
        """Who needs, must or seems (plural)."""
        kinds = ("pronoun", "the people", "number people")
        return self.fill(self.rng.choice(kinds))

    def left(self, d: int, word: str | None = None) -> Part:
        """they CUE ... fish"""
        category = self.rng.choice(PAIRED)
        word = word or self.word(category)
        readings = next(
            tuple(e["tags"]) for e in LEXICON.values() if word in e["words"]
        )
        words = [*self.subject(), None, *self.filler(-d - 1), word]
        return Part(words, [(len(words) - 1, d)], "left", readings)

    def left_s(self, d: int) -> Part:
        """she CUE ... plants"""
        kinds = ("pronoun_s", "the person", "the adjective_person person")
        who = self.fill(self.rng.choice(kinds))
        words = [*who, None, *self.filler(-d - 1), self.word("noun_verb_s")]
        return Part(words, [(len(words) - 1, d)], "left_s", ("NOUN", "VERB"))

    def gap(self, d: int) -> Part:
        """he lost the axe and CUE , ... , saw"""
        start = self.fill("the person verb_owning the tool and")
        gap = self.filler(-d - 1, commas=d < -1)
        words = [*start, None, *gap, self.word("noun_verb_count")]
        return Part(words, [(len(words) - 1, d)], "gap", ("NOUN", "VERB"))

    def items(self) -> list[str]:
        """hammer , nail , brush and saw"""
        n = self.rng.randint(2, 5)
        pool = [
            *LEXICON["noun_verb_count"]["words"],
            *LEXICON["noun_verb_mass"]["words"],
        ]
        first, *rest = self.rng.sample(pool, n)
        words = [first]
        for item in rest[:-1]:
            words += [",", item]
        return [*words, "and", rest[-1]]

    def left_list(self, d: int) -> Part:
        """they CUE ... hammer , nail and saw"""
        items = self.items()
        words = [*self.subject(), None, *self.filler(-d - 1)]
        cue = words.index(None)
        at = range(len(words), len(words) + len(items), 2)
        targets = [(i, cue - i) for i in at if i - cue <= REACH]
        last = targets[-1][0] + 1 - len(words)
        if last < len(items):  # the tail of the list lies out of reach
            return self.left_list(d)
        return Part([*words, *items], targets, "left_list", ("NOUN", "VERB"))

    def right(self, d: int, word: str | None = None) -> Part:
        """fish ... CUE"""
        word = word or self.word("noun_verb_mass")
        words = [word, *self.filler(d - 1), None]
        return Part(words, [(0, d)], "right", ("NOUN", "VERB"))

    def right_list(self, d: int) -> Part:
        """hammer , nail and saw ... CUE"""
        items = self.items()
        words = [*items, *self.filler(d - 1), None]
        cue = len(words) - 1
        targets = [(i, cue - i) for i in range(0, len(items), 2)]
        if targets[0][1] > REACH:
            return self.right_list(d)
        return Part(words, targets, "right_list", ("NOUN", "VERB"))
