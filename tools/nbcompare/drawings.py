"""SVG: the same parts in the same order, at the same places.

Ids are numbered in the order in which they appear, so a hash of what is
drawn is no difference. Labels are text, embedded pictures are pixels.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from . import pictures, text
from .findings import Findings

# In units of the drawing; a unit is shown as 1.87 px. Nobody sees a
# twentieth, and coordinates are stored to a hundredth.
PLACE = 0.05
# Shades, widths of lines and factors of a scale; stored to a hundredth.
SHADE = 0.011
GEOMETRY = {
    "d", "points", "viewBox", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy",
    "cx", "cy", "r", "rx", "ry", "width", "height",
}  # fmt: skip
# The numbers of a transformation that multiply; the others are places.
FACTORS = re.compile(r"scale\([^)]*|matrix\((?:[^\s,)]+[\s,]+){4}")
NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
AMOUNT = re.compile(rf"(?<![\w.-]){NUMBER.pattern}")  # not the 1 of --c1
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")
REFERENCE = re.compile(r"(?<=url\(#)[^)]+|(?<=^#).+")


def compare(stored: str, fresh: str, where: str, found: Findings) -> None:
    """Two drawings as SVG text."""
    if not found.figures:
        return
    try:
        old, new = (ElementTree.fromstring(one) for one in (stored, fresh))
    except ElementTree.ParseError as error:
        return found.differ(where, "SVG", f"cannot be read: {error}")
    for root in (old, new):
        _number_ids(root)
    _element(old, new, where, found)


def _number_ids(root: ElementTree.Element) -> None:
    """Name every id after its place in the order of first use."""
    numbers: dict[str, str] = {}

    def name(match: re.Match) -> str:
        return numbers.setdefault(match[0], f"id{len(numbers)}")

    for element in root.iter():
        for key, value in element.attrib.items():
            pattern = re.compile(".+") if key == "id" else REFERENCE
            element.set(key, pattern.sub(name, value))


def _element(old, new, where: str, found: Findings) -> None:
    if old.tag != new.tag or old.attrib.keys() != new.attrib.keys():
        return found.differ(where, _head(old), _head(new))
    for key in old.attrib:
        spot = f"{where} {_plain(key)}"
        _attribute(_plain(key), old.get(key), new.get(key), spot, found)
    for a, b in ((old.text, new.text), (old.tail, new.tail)):
        text.compare((a or "").strip(), (b or "").strip(), where, found)
    if len(old) != len(new):
        return found.differ(where, f"{len(old)} parts", f"{len(new)} parts")
    for n, (a, b) in enumerate(zip(old, new, strict=True)):
        _element(a, b, f"{where} > {_plain(a.tag)}[{n}]", found)


def _attribute(
    key: str, old: str, new: str, where: str, found: Findings
) -> None:
    if old == new:
        return
    if old.startswith("data:image/") and new.startswith("data:image/"):
        pictures.compare(old, new, where, found)
    elif key in GEOMETRY or key.startswith("data-"):
        _measures(old, new, where, found)
    elif key == "transform":
        factors = [" ".join(FACTORS.findall(one)) for one in (old, new)]
        _measures(*factors, where, found, within=SHADE)
        places = [FACTORS.sub("", one) for one in (old, new)]
        _measures(*places, where, found)
    elif key == "style":
        _measures(old, new, where, found, number=AMOUNT, within=SHADE)
    else:
        found.differ(where, old, new)


def _measures(
    old: str,
    new: str,
    where: str,
    found: Findings,
    number: re.Pattern = NUMBER,
    within: float = PLACE,
) -> None:
    """Numbers within a distance of each other, all else the same."""
    if COLOUR.findall(old) != COLOUR.findall(new):
        return found.differ(where, old, new)
    old, new = COLOUR.sub("#", old), COLOUR.sub("#", new)
    words = [number.sub("0", one).split() for one in (old, new)]
    if words[0] != words[1]:
        return found.differ(where, old, new)
    pairs = zip(number.findall(old), number.findall(new), strict=True)
    for a, b in pairs:
        if abs(float(a) - float(b)) > within:
            found.differ(where, a, b)


def _plain(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def _head(element: ElementTree.Element) -> str:
    return f"<{_plain(element.tag)} {' '.join(map(_plain, element.attrib))}>"
