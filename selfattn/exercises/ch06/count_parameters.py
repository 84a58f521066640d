"""Exercise 06.count_parameters."""

from selfattn.exercises.model import Case, exercise


def count_parameters(d_model, n_heads, d_k, d_v, bias=False):
    """How many numbers a multi-head layer learns.

    d_model : width of the vectors, going in and coming out.
    n_heads : H. d_k, d_v : widths of one head's keys and values.
    bias : whether each of the four projections adds a learned constant.
    Returns a whole number.
    """
    into_heads = n_heads * (2 * d_k + d_v)  # columns of Wq, Wk, Wv
    count = d_model * into_heads + n_heads * d_v * d_model
    return count + into_heads + d_model if bias else count


HINTS = (
    "Four matrices. Write down the shape of each.",
    "Queries, keys and values of all heads: d_model rows, and H "
    "times one head's columns. The fourth matrix reads all heads' "
    "values.",
    "A projection with a bias has one number more for each of its columns.",
)


def cases(rng):
    made = [
        Case("d_model = 2, 2 heads of width 1", (2, 2, 1, 1)),
        Case("the same, with biases", (2, 2, 1, 1, True)),
        Case("the paper's layer", (512, 8, 64, 64)),
    ]
    for bias in (False, True):
        name = "d_model = 6, 4 heads, d_k = 3, d_v = 5"
        name += ", with biases" if bias else ""
        made.append(Case(name, (6, 4, 3, 5, bias)))
    primes = rng.permutation([3, 5, 7, 11, 13, 17, 19, 23])
    for bias, sizes in ((False, primes[:4]), (True, primes[4:])):
        sizes = tuple(int(n) for n in sizes)
        name = "d_model = {}, {} heads, d_k = {}, d_v = {}".format(*sizes)
        name += ", with biases" if bias else ""
        made.append(Case(name, (*sizes, bias)))
    return made


MISTAKES = {
    "no_output_projection": (
        "The output projection is missing. It takes the merged heads back "
        "to d_model, and is learned like the others."
    ),
    "heads_forgotten": (
        "You counted one head. d_k and d_v are the widths of one head here, "
        "and every head has its own columns."
    ),
    "all_square": (
        "You took all four matrices to be square. They are when a head is "
        "d_model / H wide, but this layer is given its own d_k and d_v."
    ),
    "keys_forgotten": (
        "One of the two matrices of width d_k is missing. Queries and keys "
        "have one each."
    ),
    "values_like_keys": (
        "You gave the values the width of the keys. They have their own, d_v."
    ),
    "values_twice": (
        "You counted the values twice and the keys or the queries not at all. "
        "Two matrices have the width d_k, and one has d_v."
    ),
    "all_like_keys": (
        "You gave everything the width of the keys. Values have a width of "
        "their own, d_v, and the output projection reads values."
    ),
    "output_from_keys": (
        "Your output projection reads numbers of width d_k. It reads the "
        "heads' outputs, which are as wide as the values."
    ),
    "square_output": (
        "You took the output projection to be square. It reads H · d_v "
        "numbers, which need not be d_model."
    ),
    "output_of_one_head": (
        "Your output projection reads one head. It reads all of them, laid "
        "side by side."
    ),
    "no_bias": (
        "The biases are not counted when they are asked for. A projection "
        "adds one constant to each number it puts out."
    ),
    "bias_always": (
        "You count biases that the layer does not have. They are added only "
        "where `bias` is true."
    ),
    "output_bias_forgotten": (
        "The output projection's bias is missing. With `bias` all four "
        "projections have one."
    ),
    "output_bias_per_head": (
        "You counted the output projection's bias once per head. There is "
        "one such projection, for all heads together."
    ),
    "bias_of_d_model": (
        "You gave every projection d_model biases. A projection has one bias "
        "for each number that it puts out, and three of them put out heads."
    ),
    "bias_of_one_head": (
        "You counted the biases of one head only. Queries, keys and values of "
        "every head have theirs."
    ),
    "one_bias_per_matrix": (
        "You counted one bias per matrix. There is one per number that it "
        "puts out, that is per column."
    ),
    "bias_per_input": (
        "You counted a bias for every number that goes in. It is added to "
        "what comes out."
    ),
}


def variant(wrong):
    def answer(d_model, n_heads, d_k, d_v, bias=False):
        if "heads_forgotten" in wrong:
            n_heads = 1
        keys = d_k if "keys_forgotten" in wrong else 2 * d_k
        columns = n_heads * (keys + d_v)
        if wrong & {"values_like_keys", "all_like_keys"}:
            columns = n_heads * 3 * d_k
        if "values_twice" in wrong:
            columns = n_heads * (d_k + 2 * d_v)
        count = d_model * columns
        out = n_heads * d_v * d_model
        if wrong & {"all_like_keys", "output_from_keys"}:
            out = n_heads * d_k * d_model
        if "square_output" in wrong:
            out = d_model**2
        if "output_of_one_head" in wrong:
            out = d_v * d_model
        if "all_square" in wrong:
            count, out, columns = 3 * d_model**2, d_model**2, 3 * d_model
        if "no_output_projection" not in wrong:
            count += out
        constants = columns + d_model
        if "output_bias_forgotten" in wrong:
            constants = columns
        if "output_bias_per_head" in wrong:
            constants = columns + n_heads * d_model
        if "one_bias_per_matrix" in wrong:
            constants = 4
        if "bias_per_input" in wrong:
            constants = 3 * d_model + n_heads * d_v
        if "bias_of_d_model" in wrong:
            constants = 4 * d_model
        if "bias_of_one_head" in wrong:
            constants = columns // n_heads + d_model
        if "bias_always" in wrong:
            bias = True
        return count + (constants if bias and "no_bias" not in wrong else 0)

    return answer


EXERCISE = exercise(
    count_parameters,
    title="Count what a layer learns",
    difficulty=1,
    minutes=5,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
