"""The notebooks keep the book's rules, and the tool that says so works."""

from __future__ import annotations

import copy
import re
import sys
import types
from pathlib import Path

import nbformat
import notebooks as tool
import pytest
from checkout import ROOT
from nbtool import cells, fill, normalise
from selfattn_theme import works
from small_notebook import (
    EXERCISE,
    code,
    finish,
    md,
    refused,
    small,
)

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
BIB = ROOT / "chapters" / "references.bib"
# Documentation, code and licences are linked without an entry.
NOT_WORKS = re.compile(
    r"https://((docs\.)?pytorch\.org|numpy\.org|docs\.python\.org|github\.com"
    r"|matplotlib\.org|colab\.research\.google\.com|creativecommons\.org"
    r"|docs\.pytorch\.org|scikit-learn\.org|networkx\.org)/"
)
every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: path.stem
)


def read(path: Path):
    return nbformat.read(path, as_version=4)


def prose(nb) -> str:
    return "\n\n".join(c.source for _, c in cells.markdown_cells(nb))


# ------------------------------------------------------ every notebook


@every_notebook
def test_the_notebook_keeps_every_rule_and_is_in_its_normal_form(path):
    before = path.read_bytes()
    problems, _ = tool.process(path, run=False, write=False)
    for name in ("torch", "triton"):
        if not _has(name):
            problems = [p for p in problems if f"needs {name}" not in p]
    assert problems == []
    assert path.read_bytes() == before


def _has(name: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(name) is not None


@every_notebook
def test_every_number_in_the_prose_is_one_that_a_cell_reported(path):
    nb = read(path)
    values, problems = cells.reported_values(nb)
    assert problems == []
    for match in cells.SPAN.finditer(prose(nb)):
        assert match["text"] == values[match["name"]].replace("<", "&lt;")


@every_notebook
def test_the_running_example_is_there(path):
    assert "I saw a saw" in prose(read(path))


@every_notebook
def test_every_work_that_is_linked_has_an_entry(path):
    urls = {work["url"] for work in works.load(BIB).values()}
    links = set(works.LINK.findall(prose(read(path))))
    missing = {u for u in links - urls if not NOT_WORKS.match(u)}
    assert missing == set()


def test_every_entry_is_linked_somewhere_and_none_twice():
    text = "\n".join(prose(read(path)) for path in NOTEBOOKS)
    pages = (ROOT / "chapters").glob("*.md")
    text += "\n".join(page.read_text("utf8") for page in pages)
    entries = works.load(BIB)
    links = set(works.LINK.findall(text))
    assert [k for k, w in entries.items() if w["url"] not in links] == []
    urls = [work["url"] for work in entries.values()]
    assert len(urls) == len(set(urls))
    assert all(w["title"] and w["authors"] for w in entries.values())


# ------------------------------------------- a small notebook, unbroken


@pytest.fixture
def nb(monkeypatch):
    return small(monkeypatch)


def test_a_notebook_that_keeps_every_rule_is_accepted(nb):
    assert refused(nb) == ""


def test_filling_and_normalising_twice_changes_nothing(nb):
    once = normalise.dumps(nb)
    assert finish(nb) == []
    assert normalise.dumps(nb) == once
    assert once.endswith("}\n") and not once.endswith("\n\n")


def test_what_the_tool_writes_is_there(nb):
    task, starter, _, solution = nb.cells[9:13]
    assert task.source.startswith(
        "### Exercise: Twice as much\n\n*Difficulty ●●○ · 5 minutes*\n\nWrite"
    )
    assert task.metadata.hints == list(EXERCISE.hints)
    assert starter.source == EXERCISE.starter
    assert f"```python\n{EXERCISE.solution}\n```" in solution.source
    assert "Adding works too." in solution.source
    assert solution.source.startswith("<details>\n<summary>Solution</summary>")
    assert '<span data-value="twice">6</span>' in nb.cells[3].source
    assert nb.cells[6].metadata.mystnb.image.alt == "A line that rises."
    assert nb.cells[11].outputs[0].text == "To do.\n"
    assert [c.execution_count for _, c in cells.code_cells(nb)] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]


def test_metadata_hold_no_version_and_no_machine(nb):
    nb.metadata["language_info"]["version"] = "3.11.2"
    nb.cells[2].metadata["execution"] = {"iopub.execute_input": "2026-01-01"}
    normalise.notebook(nb)
    assert "version" not in nb.metadata["language_info"]
    assert set(nb.metadata) == {"kernelspec", "language_info"}
    assert "execution" not in nb.cells[2].metadata


def test_inserting_a_cell_leaves_the_names_of_the_others(nb):
    before = [cell.id for cell in nb.cells]
    assert len(set(before)) == len(before)
    nb.cells.insert(4, code("math.pi"))
    normalise.notebook(nb)
    after = [cell.id for cell in nb.cells]
    assert after[:4] + after[5:] == before


def test_a_new_number_in_the_prose_leaves_the_name_of_its_cell(nb):
    before = nb.cells[3].id
    nb.cells[5].outputs[0].data[cells.VALUES]["twice"] = "7"
    assert finish(nb) == []
    assert ">7</span>" in nb.cells[3].source
    assert nb.cells[3].id == before


def test_a_value_cannot_put_markup_into_the_prose(nb):
    nb.cells[5].outputs[0].data[cells.VALUES]["twice"] = "<b>6"
    assert finish(nb) == []
    assert "&lt;b>6" in nb.cells[3].source.replace("&gt;", ">")


def test_clock_cells_keep_their_output_while_the_code_stands_still(nb):
    nb.cells[5].metadata["tags"] = ["clock", "nbval-ignore-output"]
    new = copy.deepcopy(nb)
    new.cells[5].outputs[0].data["text/plain"] = "1.23 s"
    normalise.keep_clock_outputs(new, nb)
    [kept] = new.cells[5].outputs
    assert kept.data["text/plain"] == "checked: 2 times 3 is 6"
    new.cells[2].source = "import cmath"
    new.cells[5].outputs[0].data["text/plain"] = "1.23 s"
    normalise.keep_clock_outputs(new, nb)
    assert new.cells[5].outputs[0].data["text/plain"] == "1.23 s"


# ------------------------------------------------------- the setup cell


def _run_setup(monkeypatch, source, *, colab, present=()):
    calls = []
    modules = dict(sys.modules)
    modules.pop("google.colab", None)
    if colab:
        modules["google.colab"] = types.ModuleType("google.colab")
    monkeypatch.setattr(sys, "modules", modules)
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: name in present or None
    )
    monkeypatch.setattr(
        "subprocess.run", lambda command, **kw: calls.append(command)
    )
    exec(compile(source, "setup", "exec"), {})
    return calls


def test_the_setup_cell_does_nothing_elsewhere(monkeypatch, capsys):
    source = fill.setup_source("https://github.com/someone/book")
    assert _run_setup(monkeypatch, source, colab=False) == []
    assert capsys.readouterr().out == ""


def test_the_setup_cell_installs_without_dependencies_on_colab(monkeypatch):
    source = fill.setup_source("https://github.com/someone/book")
    [command] = _run_setup(monkeypatch, source, colab=True)
    assert "--no-deps" in command
    assert "git+https://github.com/someone/book" in command
    assert "anywidget" in command
    assert not {"torch", "numpy"} & set(command)
    assert (
        _run_setup(monkeypatch, source, colab=True, present={"selfattn"}) == []
    )


def test_the_setup_cell_never_installs_a_strangers_package(
    monkeypatch, capsys
):
    source = fill.setup_source(fill.UNSET)
    assert _run_setup(monkeypatch, source, colab=True) == []
    said = capsys.readouterr().out
    assert "make repo URL=" in said and len(said.splitlines()) == 1


def test_the_setup_cell_is_short():
    assert len(fill.setup_source().splitlines()) <= 15


def test_the_address_comes_from_pyproject():
    text = (ROOT / "pyproject.toml").read_text("utf8")
    assert f'Repository = "{fill.address()}"' in text


# ------------------------------------------------------------ the command


def test_a_run_that_changes_nothing_leaves_no_difference(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(
            cells=[
                md("# One"),
                code("pass", "setup"),
                code("import sys\nprint({'b': 1, 'a': 2})\nprint('x')"),
                code("sys.version_info > (3,)"),
            ]
        ),
        path,
    )
    problems, _ = tool.process(path)
    assert any("You will be able to" in p for p in problems)
    first = path.read_bytes()
    assert b"{'b': 1, 'a': 2}" in first
    tool.process(path)
    assert path.read_bytes() == first
    tool.process(path, run=False)
    assert path.read_bytes() == first


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path):
    path = tmp_path / "broken.ipynb"
    nbformat.write(
        nbformat.v4.new_notebook(cells=[code("print(1)"), code("1 / 0")]),
        path,
    )
    before = path.read_bytes()
    problems, _ = tool.process(path)
    assert "a cell failed" in problems[0]
    assert "ZeroDivisionError" in problems[0]
    assert path.read_bytes() == before


def test_check_changes_nothing_and_says_what_is_wrong(tmp_path, capsys):
    path = tmp_path / "draft.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[md("# One")]), path)
    before = path.read_bytes()
    assert tool.main(["--check", str(path)]) == 1
    assert "not in its normal form" in capsys.readouterr().out
    assert path.read_bytes() == before
