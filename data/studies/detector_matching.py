"""What is the best matching worth to a set of answers? Chapter 09.

    python data/studies/detector_matching.py

The detector of detector.py, with 1,000 steps in place of 3,000, in three ways:
objects matched with answers at the least cost; object i always with answer i,
in the order in which the objects were drawn; and the same with the objects
sorted from left to right. Two seeds each. Writes
results/detector_matching.json.
"""

from __future__ import annotations

import sys

import detector as study
from recording import conditions, load, one_thread, save

NAME, STEPS, SEEDS = "detector_matching", 1000, range(2)
WAYS = ("matched", "as drawn", "left to right")


def main():
    one_thread()
    for seed in SEEDS:
        for how in sys.argv[1:] or WAYS:
            stored = load(NAME) or conditions(__file__) | {
                "settings": {**study.SETTINGS, "steps": STEPS},
                "curve_is": ["step", "loss", "ap50 on 500 scenes"],
                "runs": [],
            }
            if (how, seed) in [(r["how"], r["seed"]) for r in stored["runs"]]:
                continue
            found, _ = study.run(seed, STEPS, how)
            stored = load(NAME) or stored
            stored["runs"].append(found)
            save(NAME, stored)
            print(found, flush=True)


if __name__ == "__main__":
    main()
