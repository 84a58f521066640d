"""Where Triton is missing, or came too early, one sentence says so."""

from __future__ import annotations

import subprocess
import sys

import pytest
from checkout import ROOT

torch = pytest.importorskip("torch")

KERNEL = """
import torch
from selfattn import fused_triton as f
from selfattn.fused_triton import tl, triton

@triton.jit
def kernel(X, N: tl.constexpr):
    pass

print(f.WHY_NOT)
x = torch.ones(2, 2)
for call in (lambda: f.fused(x, x, x), lambda: kernel[1](x, N=2)):
    try:
        call()
    except Exception as error:
        print(type(error).__name__, error)
"""


def said(code):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_without_triton_a_kernel_can_be_written_but_not_started():
    lines = said("import sys; sys.modules['triton'] = None\n" + KERNEL)
    assert len(lines) == 3 and "Triton is not installed" in lines[0]
    assert lines[1:] == ["RuntimeError " + lines[0]] * 2


def test_triton_that_was_loaded_too_early_is_told():
    pytest.importorskip("triton")
    if torch.cuda.is_available():
        pytest.skip("kernels are compiled here")
    early = "import os; os.environ.pop('TRITON_INTERPRET', 0)\nimport triton"
    lines = said(early + ", triton.language\n" + KERNEL)
    assert "restart" in lines[0] and lines[1] == "RuntimeError " + lines[0]
