"""How far must a net see to name the phoneme of a frame? Chapter 08.

    python data/studies/phoneme_radius.py                    # all, 3 seeds
    python data/studies/phoneme_radius.py attending 5 0      # one run, shown

Two kinds of nets are trained on the book's voices with the same steps and
the same utterances: attention with a window of some radius in both layers,
or with none (radius "all"), and a net on 2 radius + 1 frames side by side.
Writes results/phoneme_radius.json: per kind, radius and seed the share of
right frames in new sentences of heard and of unheard voices. Runs that the
file holds already are not repeated. The seed-0 nets also label the running
sentence, for the live figure.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import torch
from phoneme_nets import (
    BATCH,
    HEADS,
    HIDDEN,
    LAYERS,
    RATE,
    STEPS,
    WIDTH,
    Attending,
    Spliced,
    accuracy,
    standard,
    train,
)
from recording import conditions, load, one_thread, save

from selfattn import attention, data, phonemes, speech

SEEDS = range(3)
LONGER = 2000  # steps of one seed, to see whether more would help
RADII = {
    "attending": (0, 1, 2, 5, 10, 20, 50, None),
    "spliced": (0, 1, 2, 5, 10, 20, 40),
}
KINDS = {"attending": Attending, "spliced": Spliced}
NAME = "phoneme_radius"


def run(kind, radius, seed, steps=STEPS):
    torch.manual_seed(seed)
    start = time.process_time()
    net = train(KINDS[kind](radius), seed, steps)
    return net, {
        "seed": seed,
        "steps": steps,
        "parameters": sum(p.numel() for p in net.parameters()),
        **{part: accuracy(net, part) for part in ("heard", "unheard")},
        "cpu_seconds": round(time.process_time() - start),
    }


def sentence():
    """The running sentence as the nets take it, (1, L, 40)."""
    spoken = data.load("i_saw_a_saw")
    x = speech.log_mel(spoken.signal, spoken.rate_hz)  # (L, 40)
    return torch.from_numpy(standard(x))[None]


@torch.no_grad()
def said(net):
    """The class of each frame of the running sentence."""
    x = sentence()
    return net(x, [x.shape[1]]).argmax(dim=-1)[0].tolist()


@torch.no_grad()
def looks(net, head=0):
    """Queries and keys of one head of the first layer, in steps of 1/16."""
    x = net.enter(sentence())  # (1, L, d)
    layer = net.layers[0]
    parts = layer.attention.qkv(layer.norm_attention(x))  # (1, L, 3 d)
    q, k, _ = (attention.split_heads(p, HEADS) for p in parts.chunk(3, -1))
    q, k = (attention.rotary(p)[0, head].numpy() for p in (q, k))  # (L, d_k)
    return {
        name: np.rint(16 * p).clip(-127, 127).astype(int).tolist()
        for name, p in (("q", q), ("k", k))
    }


def ceiling():
    """The commonest phoneme's share, in percent what always saying it gets."""
    spoken, _ = phonemes.voices("train")
    often = np.bincount(np.concatenate([u.y for u in spoken])).argmax()
    return {
        part: round(
            float(
                np.mean(
                    np.concatenate([u.y for u in phonemes.voices(part)[0]])
                    == often
                )
            ),
            4,
        )
        for part in ("heard", "unheard")
    }


def main():
    one_thread()
    if len(sys.argv) > 3:
        kind, radius, seed = sys.argv[1:]
        radius = None if radius == "all" else int(radius)
        print(run(kind, radius, int(seed))[1])
        return
    stored = load(NAME) | conditions(__file__)
    stored |= {
        "settings": {
            "d_model": WIDTH,
            "heads": HEADS,
            "layers": LAYERS,
            "d_hidden": HIDDEN,
            "steps": STEPS,
            "batch": BATCH,
            "rate": RATE,
        },
        "commonest": ceiling(),
    }
    runs = stored.setdefault("runs", {})
    plan = [(s, k, r) for s in SEEDS for k, rs in RADII.items() for r in rs]
    for seed, kind, radius in plan:
        key = "all" if radius is None else str(radius)
        done = runs.setdefault(kind, {}).setdefault(key, [])
        if any(r["seed"] == seed for r in done):
            continue
        net, found = run(kind, radius, seed)
        done.append(found)
        if seed == SEEDS[0] and kind == "attending":
            stored.setdefault("said", {})[key] = said(net)
            if radius is None:
                stored["looks"] = [looks(net, h) for h in range(HEADS)]
        print(kind, key, found, flush=True)
        save(NAME, stored)
    longer = stored.setdefault("longer", {})
    for radius, key in ((10, "10"), (None, "all")):
        if key not in longer:
            longer[key] = run("attending", radius, SEEDS[0], LONGER)[1]
            print("longer", key, longer[key], flush=True)
            save(NAME, stored)


if __name__ == "__main__":
    main()
