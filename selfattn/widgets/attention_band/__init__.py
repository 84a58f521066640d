"""Chapter 08: a spectrogram whose attention band can be widened."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import plots

from ..base import WORDS, LiveFigure

SHADES = 35  # steps between silence and the loudest, one sign each
STEP = 16  # queries and keys are stored as whole numbers of sixteenths


class AttentionBand(LiveFigure):
    """One frame of a recording, and the frames that it may attend to.

    Parameters
    ----------
    energies : (L, bands), log-mel. Stored in 36 shades.
    q, k : (L, d_k) whole numbers, sixteenths of one head's queries and keys.
    phonemes : (label, first frame, frame after the last), what is spoken.
    heard : radius -> such a list, what a net trained with that radius says;
        the radius "all" is that of a net without a window.
    radius, frame : where the figure starts.

    >>> fig = AttentionBand.example()
    >>> fig.radius, len(fig.shades), len(fig.q)
    (2, 12, 12)
    """

    shades: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    q: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    k: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    step = traitlets.Int(STEP).tag(sync=True, state=True)
    phonemes: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    heard: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    radius = traitlets.Int(5, min=0).tag(sync=True, state=True)
    frame = traitlets.Int(0, min=0).tag(sync=True, state=True)

    def __init__(self, energies, q, k, phonemes, heard, **settings):
        energies = np.asarray(energies, dtype=float)  # (L, bands)
        if energies.ndim != 2 or not len(energies) == len(q) == len(k):
            raise ValueError(
                "energies, queries and keys must have one row per frame: got"
                f" {energies.shape}, {len(q)} and {len(k)} rows; take all"
                " three from one recording"
            )
        low, high = np.percentile(energies, [5, 99.5])
        level = (energies - low) / max(high - low, 1e-9)  # (L, bands)
        level = np.rint(SHADES * level.clip(0, 1)).astype(int)
        spans = [[str(a), int(b), int(c)] for a, b, c in phonemes]
        nets = [
            [
                len(energies) - 1 if radius == "all" else int(radius),
                str(radius),
                [[str(a), int(b), int(c)] for a, b, c in runs],
            ]
            for radius, runs in heard.items()
        ]
        super().__init__(
            shades=[
                "".join(np.base_repr(n, 36) for n in row) for row in level
            ],
            q=np.asarray(q).tolist(),
            k=np.asarray(k).tolist(),
            phonemes=spans,
            heard=sorted(nets),
            **settings,
        )

    @classmethod
    def example(cls, words=WORDS):
        """Twelve frames, three to a word."""
        rng = np.random.default_rng(8)
        spans = [(w, 3 * i, 3 * i + 3) for i, w in enumerate(words)]
        n = 3 * len(words)
        q, k = rng.integers(-30, 30, (2, n, 4))
        heard = {0: [(words[0], 0, n)], 2: spans, "all": spans}
        energies = rng.normal(size=(n, 9))
        return cls(energies, q, k, spans, heard, radius=2, frame=4)

    def band(self):
        """The weights of the chosen frame, (L,), 0 outside its band."""
        q, k = np.array(self.q) / self.step, np.array(self.k) / self.step
        scores = k @ q[self.frame] / np.sqrt(q.shape[1])  # (L,)
        far = abs(np.arange(len(k)) - self.frame) > self.radius
        scores[far] = -np.inf
        e = np.exp(scores - scores.max())  # (L,)
        return e / e.sum()

    def static(self) -> plots.Svg:
        """The spectrogram, the band and its weights."""
        levels = np.array([[int(c, 36) for c in row] for row in self.shades])
        n = len(levels)
        first = max(0, self.frame - self.radius)
        last = min(n - 1, self.frame + self.radius)
        fig, axes = plots.figure(7, 4, nrows=2, ncols=1, sharex=True)
        plots.heatmap(axes[0], levels.T[::-1], limit=SHADES, aspect="auto")
        for edge in (first - 0.5, last + 0.5):
            axes[0].axvline(edge, color="C3", lw=2)
        axes[0].set(yticks=[], ylabel="mel band")
        axes[1].bar(range(n), self.band(), width=1, color="C3")
        for label, start, stop in self.phonemes:
            axes[1].text((start + stop - 1) / 2, -0.02, label, ha="center",
                         va="top")  # fmt: skip
        axes[1].set(ylabel="weight", xticks=[], xlim=(-0.5, n - 0.5))
        return plots.svg(
            fig,
            alt="A spectrogram of a spoken sentence. Frame"
            f" {self.frame + 1} of {n} may attend to frames {first + 1} to"
            f" {last + 1} only; below, its weights on them, which add up to"
            " 1.",
        )
