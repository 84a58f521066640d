"""The notation table: chapters/notation.yml as Markdown."""

from __future__ import annotations

from pathlib import Path

import yaml

COLUMNS = ("lecture", "here", "paper", "torch")
HEADS = ("meaning", "lecture (columns)", "code (rows)", "paper", "torch")


def load(path: Path) -> list[dict]:
    """Sections, each with a `title`, perhaps a `note`, and `rows`."""
    return yaml.safe_load(path.read_text(encoding="utf8"))


def _cell(text: str | None) -> str:
    return (text or "–").replace("|", r"\|")


def markdown(sections: list[dict]) -> str:
    """One table a section."""
    parts = []
    for section in sections:
        parts.append(f"## {section['title']}\n")
        if section.get("note"):
            parts.append(section["note"].strip() + "\n")
        lines = ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
        for row in section["rows"]:
            cells = [row["meaning"]] + [row.get(c) for c in COLUMNS]
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
