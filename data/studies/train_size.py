"""Convolution, placed heads and attention against training-set size: ch. 11.

    python data/studies/train_size.py digits
    python data/studies/train_size.py letters

One network (`selfattn.mixers.Mixer`), whose blocks mix the vectors of an
image in one of three ways; all have as many parameters, within 1 %, and the
same steps, batches, rate and schedule, which were not tuned for any of them.
Every seed draws the training images, the weights and the batches; the test
images are never trained on. With the most training images, a trained net
also judges test images that were moved by whole pixels, and where each head
looks is measured before and after training. "permuted" nets are trained and
tested on images whose pixels have all been rearranged, in the same way for
every image. For "patches" nets only the patches are, and each stays whole:
it holds the same pixels, at another place. "longer" ones take three times
the steps. Placed heads get the most training images only. Writes
results/train_size_<set>.json after every run, and goes on where it was
stopped.
"""

from __future__ import annotations

import sys

import numpy as np
import torch
from recording import conditions, load, one_thread, save
from torch.nn.functional import cross_entropy

from selfattn import data, glyphs
from selfattn.mixers import MIXES, Mixer

SEEDS, LONGER, BATCH, RATE = range(5), range(5), 32, 1e-2
SHIFTS = (0, 1, 2, 3)
SETS = {
    "digits": {
        "sizes": [20, 40, 80, 160, 320, 640, 1280],
        "n_test": 500,
        "steps": 400,
        "image": {"height": 8, "width": 8, "size": 2},
        "permuted": [80, 320, 1280],
        "patches": [1280],
        "longer": [],
    },
    "letters": {
        "sizes": [50, 125, 320, 800, 2000, 5000, 12800],
        "n_test": 2000,
        "steps": 600,
        "image": {"height": 16, "width": 16, "size": 2},
        "permuted": [12800],
        "patches": [12800],
        "longer": [12800],
    },
}


def drawn(name, seed):
    """Images (n, height, width, 1) and labels (n,), in random order."""
    if name == "letters":
        n = SETS[name]["sizes"][-1] + SETS[name]["n_test"]
        x, y = glyphs.letters(n, seed=seed)
    else:
        stored = data.load("digits")
        rows = np.random.default_rng(seed).permutation(len(stored["labels"]))
        x = stored["images"][rows, :, :, None].astype(np.float32) / 16
        y = stored["labels"][rows]
    return torch.from_numpy(x), torch.from_numpy(y).long()


def permuted(x):
    """The pixels of all images in another order, one order for all."""
    order = np.random.default_rng(11).permutation(x[0].numel())
    return x.flatten(1)[:, order].reshape(x.shape)


def patches_permuted(x, size):
    """The patches, size by size pixels, in another order, one for all."""
    height, width = (side // size for side in x.shape[1:3])
    order = np.random.default_rng(11).permutation(height * width)
    cut = x.unflatten(2, (width, size)).unflatten(1, (height, size))
    cut = cut.transpose(2, 3).flatten(1, 2)  # (n, patches, size, size, c)
    back = cut[:, order].unflatten(1, (height, width)).transpose(2, 3)
    return back.reshape(x.shape)


def accuracy(net, x, y):
    """The share of images that a net gets right."""
    with torch.no_grad():
        parts = [net(part)[0].argmax(1) for part in x.split(250)]
    return (torch.cat(parts) == y).double().mean().item()


def moved(x, pixels):
    """The images moved up, down, left and right; paper (0) comes in."""
    if not pixels:
        return [x]
    pad = torch.nn.functional.pad(x, (0, 0) + (pixels,) * 4)
    h, w = x.shape[1:3]
    return [
        pad[:, i : i + h, j : j + w]
        for i, j in (
            (0, pixels),
            (2 * pixels, pixels),
            (pixels, 0),
            (pixels, 2 * pixels),
        )
    ]


def shifted_accuracy(net, x, y, pixels):
    """The mean over four directions."""
    parts = [accuracy(net, part, y) for part in moved(x, pixels)]
    return round(float(np.mean(parts)), 4)


def fields(net, x):
    """Where each head of each block looks, on average over queries.

    The mean distance |r - p| that its weights give, in vectors; and the
    centre and width of a placed head. None for a convolution.
    """
    if net.blocks[0].mix.__class__.__name__ == "_Convolution":
        return None
    with torch.no_grad():
        _, looks = net(x[:100], return_weights=True)
    rows, columns = (torch.arange(n) for n in net.grid)
    place = torch.cartesian_prod(rows, columns).double()  # (n, 2)
    away = torch.cdist(place, place)  # (n, n)
    found = {"distance": [], "uniform": round(away.mean().item(), 3)}
    for weights in looks:
        mean = (weights.double() * away).sum(-1).mean(-1)
        mean = mean if mean.ndim == 1 else mean.mean(0)  # (H,)
        found["distance"].append(mean.numpy().round(3).tolist())
    for name in ("centres", "log_sharpness"):
        if hasattr(net.blocks[0].mix, name):
            found[name] = [
                getattr(b.mix, name)
                .detach()
                .double()
                .numpy()
                .round(3)
                .tolist()
                for b in net.blocks
            ]
    return found


def run(name, mix, n, seed, pool, variant):
    """Train one net and judge it."""
    plan = SETS[name]
    torch.manual_seed(seed)
    steps = plan["steps"] * (3 if variant == "longer" else 1)
    net = Mixer(mix, channels=1, n_classes=10, **plan["image"])
    x, y = pool
    if variant == "permuted":
        x = permuted(x)
    elif variant == "patches":
        x = patches_permuted(x, plan["image"]["size"])
    test = slice(len(x) - plan["n_test"], None)
    at_start = fields(net, x[test])
    adam = torch.optim.Adam(net.parameters())
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, steps)
    for _ in range(steps):
        rows = torch.randint(n, (BATCH,))
        loss = cross_entropy(net(x[rows])[0], y[rows])
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    row = {
        "mix": mix,
        "n": n,
        "seed": seed,
        "variant": variant,
        "parameters": sum(p.numel() for p in net.parameters()),
        "accuracy": round(accuracy(net, x[test], y[test]), 4),
    }
    if n == plan["sizes"][-1] and not variant:
        row["shifted"] = [
            shifted_accuracy(net, x[test], y[test], s) for s in SHIFTS
        ]
        row["start"], row["end"] = at_start, fields(net, x[test])
    return row


def plans(name):
    """Every run there is: what matters most comes first."""
    plan = SETS[name]
    two, placed = (MIXES[0], MIXES[2]), MIXES[1]
    for seed in SEEDS:
        for n in plan["sizes"]:
            yield from ((mix, n, seed, "") for mix in two)
        for n in plan["permuted"]:
            yield from ((mix, n, seed, "permuted") for mix in two)
        for n in plan["patches"]:
            yield from ((mix, n, seed, "patches") for mix in two)
        yield placed, plan["sizes"][-1], seed, ""
    for seed in LONGER:
        for n in plan["longer"]:
            yield from ((mix, n, seed, "longer") for mix in two)


def main():
    one_thread()
    name = sys.argv[1]
    file = f"train_size_{name}"
    settings = {
        **SETS[name],
        "batch": BATCH,
        "rate": RATE,
        "seeds": list(SEEDS),
        "longer_seeds": list(LONGER),
        "shifts": list(SHIFTS),
        "chance": 0.1,
    }
    stored = load(file) or conditions(__file__) | {
        "settings": settings,
        "runs": [],
    }
    for key in ("n_test", "steps", "image", "batch", "rate"):
        if stored["settings"][key] != settings[key]:
            raise SystemExit(f"{key} is not what results/{file}.json has")
    stored["settings"] = settings  # runs may be added, never redone
    stored["command"] = f"python data/studies/train_size.py {name}"
    keys = ("mix", "n", "seed", "variant")
    done = {tuple(r[key] for key in keys) for r in stored["runs"]}
    pools = {}
    for mix, n, seed, variant in plans(name):
        if (mix, n, seed, variant) in done:
            continue
        if seed not in pools:
            pools = {seed: drawn(name, seed)}
        row = run(name, mix, n, seed, pools[seed], variant)
        stored["runs"].append(row)
        save(file, stored)
        print({k: row[k] for k in (*keys, "accuracy")}, flush=True)


if __name__ == "__main__":
    main()
