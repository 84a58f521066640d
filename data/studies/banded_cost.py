"""What does attention to a neighbourhood save? Chapter 08.

    python data/studies/banded_cost.py

The same window (radius 50, d_k = d_v = 64, float32, one head, no gradient)
is computed in several ways: with the L x L matrix and a mask, with torch's
fused kernel (with the mask, and of all pairs without one), and as a band.
Times are the quickest of some rounds, in turns. Peak memory is the highest
that a fresh process ever had, less what it had once its inputs were made
(Linux). Writes results/banded_cost.json.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from pathlib import Path

import numpy as np
import torch
from recording import conditions, one_thread, save

from selfattn import attention, reference

RADIUS, WIDTH, ROUNDS = 50, 64, 3
FORMS = {  # the longest input that each is measured on
    "numpy, L × L": 6000,
    "numpy, band": 24_000,
    "torch, L × L": 6000,
    "torch, fused with mask": 6000,
    "torch, fused, all pairs": 12_000,
    "torch, band": 24_000,
}
LENGTHS = (1500, 3000, 6000, 12_000, 24_000)


def window(n):
    """As `masks.window`, without the memory that its comparison needs."""
    mask = np.zeros((n, n), dtype=bool)
    for i in range(n):
        mask[i, max(0, i - RADIUS) : i + RADIUS + 1] = True
    return mask


def prepared(form, n):
    """A call of no arguments that computes it; its inputs exist already."""
    rng = np.random.default_rng(n)
    arrays = rng.standard_normal((3, n, WIDTH)).astype(np.float32)
    mask = "L × L" in form or "mask" in form
    mask = window(n) if mask else None
    module = reference
    if form.startswith("torch"):
        arrays = torch.from_numpy(arrays)
        mask = torch.from_numpy(mask) if mask is not None else None
        module = attention
    if "band" in form:
        return lambda: module.banded(*arrays, RADIUS)
    weights = "fused" not in form
    return lambda: module.attention(*arrays, mask=mask, return_weights=weights)


def seconds(forms, n, rounds=ROUNDS):
    """form -> the time of each round; in turns, so that all share the load."""
    calls = {form: prepared(form, n) for form in forms}
    found = {form: [] for form in forms}
    with torch.no_grad():
        for number in range(rounds + 1):
            for form, call in calls.items():
                start = time.perf_counter()
                call()
                if number:  # the first round warms up
                    found[form].append(time.perf_counter() - start)
    return found


def peak_bytes(form, n):
    """How far the memory of a fresh process grows during the call."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=_grow, args=(theirs, form, n))
    child.start()
    grown = ours.recv()
    child.join()
    return grown


def _grow(pipe, form, n):
    one_thread()
    with torch.no_grad():
        prepared(form, 300)()  # what is loaded on first use
    call = prepared(form, n)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    with torch.no_grad():
        kept = call()
    highest = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pipe.send(highest - pages * resource.getpagesize())
    del kept


def main():
    one_thread()
    cases = [
        (form, n)
        for n in LENGTHS
        for form, longest in FORMS.items()
        if n <= longest
    ]
    # Before the times: what a process has freed would hide what grows.
    grown = {case: peak_bytes(*case) for case in cases}
    rows = []
    for n in LENGTHS:
        forms = [form for form, length in cases if length == n]
        for form, taken in seconds(forms, n).items():
            rows.append(
                {
                    "form": form,
                    "length": n,
                    "seconds": round(min(taken), 5),
                    "bytes": grown[form, n],
                }
            )
            print(rows[-1], flush=True)
    settings = {"radius": RADIUS, "width": WIDTH, "rounds": ROUNDS}
    stored = conditions(__file__) | {"settings": settings, "rows": rows}
    save("banded_cost", stored)


if __name__ == "__main__":
    main()
