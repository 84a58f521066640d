"""Drawn figures in fewer bytes, with every point where it was.

Matplotlib repeats its styles on every element and names every group. Styles
become classes, names that nothing refers to go, and paths count from point
to point. No coordinate is rounded further than it came.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import count
from string import ascii_letters
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
ET.register_namespace("", SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
TOKEN = re.compile(r"[A-Za-z]|-?[\d.]+(?:e-?\d+)?")
# Points per command that paths of matplotlib use.
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}
OPACITY = re.compile(r"(?:^|;)opacity:([\d.]+)")
# Matplotlib's list of fonts; of those, Verdana is as wide as the first.
SANS = re.compile(r"'DejaVu Sans',[^;]*sans-serif")
FONTS = "'DejaVu Sans',Verdana,sans-serif"
FAMILY = re.compile(r"(?:^|;)font-family:([^;]+)")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
NUMBERS = {"x", "y", "width", "height"}
MANY = 20
COMPACT = "data-compact"


def number(value: Decimal) -> str:
    """As short as it can be written: 0.50 is .5."""
    text = f"{value.normalize():f}"
    return re.sub(r"^(-?)0\.", r"\1.", text) if value else "0"


def _join(numbers: list[str]) -> str:
    """Numbers with a blank only where one must be."""
    text = ""
    for one in numbers:
        blank = text and not one.startswith("-")
        text += f" {one}" if blank else one
    return text


def path(data: str) -> str:
    """A path in steps from point to point; as it was if it is unusual."""
    tokens = TOKEN.findall(data)
    out, here, begin, last, at = [], None, None, "", 0
    while at < len(tokens):
        command = tokens[at]
        if command in "zZ":
            out.append("z")
            here, last, at = begin, "", at + 1
            continue
        size = 2 * POINTS.get(command, 0)
        given = tokens[at + 1 : at + 1 + size]
        if not size or len(given) < size or any(t.isalpha() for t in given):
            return data
        points = [Decimal(t) for t in given]
        at += 1 + size
        x, y = here or (Decimal(0), Decimal(0))
        steps = [p - (y if i % 2 else x) for i, p in enumerate(points)]
        here = (points[-2], points[-1])
        begin = here if command == "M" else begin
        if command == "L" and steps[1] == 0:
            command, steps = "H", steps[:1]
        elif command == "L" and steps[0] == 0:
            command, steps = "V", steps[1:]
        text = _join([number(step) for step in steps])
        # After a move, further points are lines.
        again = last == command or (last == "M" and command == "L")
        if again and not text.startswith("-"):
            out.append(" ")
        out.append(text if again else command.lower() + text)
        last = command
    return "".join(out)


def _names():
    for size in count(1):
        for index in range(len(ascii_letters) ** size):
            name = ""
            for _ in range(size):
                index, letter = divmod(index, len(ascii_letters))
                name = ascii_letters[letter] + name
            yield name


def _style(text: str) -> str:
    text = re.sub(r"\s*([;:,])\s*", r"\1", text.strip()).rstrip(";")
    text = SANS.sub(FONTS, text)
    return re.sub(r"(?<![\w.])0\.(?=\d)", ".", text)


def _rename(root) -> None:
    """Short names for what is referred to, none for the rest."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(REFERENCE.findall(value))
        if element.get(LINK, "").startswith("#"):
            used.add(element.get(LINK)[1:])
    names, new = _names(), {}
    for element in root.iter():
        if (name := element.get("id")) in used:
            new[name] = element.attrib["id"] = next(names)
        else:
            element.attrib.pop("id", None)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.attrib[key] = REFERENCE.sub(
                lambda m: f"url(#{new.get(m[1], m[1])})", value
            )
        if (link := element.attrib.pop(LINK, None)) is not None:
            link = f"#{new[link[1:]]}" if link[1:] in new else link
            element.attrib["href"] = link


def _share_styles(root) -> str:
    """Style attributes become classes; the rules for them."""
    names, classes, families = _names(), {}, {}
    for element in root.iter():
        if element is root:
            continue
        style = _style(element.attrib.pop("style", ""))
        # Nearly every letter of a drawing has the same list of fonts.
        if family := FAMILY.search(style):
            families.setdefault(family[1], len(families))
            if not families[family[1]]:
                style = FAMILY.sub("", style).strip(";")
        # Cells of a heat map differ in this alone.
        if own := OPACITY.search(style):
            element.set("opacity", own[1])
            style = OPACITY.sub("", style).strip(";")
        if clip := element.attrib.pop("clip-path", ""):
            style = ";".join(filter(None, [style, f"clip-path:{clip}"]))
        if style:
            if style not in classes:
                classes[style] = next(names)
            element.set("class", classes[style])
    for group in root.iter(f"{{{SVG}}}g"):
        kinds = {child.get("class") for child in group}
        if len(group) > 1 and not group.attrib and len(kinds) == 1:
            for child in group:
                child.attrib.pop("class", None)
            if kinds != {None}:
                group.set("class", kinds.pop())
    shared = "".join(f"text{{font-family:{f}}}" for f in [*families][:1])
    own = (f".{name}{{{rule}}}" for rule, name in classes.items())
    return shared + "".join(own)


def _markers(root) -> None:
    """Many equal dots become one path with a dot on each of its points.

    Each is still drawn by itself, in the same order, over those before it.
    """
    shapes = {e.get("id"): e for e in root.iter(f"{{{SVG}}}path")}
    made = count()
    for group in list(root.iter(f"{{{SVG}}}g")):
        dots = list(group)
        kinds = {(d.tag, d.get("href"), d.get("style")) for d in dots}
        if len(dots) < MANY or len(kinds) > 1:
            continue
        tag, link, style = kinds.pop()
        if tag != f"{{{SVG}}}use" or link[1:] not in shapes:
            continue
        name = f"m{next(made)}"
        marker = ET.Element(f"{{{SVG}}}marker", id=name, overflow="visible")
        marker.set("markerUnits", "userSpaceOnUse")
        own = dict(shapes[link[1:]].attrib)
        own.pop("id")
        own["style"] = ";".join(filter(None, [own.get("style"), style]))
        marker.append(ET.Element(f"{{{SVG}}}path", own))
        points = [f"{d.get('x')} {d.get('y')}" for d in dots]
        line = ET.Element(f"{{{SVG}}}path", d=path("M " + " L ".join(points)))
        put = "".join(f"marker-{at}:url(#{name});"
                      for at in ("start", "mid", "end"))  # fmt: skip
        line.set("style", f"fill:none;stroke:none;{put}")
        for dot in dots:
            group.remove(dot)
        group.extend([marker, line])


def _drop_unseen(parent) -> None:
    """Shapes with neither fill nor line: matplotlib's empty backgrounds."""
    for element in list(parent):
        style = _style(element.get("style", ""))
        if element.tag == f"{{{SVG}}}path" and style == "fill:none":
            parent.remove(element)
        else:
            _drop_unseen(element)


def _tidy(parent) -> None:
    """Leave out blanks between elements and groups that say nothing."""
    for element in list(parent):
        _tidy(element)
        if not (element.tail or "").strip():
            element.tail = None
    if parent.tag != f"{{{SVG}}}text" and not (parent.text or "").strip():
        parent.text = None
    for element in list(parent):
        if element.tag == f"{{{SVG}}}g" and not element.attrib:
            at = list(parent).index(element)
            parent.remove(element)
            for offset, child in enumerate(list(element)):
                parent.insert(at + offset, child)


def _numbers(element) -> None:
    for key in NUMBERS & set(element.attrib):
        if re.fullmatch(r"-?[\d.]+", element.attrib[key]):
            element.attrib[key] = number(Decimal(element.attrib[key]))
    turn = element.get("transform", "")
    if re.fullmatch(r"rotate\(-?0(\.0+)?( [\d.-]+){0,2}\)", turn):
        del element.attrib["transform"]


def compact(text: str) -> str:
    """The same picture in fewer bytes; what is compact stays as it is."""
    root = ET.fromstring(text)
    if root.get(COMPACT):
        return text
    for spoken in ("aria-label", "role"):  # the page's <img> says it
        root.attrib.pop(spoken, None)
    _drop_unseen(root)
    _rename(root)
    for element in root.iter():
        if element.tag == f"{{{SVG}}}path":
            element.set("d", path(element.get("d", "")))
        if element is not root:
            _numbers(element)
    _markers(root)
    rules = _share_styles(root)
    _tidy(root)
    style = root.find(f".//{{{SVG}}}style")
    if style is None:
        style = ET.Element(f"{{{SVG}}}style")
        root.insert(0, style)
    style.text = (style.text or "") + rules
    root.set(COMPACT, "1")
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def size(text: str) -> tuple[int, int] | None:
    """Width and height in pixels, from the picture's own opening tag."""
    head = re.search(r"<svg[^>]*>", text)
    if head is None:
        return None
    wide = re.search(r'\swidth="([\d.]+)(?:px)?"', head[0])
    box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', head[0])
    if not (wide and box and float(box[1])):
        return None
    return (
        round(float(wide[1])),
        round(float(wide[1]) * float(box[2]) / float(box[1])),
    )
