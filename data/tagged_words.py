"""The words of make_tagged.py, by category.

A category has one tag, or `readings` where its words are ambiguous.
Words in `held_out` never occur in training; they have a split of their own.
"""

from __future__ import annotations


def entry(tags: str, words: str, held_out: str = "") -> dict:
    """A category: the first argument names one tag or several readings."""
    return {
        "tags": tags.split(),
        "words": words.split(),
        "held_out": held_out.split(),
    }


LEXICON = {
    "animal": entry(
        "NOUN",
        "fox goat horse sheep cow pig rabbit donkey cat wolf deer owl hen "
        "otter squirrel badger pony hedgehog mouse lamb calf puppy",
        "camel beaver",
    ),
    "plant": entry(
        "NOUN",
        "oak willow birch pine maple tulip daisy lily ivy fern cactus "
        "clover orchid thistle poppy cedar elm hazel bamboo lavender",
        "lotus juniper",
    ),
    "person": entry(
        "NOUN",
        "farmer teacher doctor nurse baker painter sailor miller lawyer "
        "singer writer driver neighbour uncle aunt sister brother student "
        "soldier carpenter",
        "tailor dentist",
    ),
    "people": entry(
        "NOUN",
        "farmers teachers doctors nurses bakers sailors lawyers singers "
        "writers students soldiers carpenters neighbours sisters brothers "
        "uncles",
        "tailors dentists",
    ),
    "tool": entry(
        "NOUN",
        "ladder spade chisel spanner shovel pliers axe crowbar sickle "
        "trowel mallet pitchfork tweezers anvil bellows wheelbarrow",
        "screwdriver scissors",
    ),
    "place": entry(
        "NOUN",
        "garden village forest valley river market mill school harbour "
        "castle station kitchen library meadow barn church museum cellar "
        "office hospital",
        "tavern monastery",
    ),
    "food": entry(
        "NOUN",
        "bread cheese soup rice honey porridge cake stew pasta pudding "
        "bacon omelette pancake curry biscuit sausage",
        "lasagne noodles",
    ),
    "vehicle": entry(
        "NOUN",
        "truck tractor van taxi lorry bus car tram wagon ambulance "
        "scooter limousine",
    ),
    "clothing": entry(
        "NOUN",
        "scarf jacket shirt sweater hat skirt dress cap apron trousers "
        "waistcoat cardigan",
        "kimono poncho",
    ),
    "instrument": entry(
        "NOUN",
        "violin flute piano cello harp guitar banjo oboe clarinet harmonica",
    ),
    "event": entry(
        "NOUN",
        "wedding concert lesson festival meeting journey harvest ceremony "
        "picnic party banquet lecture",
        "funeral carnival",
    ),
    "time": entry(
        "NOUN",
        "night dawn noon dusk midnight sunset sunrise lunch dinner "
        "breakfast supper teatime",
    ),
    "season": entry(
        "NOUN",
        "spring summer autumn winter june july august october november",
    ),
    "adverb_time": entry(
        "ADV",
        "today again now tomorrow yesterday tonight soon here there",
    ),
    "adverb_often": entry(
        "ADV",
        "often always never rarely sometimes seldom usually",
    ),
    "adverb_manner": entry(
        "ADV",
        "quietly carefully slowly gently calmly neatly patiently quickly",
    ),
    "adjective_animal": entry(
        "ADJ",
        "furry hungry wild tame hairy playful",
    ),
    "adjective_plant": entry(
        "ADJ",
        "leafy thorny shady fragrant evergreen withered",
    ),
    "adjective_person": entry(
        "ADJ",
        "honest clever polite famous cheerful lonely",
    ),
    "adjective_tool": entry(
        "ADJ",
        "rusty sharp blunt sturdy broken handy",
    ),
    "adjective_place": entry(
        "ADJ",
        "distant crowded ancient nearby deserted noisy",
    ),
    "adjective_food": entry(
        "ADJ",
        "tasty stale salty delicious creamy crispy",
    ),
    "adjective_vehicle": entry(
        "ADJ",
        "fast electric expensive powerful",
    ),
    "adjective_clothing": entry(
        "ADJ",
        "woollen striped elegant ragged",
    ),
    "adjective_event": entry(
        "ADJ",
        "long yearly joyful solemn",
    ),
    "adjective_size": entry(
        "ADJ",
        "big small huge tiny large little",
    ),
    "verb_animal": entry(
        "VERB",
        "slept hid sniffed grazed yawned growled",
    ),
    "verb_growth": entry(
        "VERB",
        "grew bloomed sprouted blossomed wilted flourished",
    ),
    "verb_motion": entry(
        "VERB",
        "walked ran hurried wandered strolled marched raced travelled "
        "crept galloped",
    ),
    "verb_speech": entry(
        "VERB",
        "spoke whispered replied murmured explained apologised complained "
        "muttered",
    ),
    "verb_eating": entry(
        "VERB",
        "ate chewed swallowed nibbled devoured tasted",
    ),
    "verb_cooking": entry(
        "VERB",
        "cooked baked fried boiled prepared served",
    ),
    "verb_work": entry(
        "VERB",
        "repaired mended fixed cleaned sharpened polished",
    ),
    "verb_driving": entry(
        "VERB",
        "drove parked steered overtook",
    ),
    "verb_wearing": entry(
        "VERB",
        "wore folded ironed sewed",
    ),
    "verb_playing": entry(
        "VERB",
        "played tuned practised rehearsed",
    ),
    "verb_outcome": entry(
        "VERB",
        "vanished arrived mattered helped disappeared failed improved "
        "sufficed",
    ),
    "verb_owning": entry(
        "VERB",
        "lost found bought sold owned",
    ),
    "modal": entry(
        "AUX",
        "must can should will may might",
    ),
    "verb_wanting": entry(
        "VERB",
        "need want sell buy bring like",
    ),
    "verb_wanting_s": entry(
        "VERB",
        "needs wants sells buys brings likes",
    ),
    "copula": entry(
        "VERB",
        "seem feel become remain appear stay",
    ),
    "pronoun": entry(
        "PRON",
        "I we you they",
    ),
    "pronoun_s": entry(
        "PRON",
        "he she",
    ),
    "relative": entry(
        "PRON",
        "who",
    ),
    "determiner": entry(
        "DET",
        "the a my our your his",
    ),
    "preposition_place": entry(
        "ADP",
        "in near behind beside inside",
    ),
    "preposition_event": entry(
        "ADP",
        "after before during",
    ),
    "preposition_time": entry(
        "ADP",
        "by until since",
    ),
    "preposition": entry(
        "ADP",
        "to with from under for at",
    ),
    "conjunction": entry(
        "CCONJ",
        "and but",
    ),
    "number": entry(
        "NUM",
        "two three four five six seven",
    ),
    "punctuation": entry(
        "PUNCT",
        ", .",
    ),
    "noun_verb_mass": entry(
        "NOUN VERB",
        "water paint fish duck oil butter iron dust paper glue wax chalk "
        "tape steam smoke soap sugar pepper salt film powder spice",
    ),
    "noun_verb_count": entry(
        "NOUN VERB",
        "saw watch plant hammer nail drill brush rake comb hook trap hose "
        "file clamp whistle drum ship plough",
    ),
    "noun_verb_s": entry(
        "NOUN VERB",
        "saws watches plants ducks hammers nails drills brushes rakes "
        "drums whistles ships hooks traps combs paints",
    ),
    "noun_adjective": entry(
        "NOUN ADJ",
        "gold silver orange fat ginger olive violet amber cream plastic "
        "antique chocolate",
    ),
    "verb_adjective": entry(
        "VERB ADJ",
        "open dry warm slow empty tidy clear narrow ready sober",
    ),
    "noun_verb_adjective": entry(
        "NOUN VERB ADJ",
        "light calm cool sound quiet chill black square",
    ),
}
