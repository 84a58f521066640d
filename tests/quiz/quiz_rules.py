"""The page's grader of quizzes without a browser: helpers for tests."""

from __future__ import annotations

import json

import pytest
from checkout import ROOT

SCRIPT = ROOT / "theme" / "static" / "quiz_rules.js"
# In their chapters; a test holds that there are no others.
PAGES = {
    "02.output_kind": "02_outputs",
    "03.separates": "03_sequence_labeling",
    "04.coincide": "04_attention",
    "05.broken_lines": "05_matrix_form",
}
QUIZZES = list(PAGES)


class Rules:
    """The functions of the script, on one quiz."""

    def __init__(self, known: dict) -> None:
        quickjs = pytest.importorskip("quickjs")
        self.context = quickjs.Context()
        self.context.eval(SCRIPT.read_text("utf8"))
        self.context.eval(f"const quiz = {json.dumps(known)};")

    def __call__(self, function: str, *arguments):
        given = ", ".join(["quiz", *map(json.dumps, arguments)])
        made = f"JSON.stringify(bookQuiz.{function}({given}))"
        return json.loads(self.context.eval(made))


def texts(answer: dict) -> list[str]:
    """An answer as the fields of the form hold it."""
    return ["" if v is ... else str(v) for v in answer.values()]
