"""Write nature.json: sentences about animals and plants, with their verbs.

Word embeddings are learned from these sentences alone. A word's kind shows
only in its company: an animal runs and sleeps, a plant grows and withers.
Many sentences tell the kinds apart no better than "near the" does: they fit
both, and they are there so that the task is not trivial. Rarer words have
fewer sentences, as in any text.
"""

from __future__ import annotations

import random

from writing import target, write_json

N_SENTENCES = 3000
CATEGORIES = {
    "animal": (
        "dog cat rabbit horse cow sheep goat pig fox wolf bear deer mouse "
        "squirrel hen duck goose sparrow owl frog lizard badger otter hare"
    ).split(),
    "plant": (
        "tree flower rose tulip daisy oak birch willow pine maple fern moss "
        "ivy grass clover thistle nettle poppy lily bush hedge shrub reed "
        "heather"
    ).split(),
    "verb": (
        "runs jumps sleeps eats drinks hides swims climbs crawls rests "
        "barks howls hunts wanders trots grazes listens sniffs yawns limps"
    ).split(),
}
GROWTH = "grows blooms withers sprouts spreads ripens fades sways".split()
PARTS = {
    "animal": "tail paw ear nose eye fur leg mouth".split(),
    "plant": "leaf root stem bud bark petal seed twig".split(),
}
QUALITIES = {
    "animal": "hungry tired shy fast curious lazy noisy tame".split(),
    "plant": "green leafy fragrant dry thorny blooming mossy wilted".split(),
    "both": "old young small tall brown wild healthy beautiful".split(),
}
PLACES = "garden field forest valley yard meadow park ditch".split()
TIMES = (
    "in spring|in the morning|at night|every day|after the rain|"
    "in the sun|all summer|before dawn"
).split("|")
PEOPLE = "she he grandmother the_gardener the_child a_neighbour".split()
SEEING = "sees paints likes finds photographs draws".split()


class Grammar:
    """Draws sentences; a kind is "animal" or "plant"."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.weights = {
            kind: [1 / (3 + rank) for rank in range(len(words))]
            for kind, words in CATEGORIES.items()
        }

    def word(self, kind: str) -> str:
        return self.rng.choices(CATEGORIES[kind], self.weights[kind])[0]

    def noun(self, kind: str) -> str:
        """The noun, with an adjective in one case of three."""
        noun = self.word(kind)
        if self.rng.random() > 1 / 3:
            return noun
        own = self.rng.random() < 0.5
        adjectives = QUALITIES[kind if own else "both"]
        return f"{self.rng.choice(adjectives)} {noun}"

    def does(self, kind: str) -> str:
        if kind == "animal":
            return self.word("verb")
        return self.rng.choice(GROWTH)

    def place(self) -> str:
        return f"in the {self.rng.choice(PLACES)}"

    def acts(self, kind: str) -> str:
        end = self.rng.choice(("", self.place(), self.rng.choice(TIMES)))
        return f"the {self.noun(kind)} {self.does(kind)} {end}"

    def acts_and_acts(self, kind: str) -> str:
        return f"the {self.noun(kind)} {self.does(kind)} and {self.does(kind)}"

    def part(self, kind: str) -> str:
        part = self.rng.choice(PARTS[kind])
        return f"the {part} of the {self.noun(kind)} is {self.quality()}"

    def quality(self) -> str:
        return self.rng.choice(QUALITIES["both"])

    def is_so(self, kind: str) -> str:
        own = self.rng.random() < 0.5
        adjective = self.rng.choice(QUALITIES[kind if own else "both"])
        return f"the {self.word(kind)} is {adjective}"

    # The rest fits animals and plants alike.

    def seen(self, kind: str) -> str:
        who = self.rng.choice(PEOPLE).replace("_", " ")
        return f"{who} {self.rng.choice(SEEING)} a {self.noun(kind)}"

    def near(self, kind: str) -> str:
        other = self.rng.choice(("animal", "plant"))
        relation = self.rng.choice(("near", "behind", "beside", "under"))
        return f"the {self.noun(kind)} is {relation} the {self.noun(other)}"

    def there_is(self, kind: str) -> str:
        return f"there is a {self.noun(kind)} {self.place()}"

    def sentence(self) -> str:
        kind = self.rng.choice(("animal", "plant"))
        frame = self.rng.choices(
            (
                self.acts,
                self.acts_and_acts,
                self.part,
                self.is_so,
                self.seen,
                self.near,
                self.there_is,
            ),
            (8, 4, 2, 2, 3, 3, 3),
        )[0]
        text = " ".join(frame(kind).split())
        return text[0].upper() + text[1:] + "."


def make() -> dict:
    grammar = Grammar(random.Random(2021))
    sentences = [grammar.sentence() for _ in range(N_SENTENCES)]
    return {"categories": CATEGORIES, "sentences": sentences}


if __name__ == "__main__":
    write_json(target() / "nature.json", make())
