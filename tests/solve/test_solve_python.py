"""One worker for a page: which check runs when, and what ends it."""

from __future__ import annotations

import json

import pytest
from checkout import ROOT

SCRIPT = ROOT / "theme" / "static" / "solve_python.js"
# Workers that do nothing by themselves, and a clock that is wound by hand.
MACHINE = """
const workers = [], heard = [], clocks = new Map();
let last = 0;
const python = bookPython({
  start() {
    const worker = { got: [], ended: false,
      postMessage(data) { this.got.push(data); },
      terminate() { this.ended = true; } };
    workers.push(worker);
    return worker;
  },
  seconds: 10,
  tell: (exercise, event) => heard.push([exercise, event.is]),
  later: (deed, after) => { clocks.set(++last, [deed, after]); return last; },
  cancel: (clock) => clocks.delete(clock),
});
const now = () => workers[workers.length - 1];
const say = (data, worker = now()) => worker.onmessage({ data });
const ring = () => [...clocks].forEach(([clock, [deed]]) => {
  clocks.delete(clock); deed();
});
const report = (number) => say({ is: "report", number, html: "" });
"""


@pytest.fixture
def machine():
    quickjs = pytest.importorskip("quickjs")
    context = quickjs.Context()
    context.eval(SCRIPT.read_text("utf8") + MACHINE)

    def run(body: str = ""):
        """Do it; what the exercises have heard since the last time."""
        context.eval(body)
        return json.loads(context.eval("JSON.stringify(heard.splice(0))"))

    run.value = lambda code: json.loads(
        context.eval(f"JSON.stringify({code})")
    )
    return run


def test_nothing_is_loaded_before_the_first_check(machine):
    assert machine.value("workers.length") == 0
    assert machine("python.check('a', '1')") == [["a", "loading"]]
    assert machine.value("workers.length") == 1
    assert machine.value("now().got") == []


def test_a_check_runs_when_python_is_ready_and_reports_once(machine):
    machine("python.check('a', '1')")
    assert machine("say({is: 'ready'})") == [["a", "checking"]]
    assert machine.value("now().got[0]") == {
        "do": "check", "number": 1, "exercise": "a", "text": "1",
    }  # fmt: skip
    assert machine("report(1)") == [["a", "report"]]
    assert machine.value("[workers.length, clocks.size]") == [1, 0]
    assert machine("report(1); report(2)") == []


def test_checks_wait_for_one_another_in_their_order(machine):
    machine("python.check('a', '1'); say({is: 'ready'})")
    assert machine("python.check('b', '2')") == [["b", "waiting"]]
    assert machine("python.check('a', 'again')") == []
    machine("python.check('b', 'newer')")
    assert machine("report(1)") == [["a", "report"], ["b", "checking"]]
    assert machine.value("now().got[1].text") == "newer"


def test_the_time_limit_ends_the_worker_and_starts_another(machine):
    machine("python.check('a', '1'); say({is: 'ready'})")
    machine("python.check('b', '2')")
    assert machine.value("[...clocks.values()][0][1]") == 10_000
    assert machine("ring()") == [["a", "time"], ["b", "loading"]]
    assert machine.value("workers.map((one) => one.ended)") == [True, False]
    assert machine("say({is: 'ready'})") == [["b", "checking"]]


def test_an_ended_worker_is_not_heard(machine):
    machine("python.check('a', '1'); say({is: 'ready'})")
    assert machine("python.stop('a')") == [["a", "stopped"]]
    assert machine("say({is: 'ready'}, workers[0])") == []
    machine("python.check('a', '2')")
    said = "say({is: 'report', number: 1, html: ''}, workers[0])"
    assert machine(said) == []
    assert machine("say({is: 'ready'}); report(2)") == [
        ["a", "checking"],
        ["a", "report"],
    ]


def test_a_report_on_another_check_is_not_taken(machine):
    machine("python.check('a', '1'); say({is: 'ready'})")
    assert machine("report(0); report(7); say(null); say({is: 'x'})") == []
    assert machine("report(1)") == [["a", "report"]]


def test_loading_that_nobody_waits_for_is_given_up(machine):
    machine("python.check('a', '1'); python.check('b', '2')")
    assert machine("python.stop('a')") == [["a", "dropped"]]
    assert not machine.value("workers[0].ended")
    assert machine("python.stop('b')") == [["b", "dropped"]]
    assert machine.value("workers[0].ended")
    assert machine("python.stop('b')") == []


def test_a_start_that_fails_is_told_to_all_and_tried_again(machine):
    machine("python.check('a', '1'); python.check('b', '2')")
    assert machine("say({is: 'failed', text: 'no'})") == [
        ["a", "failed"],
        ["b", "failed"],
    ]
    assert machine("python.check('a', '1')") == [["a", "loading"]]
    assert machine.value("workers.length") == 2


def test_who_waits_is_checked_after_one_that_broke_python(machine):
    machine("python.check('a', '1'); say({is: 'ready'})")
    machine("python.check('b', '2')")
    assert machine("now().onerror({})") == [["a", "failed"], ["b", "loading"]]
    assert machine("say({is: 'ready'})") == [["b", "checking"]]


def test_progress_is_told_to_who_waits(machine):
    machine("python.check('a', '1')")
    said = "say({is: 'progress', bytes: 1, of: 2, seconds: 3})"
    assert machine(said) == [["a", "loading"]]
    machine("say({is: 'ready'})")
    assert machine(said) == []
