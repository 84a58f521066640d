"""What an exercise is made of: cases, known mistakes, properties."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

Tier = Literal["numpy", "torch", "gpu"]
Kind = Literal["function", "class", "value"]
# Makes the answer that has all of the named mistakes at once.
Variant = Callable[[frozenset], Callable]


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


Cases = Callable[[np.random.Generator], Sequence[Case]]


@dataclass(frozen=True)
class Property:
    """Something true of every right answer, over one or more related calls.

    `cases(rng)` lists the calls; `holds(cases, outputs)` judges what came
    back, and must be true for the reference.
    """

    id: str
    message: str
    cases: Cases
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
    tier : "numpy", "torch", or "gpu": torch, graded on small cases on a CPU
        and on large ones besides where there is a GPU.
    kind : "function" or "class" (called, or built, by `run`), or "value"
        (a quiz: the answer is data).
    variant : makes the answer that has all of the named mistakes at once,
        `variant(frozenset({"no_scale", "wrong_axis"}))`; lets the grader
        recognise two mistakes together. `None`: traps are tried singly.
    properties : what else must hold.
    run : how an answer is called, `run(answer, *args, **kwargs)`; for classes
        and training steps. `None`: `answer(*args, **kwargs)`.
    kernel : for an answer that launches a Triton kernel, the right one; its
        source stands above the reference's in the solution.
    rtol, atol : tolerance for float64; float32 is given sqrt-precision slack.
    """

    id: str
    title: str
    difficulty: Literal[1, 2, 3]
    minutes: int
    reference: Callable
    starter: str
    cases: Cases
    traps: Mapping[str, Trap]
    hints: tuple[str, ...]
    tier: Tier = "numpy"
    kind: Kind = "function"
    variant: Variant | None = None
    properties: tuple[Property, ...] = ()
    run: Callable | None = None
    kernel: Any = None
    rtol: float = 1e-6
    atol: float = 1e-8

    @property
    def chapter(self) -> int:
        """The chapter's number."""
        return int(self.id.split(".")[0])

    @property
    def solution(self) -> str:
        """Source of the right answer, without its docstring."""
        head, _, body = _parts(self.reference)
        source = "\n".join(head + body)
        if self.kernel is None:
            return source
        return inspect.getsource(self.kernel.fn) + "\n\n" + source

    def call(self, answer: Callable, case: Case) -> Any:
        """Call an answer on one case, the way this exercise is called."""
        if self.run is not None:
            return self.run(answer, *case.args, **case.kwargs)
        return answer(*case.args, **case.kwargs)


def traps_from(
    variant: Variant, messages: Mapping[str, str]
) -> dict[str, Trap]:
    """One trap per message: the variant that makes this mistake alone."""
    return {
        mistake: Trap(variant(frozenset({mistake})), message)
        for mistake, message in messages.items()
    }


def quiz_cases(rng: np.random.Generator) -> list[Case]:
    """The one case of a quiz: the answer as it stands."""
    return [Case("your answer")]


def exercise(
    reference: Callable,
    *,
    title: str,
    difficulty: Literal[1, 2, 3],
    minutes: int,
    hints: tuple[str, ...],
    mistakes: Mapping[str, str],
    variant: Variant,
    cases: Cases = quiz_cases,
    starter: str | None = None,
    quiz: bool = False,
    **more: Any,
) -> Exercise:
    """The exercise that a file of `exercises/chNN/` is about.

    The file's path gives the id, and the chapter's list says whether it
    needs torch. `mistakes` maps each mistake that `variant` can make to what
    its author is told. A function's stub is made of its own head; a class
    and a quiz bring their `starter`. For `more` see `Exercise`.
    """
    package, _, name = reference.__module__.rpartition(".")
    chapter = sys.modules[package]
    kind: Kind = "class" if inspect.isclass(reference) else "function"
    return Exercise(
        id=f"{package[-2:]}.{name}",
        title=title,
        difficulty=difficulty,
        minutes=minutes,
        reference=reference,
        starter=stub(reference) if starter is None else starter,
        cases=cases,
        traps=traps_from(variant, mistakes),
        hints=hints,
        tier=_tier(name, chapter),
        kind="value" if quiz else kind,
        variant=variant,
        **more,
    )


def _tier(name: str, chapter: Any) -> Tier:
    """A chapter's FOR_GPU names those in NEED_TORCH that want a GPU."""
    if name in getattr(chapter, "FOR_GPU", ()):
        return "gpu"
    return "torch" if name in chapter.NEED_TORCH else "numpy"


def stub(function: Callable) -> str:
    """A function's signature and docstring over NotImplementedError.

    Raises ValueError for one without a docstring: it is the task's contract.
    """
    head, docstring, _ = _parts(function)
    if not docstring:
        raise ValueError(
            "a right answer must say what goes in and out: got "
            f"{function.__name__} without a docstring; write one, or give "
            "the exercise a starter"
        )
    lines = [*head, *docstring, "    raise NotImplementedError"]
    return "\n".join(lines) + "\n"


def _parts(made: Callable) -> tuple[list[str], list[str], list[str]]:
    """A function's source in lines: signature, docstring, body."""
    source = textwrap.dedent(inspect.getsource(made)).strip()
    lines = source.split("\n")
    tree = ast.parse(source).body[0]
    if not isinstance(tree, ast.FunctionDef) or not ast.get_docstring(tree):
        return lines, [], []
    first = tree.body[0]
    start, end = first.lineno - 1, first.end_lineno
    body = lines[end:]
    return lines[:start], lines[start:end], body[body[0] == "" :]
