"""Write sentiment.jsonl: opinions from a template grammar.

The label is what the whole sentence says: the main clause after "but" and
beside "although" decides, "not" turns its adjective round, and between two
clauses joined by "and" the stronger one wins. Counting good and bad words
therefore gets most sentences right, but not all. Some adjectives are praise
for one thing and blame for another (a hot soup, a hot room).

The test split has four kinds:
    seen      new sentences of the patterns and words of the training split
    word      each has a word that is in no training sentence
    negation  a negated adjective that training shows only without negation
    pattern   constructions that training shows singly, combined
"""

from __future__ import annotations

import random

from sentiment_words import (
    BY_THING,
    CLOSERS,
    GENERAL,
    NEVER_NEGATED,
    NEW_ADJECTIVES,
    NEW_THINGS,
    OPENERS,
    TOPICS,
    VERBS,
)
from writing import target, write_jsonl

MAX_WORDS = 25
SIZES = {
    ("train", "train"): 3000,
    ("valid", "seen"): 400,
    ("test", "seen"): 500,
    ("test", "word"): 200,
    ("test", "negation"): 200,
    ("test", "pattern"): 300,
}
STRONG = ("very", "really", "truly", "extremely", "utterly", "incredibly")
WEAK = ("slightly", "somewhat", "a little", "a bit")
NEGATORS = (
    "not",
    "not",
    "not at all",
    "never",
    "far from",
    "anything but",
    "hardly",
)
TRAIN_PATTERNS = {
    "simple": 30,
    "fragment": 6,
    "verb": 12,
    "negated": 8,
    "pair": 16,
    "by_thing": 6,
    "but": 6,
    "although_first": 4,
    "although_last": 4,
    "at_first": 4,
    "strength": 4,
}
NEW_PATTERNS = ("although_negated", "three_parts", "but_at_first")


class Grammar:
    """Draws sentences of one topic at a time; sign is +1 or -1."""

    def __init__(self, rng: random.Random, kind: str):
        self.rng = rng
        self.kind = kind
        self.topic = rng.choice(sorted(TOPICS))

    def thing(self) -> str:
        return "the " + self.rng.choice(TOPICS[self.topic]["things"])

    def adjective(self, sign: int, negated: bool = False) -> str:
        own = TOPICS[self.topic][sign]
        words = own if self.rng.random() < 0.6 else GENERAL[sign]
        if negated:
            words = [w for w in words if w not in NEVER_NEGATED[sign]]
        return self.rng.choice(words)

    def quality(self, sign: int) -> str:
        """An adjective phrase without negation, perhaps with "very"."""
        adjective = self.adjective(sign)
        if self.rng.random() < 0.3:
            return f"{self.rng.choice(STRONG)} {adjective}"
        return adjective

    def negated(self, sign: int) -> str:
        """An adjective of the other sign, denied."""
        if self.kind == "negation":
            adjective = self.rng.choice(sorted(NEVER_NEGATED[-sign]))
        else:
            adjective = self.adjective(-sign, negated=True)
        return f"{self.rng.choice(NEGATORS)} {adjective}"

    def phrase(self, sign: int) -> str:
        """Praise or blame, now and then by way of a negation."""
        if self.rng.random() < 0.15:
            return self.negated(sign)
        return self.quality(sign)

    def clause(self, sign: int) -> str:
        return f"{self.thing()} was {self.quality(sign)}"

    def simple(self, sign: int) -> str:
        return self.clause(sign)

    def fragment(self, sign: int) -> str:
        return (
            f"{self.rng.choice(STRONG)} {self.adjective(sign)} "
            + (self.thing()[4:])
        )

    def verb(self, sign: int) -> str:
        if self.rng.random() < 0.35:
            base = self.rng.choice(VERBS[-sign])[0]
            return f"I did not {base} {self.thing()}"
        return f"I {self.rng.choice(VERBS[sign])[1]} {self.thing()}"

    def negation(self, sign: int) -> str:
        return f"{self.thing()} was {self.negated(sign)}"

    def pair(self, sign: int) -> str:
        if self.rng.random() < 0.5:
            first, second = self.adjective(sign), self.adjective(sign)
            return f"{self.thing()} was {first} and {second}"
        return f"{self.clause(sign)} and {self.clause(sign)}"

    def by_thing(self, sign: int) -> str:
        thing, adjective = self.rng.choice(BY_THING[sign])
        adverb = self.rng.choice(("", "", "very ", "really "))
        return f"the {thing} was {adverb}{adjective}"

    def but(self, sign: int) -> str:
        first = f"{self.thing()} was {self.phrase(-sign)}"
        return f"{first}, but {self.thing()} was {self.phrase(sign)}"

    def although_first(self, sign: int) -> str:
        return f"although {self.clause(-sign)}, {self.clause(sign)}"

    def although_last(self, sign: int) -> str:
        return f"{self.clause(sign)}, although {self.clause(-sign)}"

    def at_first(self, sign: int) -> str:
        first, later = self.adjective(-sign), self.adjective(sign)
        start = self.rng.choice(("at first", "to begin with"))
        end = self.rng.choice(("in the end", "later on", "after a while"))
        return f"{self.thing()} was {first} {start}, but {later} {end}"

    def strength(self, sign: int) -> str:
        clauses = [
            f"{self.thing()} was {self.rng.choice(STRONG)} "
            f"{self.adjective(sign)}",
            f"{self.thing()} was {self.rng.choice(WEAK)} "
            f"{self.adjective(-sign)}",
        ]
        self.rng.shuffle(clauses)
        return " and ".join(clauses)

    def although_negated(self, sign: int) -> str:
        return f"although {self.negation(-sign)}, {self.negation(sign)}"

    def three_parts(self, sign: int) -> str:
        return f"{self.although_first(sign)} and {self.clause(sign)}"

    def but_at_first(self, sign: int) -> str:
        return f"although {self.clause(-sign)}, {self.at_first(sign)}"

    def new_word(self, sign: int) -> str:
        if self.rng.random() < 0.5:
            thing = self.rng.choice(NEW_THINGS)
            return f"the {thing} was {self.quality(sign)}"
        words = [self.adjective(sign), self.rng.choice(NEW_ADJECTIVES[sign])]
        self.rng.shuffle(words)
        return f"{self.thing()} was {' and '.join(words)}"

    def sentence(self, sign: int) -> tuple[str, str]:
        """The sentence, and the name of its pattern."""
        if self.kind == "word":
            pattern = "new_word"
        elif self.kind == "pattern":
            pattern = self.rng.choice(NEW_PATTERNS)
        elif self.kind == "negation":
            pattern = "negated"
        else:
            pattern = self.rng.choices(
                list(TRAIN_PATTERNS), list(TRAIN_PATTERNS.values())
            )[0]
        method = self.negation if pattern == "negated" else None
        core = (method or getattr(self, pattern))(sign)
        if pattern != "fragment" and self.rng.random() < 0.25:
            core = f"{self.rng.choice(OPENERS)}, {core}"
        if self.rng.random() < 0.2:
            core = f"{core} {self.rng.choice(CLOSERS)}"
        return core[0].upper() + core[1:] + ".", pattern


def make() -> list[dict]:
    rng = random.Random(2021)
    taken: set[str] = set()
    records = []
    for (split, kind), size in SIZES.items():
        made = 0
        while made < size:
            sign = (-1, 1)[made % 2]
            text, pattern = Grammar(rng, kind).sentence(sign)
            if text in taken or len(text.split()) > MAX_WORDS:
                continue
            taken.add(text)
            made += 1
            records.append(
                {
                    "split": split,
                    "kind": kind,
                    "pattern": pattern,
                    "label": "positive" if sign > 0 else "negative",
                    "text": text,
                }
            )
    return records


if __name__ == "__main__":
    write_jsonl(target() / "sentiment.jsonl", make())
