"""Right answers to 06.from_torch, in other styles."""

import numpy as np


def from_torch_slices(state):
    weight, bias = state["in_proj_weight"], state["in_proj_bias"]
    d = weight.shape[1]
    found = {
        "w_o": np.transpose(state["out_proj.weight"]),
        "b_o": state["out_proj.bias"],
    }
    for n, name in enumerate("qkv"):
        found["w_" + name] = weight[n * d : (n + 1) * d].T
        found["b_" + name] = bias[n * d : (n + 1) * d]
    return found


def from_torch_reshape(state):
    d = len(state["out_proj.bias"])
    w_q, w_k, w_v = state["in_proj_weight"].T.reshape(d, 3, d).swapaxes(0, 1)
    b_q, b_k, b_v = state["in_proj_bias"].reshape(3, -1)
    return dict(
        w_q=w_q,
        w_k=w_k,
        w_v=w_v,
        w_o=state["out_proj.weight"].T.copy(),
        b_q=b_q,
        b_k=b_k,
        b_v=b_v,
        b_o=state["out_proj.bias"].copy(),
    )
