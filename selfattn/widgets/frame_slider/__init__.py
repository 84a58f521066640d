"""Chapter 01: slide a window over a waveform and count the frames."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import plots

from ..base import WORDS, LiveFigure

BLOCK = 20  # samples that are drawn as one upright line


class FrameSlider(LiveFigure):
    """A recording cut into frames, window and hop to play with.

    Parameters
    ----------
    signal : (n_samples,), between -1 and 1. Only its outline is stored.
    rate_hz : samples per second.
    words : (label, start, stop) of each word, in samples; may be empty.

    >>> fig = FrameSlider(np.sin(np.arange(16_000.0)), 16_000)
    >>> fig.window_ms, fig.hop_ms, fig.n_samples
    (25, 10, 16000)
    """

    outline: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    block = traitlets.Int(BLOCK).tag(sync=True, state=True)
    n_samples = traitlets.Int(0).tag(sync=True, state=True)
    rate_hz = traitlets.Int(16_000).tag(sync=True, state=True)
    words: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    window_ms = traitlets.Int(25, min=5, max=100).tag(sync=True, state=True)
    hop_ms = traitlets.Int(10, min=2, max=100).tag(sync=True, state=True)
    padding = traitlets.Enum(["none", "end", "centre"], "none").tag(
        sync=True, state=True
    )
    frame = traitlets.Int(0, min=0).tag(sync=True, state=True)

    def __init__(self, signal, rate_hz, words=(), **settings):
        signal = np.asarray(signal, dtype=float)  # (n_samples,)
        if signal.ndim != 1 or signal.size < BLOCK:
            raise ValueError(
                f"a recording is one row of {BLOCK} samples or more: got an"
                f" array of shape {signal.shape}; pass one channel"
            )
        blocks = signal[: signal.size // BLOCK * BLOCK].reshape(-1, BLOCK)
        loudest = np.abs(signal).max() or 1.0
        outline = np.stack([blocks.min(axis=1), blocks.max(axis=1)], axis=1)
        super().__init__(
            outline=np.round(99 * outline / loudest).astype(int).tolist(),
            n_samples=int(signal.size),
            rate_hz=int(rate_hz),
            words=[[w[0], int(w[1]), int(w[2])] for w in words],
            **settings,
        )

    @classmethod
    def example(cls, words=WORDS):
        """A tone of 62 ms, its words one after the other."""
        tone = np.sin(np.arange(997.0))
        spans = [(word, 200 * i, 200 * i + 150) for i, word in
                 enumerate(words)]  # fmt: skip
        return cls(tone, 16_000, spans)

    def static(self) -> plots.Svg:
        """The outline, and where the first frames lie."""
        low, high = np.array(self.outline).T  # (n_blocks,) each
        ms = np.arange(len(low)) * BLOCK * 1000 / self.rate_hz  # (n_blocks,)
        fig, ax = plots.figure(7, 3)
        ax.fill_between(ms, low, high, color="C0", lw=0.5)
        for i in range(4):
            start = i * self.hop_ms
            stop = start + self.window_ms
            ax.plot([start, stop], [-115 - 14 * i] * 2, c="C3", lw=3)
        ax.set(xlabel="milliseconds", yticks=[], ylim=(-170, 105))
        return plots.svg(
            fig,
            alt=f"The waveform of a recording of {ms[-1] / 1000:.2f} seconds."
            f" Below its beginning, the first four frames: each lasts"
            f" {self.window_ms} ms and starts {self.hop_ms} ms after the one"
            " before, so that they overlap.",
        )
