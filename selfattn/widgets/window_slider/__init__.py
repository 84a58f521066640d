"""Chapter 03: a window slides over a sentence; is its cue inside?"""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import plots

from ..base import WORDS, LiveFigure
from . import study as keep
from .study import NETS, PLACES, REACH


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

    nets: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    ceiling: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    sentences: traitlets.List[Any] = traitlets.List().tag(
        sync=True, state=True
    )
    net = traitlets.Enum(list(NETS), "window_4").tag(sync=True, state=True)
    cue = traitlets.Int(-16, min=-REACH, max=REACH).tag(sync=True, state=True)

    def __init__(self, study, corpus, **settings):
        made = {
            "nets": [keep.net(study, name) for name in NETS],
            "ceiling": keep.ceiling(corpus["test"]),
            "sentences": keep.sentences(corpus["test"]),
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

    @classmethod
    def example(cls, words=WORDS):
        """Nets that are right half the time, sentences of these words."""
        run = {
            "parameters": 7,
            "test": {"by_side": [[0.5] * REACH] * 2, "ambiguous": 0.5},
        }
        study = {"models": {name: [run, run] for name in NETS}}
        pairs = [keep.pair(words, distance) for distance in PLACES]
        return cls(study, {"test": [each for two in pairs for each in two]})

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
            " words to the left to 20 to the right. A net with a window of"
            f" {span} is right in {found}. A dashed line marks the most that"
            " one word alone allows: outside a window the bars end on it.",
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
