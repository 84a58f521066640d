"""Progress in a file that can be carried elsewhere, and back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import file
from .entries import MAX_BYTES, parse, parse_object


def export(entries: Mapping[str, dict], target: str | os.PathLike) -> Path:
    """Write entries to a file that does not hold anything else."""
    path = Path(target).expanduser()
    if path.is_dir():
        path = path / "selfattn-progress.json"
    if path.exists():
        try:
            parse(file.text(path))
        except ValueError:
            raise ValueError(
                "progress is only exported to a new file or over an earlier "
                f"export: got {path}, which is neither; choose another name"
            ) from None
    file.write(path, entries)
    return path


def parse_source(source: object) -> tuple[dict[str, dict], list[str]]:
    """As `entries.parse`, from a path, a text or an object, for people."""
    rule = "progress to import must be a file that an export wrote"
    if isinstance(source, Mapping):
        shown = "an object"
    elif isinstance(source, str) and source.lstrip()[:1] in ("{", "["):
        shown = "text"
    elif isinstance(source, (str, os.PathLike)):
        shown = str(source)
    else:
        raise TypeError(
            f"{rule}: got {type(source).__name__}; pass its path or its text"
        )
    try:
        if isinstance(source, Mapping):
            return parse_object(source)
        if isinstance(source, str) and shown == "text":
            if len(source) > MAX_BYTES:
                raise ValueError("it is far too large")
            return parse(source)
        return parse(file.text(Path(source).expanduser()))
    except (ValueError, OSError) as problem:
        why = getattr(problem, "strerror", None) or problem
        raise ValueError(
            f"{rule}: got {shown[:200]} ({why}); export it again"
        ) from None


@dataclass(frozen=True)
class Imported:
    """What an import changed.

    `changed` maps ids to their entries as they are now; `given` counts the
    entries that were good; `refused` names those that were not.
    """

    changed: Mapping[str, dict]
    given: int
    refused: tuple[str, ...] = ()
    note: str = ""

    def __repr__(self) -> str:
        n = len(self.changed)
        text = f"{n} of {self.given} exercises brought something new"
        if self.changed:
            text += ": " + ", ".join(sorted(self.changed))
        lines = [text + "."]
        if self.refused:
            names = ", ".join(ascii(name) for name in self.refused[:5])
            more = ", ..." if len(self.refused) > 5 else ""
            lines.append(
                f"{len(self.refused)} malformed, left out: {names}{more}."
            )
        if self.note:
            lines.append(self.note)
        return "\n".join(lines)
