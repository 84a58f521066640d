"""The table of what has been solved, as text and as HTML."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from selfattn import exercises

from .export import export

WIDTH = 79


@dataclass(frozen=True)
class Line:
    """One exercise of the table."""

    id: str
    title: str
    status: str | None
    attempts: int
    needs_torch: bool = False

    @property
    def chapter(self) -> str:
        return self.id.partition(".")[0]

    @property
    def state(self) -> str:
        """In words."""
        if self.status == "passed":
            return "passed"
        if self.attempts:
            times = "once" if self.attempts == 1 else f"{self.attempts} times"
            return f"tried {times}"
        return "needs torch" if self.needs_torch else "not yet"


class Progress:
    """What has been solved; shows itself as a table by chapter."""

    def __init__(
        self,
        lines: Iterable[Line],
        entries: Mapping[str, dict],
        note: str = "",
    ) -> None:
        self.lines = tuple(lines)
        self.note = note
        self._entries = dict(entries)

    @classmethod
    def of(cls, entries: Mapping[str, dict], note: str = "") -> Progress:
        """The table of these entries over the exercises there are.

        Entries of exercises that are not known here are kept, not shown.
        """
        found = [(e.id, e.title, False) for e in exercises.all()]
        found += [(name, "", True) for name in exercises.needing_torch()]
        lines = []
        # Within a chapter, the book's order; torch exercises come last.
        for name, title, torch in sorted(found, key=lambda f: f[0][:2]):
            entry = entries.get(name, {})
            lines.append(
                Line(
                    name,
                    title,
                    entry.get("status"),
                    entry.get("attempts", 0),
                    torch,
                )
            )
        return cls(lines, entries, note)

    @property
    def done(self) -> int:
        """How many are passed."""
        return sum(line.status == "passed" for line in self.lines)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.lines)

    def export(
        self, path: str | os.PathLike = "selfattn-progress.json"
    ) -> Path:
        """Write a file that `progress.load` reads; return its path."""
        return export(self._entries, path)

    def _chapters(self) -> list[tuple[str, list[Line]]]:
        return [
            (chapter, list(lines))
            for chapter, lines in groupby(self.lines, lambda ln: ln.chapter)
        ]

    def _remarks(self) -> list[str]:
        remarks = [self.note] if self.note else []
        if any(line.needs_torch for line in self.lines):
            remarks.append(
                "torch is not installed here: the exercises that need it "
                "are counted, but cannot be checked."
            )
        return remarks

    def __repr__(self) -> str:
        out = [f"{self.done} of {self.total} exercises passed"]
        width = max((len(line.id) for line in self.lines), default=0)
        for chapter, lines in self._chapters():
            out.append("")
            out.append(f"Chapter {chapter}: {_count(lines)}")
            for line in lines:
                out.append(f"  {line.id:<{width}}  {line.state}")
        for remark in self._remarks():
            out += ["", textwrap.fill(remark, WIDTH, break_on_hyphens=False)]
        return "\n".join(out)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        rule = (
            "border:0;border-top:1px solid;border-color:color-mix(in srgb,"
            "currentColor 20%,transparent);"
        )
        cell = "padding:0.25em 0.9em 0.25em 0;text-align:left;"
        rows = []  # a row group for each chapter
        for chapter, lines in self._chapters():
            done = sum(line.status == "passed" for line in lines)
            rows.append(
                f'<tbody><tr style="{rule}background:none">'
                f'<th scope="rowgroup" '
                f'colspan="2" style="{cell}">Chapter {escape(chapter)}</th>'
                f'<td style="{cell}font-weight:bold;white-space:nowrap">'
                f"{_bar(done, len(lines))}{_count(lines)}</td></tr>"
            )
            for line in lines:
                weight = "600" if line.status == "passed" else "normal"
                rows.append(
                    f'<tr style="border:0;background:none">'
                    f'<td style="{cell}"><code>{escape(line.id)}</code></td>'
                    f'<td style="{cell}">{escape(line.title)}</td>'
                    f'<td style="{cell}font-weight:{weight}">'
                    f"{escape(line.state)}</td></tr>"
                )
            rows.append("</tbody>")
        remarks = "".join(f"<p>{escape(r)}</p>" for r in self._remarks())
        return (
            '<div class="selfattn-progress" style="overflow-x:auto">'
            '<table style="border-collapse:collapse;color:inherit">'
            '<caption style="caption-side:top;text-align:left;color:inherit">'
            f"<strong>{self.done} of {self.total} exercises passed</strong>"
            "</caption><thead><tr>"
            f'<th scope="col" style="{cell}">Exercise</th>'
            f'<th scope="col" style="{cell}">What it makes</th>'
            f'<th scope="col" style="{cell}">State</th></tr></thead>'
            f"{''.join(rows)}</table>{remarks}</div>"
        )


def _count(lines: list[Line]) -> str:
    done = sum(line.status == "passed" for line in lines)
    return f"{done} of {len(lines)}"


def _bar(done: int, total: int) -> str:
    """A small bar; the count beside it says the same in words."""
    full = round(60 * done / total)
    return (
        '<svg aria-hidden="true" width="62" height="10" viewBox="0 0 62 10" '
        'style="margin-right:0.6em">'
        '<rect x="0.5" y="0.5" width="61" height="9" rx="2" fill="none" '
        'stroke="currentColor" stroke-opacity="0.5"/>'
        f'<rect x="1" y="1" width="{full}" height="8" rx="1.5" '
        'fill="#2f8f5b"/></svg>'
    )
