"""Right answers to 03.separates, in other styles."""

import numpy as np

SEES = {
    "per_word": ("saw", "saw"),
    "window_of_radius_1": ("I saw a", "a saw -"),
    "attention": ("I a saw saw", "I a saw saw"),
    "twelve_layers_of_attention": ("I a saw saw", "I a saw saw"),
    "attention_with_positions": (2, 4),
    "attention_to_neighbours_only": ("I a saw", "a saw"),
    "attention_to_earlier_words_only": ("I saw", "I a saw saw"),
    "word_and_mean_of_sentence": ("saw, mean", "saw, mean"),
    "positions_added_after_attention": (2, 4),
}


def separates_by_what_they_see():
    return {name: a != b for name, (a, b) in SEES.items()}


def separates_numbers():
    return {name: np.bool_(a != b) for name, (a, b) in SEES.items()}
