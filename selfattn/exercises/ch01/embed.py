"""Exercise 01.embed."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def embed(ids, table):
    """Each word's row of the table.

    ids : integer array (L,) or (B, L): each word's place in the vocabulary.
    table : float array (V, d_model), one row per word of the vocabulary.
    Returns an array (L, d_model) or (B, L, d_model): row i belongs to word i.
    """
    return table[ids]  # (..., L, d_model)


HINTS = (
    "What does a row with a single 1 pick out of a matrix that it is "
    "multiplied with?",
    "The multiplication works, but almost all of it is times zero. "
    "NumPy can pick rows directly, by an array of their numbers.",
    "Square brackets accept an integer array of any shape; the answer "
    "has that shape, followed by the table's width.",
)


def cases(rng):
    small = np.array([[0.0, 1.5], [2.0, 0.5], [-1.0, 3.0]])  # (3, 2)
    made = [
        Case("“I saw a saw”, d_model = 2", (np.array([0, 2, 1, 2]), small)),
        Case("one word", (np.array([1]), small)),
        Case("a batch of one sentence", (np.array([[2, 0, 2, 1]]), small)),
    ]
    for shape, size, width in (((7,), 11, 3), ((3, 5), 13, 7)):
        table = 2 * rng.standard_normal((size, width))  # (V, d_model)
        ids = rng.integers(size, size=shape)  # (L,) or (B, L)
        name = f"ids {shape}, table ({size}, {width})"
        made.append(Case(name, (ids, table)))
    table = 2 * rng.standard_normal((5, 5)).astype(np.float32)
    ids = rng.integers(5, size=(2, 3))
    made.append(Case("a square table, float32", (ids, table)))
    return made


MISTAKES = {
    "ids_from_one": (
        "Every word got its predecessor's vector, and word 0 the last one, "
        "because a negative index counts from the end. Ids start at 0."
    ),
    "sorted_words": (
        "The vectors are right, but yours are sorted by id. Row i must belong "
        "to word i."
    ),
    "one_hot_only": (
        "You stopped at the one-hot rows, which are V wide. Their product "
        "with the table is what is asked for, d_model wide."
    ),
    "table_reshaped": (
        "Your rows mix the numbers of several words: the table was transposed "
        "and reshaped back. `reshape` does not swap axes."
    ),
    "unit_length": (
        "Your vectors were scaled to length 1. A look-up copies the row as "
        "it is, length included."
    ),
    "cut_to_integers": (
        "The digits after the point are gone. The array you fill has an "
        "integer type, probably taken from the ids."
    ),
    "summed": (
        "You added the words' vectors into one. One vector per word is asked "
        "for: the set is the input, not its sum."
    ),
    "averaged": (
        "You averaged the words' vectors into one. That is a pooled summary "
        "of the sentence; here each word keeps its own vector."
    ),
    "columns": (
        "The last two axes are swapped: your vectors are columns. The book's "
        "code keeps one vector per row, (L, d_model)."
    ),
    "next_row": (
        "Every word got the vector of the next id. Ids start at 0, as rows of "
        "an array do, so nothing needs to be added."
    ),
    "flattened": (
        "For a batch your sentences stand in one long list. Keep the axes of "
        "the ids: (B, L) becomes (B, L, d_model)."
    ),
    "repeats_dropped": (
        "A word that occurs twice has only one vector in your result. Every "
        "word gets its own row, repeats included."
    ),
    "one_word_only": (
        "You return the vector of the first word only. Every id gets a vector."
    ),
    "times_id": (
        "You multiplied each vector by the word's id. An id is only a number "
        "of a row; the row is copied as it is."
    ),
    "single_numbers": (
        "You took single numbers of the table, one per id. An id stands for a "
        "whole row; say along which axis you take."
    ),
    "added_over_first_axis": (
        "You added along the first axis of the result. Nothing is added in a "
        "look-up: every word keeps its own vector."
    ),
}


def variant(wrong):
    def answer(ids, table):
        size, width = table.shape
        if "ids_from_one" in wrong:
            ids = ids - 1
        if "sorted_words" in wrong:
            ids = np.sort(ids, axis=-1)
        if "next_row" in wrong:
            ids = (ids + 1) % size
        if "repeats_dropped" in wrong:
            ids = np.unique(ids)
        if "one_word_only" in wrong:
            return table[ids[..., 0]]
        if "single_numbers" in wrong:
            return table.reshape(-1)[ids]
        if "one_hot_only" in wrong:
            return np.eye(size)[ids]  # (..., L, V)
        if "table_reshaped" in wrong:
            table = table.T.reshape(size, width)
        if "unit_length" in wrong:
            table = table / np.linalg.norm(table, axis=1, keepdims=True)
        out = table[ids]  # (..., L, d_model)
        if "times_id" in wrong:
            out = ids[..., None] * out
        if "flattened" in wrong:
            out = out.reshape(-1, width)
        if "added_over_first_axis" in wrong:
            return out.sum(axis=0)
        if "cut_to_integers" in wrong:
            out = np.trunc(out)
        if "summed" in wrong:
            return out.sum(axis=-2)
        if "averaged" in wrong:
            return out.mean(axis=-2)
        return out.swapaxes(-1, -2) if "columns" in wrong else out

    return answer


EXERCISE = exercise(
    embed,
    title="Words to vectors by look-up",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
