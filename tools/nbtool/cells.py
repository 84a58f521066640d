"""Small questions about cells, shared by the other parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from selfattn.values import MIME as VALUES

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = ROOT / "chapters"
SPAN = re.compile(
    r'<span\s+data-value="(?P<name>[^"]*)"\s*>(?P<text>.*?)</span>', re.S
)
ROLES = ("exercise", "starter", "check", "solution")
TAGS = {
    "setup": "first code cell; its text is written by the tool",
    "predict": "Markdown box: the reader predicts before running",
    "exercise": "the task of an exercise",
    "starter": "the stub that the reader fills in",
    "check": "the cell that grades the answer",
    "solution": "the folded solution; its text is written by the tool",
    "claim": "asserts what the cell before it shows; ends in `checked(…)`",
    "further": "optional depth, folded on the site with its neighbours",
    "lesson": "its `assert` is what the reader is to see",
    "clock": "its output holds timings: kept while the code stays the same",
    "hide-input": "the site folds the code away",
    "nbval-ignore-output": "the output depends on training or the clock",
}
# Their code is collapsed in Jupyter, on Colab and on the site.
HIDDEN = {"claim", "hide-input", "setup"}


class Problem(NamedTuple):
    """A broken rule: where, and what to do."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


def tags(cell) -> list[str]:
    """The tags of a cell."""
    return list(cell.metadata.get("tags", []))


def hidden(cell) -> bool:
    """Whether its code is collapsed wherever the notebook is shown."""
    return bool(HIDDEN & set(tags(cell)))


def role(cell) -> str | None:
    """Which part of an exercise a cell is, if any."""
    found = [r for r in ROLES if r in tags(cell)]
    return found[0] if found else None


def exercise_id(cell) -> str | None:
    """The exercise that a cell belongs to."""
    return cell.metadata.get("exercise")


def where(nb, index: int) -> str:
    """Name a cell so that a person finds it: number and first words."""
    cell = nb.cells[index]
    lines = [s for s in cell.source.splitlines() if s.strip()] or ["(empty)"]
    first = lines[0].strip()
    if len(first) > 48:
        first = first[:47] + "…"
    return f"cell {index + 1} [{first}]"


def code_cells(nb) -> Iterator[tuple[int, object]]:
    """Index and cell of every code cell."""
    for i, cell in enumerate(nb.cells):
        if cell.cell_type == "code":
            yield i, cell


def markdown_cells(nb) -> Iterator[tuple[int, object]]:
    """Index and cell of every Markdown cell."""
    for i, cell in enumerate(nb.cells):
        if cell.cell_type == "markdown":
            yield i, cell


def image_outputs(cell) -> Iterator[tuple[str, object]]:
    """MIME type and output of every picture that a cell shows."""
    for output in cell.get("outputs", []):
        for mime in output.get("data", {}):
            if mime.startswith("image/"):
                yield mime, output


def without_fences(text: str) -> str:
    """Markdown without fenced or inline code, lines kept in place."""

    def blank(match: re.Match) -> str:
        return "\n" * match.group().count("\n")

    text = re.sub(r"^(```+|~~~+).*?^\1\s*$", blank, text, flags=re.S | re.M)
    return re.sub(r"(`+)[^`].*?\1", blank, text, flags=re.S)


def reported_values(nb) -> tuple[dict[str, str], list[Problem]]:
    """Every value that `checked(...)` stored in an output, as text."""
    found: dict[str, str] = {}
    problems = []
    for i, cell in code_cells(nb):
        for output in cell.outputs:
            for name, value in output.get("data", {}).get(VALUES, {}).items():
                if name in found:
                    problems.append(
                        Problem(
                            where(nb, i),
                            f"value '{name}' is reported twice; rename one",
                        )
                    )
                if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                    problems.append(
                        Problem(
                            where(nb, i),
                            f"value '{name}': names are lower_snake",
                        )
                    )
                found[name] = str(value)
    return found, problems
