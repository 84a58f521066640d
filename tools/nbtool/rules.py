"""The book's rules for a notebook, each a function that lists breaches."""

from __future__ import annotations

import ast
import getpass
import re
import socket
import tempfile
from itertools import pairwise
from pathlib import Path

from . import contract, sections
from .cells import (
    ROLES,
    ROOT,
    TAGS,
    Problem,
    code_cells,
    exercise_id,
    image_outputs,
    markdown_cells,
    role,
    tags,
    where,
    without_fences,
)

MAX_LINES, MAX_COLUMNS, COMPARED = 25, 79, 0.8
LEAKS = {
    r"\b0x[0-9a-fA-F]{6,}\b": "a memory address",
    r"(?<![\w.])/(home|root|tmp|Users|work|mnt|opt|usr|var|private)/\w": (
        "an absolute path"
    ),
    r"\b[A-Z]:\\\w": "an absolute path",
    r"<(Figure size|Axes\b)": "the repr of a figure",
}
TIMINGS = {
    r"\b(Wall time|CPU times)\b": "a timing",
    r"\bloops? each\b": "a timing",
    r"\d\s?(it/s|s/it)\b": "a progress bar",
    r"\b(took|elapsed|finished in)\W+\d": "a timing",
}
MYST = {
    r"\{[A-Za-z][\w:+.-]*\}`": "a MyST role",
    r"^\s*(```+|~~~+|:::+)\s*\{": "a MyST directive",
    r"^\([\w:.-]+\)=\s*$": "a MyST label",
    r"^\s*:::+": "a MyST fence",
    r"^\s*%\s": "a MyST comment",
    r"^\s*\+\+\+": "a MyST block break",
}


def _output_text(output) -> str:
    parts = [output.get("text", "")]
    for mime, data in output.get("data", {}).items():
        if mime.startswith("text/") or mime == "image/svg+xml":
            parts.append(data if isinstance(data, str) else "".join(data))
    return "\n".join(parts)


def _machine() -> dict[str, str]:
    """Words that would give this machine away."""
    words = {str(ROOT): "this checkout's path"}
    words[str(Path.home()) + "/"] = "the home folder"
    words[tempfile.gettempdir() + "/"] = "the temporary folder"
    host, user = socket.gethostname(), getpass.getuser()
    if len(host) > 4 and host != "localhost":
        words[host] = "this machine's name"
    if len(user) > 5:
        words[user] = "the user's name"
    return words


def outputs(nb) -> list[Problem]:
    """No errors, warnings, addresses, paths, names or timings."""
    problems = []
    machine = {re.escape(w): why for w, why in _machine().items()}
    for i, cell in code_cells(nb):
        spot = where(nb, i)
        patterns = {**LEAKS, **machine}
        if "clock" not in tags(cell):
            patterns.update(TIMINGS)
        elif "nbval-ignore-output" not in tags(cell):
            problems.append(
                Problem(spot, "a `clock` cell is also nbval-ignore-output")
            )
        for output in cell.outputs:
            if output.output_type == "error":
                problems.append(Problem(spot, f"fails with {output.ename}"))
                continue
            text = _output_text(output)
            if output.get("name") == "stderr":
                problems.append(
                    Problem(spot, f"writes to stderr: {text.strip()[:120]}")
                )
            for pattern, what in patterns.items():
                hit = re.search(pattern, text)
                if hit:
                    problems.append(
                        Problem(spot, f"its output holds {what}: {hit[0]!r}")
                    )
    return problems


def pictures(nb) -> list[Problem]:
    """Every picture has alt text; one figure a cell."""
    problems = []
    for i, cell in code_cells(nb):
        shown = list(image_outputs(cell))
        stored = cell.metadata.get("mystnb", {}).get("image", {})
        if shown and not stored.get("alt", "").strip():
            problems.append(
                Problem(
                    where(nb, i),
                    "picture without alt text; end with "
                    'plots.svg(fig, alt="…")',
                )
            )
        if len({id(output) for _, output in shown}) > 1:
            problems.append(
                Problem(where(nb, i), "shows two pictures; split the cell")
            )
        for output in cell.outputs:
            text = output.get("data", {}).get("text/html", "")
            for tag in re.findall(r"<img\b[^>]*>", "".join(text)):
                if not re.search(r'\balt\s*=\s*"[^"]*\S', tag):
                    problems.append(
                        Problem(where(nb, i), "an <img> has no alt text")
                    )
    return problems


def plain_markdown(nb) -> list[Problem]:
    """Nothing that Colab and GitHub would show raw; pictures have alt."""
    problems = []
    for i, cell in markdown_cells(nb):
        fences = re.sub(r"`[^`\n]+`", "", cell.source)
        text = without_fences(cell.source)
        for pattern, what in MYST.items():
            source = cell.source if "role" in what else fences
            if "comment" in what or "break" in what or "fence" in what:
                source = text
            if re.search(pattern, source, re.M):
                problems.append(
                    Problem(where(nb, i), f"has {what}; use plain Markdown")
                )
        if re.search(r"!\[\s*\]\(", text):
            problems.append(Problem(where(nb, i), "picture without alt text"))
    return problems


def known_tags(nb) -> list[Problem]:
    """Only tags that mean something."""
    return [
        Problem(where(nb, i), f"unknown tag '{t}'; known: {', '.join(TAGS)}")
        for i, cell in enumerate(nb.cells)
        for t in tags(cell)
        if t not in TAGS
    ]


def code_shape(nb) -> list[Problem]:
    """Short cells, short lines, and an end that shows or asserts."""
    problems = []
    for i, cell in code_cells(nb):
        spot, lines = where(nb, i), cell.source.splitlines()
        if len(lines) > MAX_LINES:
            problems.append(
                Problem(spot, f"has {len(lines)} lines; the limit is 25")
            )
        for n, line in enumerate(lines, start=1):
            if len(line) > MAX_COLUMNS:
                problems.append(
                    Problem(spot, f"line {n} has {len(line)} columns, over 79")
                )
        if {"setup", "starter"} & set(tags(cell)):
            continue
        try:
            body = ast.parse(cell.source).body
        except SyntaxError as error:
            problems.append(Problem(spot, f"does not parse: {error.msg}"))
            continue
        if not body:
            problems.append(Problem(spot, "is empty"))
        elif isinstance(body[-1], ast.Assign | ast.AugAssign | ast.AnnAssign):
            problems.append(
                Problem(spot, "ends with an assignment; show or assert it")
            )
        elif cell.source.rstrip().endswith(";"):
            problems.append(Problem(spot, "ends with `;`: leave it out"))
    return problems


def exercise_parts(nb, chapter: int | None = None) -> list[Problem]:
    """Task, starter, check and solution, once each and in this order."""
    problems = []
    groups: dict[str, list[tuple[int, str]]] = {}
    for i, cell in enumerate(nb.cells):
        part, name = role(cell), exercise_id(cell)
        if part and not name:
            problems.append(
                Problem(where(nb, i), f"`{part}` needs metadata `exercise`")
            )
        elif name and not part:
            problems.append(
                Problem(where(nb, i), f"has `exercise` '{name}' but no tag")
            )
        elif part:
            groups.setdefault(name, []).append((i, part))
            wanted = "code" if part in ("starter", "check") else "markdown"
            if cell.cell_type != wanted:
                problems.append(
                    Problem(where(nb, i), f"`{part}` is a {wanted} cell")
                )
            if part == "check" and not re.search(
                rf"""\bcheck\(\s*["']{re.escape(name)}["']""", cell.source
            ):
                problems.append(
                    Problem(where(nb, i), f'does not call check("{name}", …)')
                )
    for name, parts in groups.items():
        if tuple(part for _, part in parts) != ROLES:
            got = ", ".join(part for _, part in parts)
            problems.append(
                Problem(
                    where(nb, parts[0][0]),
                    f"exercise '{name}' needs {', '.join(ROLES)} once each, "
                    f"in this order: got {got}",
                )
            )
        if chapter is not None and not name.startswith(f"{chapter:02d}."):
            problems.append(
                Problem(
                    where(nb, parts[0][0]),
                    f"exercise '{name}' is not of chapter {chapter:02d}",
                )
            )
    return problems


def all_exercises(nb, ids: set[str]) -> list[Problem]:
    """Every exercise of the package is in its chapter."""
    present = {exercise_id(cell) for cell in nb.cells}
    return [
        Problem("notebook", f"exercise '{name}' of the package is missing")
        for name in sorted(ids - present)
    ]


def compared(nb) -> list[Problem]:
    """At least 80 % of the cells with output are compared by the tests."""
    shown = [cell for _, cell in code_cells(nb) if cell.outputs]
    ignored = [c for c in shown if "nbval-ignore-output" in tags(c)]
    if shown and 1 - len(ignored) / len(shown) < COMPARED:
        return [
            Problem(
                "notebook",
                f"{len(ignored)} of {len(shown)} outputs are not compared; "
                "at most 20 % may be nbval-ignore-output",
            )
        ]
    found = [*code_cells(nb), (None, None)]
    return [
        Problem(
            where(nb, i),
            "is not compared: assert its claim, here or in the `claim` cell "
            "that follows",
        )
        for (i, cell), (_, after) in pairwise(found)
        if "nbval-ignore-output" in tags(cell)
        and not contract.asserts(cell.source)
        and not (after and "claim" in tags(after))
    ]


def executed(nb) -> list[Problem]:
    """The notebook carries its outputs."""
    if all(cell.execution_count for _, cell in code_cells(nb)):
        return []
    return [Problem("notebook", "has not been run; run `make notebooks`")]


RULES = (
    plain_markdown,
    known_tags,
    code_shape,
    executed,
    outputs,
    pictures,
    compared,
)


def breaches(
    nb,
    chapter: int | None = None,
    ids: set[str] = frozenset(),
) -> list[Problem]:
    """Everything that is wrong with a notebook."""
    found = sections.problems(nb)
    found += [problem for rule in RULES for problem in rule(nb)]
    found += contract.problems(nb)
    return found + exercise_parts(nb, chapter) + all_exercises(nb, set(ids))
