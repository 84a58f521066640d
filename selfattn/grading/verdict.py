"""From what an answer returned to a report: compare, diagnose, report."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from selfattn.exercises import Case, Exercise, Property
from selfattn.grading import (
    arguments,
    compare,
    diagnose,
    differences,
    kinds,
    limits,
    plain,
    traps,
)
from selfattn.grading.differences import Difference
from selfattn.grading.judge import Finding, Judged, expected, judge
from selfattn.grading.messages import flow
from selfattn.grading.report import Comparison, Report
from selfattn.grading.run import Failure, Outcome
from selfattn.grading.session import preserved


def verdict(
    exercise: Exercise,
    cases: Sequence[Case],
    extra: Sequence[Sequence[Case]],
    outcome: Outcome,
) -> Report:
    """The report on an outcome.

    cases : those compared with the reference.
    extra : for each property of the exercise, its own; they ran after them.
    """
    return _Verdict(exercise, cases, extra, outcome).report()


class _Verdict:
    def __init__(self, exercise, cases, extra, outcome):
        self.x, self.cases, self.extra = exercise, cases, extra
        self.every = [*cases, *(case for some in extra for case in some)]
        self.outcome: Outcome = outcome
        self.judged: list[Judged] = []

    def report(self) -> Report:
        failure = self.outcome.failure
        if failure is not None and failure.kind == "todo":
            return Report(self.x.id, "todo", flow.todo(self.x.id))
        if failure is not None and not self.outcome.outputs:
            return self._make("error", self._failure(failure))
        self.judged = judge(self.x, self.cases, self.outcome.outputs)
        if failure is not None or any(j.level is None for j in self.judged):
            return self._wrong(failure)
        return (
            self._known_by_its_precision()
            or self._changes_its_input()
            or self._unsteady()
            or self._breaks_a_property()
            or self._make(
                "passed",
                flow.passed(len(self.cases), len(self.x.properties)),
                remark=self._remark(),
            )
        )

    def _make(
        self,
        status,
        message,
        diagnosis=None,
        *,
        remark=None,
        difference: Difference | None = None,
    ) -> Report:
        return Report(
            self.x.id,
            status,
            message,
            diagnosis,
            remark,
            self.outcome.printed,
            _picture(difference) if difference else None,
        )

    # ------------------------------------------------------ right, but …

    def _known_by_its_precision(self) -> Report | None:
        loose = {j.level for j in self.judged} - {"full"}
        changed = self.outcome.changed is not None
        if not loose and not changed:
            return None
        known = traps.find(self.x, self.judged, pairs=False, changed=changed)
        return self._make("wrong", known.text, known.id) if known else None

    def _changes_its_input(self) -> Report | None:
        changed = self.outcome.changed
        if changed is None:
            return None
        text = self._changes(changed, right=True)
        return self._make("wrong", text, "changes_input")

    def _unsteady(self) -> Report | None:
        again, first = self.outcome.again, self.outcome.outputs[:1]
        if again is None or not first or type(again) is plain.Other:
            return None
        if compare.rightness(first[0], again, 1e-4, 1e-6) is not None:
            return None
        # Where the right answer draws at random, so may this one.
        right = expected(self.x, self.cases[0], 0)
        anew = expected(self.x, self.cases[0], len(self.every))
        if compare.rightness(right, anew, 1e-4, 1e-6) is None:
            return None
        name = getattr(self.x.reference, "__name__", "it")
        return self._make("wrong", flow.unsteady(name), "not_repeatable")

    def _breaks_a_property(self) -> Report | None:
        at = len(self.cases)
        for prop, cases in zip(self.x.properties, self.extra, strict=True):
            outputs = self.outcome.outputs[at : at + len(cases)]
            at += len(cases)
            if not self._holds(prop, cases, outputs):
                return self._make("wrong", prop.message, prop.id)
        return None

    def _holds(
        self,
        prop: Property,
        cases: Sequence[Case],
        outputs: Sequence[plain.Output],
    ) -> bool:
        tensors = self.x.tier != "numpy"
        try:
            with preserved(), np.errstate(all="ignore"):
                return bool(
                    prop.holds(
                        cases, [plain.native(o, tensors) for o in outputs]
                    )
                )
        except Exception:
            return False

    def _remark(self) -> str | None:
        levels = {j.level for j in self.judged}
        if "half" in levels:
            return flow.RIGHT_TO_HALF
        if "single" in levels or any(
            compare.narrower(j.expected, j.got) for j in self.judged
        ):
            return flow.RIGHT_TO_SINGLE
        return None

    # -------------------------------------------------------------- wrong

    def _wrong(self, failure: Failure | None) -> Report:
        """It returned something wrong, or stopped, or both."""
        changed = self.outcome.changed is not None
        known = traps.find(self.x, self.judged, changed=changed)
        found = differences.find(self.x, self.judged)
        if known:
            return self._known(known, failure, found)
        if failure is None:
            assert found is not None  # a case is wrong, and nothing raised
            return self._unnamed(found)
        text = [self._failure(failure)]
        if failure.kind in ("exception", "checking"):
            text += [self._where_it_raised(), self._tally()]
        return self._make("error", _joined(text))

    def _known(
        self, known: Finding, failure: Failure | None, found: Difference | None
    ) -> Report:
        text = [known.text]
        if failure is not None:
            text.append(self._failure(failure))
        elif found is not None:
            text.append(self._tally(found.one.case.name))
        return self._make("wrong", _joined(text), known.id, difference=found)

    def _unnamed(self, found: Difference) -> Report:
        if found.id and found.pair is None:
            text = [found.text, self._where_it_is_wrong(), self._tally()]
            return self._make("wrong", _joined(text), found.id)
        unsteady = self._unsteady()
        if unsteady:
            return unsteady
        relation = diagnose.relation(self.x, self.judged)
        place = found.text[0].upper() + found.text[1:]
        text = [
            relation.text if relation else "",
            f"{place} (Case: {found.one.case.name}.)",
        ]
        if self.outcome.changed is not None:
            text.append(self._changes(self.outcome.changed, right=False))
        text += [flow.warned(w) for w in self.outcome.warned]
        text += [self._where_it_is_wrong(), self._tally()]
        return self._make(
            "wrong",
            _joined(text),
            relation.id if relation else found.id,
            difference=found,
        )

    def _where_it_is_wrong(self) -> str:
        return kinds.sentence(
            self.x,
            [j.case for j in self.judged if j.level is None],
            [j.case for j in self.judged if j.level is not None],
        )

    def _where_it_raised(self) -> str:
        return kinds.sentence(
            self.x,
            [j.case for j in self.judged if j.raised],
            [j.case for j in self.judged if not j.raised],
            raised=True,
        )

    def _tally(self, first: str | None = None) -> str:
        right = sum(j.level is not None for j in self.judged)
        return flow.tally(right, len(self.judged), first)

    def _changes(self, changed: tuple, right: bool) -> str:
        number, argument = changed
        values = arguments.named(self.x, self.every[number])
        name = (
            list(values)[argument] if isinstance(argument, int) else (argument)
        )
        shown = name if name.startswith("argument ") else f"`{name}`"
        return flow.changes(arguments.kind(values[name]), shown, right)

    # ------------------------------------------------------------- errors

    def _failure(self, failure: Failure) -> str:
        where, text = failure.where, failure.text
        said = {
            "signature": lambda: text,
            "exception": lambda: flow.raised(text, where),
            "checking": lambda: flow.checking_raised(text),
            "exit": lambda: flow.left(failure.type, where),
            "time": lambda: flow.too_long(text, where),
            "memory": lambda: flow.too_much_memory(
                limits.memory_in_words(), text, where
            ),
            "processes": lambda: flow.PROCESSES,
            "died": lambda: flow.died(text),
            "junk": lambda: flow.JUNK,
            "todo": lambda: flow.todo(self.x.id),
        }[failure.kind]()
        if failure.case is None or failure.kind == "signature":
            return said
        case = self.every[failure.case]
        given = list(arguments.in_words(self.x, case))
        return _joined([said, flow.on_the_case(case.name, given)])


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block)


def _picture(found: Difference) -> Comparison | None:
    """The two arrays beside each other, if they can be drawn."""
    if found.pair is None:
        return None
    right, given = found.pair.expected.array, found.pair.got.array
    if right.dtype.kind not in "biuf" or given.dtype.kind not in "biuf":
        return None
    index, name = found.index, found.one.case.name
    if found.pair.path:
        name = f"{name}, {compare.spelled(found.pair.path)}"
    if right.ndim > 2 and right.shape == given.shape and index is not None:
        outer = index[:-2]
        name = f"{name}, part [{', '.join(map(str, outer))}]"
        right, given, index = right[outer], given[outer], index[-2:]
    return Comparison(name, right, given, index)
