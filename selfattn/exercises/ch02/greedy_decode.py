"""Exercise 02.greedy_decode."""

import numpy as np

from selfattn.exercises.model import Case, exercise


def greedy_decode(step, start, stop, limit):
    """Write the most likely token again and again, until stop.

    step : a function; step(tokens) takes the list of all tokens so far,
        start included, and returns an array (V,): a score for each id.
    start, stop : the ids of two tokens. The decoder may write start again;
        then it is a token like any other.
    limit : whole number, 0 or more; write at most so many tokens.
    Returns the list of written ids, without the first start and without
    stop.
    """
    tokens = [start]
    while len(tokens) <= limit:
        best = int(np.argmax(step(tokens)))
        if best == stop:
            break
        tokens.append(best)
    return tokens[1:]


HINTS = (
    "Keep one list that begins with start, and grow it.",
    "In each round give the whole list to `step`, find the place of "
    "the highest score, and look whether it is stop before you "
    "append it.",
    "Two things end the loop: stop, and `limit` written tokens. At "
    "the end, start has to go.",
)


def run(answer, table, start, stop, limit):
    """Call the answer with a decoder that looks scores up in a table."""
    n_places, n_types, _ = table.shape

    def step(tokens):
        if not np.ndim(tokens):
            raise TypeError(
                "step takes the list of all tokens so far: got "
                f"{tokens}; give it a list"
            )
        place = (len(tokens) - 1) % n_places
        return table[place, int(tokens[-1]) % n_types].copy()  # (V,)

    return answer(step, start, stop, limit)


def scores_table(rng, n_places, n_types, stop, end=None):
    """Scores (n_places, V, V) for which decoding ends after `end` tokens."""
    table = rng.standard_normal((n_places, n_types, n_types))
    table[:, :, stop] = -3.0 - rng.random((n_places, n_types))
    if end is not None:
        table[end:, :, stop] = 9.0  # now
        table[end + 2 :, :, stop] = -3.0  # and not for ever
    return table


def cases(rng):
    words = np.log(
        [
            [0.02, 0.6, 0.2, 0.1, 0.08],  # after start: vi, una, sierra, stop
            [0.02, 0.1, 0.5, 0.3, 0.08],
            [0.02, 0.1, 0.1, 0.7, 0.08],
            [0.02, 0.1, 0.1, 0.08, 0.7],
            [0.02, 0.5, 0.3, 0.1, 0.08],
        ]
    )
    spanish = np.tile(words, (7, 1, 1))  # (places, V, V)
    again = np.zeros((9, 3, 3))  # (places, V, V); 1 is start, 2 is stop
    again[[0, 2], :, 0] = again[[1, 3], :, 1] = again[4:, :, 2] = 1.0
    made = [
        Case("vi una sierra", (spanish, 0, 4, 7)),
        Case("vi una sierra, limit 1", (spanish, 0, 4, 1)),
        Case("limit 0", (spanish, 0, 4, 0)),
        Case("start is written again", (again, 1, 2, 6)),
        Case(
            "stop at once", (scores_table(rng, 11, 5, stop=2, end=0), 3, 2, 5)
        ),
    ]
    for n_types, end, limit in ((7, 5, 11), (11, 3, 13), (5, None, 7)):
        start, stop = (int(t) for t in rng.permutation(n_types)[:2])
        table = scores_table(rng, 17, n_types, stop, end)
        when = "no stop" if end is None else f"stop after {end}"
        name = f"{n_types} ids, {when}, limit {limit}"
        made.append(Case(name, (table, start, stop, limit)))
    table = scores_table(rng, 17, 13, 0, 7)
    made.append(Case("13 ids, stop right at the limit 7", (table, 1, 0, 7)))
    return made


MISTAKES = {
    "keeps_stop": (
        "Stop is part of what you return. It only says that the sequence is "
        "over."
    ),
    "keeps_start": (
        "Start is part of what you return. The decoder began from it and did "
        "not write it."
    ),
    "starts_removed": (
        "You remove start wherever it stands. Only the first one was given; "
        "if the decoder writes it again, it is a token like any other."
    ),
    "runs_on": (
        "You always write as many tokens as the limit allows. When stop is "
        "the most likely token the sequence is over, and what a decoder says "
        "after that means nothing."
    ),
    "stops_skipped": (
        "You leave stop out of the result, but go on writing after it. The "
        "first stop ends the sequence."
    ),
    "one_too_few": (
        "Where the limit ends the decoding you return one token too few. "
        "Either start counts towards your limit, or you drop the last token "
        "as if it had to be stop."
    ),
    "one_too_many": "You write one token more than the limit allows.",
    "no_limit": (
        "Your loop ends at stop only. A decoder may never say stop, so the "
        "limit has to end the loop as well."
    ),
    "last_token_only": (
        "You give the decoder nothing but the last token. What comes next "
        "depends on everything written so far, and here on how many tokens "
        "there are."
    ),
    "first_token_only": (
        "You give the decoder nothing but start each time. It does not know "
        "what it has already written, so it gives the same answer again."
    ),
    "start_not_given": (
        "After the first step you leave start out of the tokens. The decoder "
        "was trained with it, so every place is now off by one."
    ),
    "smallest": (
        "You take the token with the lowest score. Scores are high for "
        "likely tokens."
    ),
}


def variant(wrong):
    def answer(step, start, stop, limit):
        if "one_too_few" in wrong:
            limit -= 1
        if "one_too_many" in wrong:
            limit += 1
        if "no_limit" in wrong:
            limit = 200  # as good as none
        pick = np.argmin if "smallest" in wrong else np.argmax
        tokens = [start]
        for _ in range(limit):
            seen = tokens
            if "last_token_only" in wrong:
                seen = tokens[-1:]
            if "first_token_only" in wrong:
                seen = tokens[:1]
            if "start_not_given" in wrong and len(tokens) > 1:
                seen = tokens[1:]
            tokens.append(int(pick(step(seen))))
            if tokens[-1] == stop and not wrong & {"runs_on", "stops_skipped"}:
                break
        out = tokens if "keeps_start" in wrong else tokens[1:]
        if "starts_removed" in wrong:
            out = [t for t in out if t != start]
        if "stops_skipped" in wrong:
            return [t for t in out if t != stop]
        if "keeps_stop" in wrong or "runs_on" in wrong:
            return out
        return out[:-1] if out[-1:] == [stop] else out

    return answer


EXERCISE = exercise(
    greedy_decode,
    title="Greedy decoding until the stop token",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
