"""Write into a notebook what has its source elsewhere."""

from __future__ import annotations

import html
import re
from functools import cache

from .cells import (
    ROOT,
    SPAN,
    Problem,
    code_cells,
    exercise_id,
    image_outputs,
    markdown_cells,
    reported_values,
    role,
    tags,
    where,
)

UNSET = "https://github.com/owner_not_set/selfattn"
TEMPLATE = ROOT / "tools" / "nbtool" / "setup_cell.txt"
SOLUTION = """\
<details>
<summary>Solution</summary>

```python
{code}
```
{note}
</details>"""
_NOTE = re.compile(r"```python\n.*?\n```\n(?P<note>.*)</details>\s*$", re.S)


@cache
def address() -> str:
    """The repository's address, from pyproject.toml, its only home."""
    path = ROOT / "pyproject.toml"
    if not path.exists():
        return UNSET
    text = path.read_text(encoding="utf8")
    section = re.search(
        r"^\[project\.urls\]\n(.*?)(?=^\[|\Z)", text, re.S | re.M
    )
    line = section and re.search(
        r'^"?Repository"?\s*=\s*"([^"]+)"', section[1], re.M | re.I
    )
    return line[1].rstrip("/") if line else UNSET


def setup_source(url: str | None = None) -> str:
    """The first code cell of every chapter."""
    template = TEMPLATE.read_text(encoding="utf8")
    return template.replace("{address}", url or address()).strip()


def setup_cell(nb) -> list[Problem]:
    """Write the setup cell."""
    for _, cell in code_cells(nb):
        if "setup" in tags(cell):
            cell.source = setup_source()
    return []


def _exercise(name: str):
    from selfattn import exercises

    return exercises.get(name)


def difficulty_line(exercise) -> str:
    """`*Difficulty ●●○ · 10 minutes*`."""
    dots = "●" * exercise.difficulty + "○" * (3 - exercise.difficulty)
    unit = "minute" if exercise.minutes == 1 else "minutes"
    return f"*Difficulty {dots} · {exercise.minutes} {unit}*"


def task_source(source: str, exercise) -> str:
    """A task with the heading and difficulty of its exercise."""
    lines = source.strip().splitlines()
    body = [s for s in lines if not re.match(r"\s*\*Difficulty\b", s)]
    if body and body[0].startswith("#"):
        body = body[1:]
    text = "\n".join(body).strip("\n")
    head = f"### Exercise: {exercise.title}\n\n{difficulty_line(exercise)}"
    return f"{head}\n\n{text}".rstrip()


def solution_source(source: str, exercise) -> str:
    """The folded solution; what its author wrote below the code is kept."""
    match = _NOTE.search(source)
    note = match["note"].strip() if match else source.strip()
    if note in {"pass", "...", "…"} or "<details>" in note:
        note = ""
    note = f"\n{note}\n" if note else ""
    return SOLUTION.format(code=exercise.solution, note=note)


def unfinished(exercise) -> list[str]:
    """The places of a begun exercise that still say TODO."""
    texts = [exercise.title, exercise.starter, exercise.solution]
    texts += exercise.hints
    texts += [trap.message for trap in exercise.traps.values()]
    lines = "\n".join(texts).splitlines()
    return [line.strip() for line in lines if "TODO" in line]


def _left_over(nb, index: int, exercise) -> list[Problem]:
    task = nb.cells[index].source.splitlines()
    left = [line for line in task if "TODO" in line] + unfinished(exercise)
    return [
        Problem(where(nb, index), f"'{exercise.id}' is not finished: {line}")
        for line in dict.fromkeys(left)
    ]


def exercise_cells(nb) -> list[Problem]:
    """Write titles, difficulties, hints, empty starters and solutions."""
    problems = []
    for i, cell in enumerate(nb.cells):
        part, name = role(cell), exercise_id(cell)
        if part is None or name is None:
            continue  # rules.py says so
        try:
            exercise = _exercise(name)
        except (KeyError, ModuleNotFoundError, NotImplementedError) as error:
            problems.append(
                Problem(where(nb, i), f"exercise '{name}': {error}")
            )
            continue
        if part == "exercise":
            cell.source = task_source(cell.source, exercise)
            cell.metadata["hints"] = list(exercise.hints)
            problems += _left_over(nb, i, exercise)
        elif part == "solution":
            cell.source = solution_source(cell.source, exercise)
        elif part == "starter":
            starter = exercise.starter.strip()
            if cell.source.strip() in {"", "pass", "..."}:
                cell.source = starter
            elif cell.source.strip() != starter:
                problems.append(
                    Problem(
                        where(nb, i),
                        f"differs from the starter of '{name}'; put `pass` "
                        "and it will be written",
                    )
                )
    return problems


def alt_texts(nb) -> list[Problem]:
    """Copy each figure's alt text to where the site looks for it."""
    for _, cell in code_cells(nb):
        alt = ""
        for mime, output in image_outputs(cell):
            alt = output.get("metadata", {}).get(mime, {}).get("alt", "")
        if alt:
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
        elif not any(image_outputs(cell)):
            cell.metadata.pop("mystnb", None)
    return []


def spans(nb) -> list[Problem]:
    """Write every number of the prose from the value a cell reported."""
    values, problems = reported_values(nb)
    for i, cell in markdown_cells(nb):

        def write(match: re.Match, i: int = i) -> str:
            name = match["name"]
            if name not in values:
                known = ", ".join(sorted(values)) or "none"
                problems.append(
                    Problem(
                        where(nb, i),
                        f"no cell reports the value '{name}'; reported: "
                        f"{known}",
                    )
                )
                return match[0]
            text = html.escape(values[name], quote=False)
            return f'<span data-value="{name}">{text}</span>'

        cell.source = SPAN.sub(write, cell.source)
    return problems


def unused_values(nb) -> list[str]:
    """Values that no sentence uses: worth a look, not an error."""
    values, _ = reported_values(nb)
    text = "\n".join(cell.source for _, cell in markdown_cells(nb))
    used = {match["name"] for match in SPAN.finditer(text)}
    return sorted(set(values) - used)


def before_run(nb) -> list[Problem]:
    """What must be in place before the code runs."""
    return setup_cell(nb) + exercise_cells(nb)


def after_run(nb) -> list[Problem]:
    """What depends on outputs."""
    return alt_texts(nb) + spans(nb)
