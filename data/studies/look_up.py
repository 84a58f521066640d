"""Which of attention's three matrices must be learned? Chapter 05.

    python data/studies/look_up.py              # all, 5 seeds
    python data/studies/look_up.py trained 0    # one run, shown

A set holds five entries (an English word with a number) and one question (a
French word); the answer is the number of the entry that translates it. One
attention layer and a linear read-out learn it. The read-out is trained in
every run; the three matrices in some. The layer has no residual connection,
no norm, no mask and no positions. Every run is judged after each number of
steps in MARKS, so that "cannot" and "has not yet" are kept apart. Writes
results/look_up.json.
"""

from __future__ import annotations

import copy
import sys
from itertools import combinations

import torch
from recording import conditions, save
from torch import nn
from torch.nn.functional import cross_entropy

from selfattn.layers import SelfAttention

SEEDS = range(5)
N_WORDS, N_NUMBERS, N_ENTRIES = 8, 8, 5
D_MODEL = 2 * N_WORDS + N_NUMBERS
MARKS = (500, 1000, 2000, 4000)  # steps after which a run is judged
# One run that was still getting better at the last mark goes on.
LONG_RUN = "random_wide", 3, (500, 4000, 8000, 16000, 32000)
BATCH, RATE, TESTS = 128, 1e-2, 5000
# Row e: the French word, in alphabetical order, of English word e.
FRENCH = torch.tensor([3, 5, 2, 0, 1, 7, 4, 6])

# name -> (d_k = d_v, which matrices start as the identity, which are trained)
KINDS = {
    "trained": (8, "", "qkv"),
    "identity": (D_MODEL, "qkv", ""),
    "random": (8, "", ""),
    "random_wide": (64, "", ""),
    "only_qk": (8, "", "qk"),
    "only_v": (8, "", "v"),
    "same_words_identity": (D_MODEL, "qkv", ""),
}


def draw(n, generator, same_words=False):
    """Sets (n, 6, d_model) and the numbers asked for (n,)."""

    def distinct(size):
        order = torch.rand(n, size, generator=generator).argsort(dim=1)
        return order[:, :N_ENTRIES]  # (n, 5)

    words, numbers = distinct(N_WORDS), distinct(N_NUMBERS)
    asked = torch.randint(N_ENTRIES, (n,), generator=generator)
    each, place = torch.arange(n), torch.arange(N_ENTRIES)
    x = torch.zeros(n, N_ENTRIES + 1, D_MODEL)
    x[each[:, None], place, words] = 1
    x[each[:, None], place, 2 * N_WORDS + numbers] = 1
    word = words[each, asked]  # (n,)
    x[each, -1, word if same_words else N_WORDS + FRENCH[word]] = 1
    return x, numbers[each, asked]


def build(kind):
    """A layer and its read-out, and the parameters that may learn."""
    width, identity, learning = KINDS[kind]
    layer = SelfAttention(D_MODEL, width, width)
    read_out = nn.Linear(width, N_NUMBERS, bias=False)
    chosen = [read_out.weight]
    for letter in "qkv":
        weight = getattr(layer, f"w_{letter}").weight
        if letter in identity:
            nn.init.eye_(weight)
        weight.requires_grad_(letter in learning)
        chosen += [weight] * (letter in learning)
    return layer, read_out, chosen


def run(kind, seed, marks=MARKS):
    """Train one model: its accuracy at every mark, and the first mark's model.

    The first mark is what the chapter trains.
    """
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    layer, read_out, chosen = build(kind)
    same = kind.startswith("same_words")
    tests = draw(TESTS, torch.Generator().manual_seed(1000 + seed), same)
    adam = torch.optim.Adam(chosen, lr=RATE)
    right, early = [], None
    for step in range(1, marks[-1] + 1):
        x, y = draw(BATCH, generator, same)
        loss = cross_entropy(read_out(layer(x)[0][:, -1]), y)
        adam.zero_grad()
        loss.backward()
        adam.step()
        if step in marks:
            right.append(judge(layer, read_out, *tests))
            early = early or copy.deepcopy((layer, read_out))
    return right, *early


def long_run():
    """What LONG_RUN reaches."""
    kind, seed, marks = LONG_RUN
    right, *_ = run(kind, seed, marks)
    return {"kind": kind, "seed": seed, "steps": marks, "accuracy": right}


@torch.no_grad()
def judge(layer, read_out, x, y):
    """The share of sets that are answered right."""
    said = read_out(layer(x)[0][:, -1]).argmax(dim=1)  # (n,)
    return round((said == y).double().mean().item(), 4)


@torch.no_grad()
def products(layer, read_out):
    """The French-English part of WqᵀWk, and the numbers' part of U Wv."""
    match = layer.w_q.weight.T @ layer.w_k.weight  # (d_model, d_model)
    match = match[N_WORDS : 2 * N_WORDS, :N_WORDS]  # French, English
    carry = read_out.weight @ layer.w_v.weight  # (n_numbers, d_model)
    return match, carry[:, 2 * N_WORDS :]


def centred(matrix):
    """Rows without their mean, which a softmax would not notice."""
    return (matrix - matrix.mean(dim=1, keepdim=True)).flatten()


def compared(models):
    """What the products say, and how alike different seeds are in them."""
    parts = [products(*model) for model in models]
    queries = [layer.w_q.weight.detach().flatten() for layer, _ in models]
    matches = [centred(match) for match, _ in parts]
    numbers = torch.arange(N_NUMBERS)
    english = FRENCH.argsort()  # (8,), the English word of each French one
    return {
        "translated": [  # a question, a row, chooses along its row
            int((match.argmax(dim=1) == english).sum()) for match, _ in parts
        ],
        "numbers": [
            int((carry.argmax(dim=0) == numbers).sum()) for _, carry in parts
        ],
        "correlation_w_q": _correlations(queries),
        "correlation_match": _correlations(matches),
    }


def _correlations(rows):
    return [
        round(float(torch.corrcoef(torch.stack(pair))[0, 1]), 3)
        for pair in combinations(rows, 2)
    ]


def main():
    torch.set_num_threads(1)
    if len(sys.argv) > 2:
        print(run(sys.argv[1], int(sys.argv[2]))[0])
        return
    accuracy, trained = {}, []
    for kind in KINDS:
        accuracy[kind] = []
        for seed in SEEDS:
            right, *model = run(kind, seed)
            accuracy[kind].append(right)
            trained += [model] * (kind == "trained")
        print(kind, accuracy[kind], flush=True)
    stored = {
        **conditions(__file__),
        "seeds": list(SEEDS),
        "settings": {
            "entries": N_ENTRIES,
            "d_model": D_MODEL,
            "steps": list(MARKS),
            "batch": BATCH,
            "rate": RATE,
            "tests": TESTS,
        },
        "accuracy": accuracy,
        "products": compared(trained),
        "long_run": long_run(),
    }
    save("look_up", stored)


if __name__ == "__main__":
    main()
