"""The JavaScript of figures and pages is clean by the linter's rules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT

HERE = Path(sys.executable).parent
OXLINT = shutil.which("oxlint", path=HERE) or shutil.which("oxlint")


def lint(folder: Path) -> subprocess.CompletedProcess:
    if OXLINT is None:
        pytest.skip("no oxlint here: pip install oxlint")
    rules = ["--config", str(ROOT / ".oxlintrc.json"), "--format", "unix"]
    return subprocess.run(
        [OXLINT, *rules, "."], cwd=folder, capture_output=True, text=True
    )


def test_every_script_is_clean():
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("make();", "no-undef"),
        ("const unused = 1;", "no-unused-vars"),
        ('import { gone } from "./other.js";\nexport const x = gone;',
         "named"),
        ('import { one } from "./other.js";', "no-unused-vars"),
        ("export const f = (x) => { const y = (x) => x; return y(x); };",
         "no-shadow"),
        ("export function f() {\n" + "f();\n" * 61 + "}",
         "max-lines-per-function"),
    ],
)  # fmt: skip
def test_the_linter_finds(tmp_path, code, rule):
    (tmp_path / "other.js").write_text("export const one = 1;\n")
    (tmp_path / "figure.js").write_text(code + "\n")
    done = lint(tmp_path)
    assert done.returncode and f"({rule})" in done.stdout, done.stdout
