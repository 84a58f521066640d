"""Exercise 13.online_softmax."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def online_softmax(chunks):
    """The largest score and the sum of exponentials, chunk by chunk.

    chunks : a list of arrays (n,), floats. They differ in length, some may
        be empty, and there is at least one score in all.
    Returns two numbers: top, the largest of all scores, and total, the sum
    of exp(score - top) over all scores. Scores may be as large as 10000 or
    as low as -10000. Read each chunk once, and keep two numbers only.
    """
    top, total = -np.inf, 0.0
    for chunk in chunks:
        if len(chunk):
            new = max(top, chunk.max())
            total = total * np.exp(top - new) + np.exp(chunk - new).sum()
            top = new
    return top, total


HINTS = (
    "Keep two numbers: the largest score so far, and the sum of exp(score - "
    "largest so far). What must happen to the sum when a larger score comes?",
    "exp(s - new) = exp(s - top) * exp(top - new). The factor is the same for "
    "all scores that were added before.",
    "Start with top = -np.inf and total = 0.0: then the first factor is "
    "exp(-inf) = 0. Leave out empty chunks, which have no largest score.",
)


def cases(rng):
    def case(lengths, by=1.0, shift=0.0):
        name = f"chunks of {', '.join(map(str, lengths))} scores"
        if shift or by > 9:
            name += f", near {shift:g}" if shift else ", large"
        drawn = [by * rng.standard_normal(n) + shift for n in lengths]
        return Case(name, (drawn,))

    log = np.log
    return [
        Case("two chunks, rising", ([log([1.0, 2]), log([3.0, 6])],)),
        Case("two chunks, falling", ([log([6.0, 3]), log([2.0, 1])],)),
        Case("three single scores", ([np.array([s]) for s in (1.0, 3, 2)],)),
        case([3, 5, 2, 7]),
        case([2, 0, 5, 0]),
        case([0, 3, 1]),
        case([5, 3, 7], by=3000.0),
        case([3, 2, 5], shift=-5000.0),
    ]


MISTAKES = {
    "not_rescaled": (
        "When a larger score comes, what you summed before stays as it was. "
        "Those exponentials were taken relative to the old largest score, so "
        "the sum has to shrink."
    ),
    "upside_down": (
        "The old sum is multiplied by exp(new largest - old largest), which "
        "makes it grow. It has to shrink: exchange the two."
    ),
    "all_rescaled": (
        "The factor also shrinks the chunk that has just come. Its "
        "exponentials are already relative to the new largest score."
    ),
    "own_largest": (
        "top is the largest score of the last chunk, also where an earlier "
        "one was larger. Compare it with what you had."
    ),
    "from_zero": (
        "top starts at 0, so it is wrong when all scores are negative. Start "
        "at -infinity."
    ),
    "last_chunk": (
        "total holds the last chunk alone. Add to what the earlier ones gave."
    ),
    "not_shifted": (
        "The exponentials are of the scores themselves. Subtract the largest "
        "score first; exp(1000) overflows."
    ),
}


def variant(wrong):
    def answer(chunks):
        top = 0.0 if "from_zero" in wrong else -np.inf
        total = 0.0
        for chunk in chunks:
            if not len(chunk):
                continue
            new = max(top, chunk.max())
            if "own_largest" in wrong:
                new = chunk.max()
            shrink = np.exp(top - new)
            if "upside_down" in wrong and np.isfinite(top):
                shrink = np.exp(new - top)
            if "not_rescaled" in wrong:
                shrink = 1.0
            part = np.exp(chunk - (0 if "not_shifted" in wrong else new)).sum()
            if "not_shifted" in wrong:
                shrink = 1.0
            if "last_chunk" in wrong:
                total = 0.0
            total = total * shrink + part
            if "all_rescaled" in wrong and np.isfinite(top):
                total -= part * (1 - shrink)
            top = new
        return top, total

    return answer


EXERCISE = exercise(
    online_softmax,
    title="The online softmax",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
