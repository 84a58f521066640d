"""The tagged corpus as padded arrays, for the studies that train on it."""

from __future__ import annotations

import torch

from selfattn import data
from selfattn.text import Vocabulary


class Tagged:
    """Words, tags and cue distances of every split, each (n, longest).

    With `longest`, only sentences of at most so many words. The vocabulary
    is that of the training sentences. `splits` maps a name to three int64
    tensors: words are padded with `empty`, tags with -1, and cue distances
    are 0 where a word has one reading only.
    """

    def __init__(self, longest=None):
        corpus = {
            split: [
                (r, r["words"].split())
                for r in records
                if longest is None or len(r["words"].split()) <= longest
            ]
            for split, records in data.load("tagged").items()
        }
        self.records = {s: [r for r, _ in rs] for s, rs in corpus.items()}
        self.vocabulary = Vocabulary([w for _, w in corpus["train"]])
        self.empty = len(self.vocabulary)  # the number of "no word here"
        self.tags = sorted(
            {t for r in self.records["train"] for t in r["tags"].split()}
        )
        self.longest = longest or max(
            len(words) for rs in corpus.values() for _, words in rs
        )
        self.splits = {s: self._arrays(rs) for s, rs in corpus.items()}
        # of the corpus that the numbers belong to
        self.sha256 = data.manifest()["tagged"]["files"][0]["sha256"]

    def _arrays(self, records):
        shape = len(records), self.longest
        words = torch.full(shape, self.empty)
        tags = torch.full(shape, -1)
        cues = torch.zeros(shape, dtype=torch.int64)
        for i, (r, text) in enumerate(records):
            n = len(text)
            words[i, :n] = torch.from_numpy(self.vocabulary.encode(text))
            labels = [self.tags.index(t) for t in r["tags"].split()]
            tags[i, :n] = torch.tensor(labels)
            for at, distance in r["ambiguous"]:
                cues[i, at] = distance
        return words, tags, cues  # (n, longest) each
