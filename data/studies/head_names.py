"""Do the heads of a trained tagger keep to one job? Chapter 06.

    python data/studies/head_names.py

Trains the tagger of head_knockout.py again, with four heads and five seeds,
and asks of every head how much weight an ambiguous test word gives, on
average, to the word before it and to its cue, the word that decides its
reading. Writes results/head_names.json:
these means by where the cue lies, with the number of words and the mean of
1/L, which weights shared evenly would give. A word that stands first has no
word before it, so `has_before` holds the means over the other words alone.
"""

from __future__ import annotations

import head_knockout as study
import torch
from recording import conditions, one_thread, save

NAME = "head_names"
GROUPS = {
    "next_left": lambda cues: cues == -1,
    "next_right": lambda cues: cues == 1,
    "far_left": lambda cues: cues < -1,
    "far_right": lambda cues: cues > 1,
}


def looks(model, split):
    """Mean weights per group of words, as the module's text says."""
    words, _, cues = split
    _, weights = model(words)  # (n, H, L, L)
    lengths = (words != study.EMPTY).sum(dim=1)  # (n,)
    found = {}
    for name, chosen in GROUPS.items():
        row, at = chosen(cues).nonzero(as_tuple=True)  # (m,) each
        found[name] = means(weights, lengths, row, at, cues[row, at])
        later = at > 0
        row, at = row[later], at[later]
        own = means(weights, lengths, row, at, cues[row, at])
        found[name]["has_before"] = own | {
            "before": per_head(weights[row, :, at, at - 1])
        }
    return found


def means(weights, lengths, row, at, step):
    """Weight on the cue, `step` words on, and the mean of 1/L."""
    return {
        "words": len(row),
        "cue": per_head(weights[row, :, at, at + step]),
        "even": round((1 / lengths[row]).mean().item(), 3),
    }


def per_head(picked):
    """Means over the words, (m, H) to a list of H."""
    return [round(v, 3) for v in picked.mean(dim=0).tolist()]


def run(seed):
    """Train as head_knockout.py does, and look."""
    torch.manual_seed(seed)
    model = study.train(study.Tagger(study.SHOWN_HEADS))
    with torch.no_grad():
        test = study.TAGGED.splits["test"]
        accuracy = study.judge(model, test)["ambiguous"]
        return {"seed": seed, "ambiguous": accuracy, **looks(model, test)}


def main():
    one_thread()
    stored = conditions(__file__) | {
        "data_sha256": study.TAGGED.sha256,
        "settings": study.SETTINGS,
        "runs": [],
    }
    for seed in study.SEEDS:
        stored["runs"].append(run(seed))
        print(stored["runs"][-1], flush=True)
        save(NAME, stored)


if __name__ == "__main__":
    main()
