"""Words of a message that could mislead, each mended once."""

from __future__ import annotations

import numpy as np
import pytest
from sample_answers import BARE, graded, vectors
from sample_exercises import MESSAGES, WEIGHTS, make, of, quiz, weights

from selfattn.exercises import Case
from selfattn.grading import relations


def doubles(drawn):
    """A torch exercise: x twice, for tensors of two shapes."""
    return make(
        tier="torch",
        reference=lambda x: x * 2,
        variant=None,
        traps={},
        cases=lambda rng: [
            Case("x", (drawn(5, 7),)),
            Case("y", (drawn(3, 7),)),
        ],
    )


QUIZ = {"a": True, "b": 3, "c": "word"}


def test_an_argument_is_called_by_its_name_and_kind():
    def doubled(answer, items, scale):
        return answer(items, scale)

    exercise = of(
        lambda items, scale: [scale * i for i in items],
        ([1, 2], 3),
        ([4, 5, 6], 2),
        run=doubled,
    )

    def in_place(items, scale):
        for i, item in enumerate(items):
            items[i] = scale * item
        return list(items)

    report = graded(exercise, in_place)
    assert report.diagnosis == "changes_input"
    assert "the list `items`" in report.message
    assert "argument 1" not in report.message


def test_rows_of_nan_speak_of_a_mask_only_where_there_is_one():
    def lost(x, mask=None):
        x = x.astype(float)
        x[1] = np.nan
        return x

    bare = of(lambda x: x * 2, *vectors((3, 5), (7, 2)))
    assert "mask" not in graded(bare, lost).message
    assert "each row's own largest number" in graded(bare, lost).message
    masked = of(
        lambda x, mask: x * 2,
        *[(np.ones(n), np.ones(n[1:], bool)) for n in ((3, 5), (7, 2))],
    )
    assert "does the mask leave" in graded(masked, lost).message


def test_one_message_cites_one_case():
    def ignores(q, k, mask=None):
        return weights(q, k) + (len(q) == 5)

    message = graded(BARE, ignores).message
    assert message.count("Case:") + message.count("The first that is not") == 1
    known = graded(WEIGHTS, WEIGHTS.traps["mask_zero"].wrong)
    assert MESSAGES["mask_zero"] in known.message
    name = known.comparison.case_name
    assert f"The first that is not: {name}." in known.message


def test_what_the_check_itself_raises_is_not_the_readers_code():
    def run(answer, x):
        made = answer(x)
        if made.shape != x.shape:
            raise ValueError(f"w_v must have {x.shape[-1]} columns")
        return made

    # What stands in the package is the book's own.
    from selfattn.grading import traceback

    own = traceback.is_readers
    exercise = of(lambda x: x * 2, *vectors((3, 5), (7, 2)), run=run)
    try:
        traceback.is_readers = lambda name: False
        message = graded(exercise, lambda x: x.sum()).message
    finally:
        traceback.is_readers = own
    assert "Your code raised" not in message
    assert "w_v must have 5 columns" in message


def test_fresh_random_numbers_are_two_calls_that_differ():
    def noisy(q, k, mask=None):
        return weights(q, k, mask) + np.random.default_rng().normal()

    def seeded_by_the_session(q, k, mask=None):
        return weights(q, k, mask) + np.random.normal(size=1)

    for answer in (noisy, seeded_by_the_session):
        report = graded(BARE, answer)
        assert report.diagnosis == "not_repeatable"
        assert "Two calls with the same arguments" in report.message


def test_a_dropout_is_two_calls_that_differ():
    torch = pytest.importorskip("torch")
    report = graded(doubles(torch.ones), torch.nn.functional.dropout)
    assert report.diagnosis == "not_repeatable", report.message


def test_a_tensor_of_zeros_may_be_a_gradient():
    torch = pytest.importorskip("torch")
    report = graded(doubles(torch.rand), lambda x: x * 0)
    assert report.diagnosis == "all_zero"
    assert "gradient" in report.message


# -------------------------------------------------------------------- quiz


QUIZ = {"a": True, "b": 3, "c": "word"}


def test_truth_and_numbers_in_quotes_are_told():
    report = graded(quiz(QUIZ), {"a": "True", "b": 3, "c": "word"})
    assert report.status == "wrong" and "without the quotes" in report.message
    assert "for 'a'" in report.message
    assert "without the quotes" in graded(quiz(True), "True").message


def test_none_in_some_places_is_still_to_answer():
    report = graded(quiz(QUIZ), {"a": True, "b": None, "c": "word"})
    assert report.status == "todo" and "Still to answer: 'b'." in (
        report.message
    )


def test_none_where_none_is_right_is_an_answer():
    assert (
        graded(quiz({"a": None, "b": 1}), {"a": None, "b": 1}).status
        == "passed"
    )


def test_entries_that_were_not_asked_for_are_told():
    report = graded(quiz(QUIZ), {**QUIZ, "d": 1})
    assert "All 3 that are asked for are right" in report.message
    assert "'d'" in report.message and "Not right: ." not in report.message


# --------------------------------------------------------- the list as such


def test_every_relation_can_be_said():
    for relation in relations.RELATIONS:
        assert relation.id and callable(relation.holds)
        assert isinstance(relation.text, str) or callable(relation.text)
