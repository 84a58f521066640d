"""The glossary: chapters/glossary.yml as a Markdown definition list."""

from __future__ import annotations

import re
from pathlib import Path

import yaml


def load(path: Path) -> list[dict[str, str]]:
    """Entries with `term`, `hans`, `meaning`, and `hant` where it differs."""
    return yaml.safe_load(path.read_text(encoding="utf8"))


def anchor(term: str) -> str:
    """`dot product` as part of an address: `term-dot-product`."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def markdown(terms: list[dict[str, str]]) -> str:
    """One definition for each term, in alphabetical order."""
    parts = []
    for item in sorted(terms, key=lambda item: item["term"].lower()):
        chinese = f'<span lang="zh-Hans">{item["hans"]}</span>'
        if item.get("hant"):
            chinese += f' · <span lang="zh-Hant">{item["hant"]}</span>'
        parts.append(
            f'<span id="{anchor(item["term"])}"></span>{item["term"]} '
            f"{chinese}\n: {item['meaning']}\n"
        )
    return "\n".join(parts)
