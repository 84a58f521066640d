"""What the cheaper forms of attention cost, one core: chapter 13.

    python data/studies/cheap_cost.py

The forms of cheap_attention.py with the same settings, one layer's attention
without its projections: four heads of width 16, batch 1, float32, 128 to 4096
vectors. `unfused` is the full form with stored weights, `full` is torch's
fused kernel. Time of a forward and a backward pass, the quickest of nine
rounds in turns; bytes that the forward pass keeps for the backward pass, each
piece of memory counted once. Writes results/cheap_cost.json.
"""

from __future__ import annotations

import time

import torch
from cheap_attention import FORMS, HEADS, RANK, WIDTH, Mixer
from recording import conditions, one_thread, save

from selfattn import attention

LENGTHS = (128, 256, 512, 1024, 2048, 4096)
ROUNDS = 9


def inputs(n, seed=0):
    """q, k and v, (1, H, n, d_k) each, that want gradients."""
    rng = torch.Generator().manual_seed(seed)
    size = 1, HEADS, n, WIDTH // HEADS
    return [
        torch.randn(size, generator=rng).requires_grad_() for _ in range(3)
    ]


def mixer(form, n):
    """The form's attention of q, k and v."""
    if form == "unfused":
        return lambda q, k, v: attention.attention(q, k, v)[0]
    torch.manual_seed(0)
    return Mixer(form, n).mix


def kept(mix, arrays):
    """Bytes that the backward pass will need, besides the result."""
    pieces = {}

    def pack(x):
        storage = x.untyped_storage()
        pieces[storage.data_ptr()] = storage.nbytes()
        return x

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda x: x):
        out = mix(*arrays)
    del out
    return sum(pieces.values())


def seconds(mix, arrays):
    """One forward and one backward pass."""
    start = time.perf_counter()
    mix(*arrays).sum().backward()
    return time.perf_counter() - start


def main():
    one_thread()
    rows = []
    for n in LENGTHS:
        calls = {f: mixer(f, n) for f in ("unfused", *FORMS)}
        arrays = inputs(n)
        taken = {form: [] for form in calls}
        for number in range(ROUNDS + 1):
            for form, mix in calls.items():
                spent = seconds(mix, arrays)
                if number:  # the first round warms up
                    taken[form].append(spent)
        for form, mix in calls.items():
            rows.append(
                {
                    "form": form,
                    "length": n,
                    "ms": round(1000 * min(taken[form]), 3),
                    "kept": kept(mix, arrays),
                }
            )
            print(rows[-1], flush=True)
    settings = {"heads": HEADS, "width": WIDTH, "rank": RANK}
    settings["rounds"] = ROUNDS
    stored = {**conditions(__file__), "settings": settings, "rows": rows}
    save("cheap_cost", stored)


if __name__ == "__main__":
    main()
