"""A solution runs where a reader pastes it: in its chapter's notebook."""

from __future__ import annotations

import builtins
import symtable

import nbformat
import pytest
from checkout import ROOT

from selfattn import exercises

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))


def free(table: symtable.SymbolTable) -> set[str]:
    """The names that this text, or what is in it, looks up outside itself."""
    inside = set().union(*map(free, table.get_children()), set())
    here = {
        s.get_name()
        for s in table.get_symbols()
        if s.is_referenced()
        and (s.is_global() or table.get_type() == "module")
    }
    return inside | here


def made(table: symtable.SymbolTable) -> set[str]:
    """The names that a text defines at its top."""
    symbols = table.get_symbols()
    return {
        s.get_name() for s in symbols if s.is_assigned() or s.is_imported()
    }


def of(text: str) -> symtable.SymbolTable:
    return symtable.symtable(text, "<cell>", "exec")


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_every_name_of_a_solution_is_the_chapters_or_its_own(file):
    nb = nbformat.read(file, as_version=4)
    known = set(dir(builtins))
    for cell in nb.cells:
        if cell.cell_type == "code" and cell.source[:1] not in "%!":
            known |= made(of(cell.source))
    number = file.name[:2]
    unknown = {}
    for name in (n for n in exercises.ids() if n.startswith(f"{number}.")):
        try:
            table = of(exercises.get(name).solution)
        except ModuleNotFoundError:  # torch
            continue
        if left := free(table) - made(table) - known:
            unknown[name] = left
    assert unknown == {}


def test_a_name_that_nobody_made_is_found():
    table = of(
        "import math\ndef f(x, b=c):\n    return [g(y, math) for y in x]"
    )
    assert free(table) - made(table) == {"c", "g"}
