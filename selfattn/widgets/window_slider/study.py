"""What the window's figure keeps of chapter 03's study and its sentences."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

REACH = 20  # cues stand 1 to 20 words away, on either side
PLACES = [d for d in range(-REACH, REACH + 1) if d]
NETS = {
    "window_0": 0,
    "window_1": 1,
    "window_2": 2,
    "window_4": 4,
    "window_8": 8,
    "window_20": 20,
    "window_whole": None,  # these three see the whole sentence
    "attention_rotary": None,
    "attention_none": None,
}


def net(study: dict, name: str) -> dict:
    """One model of the study as the figure stores it."""
    runs = study["models"].get(name)
    if not runs:
        raise ValueError(
            f"a study must hold runs of {name!r}: found none; run"
            f" data/studies/window_vs_attention.py {name} first"
        )
    sides = [run["test"]["by_side"] for run in runs]
    if any(x is None for pair in sides for side in pair for x in side):
        raise ValueError(
            f"{name!r} must be measured at all {2 * REACH} places of a cue:"
            " found some empty; use a test set with cues at each"
        )
    left, right = np.array(sides).transpose(1, 2, 0)  # (20, seeds) each
    return {
        "name": name,
        "radius": NETS[name],
        "parameters": runs[0]["parameters"],
        "seeds": len(runs),
        "overall": _range([run["test"]["ambiguous"] for run in runs]),
        "right": [_range(seeds) for seeds in [*left[::-1], *right]],
    }


def _whole(share: float) -> int:
    return round(10_000 * share)


def _range(seeds) -> list[int]:
    """Mean, lowest and highest."""
    return [_whole(np.mean(seeds)), _whole(min(seeds)), _whole(max(seeds))]


def _cases(records: list):
    """(distance, word, tag) of each ambiguous word."""
    for record in records:
        words, tags = record["words"].split(), record["tags"].split()
        for at, distance in record["ambiguous"]:
            yield distance, words[at], tags[at]


def ceiling(records: list) -> list[int]:
    """The most that a net of one word can reach at each place, (40,)."""
    counts: dict[int, defaultdict[str, Counter]]
    counts = {d: defaultdict(Counter) for d in PLACES}
    for distance, word, tag in _cases(records):
        counts[distance][word][tag] += 1
    best = []
    for of in counts.values():
        top = sum(max(tags.values()) for tags in of.values())
        best.append(_whole(top / sum(tags.total() for tags in of.values())))
    return best


def sentences(records: list) -> list[list]:
    """For each place a pair of test sentences that differ in the cue only.

    Each is [words, place of the ambiguous word, tags], with the two cues and
    the two tags in the form "your/I" and "NOUN/VERB". A pair about “saw” is
    taken where there is one, else the shortest.
    """
    groups = defaultdict(list)
    for record in records:
        groups[record["group"]].append(record)
    best: dict[int, tuple] = {}
    for group in groups.values():
        if len(group) != 2 or any(len(r["ambiguous"]) != 1 for r in group):
            continue
        first, second = (r["words"].split() for r in group)
        [(at, distance)] = group[0]["ambiguous"]
        tags = "/".join(r["tags"].split()[at] for r in group)
        twins = list(first)
        twins[at + distance] += "/" + second[at + distance]
        rank = (first[at] != "saw", len(first))
        if distance not in best or rank < best[distance][0]:
            best[distance] = (rank, [" ".join(twins), at, tags])
    return [best[d][1] for d in PLACES]


def pair(words: Sequence[str], distance: int) -> list[dict]:
    """Two sentences of these words that differ in a cue so far away only.

    >>> [two["words"] for two in pair(["saw"], 1)]
    ['saw this', 'saw that']
    """
    n = abs(distance) + 1
    at, cue = (0, n - 1) if distance > 0 else (n - 1, 0)
    made = []
    for name, tag in (("this", "NOUN"), ("that", "VERB")):
        text = [words[i % len(words)] for i in range(n)]
        text[cue] = name
        made.append(
            {
                "words": " ".join(text),
                "tags": " ".join([tag] * n),
                "ambiguous": [[at, distance]],
                "group": distance,
            }
        )
    return made
