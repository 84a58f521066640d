"""Chapter 06: see where each head looks, silence some, watch tags change."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from selfattn import plots

from ..base import WORDS, LiveFigure


class HeadKnockout(LiveFigure):
    """A trained tagger whose heads can be silenced, answers precomputed.

    Parameters
    ----------
    run : one model of the study `head_knockout`: its `seed`, what it gets
        right `silenced`, and its `sentences` with `words`, `weights`
        (H, L, L) and `said` (2**H, L, tags). Bit h of a set's number stands
        for head h.
    tags : names of the tags, as `said` counts them.
    records : where the sentences stand with their tags, as in `tagged`.

    Raises a ValueError for a sentence that the records do not have, and for
    one that is not answered for every set of heads.

    >>> from selfattn import data
    >>> study = data.result("head_knockout")
    >>> test = data.load("tagged")["test"]
    >>> fig = HeadKnockout(study["heads"]["4"][0], study["tags"], test)
    >>> fig.seed, [s["words"][s["asks"]] for s in fig.sentences]
    (0, ['saw', 'hammers', 'chalk'])
    """

    sentences: traitlets.List[Any] = traitlets.List().tag(
        sync=True, state=True
    )
    tags: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    accuracy: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)
    seed = traitlets.Int(0).tag(sync=True, state=True)
    sentence = traitlets.Int(0, min=0).tag(sync=True, state=True)
    asks = traitlets.Int(0, min=0).tag(sync=True, state=True)
    shown = traitlets.Int(-1, min=-1).tag(sync=True, state=True)
    gone: traitlets.List[Any] = traitlets.List().tag(sync=True, state=True)

    def __init__(self, run, tags, records, **settings):
        known = {r["words"]: r for r in records}
        tags = list(tags)
        sentences = [_stored(s, tags, known) for s in run["sentences"]]
        settings.setdefault("asks", sentences[0]["asks"])
        super().__init__(
            sentences=sentences,
            tags=tags,
            accuracy=[found["ambiguous"] for found in run["silenced"]],
            seed=run["seed"],
            **settings,
        )

    @classmethod
    def example(cls, words=WORDS):
        """Four heads with weights and answers drawn at random."""
        rng, n, tags = np.random.default_rng(17), len(words), "NVX"
        sentence = {
            "words": list(words),
            "weights": rng.dirichlet(np.ones(n), size=(4, n)),  # (H, L, L)
            "said": rng.dirichlet(np.ones(len(tags)), size=(16, n)),
        }
        text = {"words": " ".join(words), "tags": " ".join("N" * n)}
        run = {"seed": 0, "silenced": [{"ambiguous": 1.0}] * 16}
        return cls(
            run | {"sentences": [sentence]},
            list(tags),
            [text | {"ambiguous": []}],
        )

    def carriers(self, sentence: int, word: int) -> list[list[int]]:
        """The smallest sets of heads whose silence changes a word's tag."""
        said = np.array(self.sentences[sentence]["said"])[:, word]  # (2**H,)
        sets = [
            [h for h in range(n.bit_length()) if n >> h & 1]
            for n in np.flatnonzero(said != said[0]).tolist()
        ]
        least = min(map(len, sets), default=0)
        return [heads for heads in sets if len(heads) == least]

    def static(self) -> plots.Svg:
        """The asking word's weights, and its tags without what it needs."""
        shown = self.sentences[self.sentence]
        words, word = shown["words"], shown["words"][self.asks]
        weights = np.array(shown["weights"])[:, self.asks]  # (H, L)
        fig, (top, below) = plots.figure(7, 3.6, nrows=2)
        plots.heatmap(
            top,
            weights,
            rows=[f"head {h}" for h in range(len(weights))],
            cols=words,
            values=len(words) < 9,
            aspect="auto",
        )
        top.set_title(f"where “{word}” ({self.asks + 1}) looks")
        sets = self.carriers(self.sentence, self.asks)
        gone = sets[0] if sets else []
        n = sum(1 << h for h in gone)
        without = "without " + ", ".join(map(str, gone))
        lines = {"all heads": 0} | ({without: n} if gone else {})
        for y, number in enumerate(lines.values()):
            for x, tag in enumerate(shown["said"][number]):
                right = tag == shown["truth"][x]
                below.text(
                    x,
                    y,
                    self.tags[tag].lower(),
                    ha="center",
                    va="center",
                    color=plots.INK if right else "C3",
                    weight="normal" if right else "bold",
                )
        below.set_yticks(range(len(lines)), labels=list(lines))
        below.tick_params(length=0)
        below.set(xlim=top.get_xlim(), ylim=(1.6, -0.6), xticks=[])
        below.spines[:].set_visible(False)
        changed = [
            f"“{words[j]}” ({j + 1}) becomes {self.tags[tag].lower()}"
            for j, tag in enumerate(shown["said"][n])
            if tag != shown["said"][0][j]
        ]
        then = (
            f"Without heads {' and '.join(map(str, gone))}"
            f" {' and '.join(changed)}."
            if gone
            else "Its tag stays whichever heads are silent."
        )
        most = ", ".join(
            f"head {h} most at “{words[row.argmax()]}” ({row.argmax() + 1})"
            for h, row in enumerate(weights)
        )
        return plots.svg(
            fig,
            alt=f"Where “{word}” ({self.asks + 1}) looks: {most}. Below, the"
            f" tags with all heads and without some. {then}",
        )


def _stored(sentence: dict, tags: list[str], known: dict) -> dict:
    """What the figure keeps of a sentence: the top tag, not all of them."""
    text = " ".join(sentence["words"])
    if text not in known:
        raise ValueError(
            f"the right tags must be in records: got none for {text!r}; pass"
            " the split that the sentence comes from"
        )
    weights = np.array(sentence["weights"])  # (H, L, L)
    said = np.array(sentence["said"])  # (2**H, L, tags)
    if said.shape != (2 ** len(weights), weights.shape[1], len(tags)):
        raise ValueError(
            "every set of heads needs its answers, (2**H, L, tags): got"
            f" {said.shape} for {len(weights)} heads; run the study again"
        )
    record = known[text]
    truth = [tags.index(tag) for tag in record["tags"].split()]
    return {
        "words": sentence["words"],
        "truth": truth,
        "asks": record["ambiguous"][0][0] if record["ambiguous"] else 0,
        "weights": weights.round(3).tolist(),
        "said": said.argmax(axis=-1).tolist(),
        "sure": said.max(axis=-1).round(2).tolist(),
    }
