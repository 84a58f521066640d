"""Write numbers.jsonl: numbers in English words, and their digits.

"one million" is two words and seven digits; "seven hundred and seventy
seven" is five words and three digits. Spelling is British, without hyphens
and commas: "and" before the last two digits.
"""

from __future__ import annotations

import random

from writing import target, write_jsonl

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = ((1_000_000, "million"), (1_000, "thousand"))

N_TRAIN, N_VALID, N_TEST = 3000, 400, 400
# The split "test" has a second part: numbers whose last three digits are
# these never occur in training with a thousand or a million in front.
HELD_OUT_ENDINGS = range(300, 400)
N_HELD_OUT = 200


def below_thousand(n: int) -> list[str]:
    if n < 20:
        return [SMALL[n]]
    if n < 100:
        ones = [SMALL[n % 10]] if n % 10 else []
        return [TENS[n // 10 - 2], *ones]
    rest = ["and", *below_thousand(n % 100)] if n % 100 else []
    return [SMALL[n // 100], "hundred", *rest]


def spell(n: int) -> str:
    """The words of 0 <= n < 10**9."""
    words: list[str] = []
    for size, name in SCALES:
        if n >= size:
            words += [*below_thousand(n // size), name]
            n %= size
    if not words:
        words = below_thousand(n)
    elif n >= 100:
        words += below_thousand(n)
    elif n:
        words += ["and", *below_thousand(n)]
    return " ".join(words)


def is_held_out(n: int) -> bool:
    return n >= 1000 and n % 1000 in HELD_OUT_ENDINGS


def draw(rng: random.Random) -> int:
    """A number of 1 to 9 digits, round ones more often than by chance."""
    n_digits = rng.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9))
    n = rng.randrange(10 ** (n_digits - 1), 10**n_digits)
    n_zeros = rng.choice((0, 0, 0, 0, 1, 2, 3, 6))
    step = 10 ** min(n_zeros, n_digits - 1)
    return n // step * step


def make() -> list[dict]:
    rng = random.Random(2021)
    basic = [*range(21), *range(30, 100, 10), *range(100, 1000, 100)]
    basic += [1000, 10_000, 100_000, 1_000_000]
    train = set(basic)
    while len(train) < N_TRAIN:
        n = draw(rng)
        if not is_held_out(n):
            train.add(n)
    taken = set(train)
    parts = {}
    for split, kind, size in (
        ("valid", "new", N_VALID),
        ("test", "new", N_TEST),
        ("test", "held_out_ending", N_HELD_OUT),
    ):
        part: list[int] = []
        while len(part) < size:
            n = draw(rng)
            if kind == "held_out_ending":
                n = rng.randrange(1, 10 ** rng.randrange(1, 7)) * 1000
                n += rng.choice(HELD_OUT_ENDINGS)
            if n not in taken and is_held_out(n) == (kind != "new"):
                taken.add(n)
                part.append(n)
        parts[split, kind] = part
    order = sorted(train)
    rng.shuffle(order)
    parts = {("train", "train"): order, **parts}
    return [
        {"split": s, "kind": k, "words": spell(n), "digits": str(n)}
        for (s, k), numbers in parts.items()
        for n in numbers
    ]


if __name__ == "__main__":
    write_jsonl(target() / "numbers.jsonl", make())
