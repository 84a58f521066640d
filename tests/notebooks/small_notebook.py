"""A small notebook that keeps every rule, for tests that break one."""

from __future__ import annotations

import types

import nbformat
from nbtool import cells, fill, normalise, rules

FIGURE = "<svg xmlns='http://www.w3.org/2000/svg'></svg>"
PAPER = """
Why?

<details><summary>Answer</summary>

Because.

</details>
"""
EXERCISE = types.SimpleNamespace(
    id="98.double",
    title="Twice as much",
    difficulty=2,
    minutes=5,
    hints=("Add it to itself.", "Or multiply."),
    traps={},
    starter="def double(x):\n    raise NotImplementedError",
    solution="def double(x):\n    return 2 * x  # as x",
)


def md(source, *names, **metadata):
    cell = nbformat.v4.new_markdown_cell(source)
    cell.metadata.update(metadata, tags=list(names))
    return cell


def code(source, *names, outputs=(), **metadata):
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs))
    cell.metadata.update(metadata, tags=list(names))
    cell.execution_count = 7
    return cell


def printed(text, name="stdout"):
    return nbformat.v4.new_output("stream", text=text, name=name)


def shown(data, metadata=None):
    return nbformat.v4.new_output(
        "execute_result", data=data, metadata=metadata or {}
    )


def sample():
    """A notebook that keeps every rule, once it is filled."""
    part = {"exercise": "98.double"}
    nb = nbformat.v4.new_notebook()
    nb.cells = [
        md(
            "# Doubling\n\nWhat is twice 3?\n\n"
            "**Doubling adds a number to itself.**\n\n"
            "You will be able to\n\n- add\n- double\n- check\n\n"
            "> **Notation.** $2x$ is twice $x$."
        ),
        code("pass", "setup"),
        code("import math"),
        md('## By hand\n\nIt is <span data-value="twice">?</span>.'),
        code("twice = 2 * 3\ntwice"),
        code(
            'assert twice == 6\nchecked("2 times 3 is 6", twice=twice)',
            "claim",
            outputs=[
                shown(
                    {
                        cells.VALUES: {"twice": "6"},
                        "text/plain": "checked: 2 times 3 is 6",
                    }
                )
            ],
        ),
        code(
            "plots.svg(fig, alt='A line that rises.')",
            "hide-input",
            outputs=[
                shown(
                    {"image/svg+xml": FIGURE, "text/plain": "figure"},
                    {"image/svg+xml": {"alt": "A line that rises."}},
                )
            ],
        ),
        md("## What goes wrong\n\nNothing."),
        md(f"## In short\n\nAdd.\n\n## On paper\n{PAPER * 2}\n## Exercises"),
        md("Write `double(x)`.", "exercise", **part),
        code("pass", "starter", **part),
        code(
            'check("98.double", double)',
            "check",
            outputs=[printed("To "), printed("do.\n")],
            **part,
        ),
        md("Adding works too.", "solution", **part),
        md("## Read next\n\nNothing yet."),
    ]
    return nb


def small(monkeypatch):
    """The sample, filled and normalised."""

    def get(name):
        if name != EXERCISE.id:
            raise KeyError(f"no exercise {name!r}")
        return EXERCISE

    monkeypatch.setattr(fill, "_exercise", get)
    book = sample()
    assert finish(book) == []
    return book


def finish(book):
    """Fill and normalise, as the tool does; what the filling refused."""
    problems = fill.before_run(book)
    normalise.notebook(book)
    problems += fill.after_run(book)
    normalise.notebook(book)
    return [str(problem) for problem in problems]


def refused(book) -> str:
    return "\n".join(map(str, rules.breaches(book)))
