"""Exercise 04.coincide."""

from selfattn.exercises.model import exercise


def coincide():
    return {
        "one layer": True,
        "twelve layers, alternated with FC": True,
        "additive scores, ReLU weights": True,
        "no word attends to itself": True,
        "each word sees itself and the words before": False,
        "each word sees one neighbour on either side": False,
        "a different vector added at each place": False,
        "the third word replaced by another": True,
    }


STARTER = """# “I saw a saw”: must b² = b⁴ hold, whatever the weights?
coincide = {
    "one layer": ...,
    "twelve layers, alternated with FC": ...,
    "additive scores, ReLU weights": ...,
    "no word attends to itself": ...,
    "each word sees itself and the words before": ...,
    "each word sees one neighbour on either side": ...,
    "a different vector added at each place": ...,
    "the third word replaced by another": ...,
}
"""

HINTS = (
    "Ask of each line: is the query the same at places 2 and 4?",
    "Then ask whether both see the same keys and values. Their order "
    "does not matter to a sum, but how often one occurs does.",
    "Three of the eight lines let the two saws see different things "
    "or start from different vectors.",
)

LINE_OF = {
    "one_layer": "one layer",
    "depth_helps": "twelve layers, alternated with FC",
    "other_scores_help": "additive scores, ReLU weights",
    "self_left_out": "no word attends to itself",
    "past_only": "each word sees itself and the words before",
    "neighbours_only": "each word sees one neighbour on either side",
    "places_added": "a different vector added at each place",
    "context_tells": "the third word replaced by another",
}

MISTAKES = {
    "one_layer": (
        "Look at one layer again. Both saws ask with the same query, see the "
        "same keys and mix the same values."
    ),
    "depth_helps": (
        "Depth does not help. If the first layer gives both saws the same "
        "vector, the second starts from equal inputs, and so on."
    ),
    "other_scores_help": (
        "Another score or weight is still a function of query and keys. "
        "Equal queries and the same keys give equal weights."
    ),
    "self_left_out": (
        "Leave the saw itself out and each still sees *I*, *a* and the other "
        "saw. The two saws are equal vectors, so both see the same three."
    ),
    "past_only": (
        "Each word sees only what came before it. The second word sees two "
        "words and the fourth sees all four: what they mix is different."
    ),
    "neighbours_only": (
        "The second word has *I* on its left, the fourth has *a*. They mix "
        "different words, so their outputs may differ."
    ),
    "places_added": (
        "With another vector added at each place, the inputs of the two saws "
        "are no longer equal. Nothing makes their outputs coincide."
    ),
    "context_tells": (
        "Replacing the third word changes both outputs, and by the same. "
        "Both saws see the new word, and nothing says on which side it is."
    ),
    "all_equal": (
        "They need not coincide everywhere. Ask of each line: do the two "
        "saws ask alike, and do they see the same words?"
    ),
    "never_equal": (
        "Equal queries over the same keys and values give equal outputs. "
        "Look for the lines where the two saws see the same words."
    ),
}


def variant(wrong):
    def answer():
        out = dict(coincide())
        for mistake, question in LINE_OF.items():
            if mistake in wrong:
                out[question] = not out[question]
        if "all_equal" in wrong:
            out = dict.fromkeys(out, True)
        if "never_equal" in wrong:
            out = dict.fromkeys(out, False)
        return out

    return answer


EXERCISE = exercise(
    coincide,
    title="Which outputs must coincide",
    difficulty=2,
    minutes=8,
    quiz=True,
    starter=STARTER,
    hints=HINTS,
    mistakes=MISTAKES,
    variant=variant,
)
