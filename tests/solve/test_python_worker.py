"""Python in the browser: it starts, grades, survives, and asks nothing."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RIGHT = """
def my_softmax(scores):
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)
"""
WRONG = RIGHT.replace("-1", "0")


def check(page, text: str) -> dict:
    return page.evaluate("(text) => check('04.softmax', text)", text)


def test_it_starts_grades_and_asks_for_nothing_more(python_page):
    page = python_page
    said = page.evaluate("said")
    loaded = [one for one in said if one["is"] == "progress"]
    assert loaded[-1]["bytes"] == loaded[-1]["of"] > 10_000_000
    assert [one["bytes"] for one in loaded] == sorted(
        one["bytes"] for one in loaded
    )
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    assert check(page, RIGHT)["status"] == "passed"
    wrong = check(page, WRONG)
    assert (wrong["status"], wrong["diagnosis"]) == ("wrong", "first_axis")
    assert wrong["html"].startswith('<div class="selfattn-report"')
    for text in (
        "import js\njs.fetch('/')\n",
        "from pyodide.code import run_js\nrun_js('fetch(\"/\")')\n",
        "import pyodide.http\npyodide.http.open_url('/')\n",
        "from pyodide.code import run_js\nrun_js('caches.keys()')\n",
        "import urllib.request as u\nu.urlopen('http://127.0.0.1/')\n",
    ):
        assert check(page, text)["status"] == "error"
    assert not asked


NASTY = [
    ("def my_softmax(s):\n    return my_softmax(s)\n", "RecursionError"),
    (
        "import sys\nsys.setrecursionlimit(10**9)\n"
        "def my_softmax(s):\n    return sorted([s], key=my_softmax)\n",
        "RecursionError",
    ),
    (
        "def my_softmax(s):\n    return np.vectorize(my_softmax)(s)\n",
        "RecursionError",
    ),
    (
        "def my_softmax(s):\n"
        "    return np.apply_along_axis(my_softmax, -1, s)\n",
        "RecursionError",
    ),
    (
        "many = []\nwhile True:\n    many.append(bytearray(2**24))\n",
        "more memory than an answer may have (1 GB)",
    ),
    (
        "def my_softmax(s):\n    many = []\n    while True:\n"
        "        many.append(np.ones(2**20))\n",
        "more memory than an answer may have (1 GB)",
    ),
    ("import os\nos._exit(3)\n", "left with SystemExit"),
    ("raise KeyboardInterrupt\n", "left with KeyboardInterrupt"),
    ("import torch\n", "torch is not on this page"),
    (
        "import threading\nthreading.Thread(target=print).start()\n",
        "can't start new thread",
    ),
    ("import sys\nsys.modules.clear()\n", "is not there"),
    ("input()\n", "input() cannot be used"),
]


@pytest.mark.sweep
def test_it_goes_on_whatever_a_text_does(python_page, begin):
    page = python_page
    for text, sentence in NASTY:
        said = check(page, text)
        assert said["is"] == "report", (text, said)
        assert sentence in " ".join(said["text"].split()), said["text"]
        assert check(page, RIGHT)["status"] == "passed", text
        assert check(page, WRONG)["diagnosis"] == "first_axis", text
    # The parser's own stack: Python ends, says so, and can begin again,
    # with what the browser has kept.
    ended = check(page, f"x = {'(' * 5000}1{')' * 5000}\n")
    assert (ended["is"], ended["started"]) == ("failed", True)
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    assert begin(page)["is"] == "ready"
    assert all(address.endswith(".js") for address in asked), asked
    assert check(page, RIGHT)["status"] == "passed"


def test_a_file_that_is_missing_or_breaks_off_is_told(
    python_site, visit, begin
):
    page = visit(python_site.address)

    def answered(how) -> dict:
        page.route("**/numpy.whl", how)
        said = begin(page)
        page.unroute("**/numpy.whl")
        return said

    missing = answered(lambda route: route.fulfill(status=404))
    assert (missing["is"], missing["started"]) == ("failed", False)
    assert "numpy.whl: 404" in missing["text"]
    cut = answered(lambda route: route.abort())
    assert (cut["is"], cut["started"]) == ("failed", False)
    visit.faults.clear()  # the browser's own words on the two
