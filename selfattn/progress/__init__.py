"""What the reader has solved, kept in one JSON file per user.

    from selfattn import progress

    progress()                                    # the table, by chapter
    progress().export("selfattn-progress.json")   # a file to carry elsewhere
    progress.load("selfattn-progress.json")       # and back: the better wins

The file is `$SELFATTN_PROGRESS` if that is set; otherwise
`selfattn/progress.json` in the system's folder for application data.

    {"version": 1,
     "exercises": {"01.one_hot": {
         "status": "passed", "attempts": 3,
         "passed_at": "2026-03-01T10:00:00Z",
         "last_at": "2026-03-01T10:00:00Z", "last_diagnosis": null}}}

    entries    what an entry may hold, and how two become one
    file       the file, its lock, and what is set aside
    export     a file that can be moved elsewhere, and what an import changed
    table      what `progress()` shows
    session    results of this session, also those not written yet
"""

from __future__ import annotations

import sys
from types import ModuleType

from .export import Imported
from .session import load, note_attempt, path, table
from .table import Progress

__all__ = ["Imported", "Progress", "load", "note_attempt", "path"]


class _Callable(ModuleType):
    """`progress` is one object, whether it is called or imported from."""

    def __call__(self) -> Progress:
        """What has been solved, as a table by chapter.

        Its `export(path)` writes a file that `progress.load` reads.
        """
        return table()


sys.modules[__name__].__class__ = _Callable
