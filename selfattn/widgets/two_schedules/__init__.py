"""Chapter 12: an RNN step by step, and attention all at once."""

from __future__ import annotations

import numpy as np
import traitlets

from selfattn import plots

from ..base import WORDS, LiveFigure

LONGEST = 8
WORKERS = (1, 4, 16, 0)  # 0: as many as there is work for


class TwoSchedules(LiveFigure):
    """When each piece of work is done: by an RNN, and by causal attention.

    length : positions, 2 to 8. workers : how many pieces can be done in one
    tick, 1, 4 or 16; 0 means enough for all. tick : how many ticks are over.

    One piece of work is a state of the RNN; the query, key and value of a
    position; the score of a pair; or an output. A state waits for the state
    before it. Scores wait for all queries and keys, outputs for all scores.

    >>> done = TwoSchedules(length=4).schedule()
    >>> done["rnn"].tolist(), done["out"].tolist()
    ([1, 2, 3, 4], [3, 3, 3, 3])
    """

    length = traitlets.Int(8, min=2, max=LONGEST).tag(sync=True, state=True)
    workers = traitlets.Enum(WORKERS, 0).tag(sync=True, state=True)
    tick = traitlets.Int(0, min=0).tag(sync=True, state=True)

    @classmethod
    def example(cls, words=WORDS):
        """As many positions as words."""
        return cls(length=min(max(2, len(words)), LONGEST), tick=2)

    def schedule(self) -> dict[str, np.ndarray]:
        """The tick in which each piece is done, counted from 1.

        "rnn" (L,), "project" (L,), "pairs" (L, L) with 0 above the diagonal,
        where nothing is computed, and "out" (L,).
        """
        n = self.length
        at_once = self.workers or n * n

        def stage(pieces, after):
            return after + 1 + np.arange(pieces) // at_once

        project = stage(n, 0)  # (L,)
        scores = stage(n * (n + 1) // 2, project[-1])
        pairs = np.zeros((n, n), dtype=int)
        pairs[np.tril_indices(n)] = scores  # row by row
        out = stage(n, scores[-1])  # (L,)
        return {
            "rnn": np.arange(1, n + 1),
            "project": project,
            "pairs": pairs,
            "out": out,
        }

    def static(self) -> plots.Svg:
        """The tick in which each output is there."""
        done = self.schedule()
        n = self.length
        at = np.arange(1, n + 1)
        fig, ax = plots.figure(5, 3.2)
        ax.plot(at, done["rnn"], "o-", color="C1")
        ax.plot(at, done["out"], "s-", color="C0")
        ax.text(n, done["rnn"][-1] + 0.35, "RNN", color="C1", ha="right")
        ax.text(1, done["out"][0] + 0.35, "attention", color="C0")
        ax.set(xlabel="position", title="tick in which its output is there")
        ax.set_xticks(at)
        ax.set_ylim(0, max(done["rnn"][-1], done["out"][-1]) + 1)
        many = f"{self.workers} pieces" if self.workers else "all"
        return plots.svg(
            fig,
            alt=f"The output of the last of {n} positions is there after"
            f" {done['rnn'][-1]} ticks with an RNN, whose states wait for one"
            f" another, and after {done['out'][-1]} with attention, where"
            f" {many} can be done at once.",
        )
