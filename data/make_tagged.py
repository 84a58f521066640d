"""Write tagged.jsonl.gz and lexicon.json: sentences with parts of speech.

Two kinds of sentence come out of a template grammar (tagged_grammar.py,
words in tagged_words.py).

*Framed* sentences come in groups that differ in one word per clause, the
cue:

    they must , after the long lesson in the village , fish .     fish: VERB
    they need , after the long lesson in the village , fish .     fish: NOUN

Every reading occurs exactly once in a group with every reading of the other
clause, and a group lies in one split. So whoever does not see the cue sees
the same words with each label equally often: no closer word can help.

*Plain* sentences have their cues next to the ambiguous word ("I saw a saw").
They also tell what animals, plants, tools do, for word embeddings.
"""

from __future__ import annotations

import itertools
import random

from tagged_grammar import REACH, Grammar, Part
from tagged_words import LEXICON
from writing import target, write_json, write_jsonl_gz

# groups per distance to the left, and to the right; plain sentences
SIZES = {
    "train": (76, 44, 2400),
    "valid": (4, 3, 100),
    "test": (14, 10, 200),
    "test_words": (4, 3, 0),
    "test_patterns": (5, 5, 0),
}
# which cue gives which reading, frame by frame
CUES = {
    "left": {"VERB": "modal", "NOUN": "verb_wanting", "ADJ": "copula"},
    "left_s": {"VERB": "adverb_often", "NOUN": "verb_wanting_s"},
    "gap": {"VERB": "pronoun", "NOUN": "determiner"},
    "right": {"VERB": "adverb_manner", "NOUN": "verb_outcome"},
}
CUES |= {"left_list": CUES["left"], "right_list": CUES["right"]}

PLAIN = [
    (6, "the adjective_animal animal verb_animal in the place"),
    (4, "a adjective_animal animal verb_animal adverb_manner"),
    (3, "the animal verb_animal preposition_place the plant"),
    (6, "the adjective_plant plant verb_growth in the place"),
    (4, "a adjective_plant plant verb_growth in season"),
    (4, "the person verb_speech adverb_manner to the people"),
    (3, "the adjective_person person verb_speech to the person"),
    (3, "number people verb_speech after the adjective_event event"),
    (4, "the person verb_motion to the adjective_place place"),
    (3, "number people verb_motion from the place to the place"),
    (3, "the person verb_eating the adjective_food food"),
    (4, "the person verb_cooking the adjective_food food for time"),
    (6, "the person verb_work the adjective_tool tool"),
    (4, "the person verb_driving the adjective_vehicle vehicle"),
    (4, "the person verb_wearing a adjective_clothing clothing"),
    (4, "the person verb_playing the instrument during the event"),
    (2, "the adjective_size thing verb_outcome adverb_time"),
    (3, "pronoun verb_owning a adjective_size thing"),
    # ambiguous words: word category/READING/distance of the cue
    (3, "pronoun saw/VERB/-1 a noun_verb_count/NOUN/-1"),
    (2, "the person saw/VERB/1 the noun_verb_count/NOUN/-1"),
    (3, "the person verb_owning the saw/NOUN/-1"),
    (2, "pronoun verb_owning a noun_verb_count/NOUN/-1"),
    (4, "pronoun noun_verb_count/VERB/-1 the thing"),
    (4, "pronoun noun_verb_mass/VERB/-1 the thing"),
    (5, "the noun_verb_mass/NOUN/-1 verb_outcome adverb_time"),
    (4, "pronoun_s noun_verb_s/VERB/-1 the thing"),
    (4, "the noun_verb_s/NOUN/-1 verb_outcome adverb_time"),
    (3, "the noun_adjective/NOUN/1 verb_outcome adverb_time"),
    (3, "the person verb_owning the noun_adjective/ADJ/1 thing"),
    (3, "the verb_adjective/ADJ/-1 place verb_outcome"),
    (2, "pronoun verb_adjective/VERB/-1 the thing"),
    (2, "the noun_verb_adjective/NOUN/1 verb_outcome"),
    (2, "the person verb_owning the noun_verb_adjective/ADJ/1 thing"),
    (2, "pronoun noun_verb_adjective/VERB/-1 the thing"),
]


def draw_parts(g: Grammar, d: int, held_out: bool) -> list[Part]:
    """One or two clauses, the first with its cue at distance d."""
    rng = g.rng
    if held_out:
        if d > 0 and (d > 16 or rng.random() < 0.5):
            return [g.right_list(min(d, 12))]
        n = rng.randint(1, 10)
        near = min(abs(d), 14)
        sides = (near, -n) if d > 0 else (n, -near)
        return [g.right(sides[0]), g.left(sides[1])]
    if d > 0:
        first = g.right(d)
    else:
        kinds = [g.left] * 5 + [g.left_s] * 2
        kinds += [g.gap] * 2 if d == -1 or d < -3 else []
        kinds += [g.left_list] if d > -17 else []
        first = rng.choice(kinds)(d)
    room = min(REACH, 24 - abs(d))
    if first.frame in ("gap", "left_list") or rng.random() < 0.5 or room < 1:
        return [first]
    n = rng.randint(1, room)
    word = first.words[first.targets[0][0]]
    mass = LEXICON["noun_verb_mass"]["words"]
    again = word if rng.random() < 0.5 and word in mass else None
    if d > 0 or rng.random() < 0.5:
        second = g.right(n, again)
    elif rng.random() < 0.3:
        second = g.left_s(-n)
    else:
        second = g.left(-n, again)
    return [first, second]


def tag_of(word: str) -> str | None:
    """The tag of a word that has one only."""
    return TAGS[word]


TAGS = {
    word: entry["tags"][0] if len(entry["tags"]) == 1 else None
    for entry in LEXICON.values()
    for word in entry["words"] + entry["held_out"]
}


def group_of(g: Grammar, d: int, held_out: bool) -> list[dict]:
    """All sentences that the cues of a drawn frame can make."""
    rng = g.rng
    parts = draw_parts(g, d, held_out)
    lead = [*g.filler(rng.randint(2, 4)), ","] if rng.random() < 0.2 else []
    tail = g.filler(rng.randint(2, 4)) if rng.random() < 0.3 else []
    link = g.word("conjunction")
    cues = [{r: g.word(CUES[p.frame][r]) for r in p.readings} for p in parts]
    group = []
    for choice in itertools.product(*(p.readings for p in parts)):
        words, tags, ambiguous = list(lead), [], []
        tags = [tag_of(w) for w in words]
        for i, (part, reading) in enumerate(zip(parts, choice, strict=True)):
            if i:
                words += [",", link]
                tags += [tag_of(w) for w in (",", link)]
            start = len(words)
            here = [cues[i][reading] if w is None else w for w in part.words]
            words += here
            tags += [tag_of(w) for w in here]
            for at, distance in part.targets:
                tags[start + at] = reading
                ambiguous.append([start + at, distance])
        words += [*tail, "."]
        tags += [tag_of(w) for w in (*tail, ".")]
        pattern = "+".join(p.frame.split("_s")[0] for p in parts)
        group.append(record(words, tags, ambiguous, pattern))
    return group


def record(words, tags, ambiguous, pattern) -> dict:
    """A line of the file, without split and group."""
    assert None not in tags and len(tags) == len(words), words
    return {
        "pattern": pattern,
        "words": " ".join(words),
        "tags": " ".join(tags),
        "ambiguous": ambiguous,
    }


def plain(g: Grammar) -> dict:
    """One plain sentence."""
    template = g.rng.choices([t for _, t in PLAIN], [w for w, _ in PLAIN])[0]
    things = ("tool", "clothing", "instrument", "vehicle", "food")
    words, tags, ambiguous = [], [], []
    for item in template.split():
        name, *reading = item.split("/")
        if name == "thing":
            name = g.rng.choice(things)
        word = g.word(name) if name in LEXICON else name
        if reading:
            ambiguous.append([len(words), int(reading[1])])
        words.append(word)
        tags.append(reading[0] if reading else tag_of(word))
    return record([*words, "."], [*tags, "PUNCT"], ambiguous, "plain")


def make() -> list[dict]:
    """Every sentence, split by split; no sentence occurs twice."""
    rng = random.Random(2021)
    running = "I saw a saw ."
    seen, records, n_groups = {running}, [], 0
    first = record(
        running.split(),
        "PRON VERB DET NOUN PUNCT".split(),
        [[1, -1], [3, -1]],
        "plain",
    )
    for split, (n_left, n_right, n_plain) in SIZES.items():
        held_words = split == "test_words"
        lines: list[list[dict]] = [[first]] if split == "test" else []
        for d in (*range(-REACH, 0), *range(1, REACH + 1)):
            made = 0
            while made < (n_left if d < 0 else n_right):
                g = Grammar(rng, held_words)
                group = group_of(g, d, split == "test_patterns")
                texts = {r["words"] for r in group}
                if texts & seen or held_words != g.used_held_out:
                    continue
                seen |= texts
                lines.append(group)
                made += 1
        made = 0
        while made < n_plain:
            one = plain(Grammar(rng))
            if one["words"] not in seen:
                seen.add(one["words"])
                lines.append([one])
                made += 1
        rng.shuffle(lines)
        for group in lines:
            for r in group:
                records.append({"split": split, "group": n_groups, **r})
            n_groups += 1
    return records


if __name__ == "__main__":
    place = target()
    write_jsonl_gz(place / "tagged.jsonl.gz", make())
    write_json(place / "lexicon.json", LEXICON)
