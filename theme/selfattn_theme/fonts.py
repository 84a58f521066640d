"""Web fonts with the letters that the pages show, and no others."""

from __future__ import annotations

import base64
import logging
import re
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path

from . import formula

FACE = re.compile(r"url\(\"?([^\")]+?\.woff2)(?:\?[^\")]*)?\"?\)")
FORMULA = re.compile(r"<span class=\"?(?:m|katex-html)\b[^>]*>")
SPOKEN = re.compile(r"<math>.*?</math>", re.S)
PART = re.compile(r"<(/?)(\w+)\b([^>]*)>|([^<]+)")
CLASS = re.compile(r'class=(?:"([^"]*)"|(\S+))')
# What a selector ends in: `i`, or classes, perhaps with a span inside them.
LAST = re.compile(r"((?!span\b)[a-z]+|)((?:\.[\w-]+)*)(?:[ >]span)?$")
Face = tuple[str, str, str]  # family, style, weight
PLAIN = ("KaTeX_Main", "normal", "400")
# TeX's blanks in em, for letters of the plain face that are as wide.
UNEQUAL, UNEQUAL_PARTS = "\u2260", "=\ue020"
BLANKS = {"\u2009": 3 / 18, "\u2005": 4 / 18, "\u2004": 5 / 18}


def choices(rules: list) -> list[tuple[str, set[str], dict[str, str]]]:
    """Which tags and classes change the face of what is inside, and how."""
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
            tag, classes = LAST.search(selector).groups()
            if tag or classes:
                found.append((tag, set(classes.split(".")) - {""}, put))
    return found


def letters(html: str, chosen: list) -> dict[Face, set[str]]:
    """The letters of all formulas on a page, by the face that draws them.

    Parameters
    ----------
    chosen : what `choices` read from the formulas' style sheet
    """
    found: dict[Face, set[str]] = {}
    html = SPOKEN.sub("", html)
    for start in FORMULA.finditer(html):
        faces = [PLAIN]
        for part in PART.finditer(html, start.start()):
            closing, tag, attributes, text = part.groups()
            if text:
                found.setdefault(faces[-1], set()).update(unescape(text))
            elif closing:
                faces.pop()
            elif tag != "wbr" and not attributes.endswith("/"):
                faces.append(_face(faces[-1], tag, attributes, chosen))
            if len(faces) == 1:
                break
    return found


def _face(outer: Face, tag: str, attributes: str, chosen: list) -> Face:
    named = CLASS.search(attributes)
    classes = set((named[1] or named[2] or "").split()) if named else set()
    family, style, weight = outer
    for wanted, needed, put in chosen:
        if wanted in ("", tag) and needed <= classes:
            family = put.get("font-family", family)
            style = put.get("font-style", style)
            weight = put.get("font-weight", weight)
    return family, style, {"bold": "700", "normal": "400"}.get(weight, weight)


def _widen(font, path: Path) -> None:
    """Give letters the room that KaTeX's markup would give them by tags."""
    sizes, whole = font["hmtx"], font["head"].unitsPerEm
    # Fonts of icons may have no table of letters.
    for code, name in (font.getBestCmap() or {}).items():
        width, side = sizes[name]
        if path.stem == "KaTeX_Math-Italic":
            width += round(formula.margin(chr(code)) * whole)
        elif path.stem == "KaTeX_Main-Regular" and chr(code) in BLANKS:
            width = round(BLANKS[chr(code)] * whole)
        sizes[name] = (width, side)


def _add_unequal(font) -> None:
    """KaTeX lays a stroke over an equals sign; here they are one letter."""
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    names = font.getBestCmap()
    pen = TTGlyphPen(font["glyf"].glyphs)
    for part in UNEQUAL_PARTS:
        pen.addComponent(names[ord(part)], (1, 0, 0, 1, 0, 0))
    font["glyf"]["unequal"] = made = pen.glyph()
    made.recalcBounds(font["glyf"])
    font["hmtx"]["unequal"] = font["hmtx"][names[ord("=")]]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ord(UNEQUAL)] = "unequal"


def _with_parts(keep: frozenset[str]) -> set[str]:
    return keep | set(UNEQUAL_PARTS if UNEQUAL in keep else "")


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
    written = BytesIO()
    with tool.load_font(str(path), options) as font:
        worker = tool.Subsetter(options)
        worker.populate(text="".join(sorted(_with_parts(keep))))
        worker.subset(font)
        if UNEQUAL in keep:
            _add_unequal(font)
        _widen(font, path)
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
