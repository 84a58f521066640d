"""The notation table: chapters/notation.yml as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

COLUMNS = ("lecture", "here", "paper", "torch")
HEADS = (
    "meaning", "lecture (columns)", "code (rows)", "paper", "torch", "where"
)  # fmt: skip


def load(path: Path) -> list[dict]:
    """Sections, each with a `title`, perhaps a `note`, and `rows`."""
    return yaml.safe_load(path.read_text(encoding="utf8"))


def owner(place: str) -> str:
    """What a name belongs to, in short: `selfattn.a.b(name)` -> `a.b`."""
    path = re.split(r"[(:]", place)[0].strip()
    if re.search(r"MultiheadAttention\.(?!forward)", path):
        path = path.rpartition(".")[0]  # an attribute of an instance
    path = path.removesuffix(".forward").replace("nn.functional.", "F.")
    return path.removeprefix("selfattn.").removeprefix("torch.")


def places(row: dict) -> str:
    """Where the row's names are, each place once."""
    found = list(row.get("names", {}).values())
    found += row.get("torch_names", {}).values()
    return "<br>".join(f"`{p}`" for p in dict.fromkeys(map(owner, found)))


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
            cells.append(places(row))
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
