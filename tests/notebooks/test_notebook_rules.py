"""Each rule of a notebook, broken once."""

from __future__ import annotations

import copy
import re

import nbformat
import pytest
from checkout import ROOT
from nbtool import fill, rules
from small_notebook import (
    code,
    finish,
    printed,
    refused,
    shown,
    small,
)


@pytest.fixture
def nb(monkeypatch):
    return small(monkeypatch)


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
    # Broken on purpose, to be refused: no cell of the book is meant.
    "clock is compared": (_tag(4, "clock"), "also nbval-ignore-output"),
    "no alt": (_no_alt, "picture without alt text"),
    "two pictures": (_two_pictures, "shows two pictures"),
    "html picture": (
        _output(shown({"text/html": '<img src="x.png">'})),
        "an <img> has no alt text",
    ),
    "not compared": (
        # One of three is too many: the rule must refuse the tag here.
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
    # A made-up cell with the tag, to see that the rule counts it.
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
