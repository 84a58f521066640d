"""Begin an exercise: its file, right answers and the notebook's four cells.

    python tools/new_exercise.py 04.dot_scores

What is written works as it stands, so that nothing else breaks meanwhile.
Each place that awaits its author says TODO; `make notebooks` and the tests
list those that are left.
"""

from __future__ import annotations

import ast
import keyword
import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

ROOT = Path(__file__).resolve().parents[1]
SKELETONS = ROOT / "tools" / "skeletons"
TASK = "TODO: what is asked, and what it is good for. Sizes, then an example."
LIST = '''\
"""{title}"""

ORDER = ()
NEED_TORCH = ()
'''


class Place:
    """Where the parts of an exercise stand."""

    def __init__(self, exercise_id: str) -> None:
        self.id = exercise_id
        chapter, self.name = exercise_id.split(".")
        self.package = ROOT / "selfattn" / "exercises" / f"ch{chapter}"
        self.file = self.package / f"{self.name}.py"
        answers = ROOT / "tests/exercises/right_answers" / f"ch{chapter}"
        self.answers = answers / f"{self.name}.py"
        found = sorted((ROOT / "chapters").glob(f"{chapter}_*.ipynb"))
        self.notebook = found[0] if found else None


def place(exercise_id: str) -> Place:
    """The place of a new exercise; a ValueError says why there is none."""
    rule = "an exercise's id is its chapter and a new name, as 04.dot_scores"
    if not re.fullmatch(r"\d\d\.[a-z][a-z0-9_]{0,40}", exercise_id):
        raise ValueError(
            f"{rule}: got {exercise_id!r}; write two digits, a full stop "
            "and a name in small letters"
        )
    found = Place(exercise_id)
    if keyword.iskeyword(found.name):
        raise ValueError(
            f"{rule}: got {exercise_id!r}, a word of Python's own; choose "
            "another name"
        )
    if found.notebook is None:
        raise ValueError(
            f"{rule}: got {exercise_id!r}, and chapters/ has no such "
            "chapter; begin its notebook first"
        )
    for path in (found.file, found.answers):
        if path.exists():
            raise ValueError(
                f"{rule}: got {exercise_id!r}, which has "
                f"{path.relative_to(ROOT)} already; choose another name"
            )
    return found


def listed(source: str, name: str) -> str:
    """A chapter's list with one more name at the end of its ORDER."""
    [node] = [
        n
        for n in ast.parse(source).body
        if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "ORDER"
    ]
    names = [*ast.literal_eval(node.value), name]
    lines = source.split("\n")
    lines[node.lineno - 1 : node.end_lineno] = [
        "ORDER = (",
        *(f'    "{n}",' for n in names),
        ")",
    ]
    return "\n".join(lines)


def with_cells(nb, exercise_id: str) -> None:
    """Put the four cells behind the notebook's last exercise.

    Raises ValueError for a notebook without exercises and their heading.
    """
    last = [
        i
        for i, cell in enumerate(nb.cells)
        if "exercise" in cell.metadata
        or re.search(r"^## Exercises\b", cell.source, re.M)
    ]
    if not last:
        raise ValueError(
            "a chapter with exercises has the heading `## Exercises`: got "
            "none; add it to the notebook"
        )
    name = exercise_id.partition(".")[2]
    cells = [
        new_markdown_cell(TASK),
        new_code_cell("pass"),
        new_code_cell(f'check("{exercise_id}", {name})'),
        new_markdown_cell("..."),
    ]
    for cell, role in zip(
        cells, ("exercise", "starter", "check", "solution"), strict=True
    ):
        cell.metadata = nbformat.from_dict(
            {"exercise": exercise_id, "tags": [role]}
        )
    nb.cells[last[-1] + 1 : last[-1] + 1] = cells


def begin(new: Place) -> list[Path]:
    """Write every part; return the files that were written."""
    nb = nbformat.read(new.notebook, as_version=4)
    with_cells(nb, new.id)
    index = new.package / "__init__.py"
    if not index.exists():
        title = nb.cells[0].source.strip().splitlines()[0].lstrip("# ")
        _write(index, LIST.format(title=title.rstrip(".") + "."))
    _write(index, listed(index.read_text("utf8"), new.name))
    for path, kind in ((new.file, "exercise"), (new.answers, "right_answers")):
        text = (SKELETONS / f"{kind}.txt").read_text("utf8")
        text = text.replace("{id}", new.id).replace("{name}", new.name)
        _write(path, text)
    _write(new.notebook, nbformat.writes(nb))
    return [index, new.file, new.answers, new.notebook]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf8")


def main(arguments: list[str]) -> int:
    """The command; 0 when the exercise was begun."""
    try:
        if len(arguments) != 1:
            raise ValueError("name one exercise: make exercise ID=04.new_name")
        new = place(arguments[0])
        written = begin(new)
    except ValueError as problem:
        print(f"No exercise was begun: {problem}.", file=sys.stderr)
        return 2
    from notebooks import process

    process(new.notebook, run=False)  # the starter and the solution
    for path in written:
        print(path.relative_to(ROOT))
    print(
        f"Replace every TODO. If it needs torch, add {new.name!r} to "
        "NEED_TORCH in its chapter's list. Then run\n"
        f"make notebooks NB={new.notebook.relative_to(ROOT)}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
