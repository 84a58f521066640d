"""Exercise 05.broken_lines."""

from selfattn.exercises.model import exercise


def broken_lines():
    return {"first": 2, "second": 5, "third": 3}


STARTER = """broken_lines = {
    "first": ...,  # a line number
    "second": ...,
    "third": ...,
}
"""

HINTS = (
    "Write the shape beside every line. In all three, the shapes fit.",
    "Ask of each line: are the vectors rows or columns? Whose width is "
    "this? Which axis belongs to the keys?",
    "One line is wrong only when d_model and d_k differ. One mixes with the "
    "weights of another word. One masks the wrong axis.",
)

MISTAKES = {
    "first_1": (
        "In the first, line 1 is right: rows times (d_model, d_k), three "
        "times."
    ),
    "first_3": (
        "In the first, line 3 is right. Taking one number off a whole row "
        "leaves its softmax as it was."
    ),
    "first_4": "In the first, line 4 is right: the exponential of each score.",
    "first_5": (
        "In the first, line 5 is right: with vectors as rows, the weights of "
        "a query run along axis 1."
    ),
    "first_6": (
        "In the first, line 6 is right: row i of the weights mixes the "
        "values for query i."
    ),
    "second_1": (
        "In the second, line 1 is right: with vectors as columns the "
        "matrices stand on the left."
    ),
    "second_2": (
        "In the second, line 2 is right: with vectors as columns, KᵀQ holds "
        "every key times every query."
    ),
    "second_3": (
        "In the second, line 3 is right: each column belongs to a query, and "
        "its own largest score is taken off."
    ),
    "second_4": (
        "In the second, line 4 is right: columns belong to queries, so each "
        "column must sum to 1."
    ),
    "third_1": (
        "In the third, line 1 is right: `@` works on the last two axes and "
        "leaves the batch as it is."
    ),
    "third_2": (
        "In the third, line 2 is right: only the last two axes are "
        "exchanged, and q is d_k wide."
    ),
    "third_4": (
        "In the third, line 4 is right: the largest score of each row is "
        "taken off, in every sentence."
    ),
    "third_5": (
        "In the third, line 5 is right: the last axis holds the keys, and "
        "the sum runs along it."
    ),
    "third_6": (
        "In the third, line 6 is right: the weights of each sentence times "
        "its own values."
    ),
}


def variant(wrong):
    def answer():
        found = broken_lines()
        for mistake in wrong:
            snippet, _, line = mistake.partition("_")
            found[snippet] = int(line)
        return found

    return answer


EXERCISE = exercise(
    broken_lines,
    title="Find the broken line",
    difficulty=2,
    minutes=8,
    quiz=True,
    starter=STARTER,
    hints=HINTS,
    mistakes=MISTAKES,
    variant=variant,
)
