"""A quiz gets the same verdict on the page as from the package."""

from __future__ import annotations

import dataclasses
import random
from itertools import combinations

import pytest
from quiz_rules import QUIZZES, Rules, texts
from selfattn_theme import quiz

from selfattn import exercises
from selfattn.grading.messages import flow
from selfattn.grading.messages import quiz as say
from selfattn.grading.quiz import quiz as grade
from selfattn.grading.report import Report

NUMBERS = [*range(-1, 9), 2.5, 10**9]


def asked(name: str):
    """An exercise, and the page's grader of it."""
    exercise = exercises.get(name)
    known = {**quiz.graded(exercise), "say": quiz.sentences()}
    return exercise, Rules(known)


def same(exercise, rules, answer: dict) -> str:
    """Hold the two side by side; the status that both give."""
    ours = rules("grade", texts(answer))
    theirs = grade(exercise, answer)
    message = theirs.message
    if theirs.status == "todo":  # the page has no `...` and no hint()
        message = message.replace(say.ALL_BLANK, say.FORM_BLANK)
        hint = flow.todo(exercise.id, "").rpartition("\n\n")[2]
        assert hint in message
        message = message.replace(hint, say.FORM_HINTS)
    assert ours == {
        "status": theirs.status,
        "diagnosis": theirs.diagnosis,
        "text": message,
    }, answer
    shown = Report(exercise.id, ours["status"], message, ours["diagnosis"])
    assert rules("html", ours) == shown.html()
    return theirs.status


def choices(exercise) -> dict[str, list]:
    """What may be answered to each line."""
    words = quiz.form(exercise).choices
    values = {"True": True, "False": False}
    some = [values.get(word, word) for word in words] or NUMBERS
    return dict.fromkeys(exercise.reference(), some)


@pytest.mark.parametrize("name", QUIZZES)
def test_right_answers_traps_and_blanks_are_told_alike(name):
    exercise, rules = asked(name)
    right = exercise.reference()
    assert same(exercise, rules, right) == "passed"
    for trap in exercise.traps.values():
        assert same(exercise, rules, trap.wrong()) == "wrong"
    for pair in combinations(exercise.traps, 2):
        wrong = exercise.variant(frozenset(pair))()
        assert same(exercise, rules, wrong) in ("wrong", "passed")
    for left in right:
        assert same(exercise, rules, {**right, left: ...}) == "todo"
    assert same(exercise, rules, dict.fromkeys(right, ...)) == "todo"


@pytest.mark.parametrize("name", QUIZZES)
def test_any_answer_is_told_alike(name):
    exercise, rules = asked(name)
    draw = random.Random(12)
    may, right = choices(exercise), exercise.reference()
    seen = set()
    for n in range(300):
        answer = {key: draw.choice(some) for key, some in may.items()}
        if n % 3:  # near the right answer, where traps are parts
            answer = {
                key: value if draw.random() < 0.3 else right[key]
                for key, value in answer.items()
            }
        if n % 10 == 0:
            answer[draw.choice(list(answer))] = ...
        seen.add(same(exercise, rules, answer))
    assert {"todo", "wrong"} <= seen


def test_a_number_is_compared_and_not_its_digits():
    _, rules = asked("05.broken_lines")
    for given in ("02", "2.0", " 2", "+2", "2e0"):
        assert rules("grade", [given, "5", "3"])["status"] == "passed"
    for given in ("3e", "2,0", "Infinity", "0x", "two"):
        assert rules("grade", [given, "5", "3"])["status"] == "wrong"


@pytest.mark.parametrize("name", QUIZZES)
def test_no_answer_lies_in_sight_and_no_two_look_alike(name):
    exercise, _ = asked(name)
    known = quiz.graded(exercise)
    for n, (key, some) in enumerate(choices(exercise).items()):
        marks = {quiz.mark(name, n, str(one)) for one in some}
        assert len(marks) == len(some)
        assert known["right"][n] in marks
        assert known["right"][n] != str(exercise.reference()[key])


@pytest.mark.parametrize("name", QUIZZES)
def test_the_form_asks_what_the_starter_asks(name):
    exercise, _ = asked(name)
    form = quiz.form(exercise)
    assert [line.key for line in form.lines] == list(exercise.reference())
    said = f"{form} {form.lead}"
    comments = [
        line.partition("#")[2].strip()
        for line in exercise.starter.splitlines()
        if "#" in line
    ]
    for comment in comments:
        explained = quiz.NAMED.fullmatch(comment)
        text = explained[2] if explained else comment
        assert text in said or repr(text)[1:-1] in said


def test_a_choice_that_is_not_explained_is_refused():
    exercise = exercises.get("02.output_kind")
    starter = exercise.starter.replace('# "model": the', "# the")
    with pytest.raises(ValueError, match="explains.*model.*02.output_kind"):
        quiz.form(dataclasses.replace(exercise, starter=starter))


def test_only_data_to_fill_in_is_a_quiz():
    numpy = set(exercises.ids()) - set(exercises.find.ids_with_torch())
    for exercise in map(exercises.get, numpy):
        wanted = exercise.id in QUIZZES
        assert quiz.is_quiz(exercise.starter) == wanted
        assert (exercise.kind == "value") == wanted
    assert not quiz.is_quiz("answer = (")
