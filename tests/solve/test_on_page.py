"""What a typed answer is told: the same code that the page's Python runs."""

from __future__ import annotations

import builtins
import itertools
import json
import math
import sys

import numpy as np
import pytest
from pages import swept

from selfattn.grading import on_page
from selfattn.grading.on_page import solve

RIGHT = """
def my_softmax(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
"""
WRONG = RIGHT.replace("-1", "0")


def told(text: str) -> str:
    return solve("04.softmax", text, seed=1)["text"]


def test_right_wrong_and_unwritten():
    assert solve("04.softmax", RIGHT)["status"] == "passed"
    wrong = solve("04.softmax", WRONG)
    assert (wrong["status"], wrong["diagnosis"]) == ("wrong", "first_axis")
    starter = "def my_softmax(scores):\n    raise NotImplementedError\n"
    assert solve("04.softmax", starter)["status"] == "todo"
    assert "check again" in told(starter)
    assert "run its cell" not in told(starter)


def test_the_report_is_plain_data_with_the_packages_own_html():
    report = solve("04.softmax", WRONG)
    assert json.loads(json.dumps(report)) == report
    assert report["html"].startswith('<div class="selfattn-report"')
    assert "<script" not in report["html"]


def test_what_the_text_says_is_escaped():
    html = solve("04.softmax", "raise ValueError('<img src=x>')")["html"]
    assert "&lt;img" in html and "<img" not in html


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("def my_softmax(scores:\n", "Python cannot read line 1"),
        ("x = 1\n y = 2\n", "Python cannot read line 2"),
        ("x = 1\0", "null bytes"),
        ("", "The check looks for `my_softmax`, and it is not there."),
        ("def softmx(s):\n    return s\n", "Yours is called `softmx`."),
        ("my_softmax = 3\n", "`my_softmax` is no function here, but an"),
        ("x = 1\ny = 1 / 0\n", "line 2: y = 1 / 0"),
        ("import notthere\n", "notthere is not on this page"),
        (
            "def my_softmax(s):\n    import notthere.too\n",
            "notthere is not on this page",
        ),
        ("import sys\nsys.exit(3)\n", "left with SystemExit"),
        ("import os\nos._exit(3)\n", "left with SystemExit"),
        ("def f(x):\n    return f(x)\nf(0)\n", "RecursionError"),
        ("input('?')\n", "input() cannot be used"),
        ("raise MemoryError\n", "more memory than an answer may have"),
        (
            "def my_softmax(s):\n    t = s\n    return t.foo\n",
            "line 3, in my_softmax: return t.foo",
        ),
        ("await 3\n", "'await' outside function"),
    ],
)
def test_what_keeps_a_text_from_being_graded_is_an_error(text, sentence):
    report = solve("04.softmax", text, seed=1)
    assert report["status"] == "error"
    assert sentence in " ".join(report["text"].split()), report["text"]


def test_what_was_printed_and_warned_is_shown():
    text = "import warnings\nprint('above')\nwarnings.warn('look')\n"
    said = told(text + RIGHT.replace("    e =", "    print('in')\n    e ="))
    assert said.index("above") < said.index("UserWarning: look")
    assert said.index("UserWarning: look") < said.index("in\n")


def test_a_text_starts_with_what_a_notebook_has():
    text = "import selfattn.masks as m\nassert masks is m\n"
    assert solve("04.softmax", text + RIGHT)["status"] == "passed"
    assert "NameError" in told("nothing_of_this_name\n" + RIGHT)


def test_no_name_is_left_over_from_the_last_text():
    solve("04.softmax", RIGHT + "left_over = 1\n")
    assert "it is not there" in told("x = 1\n")
    assert "NameError" in told("print(left_over)\n" + RIGHT)


def test_annotations_mean_what_they_mean_in_a_notebook():
    text = "def f(x: 1 / 0):\n    return x\n"  # evaluated, not a string
    assert "ZeroDivisionError" in told(text)


SPOILING = {
    "numpy": "np.exp = np.max = None\ndel np.sum\nimport numpy.linalg as l\n"
    "l.norm = None\n",
    "builtins": "import builtins\nbuiltins.len = builtins.print = None\n"
    "del builtins.isinstance\n",
    "own modules": "import selfattn.grading.compare as c\nc.rightness = 3\n"
    "import selfattn.exercises as e\ne.get = None\n",
    "standard library": "import math, itertools\nmath.exp = None\n"
    "itertools.combinations = None\n",
    "where modules are looked for": "import sys\nsys.path.clear()\n"
    "sys.meta_path.clear()\n",
    "modules": "import sys\nsys.modules['numpy'] = None\n"
    "del sys.modules['selfattn.exercises']\n",
    "options": "np.set_printoptions(precision=1)\nnp.seterr(all='raise')\n",
    "output": "import sys\nsys.stdout = None\n",
    "tracing": "import sys\nsys.settrace(lambda *a: None)\n",
}


@pytest.mark.parametrize(
    ("what", "within"),
    swept(
        itertools.product(SPOILING, [False, True]),
        daily=list(zip(SPOILING, itertools.cycle([False, True]))),
    ),
)
def test_the_next_check_is_not_spoiled(what, within, monkeypatch):
    # As in the browser, where there is no child process.
    monkeypatch.setattr(on_page.limits, "CAN_FORK", False)
    text = SPOILING[what]
    if within:
        lines = "".join(f"    {line}\n" for line in text.splitlines())
        text = f"def my_softmax(scores):\n{lines}    return scores\n"
    before = (
        dict(vars(np)), dict(vars(builtins)), dict(vars(math)),
        dict(sys.modules), sys.path[:], sys.meta_path[:], sys.gettrace(),
        np.geterr(), np.get_printoptions(), sys.stdout,
    )  # fmt: skip
    solve("04.softmax", text)
    after = (
        dict(vars(np)), dict(vars(builtins)), dict(vars(math)),
        {k: sys.modules.get(k) for k in before[3]}, sys.path[:],
        sys.meta_path[:], sys.gettrace(), np.geterr(),
        np.get_printoptions(), sys.stdout,
    )  # fmt: skip
    for old, new in zip(before, after, strict=True):
        if isinstance(old, dict):
            assert all(new[k] is v or new[k] == v for k, v in old.items())
        else:
            assert old == new
    assert solve("04.softmax", RIGHT)["status"] == "passed"
    assert solve("04.softmax", WRONG)["diagnosis"] == "first_axis"


def test_an_unknown_exercise_is_said_to_be_one():
    assert "no exercise has the id" in solve("04.softmx", RIGHT)["text"]


def test_in_a_terminal_control_c_still_stops():
    with pytest.raises(KeyboardInterrupt):
        solve("04.softmax", "raise KeyboardInterrupt\n")


def test_in_a_browser_it_is_an_error_as_any_other(monkeypatch):
    monkeypatch.setattr(on_page.limits, "IN_BROWSER", True)
    assert "left with KeyboardInterrupt" in told("raise KeyboardInterrupt\n")


def test_in_a_browser_recursion_ends_early(monkeypatch):
    monkeypatch.setattr(on_page.limits, "IN_BROWSER", True)
    before, change = sys.getrecursionlimit(), sys.setrecursionlimit
    text = "import sys\nsys.setrecursionlimit(10**9)\nn = 0\n"
    text += "def f():\n    global n\n    n += 1\n    f()\n"
    text += "try:\n    f()\nexcept RecursionError:\n    print(n, 'calls')\n"
    said = told(text)
    assert 100 < int(said.split(" calls")[0].split()[-1]) <= on_page.RECURSION
    assert sys.getrecursionlimit() == before
    assert sys.setrecursionlimit is change


def test_a_quiz_is_graded_as_well():
    from selfattn import exercises

    quiz = exercises.get("05.broken_lines")
    assert solve(quiz.id, quiz.starter)["status"] == "todo"
    right = f"broken_lines = {quiz.reference()!r}\n"
    assert solve(quiz.id, right)["status"] == "passed"
