"""The exercises: what each asks, its right answer, and its known mistakes.

One module per chapter (`chapter_01`, ...), read only when it is asked for.
Exercises that need torch live in `chapter_NN_torch`, so that the rest can be
listed and graded with NumPy alone.

    >>> from selfattn import exercises
    >>> exercises.get("01.one_hot").chapter
    1
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import inspect
import pkgutil
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np


class Trap(NamedTuple):
    """A known wrong answer: how it computes, and what to tell its author.

    `wrong` is called as an answer is; for a quiz it is a function of no
    arguments that returns the wrong value. `message` has one to three
    sentences; words in `backticks` are set as code, and a block between
    empty lines whose lines start with four spaces is code too.
    """

    wrong: Callable
    message: str


@dataclass(frozen=True)
class Case:
    """One call of the answer: `answer(*args, **kwargs)`.

    `name` is what the reader sees: "3 queries, 5 keys, d_k = 7". The names
    of an exercise's cases differ from each other.
    """

    name: str
    args: tuple = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Property:
    """Something true of every right answer, over one or more related calls.

    `cases(rng)` lists the calls; `holds(cases, outputs)` judges what came
    back, and must be true for the reference.
    """

    id: str
    message: str
    cases: Callable[[np.random.Generator], Sequence[Case]]
    holds: Callable[[Sequence[Case], Sequence[Any]], bool]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Parameters
    ----------
    id : "NN.name"; NN is the chapter.
    title : what the reader makes, in a few words.
    difficulty : 1 (one line) to 3 (needs an idea).
    minutes : how long a reader of the chapter takes.
    reference : the right answer. Its source is the solution that readers see,
        so it uses nothing but its arguments, `np` (or `torch`) and builtins.
        For a quiz, a function of no arguments that returns the right value.
    starter : source of the stub. It raises NotImplementedError
        (a quiz: `answer = ...` or a dict with `...` as values).
    cases : rng -> calls to compare with the reference; hand-picked ones
        first, smallest first, then freshly drawn ones.
    traps : id -> Trap.
    hints : from a nudge to nearly the answer.
    tier : "numpy", "torch" (CPU or GPU), or "gpu".
    kind : "function" or "class" (called, or built, by `run`), or "value"
        (a quiz: the answer is data).
    variant : makes the answer that has all of the named mistakes at once,
        `variant(frozenset({"no_scale", "wrong_axis"}))`; lets the grader
        recognise two mistakes together. `None`: traps are tried singly.
    properties : what else must hold.
    run : how an answer is called, `run(answer, *args, **kwargs)`; for classes
        and training steps. `None`: `answer(*args, **kwargs)`.
    rtol, atol : tolerance for float64; float32 is given sqrt-precision slack.
    """

    id: str
    title: str
    difficulty: Literal[1, 2, 3]
    minutes: int
    reference: Callable
    starter: str
    cases: Callable[[np.random.Generator], Sequence[Case]]
    traps: Mapping[str, Trap]
    hints: tuple[str, ...]
    tier: Literal["numpy", "torch", "gpu"] = "numpy"
    kind: Literal["function", "class", "value"] = "function"
    variant: Callable[[frozenset], Callable] | None = None
    properties: tuple[Property, ...] = ()
    run: Callable | None = None
    rtol: float = 1e-6
    atol: float = 1e-8

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return int(self.id.split(".")[0])

    @property
    def solution(self) -> str:
        """Source text of the reference, as the reader is shown it."""
        return textwrap.dedent(inspect.getsource(self.reference)).strip()

    def call(self, answer: Callable, case: Case) -> Any:
        """Call an answer on one case, the way this exercise is called."""
        if self.run is not None:
            return self.run(answer, *case.args, **case.kwargs)
        return answer(*case.args, **case.kwargs)


def traps_from(
    variant: Callable[[frozenset], Callable], messages: Mapping[str, str]
) -> dict[str, Trap]:
    """One trap per message: the variant that makes this mistake alone."""
    return {
        mistake: Trap(variant(frozenset({mistake})), message)
        for mistake, message in messages.items()
    }


def quiz_cases(rng: np.random.Generator) -> list[Case]:
    """The one case of a quiz: the answer as it stands."""
    return [Case("your answer")]


def _module_names() -> list[str]:
    names = [m.name for m in pkgutil.iter_modules(__path__)]
    return sorted(n for n in names if n.startswith("chapter_"))


def _has_torch() -> bool:
    return importlib.util.find_spec("torch") is not None


def _load(module_name: str) -> tuple[Exercise, ...]:
    return importlib.import_module(f"{__name__}.{module_name}").EXERCISES


_QUOTED_ID = re.compile(
    r"""(?:Exercise\(\s*|\bid\s*=\s*)["'](\d\d\.\w+)["']"""
)


def needing_torch() -> list[str]:
    """Ids of the exercises that are left out while torch is missing.

    They are read from the source text, as their modules cannot be loaded.
    With torch there are none.
    """
    if _has_torch():
        return []
    found = []
    for name in _module_names():
        if name.endswith("_torch"):
            found.extend(_QUOTED_ID.findall(_source(name)))
    return found


def _source(module_name: str) -> str:
    spec = importlib.util.find_spec(f"{__name__}.{module_name}")
    return spec.loader.get_source(spec.name) or ""


def all() -> list[Exercise]:
    """Every exercise that can be graded here, in the book's order.

    Without torch, the torch exercises are left out.
    """
    found = []
    for name in _module_names():
        if name.endswith("_torch") and not _has_torch():
            continue
        found.extend(_load(name))
    return found


def get(exercise_id: str) -> Exercise:
    """The exercise with this id.

    Only the modules of its chapter are loaded.

    Raises
    ------
    TypeError : the id is not a string.
    KeyError : no exercise has it; the message names the nearest ones.
    ModuleNotFoundError : it needs torch, which is not installed.
    """
    if not isinstance(exercise_id, str):
        raise TypeError(
            "an exercise is named by a string: got "
            f"{type(exercise_id).__name__}; write it in quotes, as in "
            '"01.one_hot"'
        )
    chapter = "chapter_" + exercise_id.partition(".")[0]
    for name in _module_names():
        if name not in (chapter, f"{chapter}_torch"):
            continue
        if name.endswith("_torch") and not _has_torch():
            continue
        for exercise in _load(name):
            if exercise.id == exercise_id:
                return exercise
    if exercise_id in needing_torch():
        raise ModuleNotFoundError(
            f"{exercise_id} needs torch: it is not installed; "
            'install it with "pip install torch"',
            name="torch",
        )
    raise KeyError(_unknown(exercise_id))


def _unknown(exercise_id: str) -> str:
    known = [exercise.id for exercise in all()] + needing_torch()
    near = difflib.get_close_matches(exercise_id, known, n=3, cutoff=0.5)
    if not near:  # the name alone, without its chapter
        by_name = {k.partition(".")[2]: k for k in known}
        name = exercise_id.rpartition(".")[2]
        names = difflib.get_close_matches(name, by_name, n=3, cutoff=0.5)
        near = [by_name[n] for n in names]
    shown = exercise_id if len(exercise_id) <= 60 else exercise_id[:57] + "..."
    advice = (
        "did you mean " + " or ".join(near) + "?"
        if near
        else '"python -m selfattn.exercises" lists them all'
    )
    return f"no exercise has the id {shown!r}: {advice}"
