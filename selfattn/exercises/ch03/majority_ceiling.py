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
    made += [
        Case("one word", (["saw"], ["NOUN"])),
        Case(
            "capitals tell words apart",
            (
                "May may Polish polish May may".split(),
                "NOUN AUX ADJ VERB NOUN AUX".split(),
            ),
        ),
        Case(
            "windows of words, as tuples",
            (
                [
                    ("dog", "bites", "man"),
                    ("man", "bites", "dog"),
                    ("no", "where"),
                    ("now", "here"),
                    ("dog", "bites", "man"),
                    ("man", "bites", "dog"),
                ],
                ["V", "N", "D", "R", "V", "N"],
            ),
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
        what = "tuples" if n == 101 else "words"
        made.append(Case(f"{n} {what}", (seen, [str(t) for t in tag])))
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
    "minority": (
        "You took the rarest tag of each input. The best answer is the most "
        "frequent one."
    ),
    "first_tag": (
        "You answer with the first tag that an input was seen with. The best "
        "answer is its most frequent tag."
    ),
    "last_tag": (
        "You answer with the last tag that an input was seen with: in a "
        "dict, later values replace earlier ones. The best answer is its "
        "most frequent tag."
    ),
    "last_in_alphabet": (
        "You take the tag that is last in the alphabet; `max` of a dict "
        "compares its keys. Compare the counts."
    ),
    "capitals_ignored": (
        "You take “May” and “may” for the same input. A net sees two "
        "different words there."
    ),
    "order_ignored": (
        "You take tuples for equal if they hold the same words. Their order "
        "differs, so a net can tell them apart."
    ),
    "joined": (
        "You joined the words of a tuple without a mark between them. Then "
        "“no where” and “now here” are the same; a tuple itself can be the "
        "key of a dict."
    ),
    "inputs_for_tags": (
        "You counted the inputs of each tag. A net sees the input: count the "
        "tags of each input."
    ),
    "most_frequent_input": (
        "You counted how often the most frequent input occurs. Count for "
        "each input how often each tag comes with it."
    ),
    "best_input": (
        "This is the share of the input that is answered best. The share "
        "asked for goes over all n pairs."
    ),
    "worst_input": (
        "This is the share of the input that is answered worst. The share "
        "asked for goes over all n pairs."
    ),
    "solved_inputs": (
        "This is the share of inputs that have one tag only. Ambiguous "
        "inputs are right some of the time, and frequent ones weigh more."
    ),
    "inputs_per_pair": (
        "You divided the number of different inputs by n. Each input counts "
        "as often as its most frequent tag occurs."
    ),
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


def merged(seen, wrong):
    """What the answer takes this input for."""
    if "capitals_ignored" in wrong:
        return str(seen).lower()
    if type(seen) is tuple and "order_ignored" in wrong:
        return tuple(sorted(map(str, seen)))
    if "joined" in wrong:
        return "".join(map(str, seen))
    return seen


def fixed_tags(counts, wrong):
    """How often each input's tag is right, chosen without the counts."""
    if "first_tag" in wrong:
        return {k: next(iter(c.values())) for k, c in counts.items()}
    if "last_in_alphabet" in wrong:
        return {k: c[max(c)] for k, c in counts.items()}
    return None


def variant(wrong):
    if {"ambiguous_only", "unambiguous_only"} <= wrong:
        raise ValueError("together they leave no input")
    if {"one_tag_for_all", "inputs_for_tags"} <= wrong:
        raise ValueError("together they are most_frequent_input")

    def answer(inputs, tags):
        if "inputs_for_tags" in wrong:
            inputs, tags = tags, inputs
        inputs = [merged(seen, wrong) for seen in inputs]
        counts = {}
        for seen, tag in zip(inputs, tags, strict=True):
            counts.setdefault(seen, Counter())[tag] += 1
        if "most_frequent_input" in wrong:
            return max(Counter(inputs).values()) / len(tags)
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
        best = fixed_tags(counts, wrong) or best
        if "last_tag" in wrong:
            last = dict(zip(inputs, tags, strict=True))
            best = {k: c[last[k]] for k, c in counts.items()}
        total = {k: sum(c.values()) for k, c in counts.items()}
        shares = [best[k] / total[k] for k in counts]
        if "best_input" in wrong:
            return max(shares)
        if "worst_input" in wrong:
            return min(shares)
        if "solved_inputs" in wrong:
            return shares.count(1) / len(counts)
        if "inputs_per_pair" in wrong:
            return len(counts) / len(tags)
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
            return float(np.mean(shares))
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
