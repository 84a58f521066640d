"""Chapter 04: move the words of a sentence; a small trained net tags them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets

from selfattn import plots, reference

from ..base import WORDS, LiveFigure

NEEDED = ("vocabulary", "tags", "unit", "nets", "settings")
NAMES = {
    "PRON": "pronoun",
    "DET": "article",
    "NOUN": "noun",
    "VERB": "verb",
    "ADJ": "adjective",
    "ADV": "adverb",
    "ADP": "preposition",
}


class WordOrder(LiveFigure):
    """A tiny self-attention tagger over words that can be moved and swapped.

    Parameters
    ----------
    model : what `data/studies/word_order.py` stored, two trained nets.
    words : the sentence it starts with, words of the model's vocabulary.

    >>> from selfattn import data
    >>> fig = WordOrder(data.result("word_order"))
    >>> fig.called()
    ['pronoun', 'verb', 'article', 'noun']
    >>> fig.words = ["a", "saw", "saw", "I"]
    >>> fig.called()
    ['article', 'noun', 'verb', 'pronoun']
    """

    words: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    asks = traitlets.Int(0, min=0).tag(sync=True, state=True)
    net = traitlets.Enum(["order", "bag"], "order").tag(sync=True, state=True)
    vocabulary: traitlets.List[Any] = traitlets.List().tag(
        sync=True, state=True
    )
    tags: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    unit = traitlets.Float().tag(sync=True, state=True)
    longest = traitlets.Int().tag(sync=True, state=True)
    nets = traitlets.Dict().tag(sync=True, state=True)

    def __init__(
        self,
        model: Mapping,
        words: Sequence[str] = ("I", "saw", "a", "saw"),
        **settings,
    ):
        if not isinstance(model, Mapping) or set(NEEDED) - set(model):
            raise ValueError(
                "a model must be what the study stored: got"
                f" {type(model).__name__} without some of"
                f" {', '.join(NEEDED)}; pass data.result('word_order')"
            )
        known = [word for word, *_ in model["vocabulary"]]
        longest = model["settings"]["longest"]
        words = list(words)
        if not 0 < len(words) <= longest or not set(words) <= set(known):
            raise ValueError(
                f"a sentence must be 1 to {longest} words of the net: got"
                f" {words}; choose from {', '.join(known)}"
            )
        settings.setdefault("asks", len(words) - 1)
        if not 0 <= settings["asks"] < len(words):
            raise ValueError(
                f"asks must be the index of a word: got {settings['asks']};"
                f" the {len(words)} words are 0 to {len(words) - 1}"
            )
        super().__init__(
            words=words,
            longest=longest,
            **{name: model[name] for name in NEEDED[:-1]},
            **settings,
        )

    @classmethod
    def example(cls, words=WORDS):
        """Two nets with weights drawn at random, which tag at random."""
        rng, tags, width = np.random.default_rng(19), ["NOUN", "VERB"], 5
        names = sorted(set(words))

        def drawn(rows: int, columns: int) -> list:
            return rng.integers(-99, 99, (rows, columns)).tolist()

        square = {name: drawn(width, width) for name in ("w_q", "w_k", "w_v")}
        net = {
            "words": drawn(len(names), width),
            **square,
            "fc": drawn(width + 1, 7),
            "out": drawn(8, len(tags)),
        }
        model = {
            "vocabulary": [[name, *tags] for name in names],
            "tags": tags,
            "unit": 0.01,
            "nets": {"order": {**net, "places": drawn(8, width)}, "bag": net},
            "settings": {"longest": 8},
        }
        return cls(model, words)

    def answer(self) -> tuple[np.ndarray, np.ndarray]:
        """Weights (L, L) and the chance of each tag (L, n_tags)."""
        net = {
            name: np.array(rows) * self.unit
            for name, rows in self.nets[self.net].items()
        }
        known = [word for word, *_ in self.vocabulary]
        x = net["words"][[known.index(word) for word in self.words]]  # (L, d)
        if "places" in net:
            x = x + net["places"][: len(x)]
        b, weights = reference.attention(
            *(x @ net[name] for name in ("w_q", "w_k", "w_v"))
        )  # (L, d), (L, L)
        hidden = np.maximum(_affine(x + b, net["fc"]), 0)  # (L, d_hidden)
        return weights, reference.softmax(_affine(hidden, net["out"]))

    def called(self) -> list[str]:
        """What the net calls each word."""
        _, chances = self.answer()
        best = [self.tags[i] for i in chances.argmax(axis=1)]
        return [NAMES.get(tag, tag) for tag in best]

    def static(self) -> plots.Svg:
        """The sentence with its tags, and where one word looks."""
        weights, _ = self.answer()
        share, called, at = weights[self.asks], self.called(), self.asks
        fig, ax = plots.figure(7, 2.2)
        for i, word in enumerate(self.words):
            ax.text(i, 0, word, ha="center", size=15, weight="bold")
            ax.text(i, -0.42, called[i], ha="center")
            ax.text(i, 0.42, _percent(share[i]), ha="center", color="C0")
            if share[i] < 0.01:
                continue
            along = np.linspace(0, np.pi, 40)
            middle, half = (at + i) / 2, abs(at - i) / 2 or 0.1
            ax.plot(
                middle + half * np.cos(along),
                0.75 + (0.5 + 0.3 * half) * np.sin(along),
                color="C0",
                lw=1 + 8 * share[i],
                alpha=0.7,
            )
        ax.set(xlim=(-0.6, max(3, len(self.words) - 1) + 0.6), ylim=(-0.6, 2))
        ax.axis("off")
        tagged = ", ".join(
            f"{word}: {tag}"
            for word, tag in zip(self.words, called, strict=True)
        )
        top = int(share.argmax())
        return plots.svg(
            fig,
            alt=f"A small net tags “{' '.join(self.words)}”: {tagged}. Arcs"
            f" show where “{self.words[at]}”, word {at + 1}, looks: most at"
            f" “{self.words[top]}”, word {top + 1}, with"
            f" {_percent(share[top])} of its attention.",
        )


def _affine(x: np.ndarray, m: np.ndarray) -> np.ndarray:
    """x (L, n) times all rows of m (n + 1, d) but the last, plus the last."""
    return x @ m[:-1] + m[-1]


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
