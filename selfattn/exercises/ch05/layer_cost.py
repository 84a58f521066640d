"""Exercise 05.layer_cost."""

from selfattn.exercises.model import Case, exercise


def layer_cost(n, d_model, d_k, d_v, bytes_per_number=4):
    """Work and memory of one self-attention layer: one head, no bias.

    n : number of vectors. d_model, d_k, d_v : widths.
    bytes_per_number : 4 for float32, 2 for float16.
    Returns three whole numbers, exactly:
    flops : operations in the five matrix products (three projections,
        scores, weighted sums). A product (m, k) @ (k, n) counts 2 m k n:
        a multiplication and an addition count as two.
    learned : bytes of the learned matrices.
    weights : bytes of the attention weights, stored once.
    """
    learned = d_model * (2 * d_k + d_v)  # numbers in w_q, w_k, w_v
    flops = 2 * n * learned  # projections
    flops += 2 * n**2 * (d_k + d_v)  # scores, and the weighted sums
    return flops, learned * bytes_per_number, n**2 * bytes_per_number


HINTS = (
    "A product (m, k) @ (k, n) has m·n entries. How many multiplications "
    "does each of them take?",
    "Count 2·m·k·n for each of the five products: three projections, the "
    "scores, the weighted sums.",
    "The learned numbers are those of w_q, w_k and w_v, whatever n is. The "
    "weights are n by n.",
)


def cases(rng):
    made = [
        Case("“I saw a saw”, all widths 2", (4, 2, 2, 2)),
        Case("base Transformer, 512 words", (512, 512, 512, 512)),
        Case(
            "a minute of speech, float16",
            (6000, 80, 64, 32),
            {"bytes_per_number": 2},
        ),
    ]
    for _ in range(2):
        n, d_model, d_k, d_v = (
            int(i) for i in rng.permutation([7, 11, 13, 17, 19, 23, 29])[:4]
        )
        name = f"n = {n}, d_model = {d_model}, d_k = {d_k}, d_v = {d_v}"
        made.append(Case(name, (n, d_model, d_k, d_v)))
    return made


def run(answer, n, d_model, d_k, d_v, **kwargs):
    """Call the answer, and refuse floats: they are not exact."""
    given = answer(n, d_model, d_k, d_v, **kwargs)
    numbers = given if isinstance(given, tuple | list) else ()
    for number in numbers:
        if isinstance(number, float):
            raise TypeError(
                f"layer_cost must return whole numbers: got {number!r}, a "
                "float; multiply integers, and divide with //"
            )
    return given


MISTAKES = {
    "multiply_adds": (
        "Your count of operations is half of what is asked for. A "
        "multiplication and its addition count as two."
    ),
    "exact_additions": (
        "You counted one addition fewer for each entry. That is exact, but "
        "by custom, and here, a product counts 2 m k n."
    ),
    "projections_forgotten": (
        "The three projections are missing from the operations. For short "
        "inputs they are most of the work."
    ),
    "one_projection_fewer": (
        "One projection is missing from the operations. Queries, keys and "
        "values each take one."
    ),
    "not_squared": (
        "Every query meets every key, so the scores and the weighted sums "
        "grow with n². Yours grow with n."
    ),
    "scores_only": (
        "The weighted sums are missing from the operations. Two products "
        "grow with n²: the scores, and the weights times the values."
    ),
    "widths_multiplied": (
        "You multiplied d_k by d_v. They belong to two different products, "
        "the scores and the weighted sums, so their counts are added."
    ),
    "output_projection": (
        "You counted an output projection. This layer has three matrices "
        "and no fourth one."
    ),
    "one_matrix": (
        "You counted one matrix for queries and keys together. They are "
        "two, both (d_model, d_k)."
    ),
    "v_as_k": (
        "You took the values to be as wide as the keys. They need not be; "
        "use d_v where values appear."
    ),
    "v_as_model": (
        "You took the values to be d_model wide. They need not be; use d_v."
    ),
    "bias_counted": "You counted a bias. This layer has none.",
    "learned_per_word": (
        "You counted the learned matrices once per word. All words share them."
    ),
    "weights_per_value": (
        "The attention weights are one number per query and key, whatever "
        "the width of a value is."
    ),
    "projected_stored": (
        "Your third number counts queries, keys and values. The attention "
        "weights are asked for: one number per query and key."
    ),
    "softmax_counted": (
        "You counted about five operations per score for the softmax. Here "
        "only the matrix products are asked for."
    ),
    "bytes_swapped": (
        "Your two counts of bytes are in the wrong order. The learned "
        "matrices come first, then the weights."
    ),
    "four_bytes": (
        "You took every number for four bytes. `bytes_per_number` says how "
        "many it has."
    ),
    "bits": "You return bits. Bytes are asked for.",
    "kilobytes": "You return kilobytes. Bytes are asked for.",
    "numbers_not_bytes": (
        "You return how many numbers there are. Bytes are asked for."
    ),
}


def variant(wrong):
    def answer(n, d_model, d_k, d_v, bytes_per_number=4):
        if "v_as_k" in wrong:
            d_v = d_k
        if "v_as_model" in wrong:
            d_v = d_model
        learned = d_model * (2 * d_k + d_v)
        if "one_matrix" in wrong:
            learned = d_model * (d_k + d_v)
        linear = 2 * n * learned
        square = 2 * n**2 * (d_k + d_v)
        if "scores_only" in wrong:
            square = 2 * n**2 * d_k
        if "not_squared" in wrong:
            square = 2 * n * (d_k + d_v)
        if "widths_multiplied" in wrong:
            square = 2 * n**2 * d_k * d_v
        if "one_projection_fewer" in wrong:
            linear -= 2 * n * d_model * d_k
        flops = linear + square
        if "exact_additions" in wrong:
            flops -= n * (2 * d_k + d_v) + n**2 + n * d_v
        if "projections_forgotten" in wrong:
            flops = square
        if "softmax_counted" in wrong:
            flops += 5 * n**2
        if "four_bytes" in wrong:
            bytes_per_number = 4
        if "bits" in wrong:
            bytes_per_number *= 8
        if "multiply_adds" in wrong:
            flops = flops // 2
        if "bias_counted" in wrong:
            learned += 2 * d_k + d_v
        if "output_projection" in wrong:
            flops += 2 * n * d_v * d_model
            learned += d_v * d_model
        if "learned_per_word" in wrong:
            learned = n * learned
        stored = n**2
        if "weights_per_value" in wrong:
            stored = n * d_v
        if "projected_stored" in wrong:
            stored = n * (2 * d_k + d_v)
        if "numbers_not_bytes" in wrong:
            bytes_per_number = 1
        sizes = learned * bytes_per_number, stored * bytes_per_number
        if "kilobytes" in wrong:
            sizes = tuple(size // 1024 for size in sizes)
        if "bytes_swapped" in wrong:
            sizes = sizes[::-1]
        return flops, *sizes

    return answer


EXERCISE = exercise(
    layer_cost,
    title="Operations and bytes of a layer",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    run=run,
    rtol=0,
    atol=0,
    mistakes=MISTAKES,
    variant=variant,
)
