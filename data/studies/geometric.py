"""Do our scores give what PyTorch Geometric's layers give? Chapter 10.

    python data/studies/geometric.py

Needs torch_geometric, which the book does not install. Both layers get a
random graph of 1000 nodes in float64; edge-list attention gets their weights.
Writes results/geometric.json: the largest difference of an output and of a
weight, and the quickest of twenty forward passes of each, in ms.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import torch
import torch_geometric
from recording import conditions, one_thread, save
from torch_geometric.nn import GATConv, GATv2Conv

from selfattn import attention, masks

NODES, EDGES, D_IN, D_OUT, ROUNDS = 1000, 4000, 16, 8, 20
GATV2 = {"score": "additive", "activation": "leaky_relu"}


def gatv2(layer, x, pairs):
    """Edge-list attention with the weights of a GATv2Conv of one head."""
    q, k = layer.lin_r(x), layer.lin_l(x)  # (n, d_out); its values are keys
    return attention.edge_attention(
        q, k, k, mask=pairs, w=layer.att[0, 0], **GATV2
    )


def gat(layer, x, pairs):
    """The same for a GATConv: an additive score of width 1."""
    v = layer.lin(x)  # (n, d_out)
    s, t = (v @ a[0].T for a in (layer.att_dst, layer.att_src))  # (n, 1)
    w = torch.ones(1, dtype=v.dtype)
    return attention.edge_attention(s, t, v, mask=pairs, w=w, **GATV2)


def quickest(call):
    """The quickest of some calls, in ms."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return round(1000 * min(taken), 3)


def main():
    one_thread()
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    ends = rng.integers(NODES, size=(EDGES, 2))
    pairs = torch.from_numpy(masks.edge_list(ends, NODES))  # (E, 2)
    index = pairs.T.flip(0).contiguous()  # (2, E), keys first
    x = torch.randn(NODES, D_IN, dtype=torch.float64)
    rows = {}
    for kind, ours in ((GATConv, gat), (GATv2Conv, gatv2)):
        layer = kind(D_IN, D_OUT, add_self_loops=False, bias=False).double()
        with torch.no_grad():
            want, (_, theirs) = layer(x, index, return_attention_weights=True)
            out, weights = ours(layer, x, pairs)
            rows[kind.__name__] = {
                "output_off": float((out - want).abs().max()),
                "weight_off": float((weights - theirs[:, 0]).abs().max()),
                "our_ms": quickest(partial(ours, layer, x, pairs)),
                "their_ms": quickest(partial(layer, x, index)),
            }
    stored = conditions(__file__)
    stored["versions"]["torch_geometric"] = torch_geometric.__version__
    save("geometric", {**stored, "pairs": len(pairs), "layers": rows})
    print(rows)


if __name__ == "__main__":
    main()
