"""A small DETR learns to find shapes. Chapter 09.

    python data/studies/detector.py

Trains the detector of selfattn.detr on toy scenes, drawn from a seed, two
times. Every 250 steps it measures the average precision on 500 scenes, and at
the end on 2,000 others. Chance is what the same answers are worth for another
scene. Writes results/detector.json, and results/detector.npz: seed 0 with
weights in eight bits, which the chapter's live figure runs.
"""

from __future__ import annotations

import numpy as np
import torch
from recording import RESULTS, conditions, load, one_thread, save

from selfattn import boxes, detector, detr, images

NAME = "detector"
STEPS, BATCH, RATE = 3000, 32, 4e-3
SETTINGS = {
    "steps": STEPS,
    "batch": BATCH,
    "rate": RATE,
    "d_model": 24,
    "d_hidden": 48,
    "n_heads": 4,
    "n_encoder": 1,
    "n_decoder": 2,
    "n_queries": 6,
    "patch": 4,
    "canvas": 32,
}
VALID, TEST = 5_000_000, 6_000_000  # seeds that training never uses
SEEDS = range(2)


def precision(kinds, found, drawn, threshold, shift=0):
    """Mean over the classes of the average precision on drawn scenes.

    kinds (n, Q, n_kinds + 1) are probabilities, found (n, Q, 4) centres. An
    answer counts for its most probable kind that is not "no object". With
    shift, the answers to scene i are held against scene i + shift.
    """
    found = boxes.to_corners(found)  # (n, Q, 4)
    truths = boxes.to_corners(drawn["boxes"].astype(float))  # (n, M, 4)
    truths = np.roll(truths, -shift, axis=0)
    there = np.roll(drawn["kinds"], -shift, axis=0)  # (n, M)
    values = []
    for kind in range(kinds.shape[-1] - 1):
        chosen = kinds[..., :-1].argmax(axis=-1) == kind  # (n, Q)
        scores, right = [np.zeros(0)], [np.zeros(0, bool)]
        for i in range(len(kinds)):
            mine, true = chosen[i], truths[i, there[i] == kind]
            scores.append(kinds[i, mine, kind])
            right.append(
                boxes.hits(found[i, mine], scores[-1], true, threshold)
            )
        values.append(
            boxes.average_precision(
                np.concatenate(scores),
                np.concatenate(right),
                int((there == kind).sum()),
            )
        )
    return float(np.mean(values))


def answers(model, drawn):
    """The probabilities and the boxes of a torch model, in float64."""
    with torch.no_grad():
        kinds, found, _ = model(torch.from_numpy(drawn["images"]))
    return kinds.softmax(-1).double().numpy(), found.double().numpy()


def judged(kinds, found, drawn):
    """Average precision at IoU 0.5, at 0.75, and over 0.5 to 0.95."""
    steps = [0.5 + 0.05 * i for i in range(10)]
    values = [precision(kinds, found, drawn, t) for t in steps]
    return {
        "ap50": round(values[0], 4),
        "ap75": round(values[5], 4),
        "ap": round(float(np.mean(values)), 4),
        "chance_ap50": round(precision(kinds, found, drawn, 0.5, 1), 4),
    }


def batches(seed, steps=STEPS, batch=BATCH, **scene):
    """Fresh scenes for every step, as tensors."""
    for start in range(0, steps, 100):
        n = min(100, steps - start)
        drawn = images.scenes(
            n * batch, seed=100_000 * (seed + 1) + start, **scene
        )
        drawn = {k: torch.from_numpy(v) for k, v in drawn.items()}
        for i in range(n):
            rows = slice(i * batch, (i + 1) * batch)
            yield {name: value[rows] for name, value in drawn.items()}


def left_to_right(drawn):
    """The objects of every scene sorted by the middle of their boxes."""
    x = drawn["boxes"][..., 0].masked_fill(drawn["kinds"] < 0, 2.0)  # (B, M)
    order = x.argsort(dim=1)  # (B, M)
    rows = torch.arange(len(x))[:, None]
    sort = ("boxes", "kinds")
    return drawn | {name: drawn[name][rows, order] for name in sort}


def train(model, seed, steps, how, watch):
    """Adam, one cycle of its rate, a loss on every decoder layer.

    how is "matched", at the least cost; or object i belongs to answer i:
    "as drawn", or with the objects sorted "left to right".
    """
    adam = torch.optim.AdamW(model.parameters(), RATE, weight_decay=1e-4)
    cycle = torch.optim.lr_scheduler.OneCycleLR(
        adam, RATE, steps, pct_start=0.1
    )
    for step, drawn in enumerate(batches(seed, steps), start=1):
        if how == "left to right":
            drawn = left_to_right(drawn)
        kinds, found, _ = model(drawn["images"], every_layer=True)
        loss = sum(
            detr.set_loss(
                k,
                b,
                drawn["kinds"],
                drawn["boxes"],
                in_order=how != "matched",
            )[0]
            for k, b in zip(kinds, found, strict=True)
        )
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        cycle.step()
        watch(step, loss.item())
    return model


def run(seed, steps=STEPS, how="matched"):
    """Train once; the curve and the precision at the end."""
    torch.manual_seed(seed)
    model = detr.Detector()
    valid, test = images.scenes(500, VALID), images.scenes(2000, TEST)
    losses, curve = [], []

    def watch(step, loss):
        losses.append(loss)
        if step % 250 == 0:
            found = precision(*answers(model, valid), valid, 0.5)
            mean = float(np.mean(losses[-250:]))
            curve.append([step, round(mean, 3), round(found, 4)])
            print(how, seed, curve[-1], flush=True)

    before = judged(*answers(model, test), test)
    train(model, seed, steps, how, watch)
    stored = {"how": how, "seed": seed, "before": before, "curve": curve}
    stored["after"] = judged(*answers(model, test), test)
    return stored, model


def pack(model):
    """Write a model's weights in eight bits; what they are worth."""
    state = {k: v.double().numpy() for k, v in model.state_dict().items()}
    small = detector.packed(state)
    np.savez_compressed(RESULTS / f"{NAME}.npz", **small)
    test = images.scenes(2000, TEST)
    found = detector.detect(detector.unpacked(small), test["images"])
    return {
        "eight_bits": judged(found["kinds"], found["boxes"], test),
        "parameters": sum(v.size for v in state.values()),
    }


def main():
    one_thread()
    stored = load(NAME) or conditions(__file__) | {
        "settings": SETTINGS,
        "curve_is": ["step", "loss", "ap50 on 500 scenes"],
        "runs": [],
    }
    for seed in SEEDS:
        if seed in [run["seed"] for run in stored["runs"]]:
            continue
        found, model = run(seed)
        if seed == 0:
            found |= pack(model)
        stored["runs"].append(found)
        save(NAME, stored)
        print(found, flush=True)


if __name__ == "__main__":
    main()
