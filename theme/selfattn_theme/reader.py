"""Notebooks, read in one way for all parts of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

TITLE = re.compile(r"^# (.+)$", re.M)


def parse(text: str) -> dict:
    """A notebook with the source of every cell as one text."""
    nb = json.loads(text)
    for cell in nb["cells"]:
        if not isinstance(cell["source"], str):
            cell["source"] = "".join(cell["source"])
        cell["metadata"].setdefault("tags", [])
    return nb


def cells(path: Path) -> list[dict]:
    """The cells of a notebook."""
    return parse(path.read_text(encoding="utf8"))["cells"]


def chapters(source: Path) -> list[Path]:
    """Every chapter's notebook, in order.

    Parameters
    ----------
    source : the folder with `chapters` in it
    """
    return sorted((source / "chapters").glob("[0-9][0-9]_*.ipynb"))


def prose(cells: list[dict]) -> str:
    """The text of a notebook without its code."""
    return "\n\n".join(
        cell["source"] for cell in cells if cell["cell_type"] == "markdown"
    )


def title(text: str) -> str | None:
    """The first heading of a text, if it has one."""
    found = TITLE.search(text)
    return found[1] if found else None
