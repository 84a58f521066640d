"""The page's rules of progress without a browser, and files to try on it."""

from __future__ import annotations

import json

import pytest
from checkout import ROOT

SCRIPT = ROOT / "theme" / "static" / "progress_rules.js"
NOW = "2026-03-01T10:00:00Z"
PASSED = {
    "status": "passed",
    "attempts": 3,
    "passed_at": NOW,
    "last_at": NOW,
    "last_diagnosis": None,
}
WRONG = {**PASSED, "status": "wrong", "passed_at": None}


class Rules:
    """The functions of the script; an Error comes back as ValueError."""

    def __init__(self) -> None:
        quickjs = pytest.importorskip("quickjs")
        self.context = quickjs.Context()
        self.context.eval(SCRIPT.read_text("utf8"))

    def eval(self, code: str):
        answer = json.loads(
            self.context.eval(
                "(() => { try { return JSON.stringify({value: "
                f"({code}) ?? null}}); }} catch (error) {{ return "
                "JSON.stringify({error: error.message}); } })()"
            )
        )
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["value"]

    def __call__(self, function: str, *arguments):
        given = ", ".join(json.dumps(a) for a in arguments)
        return self.eval(f"bookProgress.{function}({given})")


def file(exercises=None, **more) -> str:
    return json.dumps({"version": 1, "exercises": exercises or {}, **more})
