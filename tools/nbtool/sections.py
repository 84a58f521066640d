"""A chapter's frame: how it opens, and the order of its sections."""

from __future__ import annotations

import re

from .cells import (
    Problem,
    code_cells,
    markdown_cells,
    tags,
    where,
    without_fences,
)
from .fill import setup_source

ORDER = (
    "By hand",
    "What goes wrong",
    "In short",
    "On paper",
    "Exercises",
    "Read next",
)
DEFINITION = re.compile(r"\*\*[^*]{20,}\*\*", re.S)
NOTATION = re.compile(r"^> \*\*Notation\.\*\*", re.M)
ANSWER = re.compile(r"<details>\s*<summary>Answer</summary>")


def headings(nb) -> list[tuple[int, int, str]]:
    """(cell, level, text) of every heading."""
    found = []
    for i, cell in markdown_cells(nb):
        for match in re.finditer(
            r"^(#{1,6})\s+(.+?)\s*#*$", without_fences(cell.source), re.M
        ):
            found.append((i, len(match[1]), match[2]))
    return found


def heading_order(nb) -> list[Problem]:
    """One title; no level skipped; the sections every chapter has."""
    problems, last = [], 0
    found = headings(nb)
    for i, level, text in found:
        if level == 1 and last:
            problems.append(Problem(where(nb, i), f"second title '{text}'"))
        if level > last + 1:
            problems.append(
                Problem(where(nb, i), f"'{text}' skips a heading level")
            )
        last = level
    sections = [text for _, level, text in found if level == 2]
    here = [s for s in ORDER if s in sections]
    for name in ORDER:
        if name not in sections:
            problems.append(Problem("notebook", f"no section '## {name}'"))
    if [s for s in sections if s in ORDER] != here:
        problems.append(
            Problem("notebook", f"sections out of order: {', '.join(ORDER)}")
        )
    if sections and "By hand" in sections and sections[0] != "By hand":
        problems.append(Problem("notebook", "'## By hand' comes first"))
    if sections and "Read next" in sections and sections[-1] != "Read next":
        problems.append(Problem("notebook", "'## Read next' comes last"))
    return problems


def first_cells(nb) -> list[Problem]:
    """Title and aims, perhaps the notation's box, then setup and imports."""
    problems = []
    cells = nb.cells
    if len(cells) < 3:
        return [Problem("notebook", "needs title, setup and imports cells")]
    title = cells[0].source
    if cells[0].cell_type != "markdown" or not title.startswith("# "):
        problems.append(Problem(where(nb, 0), "starts with `# Title`"))
    aims = title.partition("You will be able to")[2]
    count = len(re.findall(r"^\s*[-*] \S", aims, re.M))
    if not 3 <= count <= 4:
        problems.append(
            Problem(
                where(nb, 0),
                f"'You will be able to' lists 3 or 4 things: found {count}",
            )
        )
    first = 2 if NOTATION.match(cells[1].source) else 1
    setups = [i for i, cell in code_cells(nb) if "setup" in tags(cell)]
    if setups != [first]:
        problems.append(
            Problem("notebook", f"cell {first + 1}, and only it, is `setup`")
        )
    elif cells[first].source != setup_source():
        problems.append(
            Problem(where(nb, first), "is stale; run `make notebooks`")
        )
    third = next((c for i, c in code_cells(nb) if i > first), None)
    if third is None or not re.match(r"(#.*\n)*(import|from) ", third.source):
        problems.append(Problem("notebook", "the code after setup imports"))
    return problems


def definition(nb) -> list[Problem]:
    """The title cell defines its subject in bold; notation is in a box."""
    problems = []
    need, _, _ = nb.cells[0].source.partition("You will be able to")
    count = len(DEFINITION.findall(need))
    if count != 1:
        problems.append(
            Problem(
                where(nb, 0),
                "gives one definition, a sentence in bold, before 'You will "
                f"be able to': found {count}",
            )
        )
    if not any(NOTATION.search(cell.source) for cell in nb.cells[:2]):
        problems.append(
            Problem(where(nb, 0), "no box `> **Notation.** …` here or below")
        )
    return problems


def on_paper(nb) -> list[Problem]:
    """Two or three questions to answer away from the computer."""
    inside, count = False, 0
    for _, cell in markdown_cells(nb):
        for part in re.split(r"^(?=## )", cell.source, flags=re.M):
            if part.startswith("## "):
                inside = part.startswith("## On paper")
            count += inside * len(ANSWER.findall(part))
    if 2 <= count <= 3:
        return []
    return [
        Problem(
            "notebook",
            "'## On paper' asks 2 or 3 questions, each with <details>"
            f"<summary>Answer</summary>: found {count}",
        )
    ]


def problems(nb) -> list[Problem]:
    """Every breach of the frame."""
    found = first_cells(nb) + heading_order(nb)
    if nb.cells:
        found += definition(nb) + on_paper(nb)
    return found
