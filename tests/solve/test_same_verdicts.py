"""The page's Python says of every answer what Python here says of it.

Every NumPy exercise's starter, solution, traps and right answers in other
styles go as text through `on_page.solve`, in the browser and here, with the
same seed. What a failure prints is the table of differences.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from checkout import ROOT

from selfattn import exercises
from selfattn.exercises import Exercise
from selfattn.grading import limits
from selfattn.grading.on_page import solve

pytestmark = [pytest.mark.browser, pytest.mark.sweep]

SEED = 7
PARTS = 2  # so that two workers share the time
AT_ONCE = 50  # answers in one call
RIGHT = ROOT / "tests" / "exercises" / "right_answers"
ASK = """async ([many, seed]) => {
  const found = [];
  for (const [exercise, text] of many) {
    const {is, status, diagnosis} = await check(exercise, text, seed);
    found.push([status ?? is, diagnosis ?? null]);
  }
  return found;
}"""


class Answer(NamedTuple):
    """A text for an exercise, what it is, and what it must come to."""

    exercise: str
    what: str
    text: str
    status: str


def answers(x: Exercise) -> Iterator[Answer]:
    """Every answer to an exercise that the book knows."""
    name = x.reference.__name__
    call = "()" if x.kind == "value" else ""
    yield Answer(x.id, "starter", x.starter, "todo")
    text = x.solution + (f"\n{name} = {name}()\n" if call else "")
    yield Answer(x.id, "solution", text, "passed")
    for trap in x.traps:
        found = f'exercises.get("{x.id}").traps["{trap}"].wrong{call}'
        text = f"from selfattn import exercises\n{name} = {found}\n"
        yield Answer(x.id, trap, text, "wrong")
    file = RIGHT / f"ch{x.id[:2]}" / f"{x.id[3:]}.py"
    made = [
        node
        for node in ast.parse(file.read_text("utf8")).body
        if "torch" not in ast.unparse(node)  # the page has none
    ]
    source = "\n\n".join(map(ast.unparse, made))
    for node in made:
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            text = f"{source}\n{name} = {node.name}{call}\n"
            yield Answer(x.id, f"{node.name}()", text, "passed")


NUMPY = [x for x in exercises.all() if x.tier == "numpy"]


def table(rows: list[tuple]) -> str:
    """Rows under each other: exercise, answer, the page's, Python's."""
    return "\n".join(
        f"{a.exercise:24} {a.what:28} page {there}  here {here}"
        for a, there, here in rows
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_no_verdict_differs(part, python_page, monkeypatch):
    # In this process, as on the page: that a child process says the same is
    # what the exercises' own tests hold.
    monkeypatch.setattr(limits, "CAN_FORK", False)
    asked = [a for x in NUMPY[part::PARTS] for a in answers(x)]
    there: list[tuple] = []
    for at in range(0, len(asked), AT_ONCE):
        many = [[a.exercise, a.text] for a in asked[at : at + AT_ONCE]]
        there += map(tuple, python_page.evaluate(ASK, [many, SEED]))
    here = []
    for a in asked:
        report = solve(a.exercise, a.text, seed=SEED)
        here.append((report["status"], report["diagnosis"]))
    rows = zip(asked, there, here, strict=True)
    off = [r for r in rows if r[1] != r[2] or r[2][0] != r[0].status]
    assert len(asked) > 600 and not off, "\n" + table(off)
