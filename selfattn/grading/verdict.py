"""From an answer's outputs to a report: compare, diagnose, say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from selfattn.grading import compare, diagnose, plain
from selfattn.grading.diagnose import Judged
from selfattn.grading.report import Comparison, Report
from selfattn.grading.session import preserved


def todo(exercise: Any, what: str = "") -> Report:
    text = (
        what
        or "Nothing to grade yet: the starter still raises "
        "NotImplementedError. Write its body, run its cell, then this one."
    )
    return Report(
        exercise.id,
        "todo",
        f'{text}\n\n`hint("{exercise.id}")` gives a first nudge.',
    )


class Grading:
    """One answer's outputs on the way to a report."""

    def __init__(self, exercise, cases, extra, every, outcome):
        self.exercise, self.cases, self.extra = exercise, cases, extra
        self.every, self.outcome = every, outcome

    def report(self) -> Report:
        failure, x = self.outcome.failure, self.exercise
        if failure is not None and failure.kind == "todo":
            return todo(x)
        if failure is not None and not self.outcome.outputs:
            return self._make("error", self._failure_text(failure))
        expected = diagnose.expected_outputs(x, self.cases)
        judged = diagnose.judge(x, self.cases, expected, self.outcome.outputs)
        levels = {j.level for j in judged}
        if failure is not None or None in levels:
            return self._wrong(judged, failure)
        loose = levels - {"full"}
        if loose or self.outcome.changed:
            known = diagnose.trap(
                x,
                judged,
                pairs=False,
                changed=self.outcome.changed is not None,
            )
            if known:
                return self._make("wrong", known.text, known.id)
        if self.outcome.changed:
            return self._make("wrong", self._changed_text(), "changes_input")
        return (
            self._unsteady(judged)
            or self._properties()
            or self._make(
                "passed",
                self._passed_text(),
                remark=self._remark(loose, judged),
            )
        )

    # ------------------------------------------------------------- errors

    def _failure_text(self, failure: Any) -> str:
        lines = "\n".join(
            f"    {line.strip()}" for line in failure.where.splitlines()
        )
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
            f"({failure.text}). "
            + (
                "A function that calls itself without end does that."
                if failure.text in ("SIGSEGV", "SIGBUS", "SIGABRT")
                else "Does the code end the process itself, or use very much "
                "memory?"
            ),
            "junk": "What your code sent back could not be read. Does it "
            "write to files that it did not open?",
        }[failure.kind]
        return text + self._on(failure)

    def _on(self, failure: Any) -> str:
        at = failure.case
        if at is None or at >= len(self.every) or failure.kind == "signature":
            return ""
        given = ", ".join(diagnose.shapes(self.exercise, self.every[at]))
        return f"\n\nThat was on the case: {self.every[at].name}." + (
            f" It was given {given}." if given else ""
        )

    # -------------------------------------------------------------- wrong

    def _wrong(self, judged: Sequence[Judged], failure: Any) -> Report:
        x = self.exercise
        changed = self.outcome.changed is not None
        ended = failure is not None and failure.kind != "exception"
        returned = [j for j in judged if type(j.got) is not plain.Raised]
        known = judged and diagnose.trap(x, judged, changed=changed)
        wrong = [j for j in returned if j.level is None]
        if known:
            text = known.text
            if failure is not None:
                text += "\n\n" + self._failure_text(failure)
            elif wrong:
                text += self._tally(judged)
            return self._make(
                "wrong", text, known.id, comparison=self._picture(returned)
            )
        if failure is not None and (ended or not wrong):
            return self._make("error", self._failure_text(failure))
        if failure is not None:
            return self._make(
                "error", self._failure_text(failure) + self._tally(judged)
            )
        return self._unnamed(judged)

    def _unnamed(self, judged: Sequence[Judged]) -> Report:
        x = self.exercise
        found = diagnose.difference(x, judged)
        if found.id and found.pair is None:
            return self._make(
                "wrong", found.text + self._tally(judged), found.id
            )
        unsteady = self._unsteady(judged)
        if unsteady:
            return unsteady
        relation = diagnose.relation(x, judged)
        text = (
            found.text[0].upper()
            + found.text[1:]
            + (f" (Case: {found.one.case.name}.)")
        )
        if relation:
            text = f"{relation.text}\n\n{text}"
        if self.outcome.changed:
            text += "\n\n" + self._changed_text(right=False)
        for warning in self.outcome.warned:
            text += f"\n\nWhile your code ran, Python warned: {warning}."
        return self._make(
            "wrong",
            text + self._tally(judged),
            relation.id if relation else found.id,
            comparison=self._compared(found),
        )

    def _tally(self, judged: Sequence[Judged]) -> str:
        right = sum(j.level is not None for j in judged)
        if len(judged) < 2:
            return ""
        if not right:
            return f"\n\nNone of the {len(judged)} cases is right."
        first = next((j for j in judged if j.level is None), None)
        return f"\n\nRight on {right} of {len(judged)} cases." + (
            f" The first that is not: {first.case.name}." if first else ""
        )

    def _picture(self, judged: Sequence[Judged]):
        if not any(j.level is None for j in judged):
            return None
        return self._compared(diagnose.difference(self.exercise, judged))

    def _compared(self, found: diagnose.Difference):
        if found.pair is None:
            return None
        e, g = found.pair.expected.array, found.pair.got.array
        if e.dtype.kind not in "biuf" or g.dtype.kind not in "biuf":
            return None
        index, name = found.index, found.one.case.name
        if found.pair.path:
            name = f"{name}, {compare.spelled(found.pair.path)}"
        if e.ndim > 2 and e.shape == g.shape and index is not None:
            outer = index[:-2]
            name = f"{name}, part [{', '.join(map(str, outer))}]"
            e, g, index = e[outer], g[outer], index[-2:]
        return Comparison(name, e, g, index)

    # ------------------------------------------------------ right but for…

    def _changed_text(self, right: bool = True) -> str:
        number, argument = self.outcome.changed
        names = list(diagnose.named_arrays(self.exercise, self.every[number]))
        name = names[argument] if isinstance(argument, int) else argument
        start = "The values are right, but your" if right else "Your"
        return (
            f"{start} code also changes the array `{name}` that it was "
            "given. Whoever called the function still needs it: work on "
            "a copy, or make a new array."
        )

    def _unsteady(self, judged: Sequence[Judged]) -> Report | None:
        again, x = self.outcome.again, self.exercise
        if again is None or not self.outcome.outputs:
            return None
        if compare.rightness(
            self.outcome.outputs[0], again, 1e-4, 1e-6
        ) is not None or type(again) is (plain.Other):
            return None
        return self._make(
            "wrong",
            "Two calls with the same arguments returned different "
            "things. Your code remembers something between calls (a global, "
            f"a default argument that is a list) or draws random numbers; "
            f"`{getattr(x.reference, '__name__', 'it')}` depends on its "
            "arguments only.",
            "not_repeatable",
        )

    def _properties(self) -> Report | None:
        at = len(self.cases)
        tensors = self.exercise.tier != "numpy"
        for prop, cases in zip(
            self.exercise.properties, self.extra, strict=True
        ):
            mine = self.outcome.outputs[at : at + len(cases)]
            at += len(cases)
            try:
                with preserved(), np.errstate(all="ignore"):
                    held = bool(
                        prop.holds(
                            cases, [plain.native(o, tensors) for o in mine]
                        )
                    )
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
            return (
                "Your result is right to the precision of 16-bit "
                "numbers, in which it was computed."
            )
        if loose or any(compare.narrower(j.expected, j.got) for j in judged):
            return (
                "Your result is right to float32 precision (about 7 "
                "digits). NumPy computes in float64 unless told "
                "otherwise, torch in float32."
            )
        return None

    def _make(
        self, status, message, diagnosis=None, *, remark=None, comparison=None
    ) -> Report:
        return Report(
            self.exercise.id,
            status,
            message,
            diagnosis,
            remark,
            self.outcome.printed,
            comparison,
        )
