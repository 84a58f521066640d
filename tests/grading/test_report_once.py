"""A report is shown once, whoever asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sample_reports import full_report, wrong

from selfattn.grading import report as reports
from selfattn.grading.report import Note, Report, show


def in_ipython(*sources: str) -> list[list[str]]:
    """What each of these cells displays, as plain text."""
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    shown: list[list[str]] = []
    results: list[str] = []

    class Shell(InteractiveShell):
        pass

    shell = Shell.instance()
    try:
        publisher = CapturingDisplayPublisher()
        shell.display_pub = publisher
        shell.displayhook.write_format_data = lambda data, md=None: (
            results.append(data["text/plain"])
        )
        shell.displayhook.write_output_prompt = lambda: None
        shell.user_ns.update(show=show, Report=Report, Note=Note)
        for source in sources:
            publisher.outputs.clear()
            results.clear()
            shell.run_cell(source, store_history=False).raise_error()
            published = [o["data"]["text/plain"] for o in publisher.outputs]
            shown.append(published + list(results))
    finally:
        Shell.clear_instance()
    return shown


MAKE = "show(Report('04.softmax', 'passed', 'Right.'))"
TEXT = "04.softmax: passed\n\nRight."


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([MAKE], [[TEXT]]),
        ([f"{MAKE}\n1 + 1"], [[TEXT, "2"]]),
        ([f"r = {MAKE}"], [[TEXT]]),
        ([f"r = {MAKE}\nr"], [[TEXT]]),
        ([f"r = {MAKE}", "r"], [[TEXT], [TEXT]]),
        ([f"r = {MAKE}", "r", "r"], [[TEXT], [TEXT], [TEXT]]),
        ([f"r = {MAKE}\nr", "r"], [[TEXT], [TEXT]]),
        ([f"r = {MAKE}\ndisplay(r)"], [[TEXT, TEXT]]),
        ([f"r = {MAKE}\ndisplay(r)\nr"], [[TEXT, TEXT]]),
        ([f"{MAKE}; {MAKE}"], [[TEXT, TEXT]]),
        (["show(Note('Hint 1', 'Look.'))"], [["Hint 1\n\nLook."]]),
        (["r = Report('04.softmax', 'passed', 'Right.')", "r"], [[], [TEXT]]),
    ],
)
def test_in_a_notebook_a_report_appears_once_per_request(cells, expected):
    pytest.importorskip("IPython")
    assert in_ipython(*cells) == expected


def test_both_forms_are_offered_to_the_notebook():
    bundle = full_report()._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}


def test_outside_a_notebook_a_report_is_printed_once(capsys, monkeypatch):
    monkeypatch.setattr(reports, "_shell", lambda: None)
    report = show(wrong())
    assert isinstance(report, Report)
    assert capsys.readouterr().out == report.text() + "\n"


def test_a_terminal_without_unicode_still_shows_the_report():
    code = (
        "from selfattn.grading.report import *\n"
        "show(Report('04.softmax', 'wrong', 'a “quoted” word'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": _root(), "PATH": ""},
        capture_output=True,
    )
    assert run.returncode == 0, run.stderr
    assert b"a ?quoted? word" in run.stdout


def _root() -> str:
    from pathlib import Path

    return str(Path(reports.__file__).parents[2])
