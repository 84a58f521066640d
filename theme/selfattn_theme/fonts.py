"""Web fonts with the letters that the pages show, and no others."""

from __future__ import annotations

import base64
import logging
import re
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

FACE = re.compile(r"url\(\"?([^\")]+?\.woff2)(?:\?[^\")]*)?\"?\)")
FORMULA = '<span class="katex-html"'
PART = re.compile(r"<(/?)span\b([^>]*)>|([^<]+)")
CLASS = re.compile(r'class=(?:"([^"]*)"|(\S+))')
Face = tuple[str, str, str]  # family, style, weight
PLAIN = ("KaTeX_Main", "normal", "400")


def choices(rules: list) -> list[tuple[set[str], dict[str, str]]]:
    """Which classes change the face of what is inside: what they set."""
    found = []
    for rule in rules:
        put = {
            name: value.partition(",")[0]
            for name, value in rule.declared
            if name in ("font-family", "font-style", "font-weight")
        }
        if not put or rule.head.startswith("@"):
            continue
        for selector in rule.head.split(","):
            classes = re.findall(r"(?:\.[\w-]+)+", selector)
            if classes:
                found.append((set(classes[-1].split(".")) - {""}, put))
    return found


def letters(html: str, chosen: list) -> dict[Face, set[str]]:
    """The letters of all formulas on a page, by the face that draws them.

    Parameters
    ----------
    chosen : what `choices` read from the formulas' style sheet
    """
    found: dict[Face, set[str]] = {}
    at = html.find(FORMULA)
    while at >= 0:
        faces = [PLAIN]
        for part in PART.finditer(html, at):
            at = part.end()
            if part[3]:
                found.setdefault(faces[-1], set()).update(unescape(part[3]))
            elif part[1]:
                faces.pop()
            else:
                faces.append(_face(faces[-1], part[2], chosen))
            if len(faces) == 1:
                break
        at = html.find(FORMULA, at)
    return found


def _face(outer: Face, attributes: str, chosen: list) -> Face:
    named = CLASS.search(attributes)
    classes = set((named[1] or named[2] or "").split()) if named else set()
    family, style, weight = outer
    for needed, put in chosen:
        if needed <= classes:
            family = put.get("font-family", family)
            style = put.get("font-style", style)
            weight = put.get("font-weight", weight)
    return family, style, {"bold": "700", "normal": "400"}.get(weight, weight)


@cache
def subset(path: Path, keep: frozenset[str]) -> bytes:
    """The font as WOFF2 with these letters alone.

    Its name goes: a changed font may not bear a reserved one.
    """
    from fontTools import subset as tool

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = tool.Options(
        flavor="woff2",
        layout_features=["*"],
        name_IDs=[],
        notdef_outline=True,
        desubroutinize=True,
        hinting=False,
    )
    font = tool.load_font(str(path), options)
    worker = tool.Subsetter(options)
    worker.populate(text="".join(sorted(keep)))
    worker.subset(font)
    written = BytesIO()
    tool.save_font(font, written, options)
    return written.getvalue()


def embed(source: str, root: Path, keep: frozenset[str]) -> str:
    """A font's `src` with its subset in the place of the address.

    A font inside the sheet is there when the text is first laid out, so
    that nothing moves when it comes.
    """
    found = FACE.search(source)
    if not found:
        return source
    font = subset((root / found[1]).resolve(), keep)
    text = base64.b64encode(font).decode("ascii")
    return f'url(data:font/woff2;base64,{text}) format("woff2")'
