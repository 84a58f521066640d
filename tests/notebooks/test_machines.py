"""`make test-machines` runs the notebooks on what it says it does."""

from __future__ import annotations

import platform

import machines
import pytest

INTEL = platform.machine() in ("x86_64", "AMD64")


# On ARM, OpenBLAS and NumPy have other kernels, with other names.
@pytest.mark.skipif(not INTEL, reason="kernels of Intel and AMD")
def test_every_kind_of_machine_is_there():
    names = [machine.name for machine in machines.machines()]
    assert names == [
        "OpenBLAS for Haswell", "OpenBLAS for Prescott",
        "NumPy at its baseline", "torch at its baseline",
        "2 threads", "4 threads",
    ]  # fmt: skip


def test_a_machine_that_is_not_what_it_says_fails(monkeypatch, capsys):
    as_here = machines.Machine("a 6502", {}, lambda has: False)
    monkeypatch.setattr(machines, "machines", lambda: [as_here])
    assert machines.main([]) == 1
    assert "a 6502                 FAILED" in capsys.readouterr().out
    assert machines.main(["no such"]) == 1
