"""Check an answer, name its mistake, give hints, show the solution.

    check("04.softmax", softmax)       hint("04.softmax")
    solution("04.softmax")

An answer to a NumPy exercise runs in a child process with limits on time and
memory, where the system can fork. Elsewhere, and for torch exercises, it runs
in this process: see `selfattn._sandbox` for what is then out of reach.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from selfattn import (
    _compare,
    _diagnose,
    _report,
    _sandbox,
    exercises,
    progress,
)
from selfattn import _outputs as outputs
from selfattn._diagnose import Judged
from selfattn._report import Note, Report

__all__ = ["check", "hint", "solution"]


def check(exercise_id: str, answer: Any, *, seed: int | None = None) -> Report:
    """Grade an answer, show the report once, and keep the result.

    Parameters
    ----------
    exercise_id : "NN.name".
    answer : your function (not its result), class, or quiz answer.
    seed : draws the same fresh cases every time; by default they differ.

    Returns the report that was shown. Never raises, except for your own
    KeyboardInterrupt.

        >>> grade("01.one_hot", lambda words: words).status
        'error'
    """
    try:
        report = grade(exercise_id, answer, seed=seed)
    except Exception as error:
        report = Report(_shown_id(exercise_id), "error", "The grader itself "
                        "failed, which is not your mistake. Please report "
                        f"it: {type(error).__name__}: {error}")
    note = progress.note_attempt(report.exercise_id, report.status,
                                 report.diagnosis) if _is_known(
                                     exercise_id) else ""
    if note:
        report = _with(report, saved_note=note)
    return _report.show(report)


def grade(exercise_id: str, answer: Any, *, seed: int | None = None,
          ) -> Report:
    """What `check` shows, without showing or keeping it."""
    try:
        exercise = exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError) as error:
        text = error.args[0] if error.args else str(error)
        return Report(_shown_id(exercise_id), "error", str(text))
    return grade_exercise(exercise, answer, seed=seed)


def grade_exercise(exercise: Any, answer: Any, *, seed: int | None = None,
                   ) -> Report:
    """Grade an answer to this exercise."""
    if exercise.kind == "value":
        return _quiz(exercise, answer)
    if answer is ...:
        return _todo(exercise)
    problem = _not_gradable(exercise, answer)
    if problem:
        return Report(exercise.id, "error", problem)
    rng = np.random.default_rng(seed)
    cases = list(exercise.cases(rng))
    extra = [list(p.cases(rng)) for p in exercise.properties]
    every = cases + [c for cs in extra for c in cs]
    run = (_sandbox.forked if exercise.tier == "numpy" and _sandbox.CAN_FORK
           else _sandbox.in_process)
    outcome = run(exercise, answer, every)
    return _Grading(exercise, cases, extra, every, outcome).report()


def _is_known(exercise_id: Any) -> bool:
    try:
        return exercises.get(exercise_id) is not None
    except Exception:
        return False


def _shown_id(exercise_id: Any) -> str:
    return exercise_id if type(exercise_id) is str else (
        f"({type(exercise_id).__name__})")


def _with(report: Report, **changes: Any) -> Report:
    import dataclasses

    return dataclasses.replace(report, **changes)


def _todo(exercise: Any, what: str = "") -> Report:
    text = what or "Nothing to grade yet: the starter still raises " \
        "NotImplementedError. Write its body, run its cell, then this one."
    return Report(exercise.id, "todo", f"{text}\n\n"
                  f'`hint("{exercise.id}")` gives a first nudge.')


def _not_gradable(exercise: Any, answer: Any) -> str:
    """Why this object cannot be an answer, or ""."""
    is_class = isinstance(answer, type)
    name = getattr(exercise.reference, "__name__", "answer")
    call = f'`check("{exercise.id}", {name})`'
    if exercise.kind == "class":
        if inspect.isfunction(answer):
            return (f"This exercise asks for a class, and you gave a "
                    f"function. Write {call} with the class itself.")
        if not callable(answer) or not is_class and hasattr(
                type(answer), "forward"):
            return (f"This exercise asks for a class, and you gave an object "
                    f"of type {type(answer).__name__}. Write {call}, without "
                    "brackets behind the name.")
        return ""
    if is_class:
        return ("This exercise asks for a function, and you gave the class "
                f"{answer.__name__}. Write {call} with the function.")
    if callable(answer):
        return ""
    if answer is None:
        return ("You gave None. Write the function's name, without calling "
                f"it: {call}.")
    return (f"You gave an object of type {type(answer).__name__}, perhaps "
            "the result of a call. Give the function itself, without "
            f"brackets behind its name: {call}.")


class _Grading:
    """One answer's outputs on the way to a report."""

    def __init__(self, exercise, cases, extra, every, outcome):
        self.exercise, self.cases, self.extra = exercise, cases, extra
        self.every, self.outcome = every, outcome

    def report(self) -> Report:
        failure, x = self.outcome.failure, self.exercise
        if failure is not None and failure.kind == "todo":
            return _todo(x)
        if failure is not None and not self.outcome.outputs:
            return self._make("error", self._failure_text(failure))
        expected = _diagnose.expected_outputs(x, self.cases)
        judged = _diagnose.judge(x, self.cases, expected,
                                 self.outcome.outputs)
        levels = {j.level for j in judged}
        if failure is not None or None in levels:
            return self._wrong(judged, failure)
        loose = levels - {"full"}
        if loose or self.outcome.changed:
            known = _diagnose.trap(x, judged, pairs=False,
                                   changed=self.outcome.changed is not None)
            if known:
                return self._make("wrong", known.text, known.id)
        if self.outcome.changed:
            return self._make("wrong", self._changed_text(), "changes_input")
        return self._unsteady(judged) or self._properties() or self._make(
            "passed", self._passed_text(),
            remark=self._remark(loose, judged))

    # ------------------------------------------------------------- errors

    def _failure_text(self, failure: Any) -> str:
        lines = "\n".join(f"    {line.strip()}"
                          for line in failure.where.splitlines())
        where = f"\n\n{lines}" if lines else ""
        text = {
            "signature": failure.text,
            "exception": f"Your code raised an exception.{where}\n\n"
            f"    {failure.text}",
            "exit": f"Your code left with {failure.type}, so it returned "
            f"nothing.{where}",
            "time": "Your code was still running after "
            f"{failure.text} and was stopped. Does a loop "
            f"never end?{where and ' It was here:'}{where}",
            "memory": "Your code asked for more memory than an answer may "
            f"have (2 GB). {failure.text}{where}",
            "died": "The process that ran your code stopped "
            f"({failure.text}). " + (
                "A function that calls itself without end does that."
                if failure.text in ("SIGSEGV", "SIGBUS", "SIGABRT")
                else "Does the code end the process itself, or use very much "
                "memory?"),
            "junk": "What your code sent back could not be read. Does it "
            "write to files that it did not open?",
        }[failure.kind]
        return text + self._on(failure)

    def _on(self, failure: Any) -> str:
        at = failure.case
        if at is None or at >= len(self.every) or failure.kind == "signature":
            return ""
        given = ", ".join(_diagnose.shapes(self.exercise, self.every[at]))
        return (f"\n\nThat was on the case: {self.every[at].name}."
                + (f" It was given {given}." if given else ""))

    # -------------------------------------------------------------- wrong

    def _wrong(self, judged: Sequence[Judged], failure: Any) -> Report:
        x = self.exercise
        changed = self.outcome.changed is not None
        ended = failure is not None and failure.kind != "exception"
        returned = [j for j in judged
                    if type(j.got) is not outputs.Raised]
        known = judged and _diagnose.trap(x, judged, changed=changed)
        wrong = [j for j in returned if j.level is None]
        if known:
            text = known.text
            if failure is not None:
                text += "\n\n" + self._failure_text(failure)
            elif wrong:
                text += self._tally(judged)
            return self._make("wrong", text, known.id,
                              comparison=self._picture(returned))
        if failure is not None and (ended or not wrong):
            return self._make("error", self._failure_text(failure))
        if failure is not None:
            return self._make("error", self._failure_text(failure)
                              + self._tally(judged))
        return self._unnamed(judged)

    def _unnamed(self, judged: Sequence[Judged]) -> Report:
        x = self.exercise
        found = _diagnose.difference(x, judged)
        if found.id and found.pair is None:
            return self._make("wrong", found.text + self._tally(judged),
                              found.id)
        unsteady = self._unsteady(judged)
        if unsteady:
            return unsteady
        relation = _diagnose.relation(x, judged)
        text = found.text[0].upper() + found.text[1:] + (
            f" (Case: {found.one.case.name}.)")
        if relation:
            text = f"{relation.text}\n\n{text}"
        if self.outcome.changed:
            text += "\n\n" + self._changed_text(right=False)
        for warning in self.outcome.warned:
            text += f"\n\nWhile your code ran, Python warned: {warning}."
        return self._make("wrong", text + self._tally(judged),
                          relation.id if relation else found.id,
                          comparison=self._compared(found))

    def _tally(self, judged: Sequence[Judged]) -> str:
        right = sum(j.level is not None for j in judged)
        if len(judged) < 2:
            return ""
        if not right:
            return f"\n\nNone of the {len(judged)} cases is right."
        first = next((j for j in judged if j.level is None), None)
        return (f"\n\nRight on {right} of {len(judged)} cases." + (
            f" The first that is not: {first.case.name}." if first else ""))

    def _picture(self, judged: Sequence[Judged]):
        if not any(j.level is None for j in judged):
            return None
        return self._compared(_diagnose.difference(self.exercise, judged))

    def _compared(self, found: _diagnose.Difference):
        if found.pair is None:
            return None
        e, g = found.pair.expected.array, found.pair.got.array
        if e.dtype.kind not in "biuf" or g.dtype.kind not in "biuf":
            return None
        index, name = found.index, found.one.case.name
        if found.pair.path:
            name = f"{name}, {_compare.spelled(found.pair.path)}"
        if e.ndim > 2 and e.shape == g.shape and index is not None:
            outer = index[:-2]
            name = f"{name}, part [{', '.join(map(str, outer))}]"
            e, g, index = e[outer], g[outer], index[-2:]
        return _report.Comparison(name, e, g, index)

    # ------------------------------------------------------ right but for…

    def _changed_text(self, right: bool = True) -> str:
        number, argument = self.outcome.changed
        names = list(_diagnose.named_arrays(
            self.exercise, self.every[number]))
        name = names[argument] if isinstance(argument, int) else argument
        start = "The values are right, but your" if right else "Your"
        return (f"{start} code also changes the array `{name}` that it was "
                "given. Whoever called the function still needs it: work on "
                "a copy, or make a new array.")

    def _unsteady(self, judged: Sequence[Judged]) -> Report | None:
        again, x = self.outcome.again, self.exercise
        if again is None or not self.outcome.outputs:
            return None
        if _compare.rightness(self.outcome.outputs[0], again, 1e-4,
                              1e-6) is not None or type(again) is (
                                  outputs.Other):
            return None
        return self._make(
            "wrong", "Two calls with the same arguments returned different "
            "things. Your code remembers something between calls (a global, "
            f"a default argument that is a list) or draws random numbers; "
            f"`{getattr(x.reference, '__name__', 'it')}` depends on its "
            "arguments only.", "not_repeatable")

    def _properties(self) -> Report | None:
        at = len(self.cases)
        tensors = self.exercise.tier != "numpy"
        for prop, cases in zip(self.exercise.properties, self.extra,
                               strict=True):
            mine = self.outcome.outputs[at:at + len(cases)]
            at += len(cases)
            try:
                with _sandbox.preserved(), np.errstate(all="ignore"):
                    held = bool(prop.holds(cases, [
                        outputs.native(o, tensors) for o in mine]))
            except Exception:
                held = False
            if not held:
                return self._make("wrong", prop.message, prop.id)
        return None

    def _passed_text(self) -> str:
        n, p = len(self.cases), len(self.exercise.properties)
        more = f" and {p} propert{'y' if p == 1 else 'ies'}" if p else ""
        return f"Right on {n} case{'s' * (n != 1)}{more}."

    def _remark(self, loose: set, judged: Sequence[Judged]) -> str | None:
        if "half" in loose:
            return ("Your result is right to the precision of 16-bit "
                    "numbers, in which it was computed.")
        if loose or any(_compare.narrower(j.expected, j.got)
                        for j in judged):
            return ("Your result is right to float32 precision (about 7 "
                    "digits). NumPy computes in float64 unless told "
                    "otherwise, torch in float32.")
        return None

    def _make(self, status, message, diagnosis=None, *, remark=None,
              comparison=None) -> Report:
        return Report(self.exercise.id, status, message, diagnosis, remark,
                      self.outcome.printed, comparison)


# ------------------------------------------------------------------ quiz


def _blanks(answer: Any) -> list | None:
    """What is still `...`: None, or the keys (an empty list: all of it)."""
    if answer is ...:
        return []
    if type(answer) is dict:
        left = [k for k, v in answer.items() if _blanks(v) is not None]
        return None if not left else [] if len(left) == len(answer) else left
    if type(answer) in (list, tuple):
        left = [i for i, v in enumerate(answer) if _blanks(v) is not None]
        return None if not left else [] if len(left) == len(answer) else left
    return None


def _quiz(exercise: Any, answer: Any) -> Report:
    blanks = _blanks(answer)
    if blanks is not None:
        left = ", ".join(map(repr, blanks[:8])) + (
            ", …" if len(blanks) > 8 else "")
        return _todo(exercise, f"Still to answer: {left}." if left else
                     "Nothing to grade yet: replace each `...` with your "
                     "answer.")
    if inspect.isroutine(answer) or isinstance(answer, type):
        return Report(exercise.id, "error", "This exercise asks for values, "
                      f"and you gave the {type(answer).__name__} "
                      f"`{getattr(answer, '__name__', '')}`. Give what the "
                      "starter shows, filled in.")
    with _sandbox.preserved(), np.errstate(all="ignore"):
        right = outputs.encode(exercise.reference())
        got = outputs.encode(answer)
        wrong = {name: outputs.encode(t.wrong())
                 for name, t in exercise.traps.items()}
    if _same(exercise, right, got):
        return Report(exercise.id, "passed", "Right.")
    known = _quiz_trap(exercise, right, got, wrong)
    text, places = _quiz_text(exercise, right, got)
    if known:
        text = "\n\n".join(
            [exercise.traps[known].message] + [text] * bool(places))
    return Report(exercise.id, "wrong", text, known)


def _same(exercise: Any, a: Any, b: Any) -> bool:
    return _compare.rightness(a, b, exercise.rtol, exercise.atol) in (
        "full", "single")


def _quiz_trap(exercise, right, got, wrong) -> str | None:
    for name, output in wrong.items():
        if _same(exercise, output, got):
            return name
    if type(right) is outputs.Group and right.kind == "dict":
        return _entry_trap(exercise, right, got, wrong)
    return None


def _entry_trap(exercise, right, got, wrong) -> str | None:
    """A trap whose wrong entries are all in the answer, with others."""
    if type(got) is not outputs.Group or set(got.keys) != set(right.keys):
        return None
    mine = dict(zip(got.keys, got.items, strict=True))
    good = dict(zip(right.keys, right.items, strict=True))
    for name, output in wrong.items():
        if type(output) is not outputs.Group or output.kind != "dict":
            continue
        off = {k: v for k, v in zip(output.keys, output.items, strict=True)
               if k in good and not _same(exercise, good[k], v)}
        if off and all(_same(exercise, v, mine[k]) for k, v in off.items()):
            return name
    return None


def _quiz_text(exercise, right, got) -> tuple[str, list]:
    """Which entries are wrong, never what would be right."""
    problems = list(_compare.aligned(right, got))
    for p in problems:
        if type(p) is _compare.Problem and p.id:
            return p.text, []
    if type(right) is not outputs.Group or type(got) is not outputs.Group:
        text = [p.text for p in problems if type(p) is _compare.Problem
                and "is not right" not in p.text]
        return (text[0] if text else "That is not right."), []
    if right.kind == "set" or len(right.items) != len(got.items):
        return "That is not right.", []
    keys = right.keys or range(len(right.items))
    good = dict(zip(keys, right.items, strict=True))
    mine = dict(zip(got.keys or keys, got.items, strict=True))
    off = [k for k in good if k not in mine
           or not _same(exercise, good[k], mine[k])]
    names = ", ".join(map(repr, off))
    return (f"Right on {len(good) - len(off)} of {len(good)}. Not right: "
            f"{names}."), off


# ------------------------------------------------------- hint and solution


def _found(exercise_id: str) -> Any:
    try:
        return exercises.get(exercise_id)
    except (KeyError, TypeError, ModuleNotFoundError) as error:
        return Note("No such exercise",
                    str(error.args[0] if error.args else error))


def hint(exercise_id: str, number: int = 1) -> Note:
    """Show one hint of an exercise, from a nudge (1) to nearly the answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return _report.show(exercise)
    n = len(exercise.hints)
    if type(number) is not int or not 1 <= number <= n:
        return _report.show(Note(
            exercise.id, f"There are {n} hints, from 1 to {n}."))
    following = (f'Next: `hint("{exercise.id}", {number + 1})`.'
                 if number < n else
                 f'Then there is `solution("{exercise.id}")`.')
    return _report.show(Note(f"{exercise.id}: hint {number} of {n}",
                             f"{exercise.hints[number - 1]}\n\n{following}"))


def solution(exercise_id: str) -> Note:
    """Show a right answer."""
    exercise = _found(exercise_id)
    if isinstance(exercise, Note):
        return _report.show(exercise)
    return _report.show(Note(f"{exercise.id}: a solution",
                             exercise.title, exercise.solution))
