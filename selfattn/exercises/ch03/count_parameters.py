"""Exercise 03.count_parameters."""

from selfattn.exercises.model import Case, exercise


def count_parameters(model, n_words, d_model, d_hidden, n_tags, radius=0):
    """How many numbers a tagger learns.

    model : "window" or "attention".
        "window": a table of n_words vectors of width d_model; the window of
        radius r, its 2 r + 1 vectors side by side; a fully connected layer
        with d_hidden units, and one with n_tags units. Both have biases.
        "attention": the same table; Wq, Wk and Wv, each d_model by d_model
        and without bias; then the same two layers on every vector alone.
        It has no window: radius does not matter.
    Returns a whole number.
    """
    table = n_words * d_model
    if model == "window":
        mixing, d_in = 0, (2 * radius + 1) * d_model
    else:
        mixing, d_in = 3 * d_model * d_model, d_model
    first = d_in * d_hidden + d_hidden
    second = d_hidden * n_tags + n_tags
    return table + mixing + first + second


HINTS = (
    "Count the table, then each layer: its weights, then its biases.",
    "A fully connected layer from m numbers to n has m n weights "
    "and n biases. What is m for a window of radius r?",
    "Both models share the table and the last layer. They differ in "
    "the width that the first layer sees, and in three square "
    "matrices.",
)


def cases(rng):
    made = [
        Case("a window of one word, sizes 2, 3, 5", ("window", 2, 3, 5, 2, 0)),
        Case("a window of radius 1", ("window", 5, 2, 3, 2, 1)),
        Case("attention, sizes 2, 3, 5", ("attention", 2, 3, 5, 2)),
    ]
    for model, radius in (("window", 7), ("attention", 5), ("window", 2)):
        sizes = [int(rng.choice(p)) for p in SIZES]
        name = f"{model}, radius {radius}, sizes {sizes}"
        made.append(Case(name, (model, *sizes), {"radius": radius}))
    return made


SIZES = ((101, 211, 499), (7, 13, 29), (17, 31, 61), (3, 5, 11))

MISTAKES = {
    "radius_is_width": (
        "You gave the window r slots. It has r neighbours on either side and "
        "the word itself."
    ),
    "centre_missing": (
        "You counted 2 r slots; the word in the middle has one too."
    ),
    "table_per_slot": (
        "You gave every slot of the window a table of its own. All slots "
        "look up the same one, so it counts once."
    ),
    "no_table": (
        "The table of word vectors is missing. It is learned too, and here "
        "it is often the largest part."
    ),
    "window_ignored": (
        "Your window net costs the same at every radius. Its first layer "
        "needs a weight for each number in the window."
    ),
    "no_biases": (
        "The biases of the two fully connected layers are missing: one per "
        "unit."
    ),
    "attention_has_biases": (
        "You gave Wq, Wk and Wv a bias each. In the lecture and in this "
        "task they have none."
    ),
    "one_matrix": (
        "You counted one matrix for attention. Queries, keys and values "
        "each have their own."
    ),
    "attention_per_slot": (
        "Your attention grows with the radius. Its three matrices are shared "
        "by all positions, however many there are."
    ),
}


def variant(wrong):
    def answer(model, n_words, d_model, d_hidden, n_tags, radius=0):
        slots = 2 * radius + 1
        if "radius_is_width" in wrong:
            slots = max(radius, 1)
        if "centre_missing" in wrong:
            slots = 2 * radius
        window = model == "window"
        table = n_words * d_model
        if "table_per_slot" in wrong and window:
            table *= 2 * radius + 1
        if "no_table" in wrong:
            table = 0
        d_in = slots * d_model if window else d_model
        if "window_ignored" in wrong:
            d_in = d_model
        biases = 0 if "no_biases" in wrong else d_hidden + n_tags
        mixing = 0 if window else 3 * d_model**2
        if "attention_has_biases" in wrong and not window:
            mixing += 3 * d_model
        if "one_matrix" in wrong and not window:
            mixing = d_model**2
        if "attention_per_slot" in wrong and not window:
            mixing *= 2 * radius + 1
        return table + mixing + d_in * d_hidden + d_hidden * n_tags + biases

    return answer


EXERCISE = exercise(
    count_parameters,
    title="What a window costs, and what attention costs",
    difficulty=1,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
