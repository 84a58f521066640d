"""Exercise 03.majority_ceiling."""

from collections import Counter

import numpy as np

from selfattn.exercises.model import Case, exercise


def majority_ceiling(inputs, tags):
    """The best accuracy on these pairs of anything that sees only `inputs`.

    inputs : list of n strings or tuples: what a net sees of each word.
    tags : list of n strings: what it should answer.
    Equal inputs force equal answers, so the best answer to an input is its
    most frequent tag. Returns a share between 0 and 1 of the n pairs.
    """
    counts = {}
    for seen, tag in zip(inputs, tags, strict=True):
        counts.setdefault(seen, Counter())[tag] += 1
    return sum(max(c.values()) for c in counts.values()) / len(tags)


HINTS = (
    "Whoever sees only “saw” must give every “saw” the same tag. "
    "Which one would you choose?",
    "Count, for each input, how often each tag comes with it. A "
    "dict of Counters does that.",
    "Add up the largest count of every input, and compare the sum with n.",
)


def cases(rng):
    inputs = "saw saw saw a a dog fish fish fish fish".split()
    tags = "V N N D D N N V V V".split()
    made = [
        Case("ten words, two of them ambiguous", (inputs, tags)),
        Case(
            "“I saw a saw”",
            ("I saw a saw".split(), "PRON VERB DET NOUN".split()),
        ),
    ]
    words = np.array("saw fish light dry a I the of oak dog run".split())
    for n in (53, 101, 211):
        at = rng.integers(0, len(words), n)
        at[: len(words)] = np.arange(len(words))
        chance = rng.uniform(size=n) + 0.05 * at
        tag = np.where(chance < 0.5, "VERB", "NOUN")
        tag = np.where((at == 2) & (chance < 0.4), "ADJ", tag)
        tag = np.where(at > 7, "DET", tag)
        seen = [str(w) for w in words[at]]
        if n == 101:
            seen = [(w, k % 3 == 0) for k, w in enumerate(seen)]
        made.append(Case(f"{n} words", (seen, [str(t) for t in tag])))
    return made


MISTAKES = {
    "one_tag_for_all": (
        "You answered the same tag for every word. The best answer may "
        "differ from one input to the next."
    ),
    "ambiguous_only": (
        "You left out the inputs that have one tag only. They are the easy "
        "part of the n pairs, but a part of them."
    ),
    "unambiguous_only": (
        "You count an ambiguous input as lost. Its most frequent tag is "
        "right some of the time."
    ),
    "minority": "You took the rarest tag of each input.",
    "even_guess": (
        "You guess evenly among an input's tags. The ceiling is what the "
        "best answer reaches, and a majority beats an even guess."
    ),
    "guess_in_proportion": (
        "You guess each tag as often as it occurs. Always saying the most "
        "frequent one is better: 0.9 against 0.82 for a 9 to 1 word."
    ),
    "mean_over_words": (
        "You averaged over the different inputs. A frequent word weighs more "
        "than a rare one: the share is of the n pairs."
    ),
    "per_word_type": (
        "You divided by the number of different inputs. It is a share of "
        "the n pairs, so it cannot exceed 1."
    ),
    "error_rate": "This is the smallest error; the task asks for accuracy.",
}


def variant(wrong):
    def answer(inputs, tags):
        counts = {}
        for seen, tag in zip(inputs, tags, strict=True):
            counts.setdefault(seen, Counter())[tag] += 1
        if "one_tag_for_all" in wrong:
            return max(Counter(tags).values()) / len(tags)
        if "ambiguous_only" in wrong:
            kept = {k: c for k, c in counts.items() if len(c) > 1}
            counts = kept or counts
        if "unambiguous_only" in wrong:
            right = sum(
                sum(c.values()) for c in counts.values() if len(c) == 1
            )
            return right / len(tags)
        best = {k: max(c.values()) for k, c in counts.items()}
        total = {k: sum(c.values()) for k, c in counts.items()}
        if "minority" in wrong:
            best = {k: min(c.values()) for k, c in counts.items()}
        if "even_guess" in wrong:
            best = {k: total[k] / len(c) for k, c in counts.items()}
        if "guess_in_proportion" in wrong:
            best = {
                k: sum(v * v for v in c.values()) / total[k]
                for k, c in counts.items()
            }
        if "mean_over_words" in wrong:
            return float(np.mean([best[k] / total[k] for k in counts]))
        if "per_word_type" in wrong:
            return sum(best.values()) / len(counts)
        share = sum(best.values()) / sum(total.values())
        return 1 - share if "error_rate" in wrong else share

    return answer


EXERCISE = exercise(
    majority_ceiling,
    title="The ceiling of anything that sees one word",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
