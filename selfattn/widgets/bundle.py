"""A figure's modules as one text: anywidget and the page take one each.

The modules import names from one another. Joined they share one scope, each
after what it imports, and the words `import` and `export` are left out. So
one name may stand for one thing in all modules of a figure.

The site reads this file by its path, without the rest of the package.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
SHARED = "shared"
IMPORT = re.compile(r'^import \{[^}]*\}\s+from "([^"]+)";\n', re.M)
EXPORT = re.compile(r"^export (?!default)", re.M)
NAME = re.compile(r"^(?:function|const|let|class) (\w+)", re.M)


def figures() -> list[str]:
    """The names of all figures: the folders that hold one."""
    return sorted(path.parent.name for path in HERE.glob("*/figure.js"))


def module(name: str) -> str:
    """The ES module of a figure as text, what all figures share included.

    >>> "export default" in module("attention_playground")
    True
    """
    return f"{own(SHARED)}\n{own(name)}"


def own(name: str) -> str:
    """The module without what the figure shares with the others."""
    shared = HERE / f"{SHARED}.js"
    if name == SHARED:
        return _joined([shared])
    files = _needed(HERE / name / "figure.js")
    _refuse_namesakes(name, files)
    return _joined([file for file in files if file != shared])


def style(*names: str) -> str:
    """What the figures share, then each figure's own style sheet.

    >>> ".live {" in style("attention_playground")
    True
    """
    files = [HERE / f"{SHARED}.css"]
    files += [HERE / name / "figure.css" for name in names]
    return "\n".join(_text(file) for file in files)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf8")


def _needed(file: Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """A module and all that it imports, each after what it imports."""
    if file in above:
        raise ValueError(
            f"a module must not import itself: got {file.name}, which does"
            " by way of others; move what both need into a third"
        )
    found: dict[Path, None] = {}
    for address in IMPORT.findall(_text(file)):
        other = (file.parent / address).resolve()
        found |= dict.fromkeys(_needed(other, (*above, file)))
    return [*found, file]


def _joined(files: list[Path]) -> str:
    return "\n".join(
        EXPORT.sub("", IMPORT.sub("", _text(file))) for file in files
    )


def _refuse_namesakes(name: str, files: list[Path]) -> None:
    """Two functions of one name would silently be the second one."""
    counts = Counter(NAME.findall(_joined(files)))
    twice = sorted(found for found, n in counts.items() if n > 1)
    if twice:
        raise ValueError(
            "a name must stand for one thing in a figure's modules: got"
            f" {', '.join(twice)} twice in {name}; rename one"
        )
