"""Chapter 04: drag a query and four keys; scores, weights and b follow."""

from __future__ import annotations

import numpy as np
import traitlets

from selfattn import plots, reference

from ..base import WORDS, LiveFigure

ADDITIVE = np.array([1.0, 1.0])  # w of the additive score, as in chapter 04


class AttentionPlayground(LiveFigure):
    """One output of self-attention over four words, to play with.

    It starts with the hand-worked numbers of chapters 04 and 05. All of its
    state can be set as keywords and is read back after playing: `fig.k`.

    >>> fig = AttentionPlayground()
    >>> weights, out = fig.attend()
    >>> weights.round(2).tolist(), out.round(2).tolist()
    ([0.05, 0.4, 0.15, 0.4], [1.35, 2.84])
    """

    words = traitlets.List(["I", "saw", "a", "saw"]).tag(sync=True, state=True)
    q = traitlets.List([[1, -1], [1, 2], [2, 1], [1, 2]]).tag(
        sync=True, state=True
    )
    k = traitlets.List([[0, 1], [1, 0], [1, 1], [1, 0]]).tag(
        sync=True, state=True
    )
    v = traitlets.List([[2, 0], [1, 3], [3, 3], [1, 3]]).tag(
        sync=True, state=True
    )
    asks = traitlets.Int(0).tag(sync=True, state=True)
    score = traitlets.Enum(["dot", "additive"], "dot").tag(
        sync=True, state=True
    )
    weight = traitlets.Enum(["softmax", "relu"], "softmax").tag(
        sync=True, state=True
    )
    scaled = traitlets.Bool(False).tag(sync=True, state=True)
    own = traitlets.Bool(True).tag(sync=True, state=True)

    @classmethod
    def example(cls, words=WORDS):
        """Four words, or as many as there are numbers for."""
        return cls(words=list(words))

    def attend(self) -> tuple[np.ndarray, np.ndarray]:
        """The weights (4,) and the output (2,), by `selfattn.reference`."""
        q = np.array([self.q[self.asks]], dtype=float)  # (1, d_k)
        k = np.array(self.k, dtype=float)  # (S, d_k)
        v = np.array(self.v, dtype=float)  # (S, d_v)
        dot = self.score == "dot"
        mask = np.ones((1, len(k)), dtype=bool)  # (1, S)
        mask[0, self.asks] = self.own
        out, weights = reference.attention(
            q,
            k,
            v,
            mask=mask,
            score=self.score,
            w=None if dot else ADDITIVE,
            weight=self.weight,
            scale=None if dot and self.scaled else 1.0,
        )  # (1, d_v), (1, S)
        return weights[0], out[0]

    def static(self) -> plots.Svg:
        """The query among the keys, and b among the values."""
        weights, out = self.attend()
        n = "¹²³⁴"[self.asks]
        fig, (left, right) = plots.figure(7, 3.4, ncols=2)
        arrows = {f"q{n}": self.q[self.asks]}
        for name, key in _together("k", self.k).items():
            arrows[name] = key
        plots.vectors(left, arrows)
        left.set_title("query and keys")
        for value in self.v:
            share = sum(
                w
                for w, other in zip(weights, self.v, strict=True)
                if other == value
            )
            right.scatter(*value, s=30 + 900 * share, c="C0")
            right.plot(*zip(value, out, strict=True), c="C0", lw=4 * share)
        for name, value in _together("v", self.v).items():
            right.annotate(
                name, value, (0, 19), textcoords="offset points", ha="center"
            )
        right.scatter(*out, s=60, c="C3", marker="D", zorder=3)
        right.annotate(
            f"b{n}", out, (9, -13), textcoords="offset points", color="C3"
        )
        top = np.vstack([np.array(self.v), out]).max(axis=0)
        right.set(
            title="values and their mix",
            xlim=(-0.5, top[0] + 1),
            ylim=(-0.7, top[1] + 1.4),
        )
        shares = ", ".join(
            f"{word} {share:.0%}".replace("%", " %")
            for word, share in zip(self.words, weights, strict=True)
        )
        return plots.svg(
            fig,
            alt=f"The query of “{self.words[self.asks]}” among four keys, and"
            f" the values that they stand for. Weights: {shares}. The output"
            f" b is their mix, ({out[0]:.2f}, {out[1]:.2f}), nearest to the"
            " values that weigh most.",
        )


def _together(letter: str, vectors: list) -> dict[str, list]:
    """Vectors by name; equal ones share a name such as k²,⁴."""
    places: dict[tuple, list[str]] = {}
    for mark, vector in zip("¹²³⁴", vectors, strict=True):
        places.setdefault(tuple(vector), []).append(mark)
    return {
        f"{letter}{','.join(marks)}": list(vector)
        for vector, marks in places.items()
    }
