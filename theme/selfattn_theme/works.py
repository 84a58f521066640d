"""Cited works: chapters/references.bib as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from . import reader

VENUES = (
    "journal",
    "booktitle",
    "howpublished",
    "publisher",
    "institution",
    "note",
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((https?://[^)\s]+)\)")


def load(path: Path) -> dict[str, dict[str, str]]:
    """Entries by key, each with `authors`, `title`, `year`, `venue`, `url`."""
    if not path.exists():
        return {}
    from pybtex.database import parse_file

    found = {}
    entries = parse_file(str(path), bib_format="bibtex").entries
    for key, entry in entries.items():
        field = {name.lower(): text for name, text in entry.fields.items()}
        venue = next(
            (field[name] for name in VENUES if name in field),
            "",
        )
        people = entry.persons.get("author") or entry.persons.get("editor", [])
        found[key] = {
            "authors": _authors([_name(person) for person in people]),
            "title": _plain(field.get("title", "")),
            "year": field.get("year", ""),
            "venue": _plain(venue),
            "url": field.get("url", ""),
        }
    return found


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text).replace("\\&", "&").replace("--", "–")


def _name(person) -> str:
    given = person.first_names + person.middle_names
    first = " ".join(
        "-".join(f"{piece[0]}." for piece in part.split("-") if piece)
        for part in map(_plain, given)
    )
    last = " ".join(person.prelast_names + person.last_names)
    return _plain(" ".join(p for p in (first, last) if p))


def _authors(names: list[str]) -> str:
    if len(names) > 6:
        return ", ".join(names[:3]) + " and others"
    if len(names) > 1:
        return ", ".join(names[:-1]) + " and " + names[-1]
    return "".join(names)


def _sort(item) -> tuple[str, str]:
    key, work = item
    first = re.split(", | and ", work["authors"])[0]
    return first.split(" ")[-1].lower(), key


def line(work: dict[str, str]) -> str:
    """One work as a line of Markdown."""
    title = work["title"].rstrip(".")
    linked = f"[{title}]({work['url']})" if work["url"] else title
    year = f" ({work['year']})" if work["year"] else ""
    parts = [f"{work['authors']}{year}.", f"{linked}."]
    if work["venue"]:
        parts.append(f"*{work['venue']}*.")
    return " ".join(parts)


def cited(text: str, works: dict) -> list[str]:
    """Keys of the works that a text links to, in order of appearance."""
    by_url = {work["url"]: key for key, work in works.items() if work["url"]}
    keys = [by_url[url] for url in LINK.findall(text) if url in by_url]
    return list(dict.fromkeys(keys))


def chapter_list(text: str, works: dict, chapter: int | None) -> str:
    """The closing section of a chapter: what it cites, how to cite it."""
    keys = cited(text, works)
    if not keys:
        return ""
    lines = "\n".join(f"- {line(works[key])}" for key in keys)
    title = reader.title(text)
    cite = ""
    if chapter and title:
        cite = (
            f"\nThis chapter: “{title}”, chapter {chapter} of "
            "*Self-Attention, from four vectors up*, 2026.\n"
        )
    return f"## Works cited\n\n{lines}\n{cite}"


def full_list(works: dict, chapters: dict[str, tuple[str, str]]) -> str:
    """Every work, with the chapters that cite it.

    `chapters` maps a file name to its title and its text.
    """
    lines = []
    for key, work in sorted(works.items(), key=_sort):
        where = [
            f"[{title}]({name})"
            for name, (title, text) in chapters.items()
            if key in cited(text, works)
        ]
        places = f" Cited in {', '.join(where)}." if where else ""
        lines.append(f"- {line(work)}{places}")
    return "\n".join(lines)
