"""Exercise 09.match."""

import itertools

import numpy as np

from selfattn.exercises.model import Case, exercise


def match(cost):
    """Give each object an answer of its own, at the least total cost.

    cost : float array (N, Q), N <= Q and both at most 7: what it costs when
        object i gets answer j. In every case only one assignment is the
        cheapest.
    Returns a list of N whole numbers: the answer of each object. No answer
    is given twice.
    """
    from itertools import permutations

    n, q = cost.shape
    return min(
        (list(chosen) for chosen in permutations(range(q), n)),
        key=lambda chosen: sum(cost[i, j] for i, j in enumerate(chosen)),
    )


HINTS = (
    "Try the cheapest answer for each object first. When does that fail? "
    "When two objects want the same answer.",
    "The sizes are small, so you may try every assignment. How many are there "
    "for 3 objects and 6 answers?",
    "`itertools.permutations(range(Q), N)` lists all ways to give N objects "
    "different answers. Add up the costs of each, and keep the cheapest.",
)


def cases(rng):
    made = [
        Case("two want the same answer", (np.array([[1.0, 2], [1.5, 9]]),)),
        Case("one object", (np.array([[3.0, 1, 2]]),)),
        Case(
            "the second pays more than the first saves",
            (np.array([[0.0, 1, 5], [0.5, 8, 9], [4, 2.25, 0.25]]),),
        ),
        Case(
            "a later one has the better claim",
            (np.array([[1.0, 2, 9], [0.5, 8, 9], [4, 2.5, 7]]),),
        ),
        Case("a negative cost", (np.array([[-4.0, -3], [-2.5, 3]]),)),
    ]
    for n, q in ((3, 5), (2, 7), (5, 5), (3, 3)):
        cost = np.round(rng.normal(0, 3, (n, q)), 3)
        # Every object likes the same two answers best.
        cost[:, :2] -= 4
        made.append(Case(f"{n} objects, {q} answers", (cost,)))
    return made


MISTAKES = {
    "each_its_best": (
        "Two objects got the same answer. Each takes its cheapest one, "
        "whoever else wants it; an answer may be given only once."
    ),
    "first_come": (
        "The objects choose one after the other, and the first takes its "
        "best. What it takes may cost a later one more than it saved."
    ),
    "cheapest_pair": (
        "You take the cheapest pair of all, then the cheapest of what is "
        "left. That is greedy: an early bargain can force an expensive rest."
    ),
    "dearest": ("Your assignment has the largest sum. Costs should be small."),
    "in_order": ("Object i always gets answer i. The costs have to decide."),
    "best_object": (
        "You ask for the best object of each answer. Every object needs an "
        "answer, not the other way round."
    ),
    "total": (
        "You return the least total cost. The answers of the objects are "
        "asked for."
    ),
    "absolute": (
        "You dropped the signs of the costs. A negative cost is cheaper than "
        "0, not dearer."
    ),
    "worst_pair": (
        "You make the most expensive pair as cheap as possible. The sum of "
        "all pairs should be the least."
    ),
}


def variant(wrong):
    def answer(cost):
        n, q = cost.shape
        if "absolute" in wrong:
            cost = abs(cost)
        if "dearest" in wrong:
            cost = -cost
        if "in_order" in wrong:
            return list(range(n))
        if "each_its_best" in wrong:
            return [int(j) for j in cost.argmin(axis=1)]
        if "best_object" in wrong:
            return [int(i) for i in cost.argmin(axis=0)]
        if "first_come" in wrong:
            taken = []
            for row in cost:
                free = [j for j in range(q) if j not in taken]
                taken.append(min(free, key=lambda j: row[j]))
            return taken
        if "cheapest_pair" in wrong:
            chosen = [-1] * n
            for flat in np.argsort(cost, axis=None):
                i, j = divmod(int(flat), q)
                if chosen[i] < 0 and j not in chosen:
                    chosen[i] = j
            return chosen
        worst = "worst_pair" in wrong
        whole = max if worst else sum
        best = min(
            itertools.permutations(range(q), n),
            key=lambda c: whole(cost[i, j] for i, j in enumerate(c)),
        )
        if "total" in wrong:
            return float(sum(cost[i, j] for i, j in enumerate(best)))
        return list(best)

    return answer


EXERCISE = exercise(
    match,
    title="The cheapest matching",
    difficulty=2,
    minutes=12,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
