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
    "Write the shape beside every line. In all three, the shapes work out.",
    "Ask of each line: which convention, rows or columns? Whose "
    "width? Which axis belongs to the keys?",
    "One of them fails only when d_model and d_k differ, one mixes "
    "with the weights of the wrong word, one masks the wrong axis.",
)

MISTAKES = {
    "first_1": (
        "In the first, line 1 is right: rows times (d_model, d_k), three "
        "times."
    ),
    "first_3": (
        "In the first, line 3 is right: taking one number off a whole row "
        "leaves its softmax as it was, and keeps the exponential small."
    ),
    "first_5": (
        "In the first, line 5 is right: with rows as vectors a query's "
        "weights run along axis 1."
    ),
    "second_2": (
        "In the second, line 2 is the lecture's own: with columns as "
        "vectors, KᵀQ holds every key times every query."
    ),
    "second_3": (
        "In the second, line 3 is right: each column is a query, and its "
        "own largest score is taken off."
    ),
    "second_4": (
        "In the second, line 4 is right: the lecture's columns are queries, "
        "so each column must sum to 1."
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
        "In the third, line 5 is right: the last axis holds the keys, in a "
        "batch as without one."
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
