"""Each rule for exercises can fail: an exercise broken for it is refused."""

from __future__ import annotations

from dataclasses import replace

import exercise_rules as rules
import numpy as np
import pytest

from selfattn.exercises import Case, Exercise, Property, Trap, traps_from


def row_shares(matrix):
    total = matrix.sum(axis=-1, keepdims=True)  # (L, 1)
    return matrix / total  # (L, S)


def _variant(wrong):
    def answer(matrix):
        axis = 0 if "columns" in wrong else -1
        total = matrix.sum(axis=axis, keepdims=True)
        if "flattened" in wrong:
            total = matrix.sum()
        if "largest" in wrong:
            total = matrix.max(axis=axis, keepdims=True)
        out = matrix / total
        return 100 * out if "percent" in wrong else out

    return answer


def _cases(rng):
    sizes = ((2, 3), (5, 7), (11, 3))
    return [
        Case(f"{n} rows, {m} columns", (rng.uniform(1, 2, (n, m)),))
        for n, m in sizes
    ]


TRAPS = {
    "columns": "Your columns sum to one; the rows should.",
    "flattened": "The whole matrix sums to one; each row should.",
    "largest": "You divide by the largest entry of a row.",
    "percent": "These are per cent, so a row sums to a hundred.",
}

GOOD = Exercise(
    id="90.row_shares",
    title="Shares of each row",
    difficulty=1,
    minutes=5,
    reference=row_shares,
    starter='def row_shares(matrix):\n    """(L, S) to (L, S)."""\n'
    "    raise NotImplementedError\n",
    cases=_cases,
    traps=traps_from(_variant, TRAPS),
    hints=("Which sum?", "Mind the axis.", "Keep the dimension."),
    variant=_variant,
    properties=(
        Property(
            "rows_sum_to_one",
            "Each row must sum to one.",
            _cases,
            lambda cases, outs: all(
                np.allclose(out.sum(axis=-1), 1) for out in outs
            ),
        ),
    ),
)


def trapped(name, wrong, message="Some other mistake."):
    return replace(GOOD, traps={**GOOD.traps, name: Trap(wrong, message)})


def with_property(holds, cases=_cases):
    return replace(GOOD, properties=(Property("p", "A rule.", cases, holds),))


def edits_its_input(matrix):
    matrix /= matrix.sum(axis=-1, keepdims=True)
    return matrix


def other_name(matrix):
    return matrix


BROKEN = {
    rules.is_finished: {
        "title": replace(GOOD, title="TODO: what the reader makes"),
        "hint": replace(GOOD, hints=(*GOOD.hints, "TODO: the idea.")),
        "message": trapped("t", lambda matrix: matrix, "TODO: what to say."),
        "starter": replace(GOOD, starter=GOOD.starter + "# TODO: more"),
    },
    rules.is_well_described: {
        "id": replace(GOOD, id="1.Row"),
        "title": replace(GOOD, title="Divides each row by its sum."),
        "small title": replace(GOOD, title="shares of each row"),
        "difficulty": replace(GOOD, difficulty=4),
        "minutes": replace(GOOD, minutes=0),
        "tier": replace(GOOD, tier="tpu"),
        "kind": replace(GOOD, kind="lambda"),
        "two hints": replace(GOOD, hints=GOOD.hints[:2]),
        "an empty hint": replace(GOOD, hints=(*GOOD.hints, " ")),
        "a hint twice": replace(GOOD, hints=GOOD.hints[:1] * 3),
        "three traps": replace(GOOD, traps=dict(list(GOOD.traps.items())[:3])),
        "four traps in 04": replace(GOOD, id="04.row_shares"),
        "trap id": trapped("No Scale", other_name),
        "empty message": trapped("quiet", other_name, ""),
        "long message": trapped("loud", other_name, "Words. " * 9),
        "one message for two": trapped("again", other_name, TRAPS["columns"]),
        "one id for two": trapped("rows_sum_to_one", other_name),
    },
    rules.has_sound_cases: {
        "none": replace(GOOD, cases=lambda rng: []),
        "two": replace(GOOD, cases=lambda rng: _cases(rng)[:2]),
        "one name for two": replace(
            GOOD, cases=lambda rng: _cases(rng) + _cases(rng)
        ),
        "no name": replace(
            GOOD, cases=lambda rng: [*_cases(rng), Case("", (np.eye(2),))]
        ),
        "never drawn afresh": replace(
            GOOD, cases=lambda rng: _cases(np.random.default_rng(1))
        ),
        "drawn without the seed": replace(
            GOOD, cases=lambda rng: _cases(np.random.default_rng())
        ),
    },
    rules.has_a_sound_starter: {
        "no Python": replace(GOOD, starter="def row_shares(matrix:\n"),
        "another name": replace(
            GOOD, starter=GOOD.starter.replace("row_", "line_")
        ),
        "another argument": replace(
            GOOD, starter=GOOD.starter.replace("(matrix)", "(x)")
        ),
        "another default": replace(
            GOOD, starter=GOOD.starter.replace("(matrix)", "(matrix=None)")
        ),
        "no docstring": replace(
            GOOD,
            starter="def row_shares(matrix):\n    raise NotImplementedError\n",
        ),
        "too wide": replace(
            GOOD, starter=GOOD.starter.replace("(L, S) to", "to " * 30)
        ),
        "raises nothing": replace(
            GOOD, starter=GOOD.starter.replace("raise NotImpl", "pass  # ")
        ),
        "another reference": replace(GOOD, reference=other_name),
    },
    rules.starts_as_todo: {
        "returns something": replace(
            GOOD, starter=GOOD.starter.replace("raise Not", "return 1  # ")
        ),
        "already solved": replace(
            GOOD,
            starter="def row_shares(matrix):\n"
            "    return matrix / matrix.sum(axis=-1, keepdims=True)\n",
        ),
    },
    rules.leaves_its_input_alone: {
        "edits": replace(GOOD, reference=edits_its_input),
    },
    rules.never_tells: {
        "a line": trapped(
            "t", other_name, "Try `matrix.sum(axis=-1, keepdims=True)`."
        ),
        "a line, spaced": trapped(
            "t", other_name, "Try matrix.sum( axis = -1, keepdims = True )."
        ),
        "a property's": replace(
            GOOD,
            properties=(
                replace(
                    GOOD.properties[0],
                    message="total = matrix.sum(axis=-1, keepdims=True)",
                ),
            ),
        ),
    },
    rules.has_true_properties: {
        "untrue": with_property(lambda cases, outs: outs[0].sum() < 0),
        "without calls": with_property(lambda c, o: True, lambda rng: []),
    },
    rules.has_properties_that_can_fail: {
        "always true": with_property(lambda cases, outs: True),
        "about the shape": with_property(lambda c, o: o[0].ndim == 2),
    },
    rules.has_a_variant_without_mistakes: {
        "a mistake": replace(GOOD, variant=lambda w: _variant({"percent"})),
        "a rare one": replace(
            GOOD,
            variant=lambda w: lambda m: row_shares(m) + (len(m) == 11),
        ),
    },
}


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_a_sound_exercise_keeps_the_rule(rule):
    rule(GOOD)


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        pytest.param(rule, x, id=f"{rule.__name__}: {name}")
        for rule, kinds in BROKEN.items()
        for name, x in kinds.items()
    ],
)
def test_a_broken_exercise_breaks_the_rule(rule, broken):
    with pytest.raises((AssertionError, SyntaxError)):
        rule(broken)


def test_every_rule_has_been_seen_to_fail():
    assert set(BROKEN) == set(rules.RULES)


# --- the rules that take an answer, a trap or a seed ----------


def test_mistakes_that_look_the_same_are_found():
    rules.tells_mistakes_apart(GOOD, 0)
    for twin in (
        trapped("no_mistake", row_shares),
        trapped("columns_again", _variant({"columns"})),
    ):
        with pytest.raises(AssertionError, match="the same on every case"):
            rules.tells_mistakes_apart(twin, 0)


def test_only_a_square_case_would_hide_a_mistake():
    square = replace(
        GOOD, cases=lambda rng: [Case("one entry", (np.ones((1, 1)),))]
    )
    with pytest.raises(AssertionError, match="the same on every case"):
        rules.tells_mistakes_apart(square, 0)


def test_a_trap_must_be_named_by_the_grader():
    rules.names_every_mistake(GOOD, 0)
    harmless = trapped("harmless", row_shares)
    with pytest.raises(AssertionError, match="passed"):
        rules.names_every_mistake(harmless, 0)
    crash = trapped("crash", lambda matrix: 1 / 0)
    with pytest.raises(AssertionError):
        rules.names_every_mistake(crash, 0)
    twin = trapped("columns_again", _variant({"columns"}))
    with pytest.raises(AssertionError, match="Your columns sum to one"):
        rules.names_every_mistake(twin, 0)


def test_a_wrong_answer_is_not_accepted():
    rules.accepts(GOOD, row_shares, 0)
    for trap in GOOD.traps.values():
        with pytest.raises(AssertionError, match="wrong"):
            rules.accepts(GOOD, trap.wrong, 0)


def test_a_told_solution_is_found_however_it_is_spaced():
    for told in (
        "total = matrix.sum(axis=-1, keepdims=True)",
        "write `matrix.sum( axis=-1,\nkeepdims=True )`",
    ):
        with pytest.raises(AssertionError, match="is told"):
            rules.refuses_to_tell(GOOD, told)
    rules.refuses_to_tell(GOOD, "Which axis do you sum over?")
