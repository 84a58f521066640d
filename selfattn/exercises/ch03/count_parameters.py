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
    "one_side": (
        "You counted r + 1 slots, the word and one side. A window has r "
        "neighbours on either side."
    ),
    "table_per_slot": (
        "You gave every slot of the window a table of its own. All slots "
        "look up the same one, so it counts once."
    ),
    "no_table": (
        "The table of word vectors is missing. It is learned too, and here "
        "it is often the largest part."
    ),
    "table_is_a_column": (
        "You gave each word of the table one number. It is a vector of "
        "width d_model."
    ),
    "empty_in_table": (
        "You gave the table one row too many. A vector for empty slots is a "
        "good idea, but this task counts n_words vectors."
    ),
    "window_ignored": (
        "Your window net costs the same at every radius. Its first layer "
        "needs a weight for each number in the window."
    ),
    "no_biases": (
        "The biases of the two fully connected layers are missing: each unit "
        "has one."
    ),
    "no_hidden_bias": (
        "The biases of the first fully connected layer are missing, one for "
        "each of its d_hidden units."
    ),
    "no_output_bias": (
        "The biases of the last layer are missing, one for each of its "
        "n_tags units."
    ),
    "one_bias": (
        "You gave each layer a single bias. It has one for each unit."
    ),
    "bias_per_slot": (
        "You counted the biases of the first layer once per slot. A unit has "
        "one bias, however many numbers it reads."
    ),
    "net_per_slot": (
        "You gave every slot its own two layers. The window's vectors are "
        "set side by side, and one net reads all of them."
    ),
    "window_has_attention": (
        "You counted Wq, Wk and Wv for the window net too. Only attention "
        "has them."
    ),
    "attention_has_biases": (
        "You gave Wq, Wk and Wv biases. Here they have none."
    ),
    "one_matrix": (
        "You counted one matrix for attention. Queries, keys and values "
        "each have their own."
    ),
    "attention_per_slot": (
        "Your attention grows with the radius. Its three matrices are shared "
        "by all positions, however many there are."
    ),
    "attention_reads_window": (
        "The first layer of your attention net reads a whole window. It "
        "reads one vector at a time, of width d_model."
    ),
    "four_matrices": (
        "You counted four matrices for attention. Some models have a fourth "
        "one for the output; this task names Wq, Wk and Wv only."
    ),
    "matrices_are_vectors": (
        "You gave Wq, Wk and Wv d_model numbers each. Each is a square "
        "matrix, d_model by d_model."
    ),
    "attention_is_free": (
        "Wq, Wk and Wv are missing from your attention net. They are learned "
        "too."
    ),
    "side_by_side": (
        "Your first layer reads query, key and value side by side. It reads "
        "what attention returns, one vector of width d_model."
    ),
    "no_layers_after": (
        "Your attention net ends after its three matrices. The same two "
        "fully connected layers follow."
    ),
    "no_hidden_after": (
        "Your attention net lacks the layer with d_hidden units. The same "
        "two layers follow as in the window net."
    ),
}


def slots_of(radius, wrong):
    if "radius_is_width" in wrong:
        return max(radius, 1)
    if "one_side" in wrong:
        return radius + 1
    return 2 * radius + (0 if "centre_missing" in wrong else 1)


def table_of(n_words, d_model, slots, wrong):
    if "no_table" in wrong:
        return 0
    if "table_is_a_column" in wrong:
        return n_words
    rows = n_words + 1 if "empty_in_table" in wrong else n_words
    return rows * d_model * (slots if "table_per_slot" in wrong else 1)


def mixing_of(d_model, slots, wrong):
    if "attention_is_free" in wrong:
        return 0
    n = 4 if "four_matrices" in wrong else 3
    n = 1 if "one_matrix" in wrong else n
    each = d_model if "matrices_are_vectors" in wrong else d_model**2
    if "attention_has_biases" in wrong:
        each += d_model
    return n * each * (slots if "attention_per_slot" in wrong else 1)


def biases_of(d_hidden, n_tags, slots, wrong):
    if "no_biases" in wrong:
        return 0
    if "one_bias" in wrong:
        return 2
    first = 0 if "no_hidden_bias" in wrong else d_hidden
    last = 0 if "no_output_bias" in wrong else n_tags
    return first * (slots if "bias_per_slot" in wrong else 1) + last


def variant(wrong):
    def answer(model, n_words, d_model, d_hidden, n_tags, radius=0):
        window = model == "window"
        slots = slots_of(radius, wrong)
        table = table_of(n_words, d_model, slots if window else 1, wrong)
        mixing = mixing_of(d_model, 2 * radius + 1, wrong)
        if window and "window_has_attention" not in wrong:
            mixing = 0
        if not window and "no_layers_after" in wrong:
            return table + mixing
        if not window and "no_hidden_after" in wrong:
            return table + mixing + d_hidden * n_tags + n_tags
        read = slots if window else 1
        if "window_ignored" in wrong:
            read = 1
        if not window and "attention_reads_window" in wrong:
            read = 2 * radius + 1
        if not window and "side_by_side" in wrong:
            read = 3
        biases = biases_of(d_hidden, n_tags, slots if window else 1, wrong)
        net = read * d_model * d_hidden + d_hidden * n_tags + biases
        if window and "net_per_slot" in wrong:
            net += (slots - 1) * (d_hidden * n_tags + biases)
        return table + mixing + net

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
