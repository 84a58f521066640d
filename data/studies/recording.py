"""What every study stores beside its numbers, and how it is written."""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path

import numpy as np
import torch

RESULTS = Path(__file__).parents[1] / "results"


def conditions(script):
    """The command, hardware and versions of a study, given its __file__."""
    return {
        "command": f"python data/studies/{Path(script).name}",
        "hardware": "one core of a 2-core x86-64 CPU, other work beside it",
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__.split("+")[0],
            "numpy": np.__version__,
        },
    }


def load(name):
    """What results/NAME.json holds already, an empty dict without a file."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def save(name, stored):
    """Write results/NAME.json, lists of plain values on one line each."""
    text = json.dumps(stored, indent=1, ensure_ascii=False)
    text = re.sub(r"\[[^][{}]*\]", _one_line, text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def runs_of(name, script, settings, kinds, seeds, run):
    """Do and store `run(kind, seed)` for all that results/NAME.json lacks."""
    stored = load(name) or conditions(script) | {
        "settings": settings,
        "runs": [],
    }
    for seed in seeds:
        for kind in kinds:
            done = {(r["kind"], r["seed"]) for r in stored["runs"]}
            if (kind, seed) not in done:
                stored["runs"].append(run(kind, seed))
                save(name, stored)
                print(stored["runs"][-1], flush=True)


def _one_line(found):
    return re.sub(r"\s+", " ", found[0]).replace("[ ", "[").replace(" ]", "]")


def one_thread():
    """One thread, and numbers too small for float32 as zeros.

    Converged nets have many such gradients, which cost a CPU most of its
    time and change no result.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
