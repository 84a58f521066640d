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
from nbtool import cells, fill, normalise, rules
from selfattn_theme import works
from small_notebook import (
    EXERCISE,
    code,
    finish,
    md,
    printed,
    refused,
    shown,
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
    if not _has_torch():
        problems = [p for p in problems if "needs torch" not in p]
    assert problems == []
    assert path.read_bytes() == before


def _has_torch() -> bool:
    import importlib.util

    return importlib.util.find_spec("torch") is not None


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


# ------------------------------------------------- each rule, broken once


def _set(index, source):
    def change(nb):
        nb.cells[index].source = source

    return change


def _output(output):
    def change(nb):
        nb.cells[4].outputs.append(output)

    return change


def _tag(index, *names):
    def change(nb):
        nb.cells[index].metadata["tags"] = list(names)

    return change


def _drop(index):
    def change(nb):
        del nb.cells[index]

    return change


def _swap(i, j):
    def change(nb):
        nb.cells[i], nb.cells[j] = nb.cells[j], nb.cells[i]

    return change


def _no_alt(nb):
    del nb.cells[6].metadata["mystnb"]


def _two_pictures(nb):
    nb.cells[6].outputs.append(copy.deepcopy(nb.cells[6].outputs[0]))


def _not_run(nb):
    nb.cells[2].execution_count = None


BROKEN = {
    "no title": (_set(0, "Doubling"), "starts with `# Title`"),
    "two aims": (
        _set(0, "# D\n\nYou will be able to\n\n- add\n- double"),
        "3 or 4 things: found 2",
    ),
    "stale setup": (_set(1, "pass"), "is stale"),
    "setup later": (_swap(1, 4), "only it, is `setup`"),
    "no imports": (_set(2, "print(1)"), "the code after setup imports"),
    "second title": (_set(7, "# What goes wrong"), "second title"),
    "skipped level": (
        _set(7, "## What goes wrong\n\n#### Deep"),
        "skips a heading level",
    ),
    "missing section": (_drop(7), "no section '## What goes wrong'"),
    "sections swapped": (_swap(3, 7), "sections out of order"),
    "read next not last": (
        _set(13, "## Read next\n\n## More"),
        "'## Read next' comes last",
    ),
    "role": (_set(7, "## What goes wrong\n\n{ref}`x`"), "a MyST role"),
    "directive": (
        _set(7, "## What goes wrong\n\n```{note}\nx\n```"),
        "a MyST directive",
    ),
    "colon fence": (
        _set(7, "## What goes wrong\n\n:::{tip}\nx\n:::"),
        "a MyST",
    ),
    "label": (_set(7, "(here)=\n## What goes wrong"), "a MyST label"),
    "picture in prose": (
        _set(7, "## What goes wrong\n\n![](x.png)"),
        "picture without alt text",
    ),
    "unknown tag": (_tag(2, "remove-cell"), "unknown tag 'remove-cell'"),
    "long cell": (_set(4, "print(1)\n" * 26), "has 26 lines"),
    "long line": (_set(4, f"print('{'x' * 80}')"), "columns, over 79"),
    "hidden display": (_set(4, "x = 1"), "ends with an assign"),
    "semicolon": (_set(4, "print(1);"), "ends with `;`"),
    "syntax": (_set(4, "print("), "does not parse"),
    "not run": (_not_run, "has not been run"),
    "address": (
        _output(printed("<object at 0x7f3a12345678>")),
        "a memory address",
    ),
    "path": (_output(printed("/home/ann/book/x.py")), "an absolute path"),
    "this checkout": (_output(printed(str(ROOT))), "this checkout's path"),
    "timing": (_output(printed("Wall time: 3 ms")), "a timing"),
    "progress bar": (_output(printed("12.5it/s")), "a progress bar"),
    "warning": (_output(printed("careful", "stderr")), "writes to stderr"),
    "error": (
        _output(nbformat.v4.new_output("error", ename="ValueError")),
        "fails with ValueError",
    ),
    "clock is compared": (_tag(4, "clock"), "also nbval-ignore-output"),
    "no alt": (_no_alt, "picture without alt text"),
    "two pictures": (_two_pictures, "shows two pictures"),
    "html picture": (
        _output(shown({"text/html": '<img src="x.png">'})),
        "an <img> has no alt text",
    ),
    "not compared": (
        _tag(5, "claim", "nbval-ignore-output"),
        "1 of 3 outputs are not compared",
    ),
    "no check": (_drop(11), "needs exercise, starter, check, solution"),
    "solution first": (_swap(9, 12), "in this order"),
    "check of another": (
        _set(11, 'check("98.half", double)'),
        'does not call check("98.double"',
    ),
    "part without tag": (_tag(11), "but no tag"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_rule_is_refused_and_the_cell_named(nb, name):
    change, message = BROKEN[name]
    change(nb)
    found = refused(nb)
    assert message in found
    assert re.search(r"^(cell \d+ \[|notebook: )", found)


def test_at_most_a_fifth_of_the_outputs_may_go_uncompared(nb):
    extra = code(
        "assert True\nprint(1)",
        "lesson",
        "nbval-ignore-output",
        outputs=[printed("1")],
    )
    nb.cells.insert(5, extra)
    assert "not compared" in refused(nb)
    for n in range(6):
        nb.cells.insert(6, code(f"print({n})", outputs=[printed(str(n))]))
    assert refused(nb) == ""
    extra.source = "print(1)"
    assert "assert its claim" in refused(nb)


def test_an_exercise_of_the_package_may_not_be_left_out(nb):
    found = rules.breaches(nb, 98, {"98.double", "98.half"})
    assert "exercise '98.half' of the package is missing" in str(found[0])


def test_an_exercise_of_another_chapter_is_refused(nb):
    assert "not of chapter 97" in str(rules.breaches(nb, 97))


def test_unknown_values_are_refused_and_unused_ones_noted(nb):
    nb.cells[7].source += ' <span data-value="thrice">9</span>'
    assert "no cell reports the value 'thrice'" in finish(nb)[0]
    nb.cells[3].source = "## By hand"
    assert fill.unused_values(nb) == ["twice"]


def test_a_value_reported_twice_is_refused(nb):
    nb.cells[5].outputs.append(copy.deepcopy(nb.cells[5].outputs[0]))
    assert "'twice' is reported twice" in finish(nb)[0]


def test_a_starter_that_differs_is_refused(nb):
    nb.cells[10].source = "def double(x):\n    ..."
    assert "differs from the starter of '98.double'" in finish(nb)[0]


def test_an_unknown_exercise_is_refused(nb):
    nb.cells[9].metadata["exercise"] = "98.nothing"
    assert "98.nothing" in finish(nb)[0]


def test_a_stale_solution_is_written_anew(nb):
    nb.cells[12].source = nb.cells[12].source.replace("2 * x", "3 * x")
    assert finish(nb) == []
    assert "2 * x" in nb.cells[12].source
    assert nb.cells[12].source.count("Adding works too.") == 1


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
