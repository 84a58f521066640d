"""A page as a tree, read once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup


@cache
def soup(path: Path) -> BeautifulSoup:
    """The page in this file; not to be changed, as others read it too."""
    return BeautifulSoup(path.read_text("utf8"), "html.parser")
