"""Two labels for 34 members of a karate club: chapter 10.

    python data/studies/karate.py

The instructor's and the president's factions are given, the other 32 are to
be found. Every net has two layers of the same width, a one-hot row for each
member as its input, 200 steps of Adam on the two labels, and seeds 0 to 19;
it has no validation set, so the last step counts. The kinds differ in who may
attend to whom and in how the neighbours' shares are found. Beside them: label
propagation, which learns nothing. Writes results/karate.json: how many of 32
are right.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from recording import conditions, one_thread, save
from torch import nn

from selfattn import attention, data, masks

SEEDS = range(20)
WIDTH, STEPS, RATE, DECAY = 8, 200, 0.01, 5e-4
KINDS = {
    "gatv2": "edges, additive scores with LeakyReLU",
    "dot": "edges, scaled dot products",
    "equal": "edges, equal shares: the mean over neighbours",
    "no_edges": "each member sees itself alone",
    "complete": "everybody sees everybody, additive scores with LeakyReLU",
    "other_edges": "as gatv2, on random friendships with the same degrees",
}


class Layer(nn.Module):
    """One layer of attention over an edge list, one head."""

    def __init__(self, d_in, d_out, kind):
        super().__init__()
        self.kind = kind
        self.w_q, self.w_k, self.w_v = (
            nn.Linear(d_in, d_out, bias=False) for _ in range(3)
        )
        self.w = nn.Parameter(torch.randn(d_out) / d_out**0.5)
        self.bias = nn.Parameter(torch.zeros(d_out))

    def forward(self, x, pairs):
        """x (n, d_in), pairs (E, 2) to (n, d_out)."""
        q, k, v = self.w_q(x), self.w_k(x), self.w_v(x)  # (n, d_out) each
        options = {"score": "additive", "activation": "leaky_relu"}
        if self.kind == "equal":
            q, k, options = 0 * q, 0 * k, {}
        elif self.kind == "dot":
            options = {}
        else:
            options["w"] = self.w
        out, _ = attention.edge_attention(q, k, v, mask=pairs, **options)
        return out + self.bias


class Net(nn.Module):
    """Two layers, ELU between them, as in the paper on GAT."""

    def __init__(self, n, kind):
        super().__init__()
        self.first, self.second = Layer(n, WIDTH, kind), Layer(WIDTH, 2, kind)

    def forward(self, x, pairs):
        """x (n, n), pairs (E, 2) to (n, 2)."""
        return self.second(F.elu(self.first(x, pairs)), pairs)


def edges_of(kind, club, seed):
    """Who may attend to whom, (E, 2)."""
    n = len(club["faction"])
    edges = np.array(club["edges"])
    if kind == "no_edges":
        edges = edges[:0]
    elif kind == "complete":
        edges = np.argwhere(np.ones((n, n), dtype=bool))
    elif kind == "other_edges":
        edges = rewired(edges, np.random.default_rng(seed))
    return torch.from_numpy(masks.edge_list(edges, n))


def rewired(edges, rng, swaps=2000):
    """Random edges with the same degrees: two edges exchange their ends."""
    edges = [tuple(e) for e in edges.tolist()]
    there = {frozenset(e) for e in edges}
    for _ in range(swaps):
        m, n = rng.choice(len(edges), 2, replace=False)
        (a, b), (c, d) = edges[m], edges[n]
        new = {frozenset((a, d)), frozenset((c, b))}
        if len({a, b, c, d}) < 4 or new & there:
            continue
        there -= {frozenset((a, b)), frozenset((c, d))}
        there |= new
        edges[m], edges[n] = (a, d), (c, b)
    return np.array(edges)


def run(kind, seed, club):
    """How many of the 32 unlabelled members are right after training."""
    torch.manual_seed(seed)
    labels = torch.tensor(club["faction"])  # (n,)
    known = torch.tensor(club["leaders"])  # (2,)
    x, pairs = torch.eye(len(labels)), edges_of(kind, club, seed)
    net = Net(len(labels), kind)
    adam = torch.optim.Adam(net.parameters(), RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        loss = F.cross_entropy(net(x, pairs)[known], labels[known])
        adam.zero_grad()
        loss.backward()
        adam.step()
    right = net(x, pairs).argmax(dim=1) == labels  # (n,)
    return int(right.sum() - right[known].sum())


def propagated(club):
    """Label propagation (Zhu et al. 2003): everybody's mean of neighbours.

    The leaders stay at -1 and 1; the others become the mean of their friends
    until nothing changes. Returns these values (n,).
    """
    n = len(club["faction"])
    joined = masks.from_edges(club["edges"], n, self_loops=False)
    share = joined / joined.sum(axis=1, keepdims=True)  # (n, n)
    known = np.array(club["leaders"])
    free = np.setdiff1d(np.arange(n), known)
    values = np.zeros(n)
    values[known] = -1.0, 1.0
    reach = np.eye(len(free)) - share[np.ix_(free, free)]
    values[free] = np.linalg.solve(reach, share[free][:, known] @ [-1, 1])
    return values


def main():
    one_thread()
    club = data.load("karate")
    n_other = len(club["faction"]) - 2
    values = propagated(club)  # (n,)
    hits = (values > 0) == np.array(club["faction"])
    runs = {}
    for kind in KINDS:
        runs[kind] = [run(kind, seed, club) for seed in SEEDS]
        print(f"{kind:12}", runs[kind], flush=True)
    stored = {
        **conditions(__file__),
        "settings": {
            "width": WIDTH,
            "steps": STEPS,
            "rate": RATE,
            "weight_decay": DECAY,
            "seeds": list(SEEDS),
        },
        "of": n_other,
        "chance": n_other // 2,
        "kinds": KINDS,
        "label_propagation": int(hits.sum()) - 2,
        "propagated": values.round(4).tolist(),
        "right": runs,
    }
    save("karate", stored)
    print("label propagation", stored["label_propagation"])


if __name__ == "__main__":
    main()
