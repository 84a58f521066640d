"""Exercise 04.lead_for_share."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def lead_for_share(p, n):
    """How far a score must lead for its key to get the share p by softmax.

    p : the share wanted, between 0 and 1.
    n : the number of keys, 2 or more. All but the leading one have equal
        scores, and the leader's is larger by the lead.
    Returns the lead, a number; negative if p is less than an equal share.
    """
    return np.log(p * (n - 1) / (1 - p))


HINTS = (
    "Set the equal scores to 0 and the leader's to g. Write down the "
    "leader's softmax weight.",
    "That is eᵍ divided by eᵍ plus the number of others. Set it "
    "equal to p and solve for eᵍ.",
    "The leader's exponential against all others together is as p to "
    "1 − p. Now take a logarithm.",
)


def cases(rng):
    made = [
        Case("nine tenths, two keys", (0.9, 2)),
        Case("nine tenths, four keys", (0.9, 4)),
        Case("one half, two keys", (0.5, 2)),
        Case("an equal share of five", (0.2, 5)),
        Case("less than an equal share", (0.05, 7)),
        Case("nearly everything, three keys", (1 - 2**-20, 3)),
    ]
    for n in (13, 6000):
        p = float(rng.uniform(0.3, 0.999))
        made.append(Case(f"a share of {p:.3f} among {n}", (p, n)))
    return made


MISTAKES = {
    "leader_counted_twice": (
        "You count n others. The leader is one of the n keys, so one fewer "
        "competes with it."
    ),
    "two_keys_only": (
        "Your lead does not depend on n. Each further key takes its share, "
        "so the leader needs more of a lead."
    ),
    "odds_forgotten": (
        "You took p where p against the rest is needed. Near p = 1 the lead "
        "must grow without bound."
    ),
    "divided_by_others": (
        "More keys make your lead smaller. They compete with the leader, so "
        "it has to be larger."
    ),
    "no_logarithm": (
        "This is the ratio of the leader's exponential to another's. The "
        "lead is the exponent: undo the exponential."
    ),
    "added_outside": (
        "You added the number of others to a logarithm. Their exponentials "
        "add up before the logarithm is taken."
    ),
    "base_two": (
        "Your logarithm has base 2. Softmax takes powers of e, so the "
        "natural one undoes it."
    ),
    "base_ten": (
        "Your logarithm has base 10. Softmax takes powers of e, so the "
        "natural one undoes it."
    ),
    "sign_flipped": (
        "Your lead is negative where the leader has to be ahead. Leader "
        "minus the others is asked for."
    ),
    "never_negative": (
        "You cut the lead at 0. A key that is to get less than an equal "
        "share has to lag behind: its lead is negative."
    ),
}


def variant(wrong):
    def answer(p, n):
        others = n if "leader_counted_twice" in wrong else n - 1
        if "two_keys_only" in wrong:
            others = 1
        odds = p if "odds_forgotten" in wrong else p / (1 - p)
        ratio = odds * others
        if "divided_by_others" in wrong:
            ratio = odds / others
        if "no_logarithm" in wrong:
            return ratio
        if "added_outside" in wrong:
            return np.log(odds) + others
        lead = np.log(ratio)
        if "base_two" in wrong:
            lead = np.log2(ratio)
        if "base_ten" in wrong:
            lead = np.log10(ratio)
        if "sign_flipped" in wrong:
            lead = -lead
        return max(lead, 0.0) if "never_negative" in wrong else lead

    return answer


EXERCISE = exercise(
    lead_for_share,
    title="The lead that a share needs",
    difficulty=2,
    minutes=8,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
