"""Chapter 03: a window slides over a sentence; is its cue inside?"""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import traitlets

from .. import plots
from . import module, style
from .base import LiveFigure

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


class WindowSlider(LiveFigure):
    """What taggers found in chapter 03's study, by where the cue stands.

    Parameters
    ----------
    study : what `data.result("window_vs_attention")` holds.
    corpus : the tagged sentences of that study, `data.load("tagged")`.

    Accuracies are kept times 10,000, as mean, lowest and highest of the
    seeds: `nets[i]["right"]` has such a row for each of the places -20 to -1
    and 1 to 20. Raises a ValueError for a study that lacks a net or a place.

    >>> from selfattn import data
    >>> study = data.result("window_vs_attention")
    >>> fig = WindowSlider(study, data.load("tagged"))
    >>> fig.net, fig.cue, fig.sentences[4][1:]
    ('window_4', -16, [22, 'NOUN/VERB'])
    """

    _module = "window_slider"
    _esm = module(_module)
    _css = style(_module)

    nets = traitlets.List().tag(sync=True, state=True)
    ceiling = traitlets.List().tag(sync=True, state=True)
    sentences = traitlets.List().tag(sync=True, state=True)
    net = traitlets.Enum(list(NETS), "window_4").tag(sync=True, state=True)
    cue = traitlets.Int(-16, min=-REACH, max=REACH).tag(sync=True, state=True)

    def __init__(self, study, corpus, **settings):
        made = {
            "nets": [_net(study, name) for name in NETS],
            "ceiling": _ceiling(corpus["test"]),
            "sentences": _sentences(corpus["test"]),
        }
        super().__init__(**{**made, **settings})

    @traitlets.validate("cue")
    def _cue_is_elsewhere(self, proposal):
        if proposal["value"] == 0:
            raise traitlets.TraitError(
                "a cue stands beside the word, not on it: got cue=0; choose"
                f" -{REACH} to -1 or 1 to {REACH}"
            )
        return proposal["value"]

    def right(self) -> np.ndarray:
        """Mean, lowest and highest accuracy of the chosen net, (40, 3)."""
        chosen = list(NETS).index(self.net)
        return np.array(self.nets[chosen]["right"]) / 10_000

    def static(self) -> plots.Svg:
        """The chosen net's accuracy at every place of the cue."""
        mean, low, high = 100 * self.right().T  # (40,) each
        radius = NETS[self.net]
        seen = np.array([radius is None or abs(d) <= radius for d in PLACES])
        fig, ax = plots.figure(7, 3.2)
        at = np.array(PLACES)
        for colour, shown in ((plots.POSITIVE, seen), (plots.GRID, ~seen)):
            _upright(ax, at[shown], 0, mean[shown], c=colour, lw=5.5)
        _upright(ax, at, low, high, c=plots.INK, lw=1)
        line = np.insert(np.array(self.ceiling) / 100, REACH, np.nan)  # (41,)
        ax.plot(range(-REACH, REACH + 1), line, "k--", lw=1)
        ax.set(
            xlabel="place of the cue, seen from the word",
            ylabel="right, %",
            ylim=(0, 102),
            xticks=[-20, -10, -1, 1, 10, 20],
        )
        parts = {"inside it": mean[seen], "outside": mean[~seen]}
        found = ", ".join(
            f"{part.mean():.0f} % with the cue {where}"
            for where, part in parts.items()
            if len(part)
        )
        span = "the whole sentence" if radius is None else f"radius {radius}"
        return plots.svg(
            fig,
            alt="Accuracy on ambiguous test words by the place of the cue, 20"
            " words to the left to 20 to the right, five seeds. A net with a"
            f" window of {span} is right in {found}. A dashed line marks the"
            " most that one word alone allows: outside a window the bars end"
            " on it.",
        )


def _upright(ax, x, low, high, **look) -> None:
    """Upright strokes as one path: that is a tenth of the bytes of bars."""
    gap = np.full(len(x), np.nan)
    low, high = np.broadcast_to(low, len(x)), np.asarray(high)
    ax.plot(
        np.stack([x, x, gap], axis=1).ravel(),
        np.stack([low, high, gap], axis=1).ravel(),
        solid_capstyle="butt",
        **look,
    )


def _net(study: dict, name: str) -> dict:
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


def _ceiling(records: list) -> list[int]:
    """The most that a net of one word can reach at each place, (40,)."""
    counts = {d: defaultdict(Counter) for d in PLACES}
    for distance, word, tag in _cases(records):
        counts[distance][word][tag] += 1
    best = []
    for of in counts.values():
        top = sum(max(tags.values()) for tags in of.values())
        best.append(_whole(top / sum(tags.total() for tags in of.values())))
    return best


def _sentences(records: list) -> list[list]:
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
