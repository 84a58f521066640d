"""Exercise 03.separates."""

from selfattn.exercises.model import exercise


def separates():
    return {
        "per_word": False,
        "window_of_radius_1": True,
        "attention": False,
        "twelve_layers_of_attention": False,
        "attention_with_positions": True,
        "attention_to_neighbours_only": True,
        "attention_to_earlier_words_only": True,
        "word_and_mean_of_sentence": False,
        "positions_added_after_attention": True,
    }


STARTER = """# True: some weights give the two "saw" of
# "I saw a saw" different outputs. False: no weights do.
separates = {
    # a fully connected net on each word's vector
    "per_word": ...,
    # the same on the word and one neighbour on each side
    "window_of_radius_1": ...,
    # self-attention over the sentence, then a net per word
    "attention": ...,
    # twelve such layers, each with its net per word
    "twelve_layers_of_attention": ...,
    # a vector per position is added to the words first
    "attention_with_positions": ...,
    # no positions; each word sees itself and its two neighbours
    "attention_to_neighbours_only": ...,
    # no positions; each word sees itself and the words before it
    "attention_to_earlier_words_only": ...,
    # a net on the word's vector beside the mean of all vectors
    "word_and_mean_of_sentence": ...,
    # attention without positions; they are added to what comes out
    "positions_added_after_attention": ...,
}
"""

HINTS = (
    "Both “saw” start as the same vector. Look for the first place "
    "where the net treats them differently.",
    "If everything that the net reads for position 2 equals what it "
    "reads for position 4, no weights can make the outputs differ.",
    "Three things can make them differ: other neighbours in a window, a "
    "mask that lets them see different words, a position added to them. "
    "A sum over the whole sentence is none of these.",
)

LINE_OF = {
    "same_input_same_output": "per_word",
    "window_too_small": "window_of_radius_1",
    "attention_knows_order": "attention",
    "depth_breaks_ties": "twelve_layers_of_attention",
    "positions_do_not_help": "attention_with_positions",
    "mask_is_blind": "attention_to_neighbours_only",
    "past_is_blind": "attention_to_earlier_words_only",
    "mean_tells_places": "word_and_mean_of_sentence",
    "too_late_for_positions": "positions_added_after_attention",
}

MISTAKES = {
    "same_input_same_output": (
        "per_word: both words are the same vector, and the net is one "
        "function. Equal inputs give equal outputs."
    ),
    "window_too_small": (
        "window_of_radius_1: the first window reads “I saw a”, the second "
        "“a saw” and an empty slot. These are different inputs."
    ),
    "attention_knows_order": (
        "attention: equal vectors make equal queries, see the same keys and "
        "get the same mixture. Nothing in it says which came first."
    ),
    "depth_breaks_ties": (
        "twelve_layers_of_attention: the two vectors are equal after the "
        "first layer, so they are equal after the second. More layers repeat "
        "the argument."
    ),
    "positions_do_not_help": (
        "attention_with_positions: the second and the fourth position add "
        "different vectors. After that the two words are different vectors "
        "too."
    ),
    "mask_is_blind": (
        "attention_to_neighbours_only: the first “saw” sees “I”, the second "
        "does not. What a word may see depends on its place, so the two "
        "mixtures can differ."
    ),
    "past_is_blind": (
        "attention_to_earlier_words_only: the first “saw” sees two words, "
        "the second all four. Their mixtures can differ."
    ),
    "mean_tells_places": (
        "word_and_mean_of_sentence: both words get the same mean beside the "
        "same vector. Equal inputs give equal outputs again."
    ),
    "too_late_for_positions": (
        "positions_added_after_attention: the added vectors differ, so the "
        "outputs differ. It would still be a poor tagger: it knows the "
        "places and not the cues."
    ),
}


def variant(wrong):
    def answer():
        right = separates()
        flipped = {LINE_OF[name] for name in wrong}
        return {key: v ^ (key in flipped) for key, v in right.items()}

    return answer


EXERCISE = exercise(
    separates,
    title="Which of these nets can separate the saws",
    difficulty=2,
    minutes=8,
    quiz=True,
    starter=STARTER,
    hints=HINTS,
    mistakes=MISTAKES,
    variant=variant,
)
