"""What must hold for every exercise; each rule fails with a sentence.

`test_exercises.py` holds every exercise of the book to these rules, and
`test_exercise_rules.py` shows that each rule can fail.
"""

from __future__ import annotations

import ast
import functools
import inspect
import itertools
import linecache
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from nbtool import fill

from selfattn.exercises import Case, Exercise
from selfattn.grading import grade_exercise, plain

SEEDS = range(5)
SENTENCES = re.compile(r"[.?!]”?(?=\s|$)")


# --- running an answer ----------


def run(exercise: Exercise, answer: Callable, cases: Sequence[Case]) -> list:
    """What an answer gives on each case, as plain data."""
    if exercise.kind == "value":
        return [plain.encode(answer())]
    found = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for case in cases:
            args = tuple(plain.copied(a) for a in case.args)
            kwargs = {k: plain.copied(v) for k, v in case.kwargs.items()}
            own = Case(case.name, args, kwargs)
            try:
                found.append(plain.encode(exercise.call(answer, own)))
            except Exception as error:
                found.append(plain.Raised(type(error).__name__))
    return found


def alike(a: Any, b: Any, rtol: float, atol: float) -> bool:
    """Whether two outputs are the same, for a grader that looks at values."""
    if type(a) is plain.Leaf and type(b) is plain.Leaf:
        x, y = a.array, b.array
        if x.shape != y.shape:
            return False
        if x.dtype.kind in "US" or y.dtype.kind in "US":
            return bool(np.all(x == y))
        if "float32" in (x.dtype.name, y.dtype.name):
            rtol, atol = max(rtol, 1e-4), max(atol, 1e-6)
        return bool(np.allclose(x, y, rtol=rtol, atol=atol, equal_nan=True))
    if type(a) is plain.Group and type(b) is plain.Group:
        return (
            (a.kind, a.keys) == (b.kind, b.keys)
            and len(a.items) == len(b.items)
            and all(
                alike(x, y, rtol, atol)
                for x, y in zip(a.items, b.items, strict=True)
            )
        )
    return type(a) is type(b) and a == b


def all_alike(exercise: Exercise, some: list, others: list) -> bool:
    """Whether two answers gave the same on every case."""
    return all(
        alike(a, b, exercise.rtol, exercise.atol)
        for a, b in zip(some, others, strict=True)
    )


def as_answer(exercise: Exercise, candidate: Callable) -> Any:
    """What a reader would hand to `check`."""
    return candidate() if exercise.kind == "value" else candidate


def cases_of(exercise: Exercise, seed: int) -> list[Case]:
    return list(exercise.cases(np.random.default_rng(seed)))


# --- rules ----------


def is_finished(x: Exercise) -> None:
    left = fill.unfinished(x)
    assert not left, f"{x.id} is begun and not finished: " + "; ".join(left)


def is_well_described(x: Exercise) -> None:
    assert re.fullmatch(r"\d\d\.[a-z][a-z0-9_]*", x.id), "id is NN.lower_snake"
    assert 3 <= len(x.title) <= 60, "a title has 3 to 60 letters"
    assert not x.title.endswith("."), "a title is no sentence"
    assert x.title[0] == x.title[0].upper(), "a title has a capital"
    assert x.difficulty in (1, 2, 3)
    assert type(x.minutes) is int and 1 <= x.minutes <= 60
    assert x.tier in ("numpy", "torch", "gpu")
    assert x.kind in ("function", "class", "value")
    assert isinstance(x.hints, tuple) and len(x.hints) >= 3, "three hints"
    assert len(set(x.hints)) == len(x.hints), "hints differ"
    for hint in x.hints:
        assert isinstance(hint, str) and hint.strip(), "hints are texts"
    least = 5 if 4 <= x.chapter <= 7 else 4
    assert len(x.traps) >= least, f"at least {least} traps"
    ids = [*x.traps, *(p.id for p in x.properties)]
    assert len(set(ids)) == len(ids), "traps and properties have own ids"
    texts = [t.message for t in x.traps.values()]
    texts += [p.message for p in x.properties]
    assert len(set(texts)) == len(texts), "each mistake has its own message"
    for name in ids:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), f"{name}: lower_snake"
    for text in texts:
        n = len(SENTENCES.findall(text))
        assert 1 <= n <= 4 and len(text) <= 500, f"1 to 3 sentences: {text}"


def has_sound_cases(x: Exercise) -> None:
    for seed in SEEDS:
        cases, again = cases_of(x, seed), cases_of(x, seed)
        names = [case.name for case in cases]
        assert names and all(names), "each case has a name"
        assert len(set(names)) == len(names), f"case names differ: {names}"
        assert x.kind == "value" or len(cases) >= 3, "three cases or more"
        for one, other in zip(cases, again, strict=True):
            assert plain.unchanged(
                (one.args, dict(one.kwargs)), (other.args, dict(other.kwargs))
            ), f"one seed draws one set of cases: {one.name}"
    if x.kind == "value":
        return
    drawn = [
        [(c.args, dict(c.kwargs)) for c in cases_of(x, seed)]
        for seed in (0, 1)
    ]
    assert not plain.unchanged(*drawn), "some cases are drawn afresh"


def has_a_sound_starter(x: Exercise) -> None:
    tree = ast.parse(x.starter)
    compile(tree, x.id, "exec")
    compile(x.solution, x.id, "exec")
    for line in (x.starter + "\n" + x.solution).split("\n"):
        assert len(line) <= 79, f"at most 79 columns: {line}"
    assert ast.get_source_segment(x.starter, tree.body[-1]), "ends in code"
    if x.kind == "value":
        assert "..." in x.starter, "a quiz leaves its answers as ..."
        return
    made = tree.body[-1]
    assert made.name == x.reference.__name__, "stub and solution: one name"
    assert ast.get_docstring(made), "the stub says what goes in and out"
    assert "NotImplementedError" in x.starter
    if x.kind == "function":
        answer = starter_answer(x)
        want = [
            (p.name, p.default, p.kind)
            for p in inspect.signature(x.reference).parameters.values()
        ]
        have = [
            (p.name, p.default, p.kind)
            for p in inspect.signature(answer).parameters.values()
        ]
        assert have == want, "stub and solution: one signature"


def starter_answer(x: Exercise) -> Any:
    """What the starter's cell makes."""
    names: dict[str, Any] = {"np": np}
    if x.tier != "numpy":
        import torch

        names |= {"torch": torch, "nn": torch.nn, "F": torch.nn.functional}
    file = f"<starter of {x.id}>"
    if x.kernel is not None:
        from selfattn.fused_triton import tl, triton

        names |= {"triton": triton, "tl": tl, "__name__": "starter"}
        # As in a notebook: Triton looks up a kernel's lines.
        lines = x.starter.splitlines(keepends=True)
        linecache.cache[file] = len(x.starter), None, lines, file
    before = set(names)
    exec(compile(x.starter, file, "exec"), names)
    made = [n for n in names if n not in before and not n.startswith("__")]
    return names[made[-1]]


def starts_as_todo(x: Exercise) -> None:
    report = grade_exercise(x, starter_answer(x))
    assert report.status == "todo", report.text()
    assert report.diagnosis is None


def accepts(x: Exercise, answer: Callable, seed: int) -> None:
    report = grade_exercise(x, as_answer(x, answer), seed=seed)
    assert report.status == "passed", report.text()
    assert report.diagnosis is None
    refuses_to_tell(x, report.text())


def leaves_its_input_alone(x: Exercise) -> None:
    if x.kind == "value":
        return
    for case in cases_of(x, 0):
        own = Case(case.name, plain.copied(tuple(case.args)), case.kwargs)
        x.call(x.reference, own)
        assert plain.unchanged(case.args, own.args), case.name


def names_every_mistake(x: Exercise, seed: int) -> None:
    """Each trap is wrong, and told by its own name and message."""
    missed = []
    for name, trap in x.traps.items():
        report = grade_exercise(x, as_answer(x, trap.wrong), seed=seed)
        told = report.status, report.diagnosis
        if told != ("wrong", name) or trap.message not in report.message:
            missed.append(f"{name}: {report.text()}")
        refuses_to_tell(x, report.text())
    assert not missed, "\n\n".join(missed)


def tells_mistakes_apart(x: Exercise, seed: int) -> None:
    cases = cases_of(x, seed)
    found = {"the right answer": run(x, x.reference, cases)}
    for name, trap in x.traps.items():
        found[name] = run(x, trap.wrong, cases)
    for a, b in itertools.combinations(found, 2):
        assert not all_alike(x, found[a], found[b]), (
            f"{a} and {b} give the same on every case"
        )


@functools.cache
def code_lines(solution: str) -> list[str]:
    """A solution's telling lines, without spaces and comments."""
    lines = []
    for node in ast.walk(ast.parse(solution)):
        if isinstance(node, (ast.Return, ast.Assign, ast.AugAssign)):
            if node.value is not None:
                lines.append(_squeezed(ast.unparse(node)))
                lines.append(_squeezed(ast.unparse(node.value)))
    # A short one, such as `x + y`, may well be said in passing.
    return [line for line in lines if len(line) >= 16]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s'\"]", "", text)


def refuses_to_tell(x: Exercise, text: str) -> None:
    told = _squeezed(text)
    for line in code_lines(x.solution):
        assert line not in told, f"the solution is told: {line}"


def never_tells(x: Exercise) -> None:
    for trap in x.traps.values():
        refuses_to_tell(x, trap.message)
    for prop in x.properties:
        refuses_to_tell(x, prop.message)


def has_true_properties(x: Exercise) -> None:
    for prop in x.properties:
        for seed in SEEDS:
            cases = list(prop.cases(np.random.default_rng(seed)))
            assert cases, f"{prop.id}: a property needs a call"
            given = _native(x, run(x, x.reference, cases))
            assert prop.holds(cases, given), (
                f"{prop.id} is not true of the right answer"
            )


def has_properties_that_can_fail(x: Exercise) -> None:
    for prop in x.properties:
        cases = list(prop.cases(np.random.default_rng(0)))
        right = run(x, x.reference, cases)
        wrong = [run(x, t.wrong, cases) for t in x.traps.values()]
        wrong += [[_spoilt(o, how, i) for i, o in enumerate(right)]
                  for how in ("zeros", "ones", "noise")]  # fmt: skip
        assert any(_fails(x, prop, cases, outs) for outs in wrong), (
            f"{prop.id} holds for every wrong answer there is"
        )


def _fails(x: Exercise, prop, cases: Sequence[Case], outs: list) -> bool:
    if any(type(o) is plain.Raised for o in outs):
        return False
    try:
        with np.errstate(all="ignore"):
            return not prop.holds(cases, _native(x, outs))
    except Exception:
        return True


def _native(x: Exercise, outs: list) -> list:
    return [plain.native(o, x.tier != "numpy") for o in outs]


def _spoilt(output: Any, how: str, number: int) -> Any:
    """This output with other numbers of the same shape and type in it."""
    if type(output) is plain.Group:
        items = tuple(_spoilt(i, how, number) for i in output.items)
        return plain.Group(output.kind, items, output.keys)
    if type(output) is not plain.Leaf:
        return output
    array = output.array
    if array.dtype.kind not in "biuf":
        return output
    rng = np.random.default_rng(number)
    new = {
        "zeros": np.zeros(array.shape),
        "ones": np.ones(array.shape),
        "noise": 10 * rng.normal(size=array.shape),
    }[how].astype(array.dtype)
    return plain.Leaf(new, output.origin, output.dtype)


def has_a_variant_without_mistakes(x: Exercise) -> None:
    if x.variant is None:
        return
    for seed in SEEDS:
        cases = cases_of(x, seed)
        plain = run(x, x.variant(frozenset()), cases)
        assert all_alike(x, plain, run(x, x.reference, cases)), (
            "the variant without mistakes is the right answer"
        )


RULES: tuple[Callable[[Exercise], None], ...] = (
    is_finished,
    is_well_described,
    has_sound_cases,
    has_a_sound_starter,
    starts_as_todo,
    leaves_its_input_alone,
    never_tells,
    has_true_properties,
    has_properties_that_can_fail,
    has_a_variant_without_mistakes,
)
