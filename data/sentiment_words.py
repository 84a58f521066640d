"""The words of make_sentiment.py. +1 is praise, -1 is blame."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


GENERAL = {
    1: _words(
        "good great wonderful excellent lovely superb brilliant delightful "
        "fantastic splendid marvellous pleasant impressive charming "
        "outstanding fine remarkable admirable beautiful perfect"
    ),
    -1: _words(
        "bad poor awful terrible horrible dreadful disappointing dismal "
        "miserable annoying unpleasant appalling pathetic mediocre weak "
        "ugly lousy shoddy useless hopeless"
    ),
}

TOPICS = {
    "film": {
        "things": _words(
            "film plot acting dialogue ending music script director hero "
            "villain camerawork opening sequel scenery humour"
        ),
        1: _words(
            "gripping funny moving clever thrilling original witty "
            "touching convincing suspenseful"
        ),
        -1: _words(
            "dull boring predictable wooden tedious confusing silly lifeless "
            "clumsy forgettable"
        ),
    },
    "book": {
        "things": _words(
            "book novel story chapter style narrator translation prose "
            "author title cover preface verse essay"
        ),
        1: _words(
            "absorbing poetic insightful vivid readable profound tender "
            "imaginative lucid inspiring"
        ),
        -1: _words(
            "dry shallow pretentious unreadable bloated rambling sloppy "
            "repetitive incoherent stale"
        ),
    },
    "restaurant": {
        "things": _words(
            "meal bread waiter dessert sauce menu pasta salad breakfast "
            "chef pizza cake fish curry"
        ),
        1: _words(
            "delicious tasty fresh crisp fragrant juicy creamy tempting "
            "generous attentive"
        ),
        -1: _words(
            "bland greasy soggy burnt tasteless rubbery overpriced salty "
            "bitter mouldy"
        ),
    },
    "hotel": {
        "things": _words(
            "hotel bed lobby view garden pool reception towel balcony "
            "bathroom lift porter shower corridor"
        ),
        1: _words(
            "comfortable clean cosy spacious welcoming sunny elegant tidy "
            "peaceful luxurious"
        ),
        -1: _words(
            "dirty cramped smelly shabby damp noisy draughty gloomy filthy "
            "unfriendly"
        ),
    },
    "concert": {
        "things": _words(
            "concert singer orchestra violin choir drummer encore sound "
            "conductor programme pianist hall audience trumpet"
        ),
        1: _words(
            "dazzling graceful lively energetic harmonious passionate "
            "polished radiant stirring virtuosic"
        ),
        -1: _words(
            "shrill tuneless monotonous muffled deafening sleepy ragged "
            "lacklustre hoarse chaotic"
        ),
    },
    "gadget": {
        "things": _words(
            "phone keyboard charger camera speaker manual software button "
            "headset printer laptop cable tablet app"
        ),
        1: _words(
            "reliable handy intuitive sturdy robust responsive efficient "
            "practical accurate affordable"
        ),
        -1: _words(
            "flimsy broken sluggish faulty buggy awkward unreliable "
            "defective fragile outdated"
        ),
    },
}

# Shown in training, but never with a negation.
NEVER_NEGATED = {
    1: {"gripping", "lucid", "juicy", "cosy", "lively", "handy"},
    -1: {"tedious", "shallow", "soggy", "damp", "shrill", "flimsy"},
}

# The same adjective, praise for one thing and blame for another.
BY_THING = {
    1: [
        ("soup", "hot"),
        ("coffee", "hot"),
        ("lemonade", "cold"),
        ("beer", "cold"),
        ("suitcase", "light"),
        ("jacket", "light"),
        ("screen", "sharp"),
        ("knife", "sharp"),
        ("holiday", "long"),
        ("battery", "long-lasting"),
        ("mattress", "soft"),
        ("pillow", "soft"),
        ("library", "quiet"),
        ("bedroom", "quiet"),
        ("thriller", "unpredictable"),
        ("finale", "unpredictable"),
        ("bill", "small"),
        ("fee", "small"),
        ("reward", "big"),
        ("window", "big"),
        ("courier", "fast"),
        ("train", "fast"),
        ("queue", "short"),
        ("delay", "short"),
    ],
    -1: [
        ("bedroom", "hot"),
        ("train", "hot"),
        ("soup", "cold"),
        ("coffee", "cold"),
        ("beer", "light"),
        ("reward", "light"),
        ("pillow", "sharp"),
        ("mattress", "sharp"),
        ("queue", "long"),
        ("delay", "long-lasting"),
        ("knife", "soft"),
        ("screen", "soft"),
        ("thriller", "quiet"),
        ("finale", "quiet"),
        ("courier", "unpredictable"),
        ("battery", "unpredictable"),
        ("window", "small"),
        ("suitcase", "small"),
        ("bill", "big"),
        ("fee", "big"),
        ("lecture", "fast"),
        ("library", "fast"),
        ("holiday", "short"),
        ("jacket", "short"),
    ],
}

# (after "did not", after "I")
VERBS = {
    1: [
        ("love", "loved"),
        ("enjoy", "enjoyed"),
        ("like", "liked"),
        ("admire", "admired"),
        ("recommend", "recommended"),
        ("praise", "praised"),
    ],
    -1: [
        ("hate", "hated"),
        ("dislike", "disliked"),
        ("regret", "regretted"),
        ("resent", "resented"),
        ("mind", "despised"),
        ("criticise", "criticised"),
    ],
}

OPENERS = [
    "last night",
    "on Monday",
    "this summer",
    "in my opinion",
    "to be honest",
    "like my sister said",
    "as usual",
    "despite the rain",
    "after all these years",
    "for once",
    "on our trip to Lisbon",
    "in the old town",
    "this time",
    "at the weekend",
    "as far as I can tell",
    "between you and me",
]
CLOSERS = [
    "for us",
    "this year",
    "for my taste",
    "in every way",
    "as my brother noticed",
    "on both evenings",
    "when we were there",
    "for the children",
    "from the first minute",
    "according to my friends",
    "on the second day",
    "and everyone agreed",
]

# In the test split only.
NEW_THINGS = _words(
    "podcast museum bicycle ferry haircut umbrella sofa kettle puppet "
    "exhibition scarf lantern"
)
NEW_ADJECTIVES = {
    1: _words("exquisite magical flawless sublime stunning terrific"),
    -1: _words("atrocious wretched abysmal ghastly woeful rotten"),
}
