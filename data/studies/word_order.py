"""Two tiny taggers, one of which knows the order of the words. Chapter 04.

    python data/studies/word_order.py          # both nets, 5 seeds
    python data/studies/word_order.py order 0  # one run, shown

One layer of self-attention with one head and a fully connected net tag the
sentences of a small grammar, whose words are some of the tagged corpus. The
net `order` adds a learned vector to each word for its place; the net `bag`
does not. Writes results/word_order.json: the accuracy of each seed on
sentences that no training saw, with the weights rounded to hundredths, and
these weights of the first seed, for the live figure of chapter 04.
"""

from __future__ import annotations

import json
import random
import sys
import time
import zlib

import torch
from recording import conditions, save
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn import data
from selfattn.layers import SelfAttention

SEEDS = range(5)
NETS = ("order", "bag")
WIDTH, HIDDEN = 12, 16
STEPS, BATCH, RATE, DECAY, N_TEST = 4000, 64, 1e-2, 0.02, 4000
LONGEST = 8
UNIT = 0.01  # a stored weight is a whole number of these

# category of the corpus -> the words that the figure offers
WORDS = {
    "pronoun": ["I", "you", "they"],
    "determiner": ["a", "the"],
    "noun_verb_count": ["saw", "watch", "plant", "hammer"],
    "noun_verb_mass": ["duck", "fish"],
    "animal": ["cat"],
    "verb_owning": ["found", "lost"],
    "adjective_size": ["big", "tiny"],
    "adverb_often": ["often", "never"],
    "preposition": ["with", "under"],
}
LEXICON = data.load("lexicon")
assert all(set(w) <= set(LEXICON[c]["words"]) for c, w in WORDS.items())
READINGS = {w: LEXICON[c]["tags"] for c, ws in WORDS.items() for w in ws}
VOCABULARY = list(READINGS)
TAGS = ["PRON", "DET", "NOUN", "VERB", "ADJ", "ADV", "ADP"]


def words_for(tag):
    """Every word that can be read so."""
    return [word for word, tags in READINGS.items() if tag in tags]


def noun_phrase(rng, pronoun=True):
    """The tags of a noun phrase: a pronoun, or an article and more."""
    if pronoun and rng.random() < 0.4:
        return ["PRON"]
    return ["DET", *["ADJ"] * rng.choice([0, 0, 0, 1, 1, 2]), "NOUN"]


def sentence(rng):
    """(words, tags): who, perhaps how often, does, whom, with whom."""
    tags = noun_phrase(rng)
    tags += ["ADP", *noun_phrase(rng, False)] if rng.random() < 0.1 else []
    tags += ["ADV"] * (rng.random() < 0.25) + ["VERB"]
    tags += noun_phrase(rng) if rng.random() < 0.8 else []
    tags += ["ADP", *noun_phrase(rng, False)] if rng.random() < 0.3 else []
    if len(tags) > LONGEST:
        return sentence(rng)
    return [rng.choice(words_for(t)) for t in tags], tags


def is_test(words):
    """Whether a sentence is kept from training: one in five is."""
    return zlib.crc32(" ".join(words).encode()) % 5 == 0


def draw(rng, size, test):
    """Words (size, LONGEST) with -1 where there is none; tags alike."""
    words = torch.full((size, LONGEST), -1)
    tags = torch.full((size, LONGEST), -1)
    for i in range(size):
        text, said = sentence(rng)
        while is_test(text) != test:
            text, said = sentence(rng)
        words[i, : len(text)] = torch.tensor(
            [VOCABULARY.index(w) for w in text]
        )
        tags[i, : len(text)] = torch.tensor([TAGS.index(t) for t in said])
    return words, tags


class Tagger(nn.Module):
    """Attention adds what it found to each vector; a net names the tag."""

    def __init__(self, order):
        super().__init__()
        self.words = nn.Parameter(torch.randn(len(VOCABULARY), WIDTH) * 0.5)
        places = torch.randn(LONGEST, WIDTH) * 0.5
        self.places = nn.Parameter(places) if order else None
        self.attention = SelfAttention(WIDTH)
        self.fc = nn.Linear(WIDTH, HIDDEN)
        self.out = nn.Linear(HIDDEN, len(TAGS))

    def forward(self, words):
        """(B, L) words to (B, L, tags) scores."""
        here = words >= 0  # (B, L)
        x = self.words[words.clamp(min=0)]  # (B, L, d)
        if self.places is not None:
            x = x + self.places[: words.shape[1]]
        b, _ = self.attention(x, mask=here[:, None, :])  # (B, L, d)
        return self.out(torch.relu(self.fc(x + b)))

    def arrays(self):
        """What was learned, for rows as vectors, by the figure's names."""
        fc, out, at = self.fc, self.out, self.attention
        found = {
            "words": self.words,  # (V, d)
            "places": self.places,  # (LONGEST, d), or None
            "w_q": at.w_q.weight.T,  # (d, d), as w_k and w_v
            "w_k": at.w_k.weight.T,
            "w_v": at.w_v.weight.T,
            "fc": torch.cat([fc.weight.T, fc.bias[None]]),  # (d + 1, hidden)
            "out": torch.cat([out.weight.T, out.bias[None]]),
        }
        return {k: v for k, v in found.items() if v is not None}

    @torch.no_grad()
    def round(self):
        """Every weight to whole units, in place."""
        for parameter in self.parameters():
            parameter.copy_(torch.round(parameter / UNIT) * UNIT)
        return self


def train(name, seed):
    """Adam with one cycle of its rate on fresh sentences."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Tagger(name == "order")
    adam = torch.optim.AdamW(model.parameters(), weight_decay=DECAY)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, STEPS)
    for _ in range(STEPS):
        words, tags = draw(rng, BATCH, False)
        scores = model(words).flatten(0, 1)  # (B L, tags)
        loss = cross_entropy(scores, tags.flatten(), ignore_index=-1)
        adam.zero_grad()
        loss.backward()
        adam.step()
        cycle.step()
    return model


@torch.no_grad()
def judge(model):
    """The share of right tags: all words, those with two readings, twins.

    Twins are equal words of a sentence with different tags, such as the two
    saws; a pair of them counts when both are right.
    """
    words, tags = draw(random.Random(1000), N_TEST, True)
    right = model(words).argmax(dim=-1) == tags  # (B, L)
    two = torch.tensor([len(READINGS[w]) > 1 for w in VOCABULARY])
    both = two[words.clamp(min=0)] & (words >= 0)  # (B, L)
    equal = words[:, :, None] == words[:, None, :]  # (B, L, L)
    equal &= (words >= 0)[:, :, None]
    twins = equal & (tags[:, :, None] < tags[:, None, :])
    pairs = (right[:, :, None] & right[:, None, :])[twins]
    found = {
        "all_words": right[words >= 0],
        "two_readings": right[both],
        "twins": pairs,
    }
    return {k: round(v.float().mean().item(), 4) for k, v in found.items()}


def run(name, seed):
    """Train one net; judge it as it is, and rounded as it is stored."""
    start = time.process_time()
    model = train(name, seed)
    found = {"seed": seed, "exact": judge(model)}
    found["rounded"] = judge(model.round())
    found["cpu_seconds"] = round(time.process_time() - start)
    return model, found


def stored_weights(model):
    """The weights in whole units, row by row."""
    return {
        name: torch.round(array / UNIT).int().tolist()
        for name, array in model.arrays().items()
    }


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        _, found = run(sys.argv[1], int(sys.argv[2]))
        print(json.dumps(found, indent=1))
        return
    runs, nets = {name: [] for name in NETS}, {}
    for name in NETS:
        for seed in SEEDS:
            model, found = run(name, seed)
            runs[name].append(found)
            print(name, found, flush=True)
            if seed == SEEDS[0]:
                nets[name] = stored_weights(model)
    stored = {
        **conditions(__file__),
        "settings": {
            "d_model": WIDTH,
            "d_hidden": HIDDEN,
            "n_heads": 1,
            "layers": 1,
            "steps": STEPS,
            "batch": BATCH,
            "rate": RATE,
            "weight_decay": DECAY,
            "n_test": N_TEST,
            "longest": LONGEST,
        },
        "runs": runs,
        "seed_of_nets": SEEDS[0],
        "tags": TAGS,
        "vocabulary": [[w, *READINGS[w]] for w in VOCABULARY],
        "unit": UNIT,
        "nets": nets,
    }
    save("word_order", stored)


if __name__ == "__main__":
    main()
