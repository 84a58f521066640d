"""Exercise 06.from_torch."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def from_torch(state):
    """Unpack what `torch.nn.MultiheadAttention` learned.

    state : dict of float arrays, named as in torch:
        "in_proj_weight" (3 * d_model, d_model): the matrices for queries,
            keys and values, one below the other, each (out, in);
        "in_proj_bias" (3 * d_model,): their biases, in the same order;
        "out_proj.weight" (d_model, d_model), (out, in) as well;
        "out_proj.bias" (d_model,).
    Returns a dict with w_q, w_k, w_v, w_o, each (in, out), so that
    q = x @ w_q + b_q, and b_q, b_k, b_v, b_o, each (d_model,).
    """
    w_q, w_k, w_v = np.split(state["in_proj_weight"], 3)  # (d, d) each
    b_q, b_k, b_v = np.split(state["in_proj_bias"], 3)  # (d,) each
    return {
        "w_q": w_q.T,
        "w_k": w_k.T,
        "w_v": w_v.T,
        "w_o": state["out_proj.weight"].T,
        "b_q": b_q,
        "b_k": b_k,
        "b_v": b_v,
        "b_o": state["out_proj.bias"],
    }


HINTS = (
    "Rows 0 to d_model − 1 of the packed matrix make the queries. "
    "Where are those of the keys?",
    "`np.split(a, 3)` cuts along the first axis into three equal "
    "parts; it works on the packed bias too.",
    "Torch multiplies with the transpose of what it stores. Every "
    "matrix has to be turned, also the one that is square and does "
    "not complain.",
)


def cases(rng):
    def case(name, arrays):
        names = (
            "in_proj_weight",
            "in_proj_bias",
            "out_proj.weight",
            "out_proj.bias",
        )
        return Case(name, (dict(zip(names, arrays, strict=True)),))

    hand = (
        np.array([[1.0, 1], [-1, 2], [0, 1], [1, 0], [2, 1], [0, 3]]),
        np.arange(6.0),
        np.array([[1.0, 0], [1, 1]]),
        np.array([7.0, 8.0]),
    )
    made = [case("the chapter's matrices, d_model = 2", hand)]
    for d, dtype in ((3, float), (5, float), (11, np.float32)):
        shapes = ((3 * d, d), (3 * d,), (d, d), (d,))
        arrays = [rng.standard_normal(s).astype(dtype) for s in shapes]
        kind = np.dtype(dtype).name
        made.append(case(f"d_model = {d}, {kind}", arrays))
    return made


MISTAKES = {
    "not_transposed": (
        "No matrix is transposed. Torch stores (out, in). All four are "
        "square, so no error tells you."
    ),
    "in_not_transposed": (
        "Only the output projection is transposed. The three packed matrices "
        "are (out, in) too."
    ),
    "out_not_transposed": (
        "The output projection is not transposed. It is square, so the "
        "shapes do not tell."
    ),
    "k_first": (
        "Queries and keys are swapped. The packed order is query, key, value."
    ),
    "v_in_the_middle": (
        "Keys and values are swapped. The packed order is query, key, value."
    ),
    "v_first": (
        "Your order is one step off: what you call queries are the keys. The "
        "packed order is query, key, value."
    ),
    "values_on_top": (
        "Queries and values are swapped. The packed order is query, key, "
        "value."
    ),
    "v_q_k": (
        "Your order is one step off: what you call queries are the values. "
        "The packed order is query, key, value."
    ),
    "rows_interleaved": (
        "Each of your matrices has every third row. In torch the three "
        "matrices stand one below the other, as whole blocks."
    ),
    "bias_interleaved": (
        "Each of your three biases has every third number. They stand one "
        "after the other, as whole blocks."
    ),
    "bias_not_cut": (
        "You gave queries, keys and values the whole packed bias. Each has a "
        "third of it."
    ),
    "reshaped_for_transpose": (
        "Your three matrices are cut out by a `reshape` that mixes rows of "
        "different ones. Cut along the first axis, then transpose each."
    ),
    "query_for_all": (
        "All three matrices are the query's. Each has its own third of the "
        "rows."
    ),
    "scale_folded_in": (
        "You divided the query's matrix and its bias by √d_model. Torch "
        "stores them as they are and scales the scores later."
    ),
    "matrix_scaled": (
        "You divided the query's matrix by √d_model. Torch stores it as it "
        "is and scales the scores later."
    ),
    "bias_forgotten": (
        "The biases are zeros. Torch's module has them unless it is built "
        "with `bias=False`; fresh ones are 0, trained ones are not."
    ),
    "out_bias_forgotten": (
        "The output projection's bias is lost. It has one of its own."
    ),
    "bias_in_another_order": (
        "The biases are in another order than the matrices. Both are packed "
        "as query, key, value."
    ),
}


def variant(wrong):
    def answer(state):
        packed, bias = state["in_proj_weight"], state["in_proj_bias"]
        d = packed.shape[1]
        w = packed.reshape(3, d, d)
        b = bias.reshape(3, d)
        if "rows_interleaved" in wrong:
            w = packed.reshape(d, 3, d).swapaxes(0, 1)
        if "bias_interleaved" in wrong:
            b = bias.reshape(d, 3).T
        order = [0, 1, 2]
        if "k_first" in wrong:
            order = [1, 0, 2]
        if "v_in_the_middle" in wrong:
            order = [0, 2, 1]
        if "v_first" in wrong:
            order = [1, 2, 0]
        if "values_on_top" in wrong:
            order = [2, 1, 0]
        if "v_q_k" in wrong:
            order = [2, 0, 1]
        w_in = w[order]
        b_in = b if "bias_in_another_order" in wrong else b[order]
        if "bias_in_another_order" in wrong:
            b_in = b[[2, 1, 0]]
        w_out = state["out_proj.weight"]
        b_out = state["out_proj.bias"]
        if not wrong & {"not_transposed", "in_not_transposed"}:
            w_in = w_in.swapaxes(-1, -2)
        if not wrong & {"not_transposed", "out_not_transposed"}:
            w_out = w_out.T
        if "reshaped_for_transpose" in wrong:
            w_in = packed.reshape(d, 3, d).swapaxes(0, 1)
        if "query_for_all" in wrong:
            w_in = w_in[[0, 0, 0]]
            b_in = b_in[[0, 0, 0]]
        if wrong & {"scale_folded_in", "matrix_scaled"}:
            w_in = np.stack([w_in[0] / np.sqrt(d), w_in[1], w_in[2]])
        if "scale_folded_in" in wrong:
            b_in = np.stack([b_in[0] / np.sqrt(d), b_in[1], b_in[2]])
        if "bias_forgotten" in wrong:
            b_in, b_out = np.zeros_like(b), np.zeros_like(b_out)
        if "out_bias_forgotten" in wrong:
            b_out = np.zeros_like(b_out)
        names = ("w_q", "w_k", "w_v")
        found = dict(zip(names, w_in, strict=True)) | {"w_o": w_out}
        if "bias_not_cut" in wrong:
            b_in = [bias] * 3
        names = ("b_q", "b_k", "b_v")
        return found | dict(zip(names, b_in, strict=True)) | {"b_o": b_out}

    return answer


EXERCISE = exercise(
    from_torch,
    title="Unpack torch's layout",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
