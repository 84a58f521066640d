"""Finding exercises: their ids from paths, their files when asked for.

The package `chNN` of a chapter names its exercises in the book's order, and
those that need torch, so that all can be listed with NumPy alone.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from functools import cache
from pathlib import Path

from .model import Exercise

# Old ids go on working, and what readers solved under them still counts.
RENAMED = {
    "04.dominance": "04.lead_for_share",
    "06.module": "06.multi_head_layer",
}


def has_torch() -> bool:
    """Whether torch is installed."""
    return importlib.util.find_spec("torch") is not None


def has_triton() -> bool:
    """Whether triton is installed, which has no release but for Linux."""
    return importlib.util.find_spec("triton") is not None


@cache
def _chapters() -> tuple[str, ...]:
    here = Path(__file__).parent
    found = (p.parent.name for p in here.glob("ch[0-9][0-9]/__init__.py"))
    return tuple(sorted(found))


def _chapter(name: str):
    return importlib.import_module(f".{name}", __package__)


def load(exercise_id: str) -> Exercise:
    """The exercise of one file, which is read now."""
    number, _, name = exercise_id.partition(".")
    module = importlib.import_module(f".ch{number}.{name}", __package__)
    return module.EXERCISE


def ids() -> list[str]:
    """The ids of all exercises, in the book's order; loads none of them."""
    return [
        f"{chapter[2:]}.{name}"
        for chapter in _chapters()
        for name in _chapter(chapter).ORDER
    ]


def ids_with_torch() -> list[str]:
    """The ids of those that need torch, whether or not it is there."""
    return _ids_in("NEED_TORCH")


def needing_torch() -> list[str]:
    """Ids of the exercises that are left out while torch is missing.

    With torch there are none, but for those that also need triton, where
    that is missing.
    """
    if not has_torch():
        return ids_with_torch()
    return [] if has_triton() else _ids_in("NEED_TRITON")


def _ids_in(list_name: str) -> list[str]:
    return [
        f"{chapter[2:]}.{name}"
        for chapter in _chapters()
        for name in getattr(_chapter(chapter), list_name, ())
    ]


def every() -> list[Exercise]:
    """Every exercise that can be graded here, in the book's order.

    Without torch, the torch exercises are left out.
    """
    left_out = needing_torch()
    return [load(name) for name in ids() if name not in left_out]


def get(exercise_id: str) -> Exercise:
    """The exercise with this id, or with this id in former times.

    Only its own file is loaded.

    Raises
    ------
    TypeError : the id is not a string.
    KeyError : no exercise has it; the message names the nearest ones.
    ModuleNotFoundError : it needs torch or triton, which is not installed.
    """
    if not isinstance(exercise_id, str):
        raise TypeError(
            "an exercise is named by a string: got "
            f"{type(exercise_id).__name__}; write it in quotes, as in "
            '"01.one_hot"'
        )
    exercise_id = RENAMED.get(exercise_id, exercise_id)
    if exercise_id not in ids():
        raise KeyError(_unknown(exercise_id))
    if exercise_id in needing_torch() and has_torch():
        raise ModuleNotFoundError(
            f"{exercise_id} needs triton: it is not installed here, and has "
            "releases for Linux alone; open the chapter on Colab",
            name="triton",
        )
    if exercise_id in needing_torch():
        raise ModuleNotFoundError(
            f"{exercise_id} needs torch: it is not installed; "
            'install it with "pip install torch"',
            name="torch",
        )
    return load(exercise_id)


def _unknown(exercise_id: str) -> str:
    known = ids()
    near = difflib.get_close_matches(exercise_id, known, n=3, cutoff=0.5)
    if not near:  # the name alone, without its chapter
        by_name = {k.partition(".")[2]: k for k in known}
        name = exercise_id.rpartition(".")[2]
        names = difflib.get_close_matches(name, by_name, n=3, cutoff=0.5)
        near = [by_name[n] for n in names]
    shown = exercise_id if len(exercise_id) <= 60 else exercise_id[:57] + "..."
    advice = (
        "did you mean " + " or ".join(near) + "?"
        if near
        else '"python -m selfattn.exercises" lists them all'
    )
    return f"no exercise has the id {shown!r}: {advice}"
