"""Parts of KaTeX's layout in few bytes: letters, scripts, small roots, tables.

KaTeX's own HTML takes a kilobyte for a letter with an index. Here it is
`<i>`, `<sub>` and `<sup>`; where KaTeX puts a script elsewhere than the style
sheet does, the tag says where. Invisible `_`, `^` and braces stand before
scripts, so that a copied formula can be read.
"""

from __future__ import annotations

import re
from html import escape, unescape

# Spans that KaTeX has for its own bookkeeping.
PLAIN = {"mord", "mbin", "mrel", "mopen", "mclose", "mpunct", "minner", "mop",
         "mtight", "text", "katex-base", "textrm", "mathrm",
         "delimcenter"}  # fmt: skip
# How each kind of letter is marked; the style sheet has their fonts.
FACES = {
    "mathnormal": "i",
    "mathbf": "b",
    "amsrm": "span class=mathbb",
    "mathbb": "span class=mathbb",
    "mathcal": "span class=mathcal",
    "small-op": "span class=op",
}
# Blanks that the font has with TeX's widths (see fonts.py), in em.
BLANKS = {0.1667: "\u2009", 0.2222: "\u2005", 0.2778: "\u2004",
          0.5: "\u2002", 1: "\u2003", 2: "\u2003\u2003"}  # fmt: skip
# Where the style sheet puts a script, in em of the line that it stands by:
# a superscript; a subscript; one that stands under a superscript.
UP, DOWN, UNDER = 0.363, -0.15, -0.247
SMALL = 0.7  # a script's size; in KaTeX's numbered sizes, 3 for 6
SIZE = re.compile(r"\breset-size(\d) size(\d)\b")
SIZES = (0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728)
NEAR = 0.02  # em: a third of a pixel
ROOT, ROOT_DEPTH = "1.08em", 0.2  # KaTeX's small root; of its letter
ROW, GAP = 1.2, 1.0  # em: lines and columns of a matrix
RAISED = 0.017  # the root over a letter with an index
STROKE, UNEQUAL = "\ue020", "\u2260"  # KaTeX's way to write it, and ours
PRIMES = {"\u2032", "\u2033", "\u2034"}
Piece = tuple[str | None, str]  # the tag (none: markup as it is), what


class Unusual(Exception):
    """KaTeX's layout has a part that only KaTeX's own markup can show."""


def words(markup: str) -> str:
    """What a formula's markup says, as one line of plain text."""
    text = unescape(re.sub(r"<[^>]*>", "", markup))
    return re.sub(r"[\s\u200b]+", " ", text).strip()


def em(length: str) -> float:
    """`-0.15em` -> -0.15."""
    return float(length.removesuffix("em"))


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return re.sub(r"^(-?)0\.", r"\1.", text)


def joined(pieces: list[Piece]) -> str:
    """Pieces as markup; neighbours of one face share a tag."""
    out, last = [], None
    for tag, text in pieces:
        if tag and tag == last:
            out.insert(-1, text)
            continue
        out += [f"<{tag}>", text, f"</{tag.split()[0]}>"] if tag else [text]
        last = tag
    return "".join(out)


def _symbol(node: dict) -> list[Piece]:
    style = {k: v for k, v in node["s"].items() if k != "position"}
    if abs(em(style.pop("top", "0em"))) > NEAR or style:
        raise Unusual(node["t"])
    faces = [name for name in node["c"] if name in FACES]
    known = PLAIN | FACES.keys() | {"op-symbol", "mainrm", "mspace"}
    if set(node["c"]) - known or len(faces) > 1:
        raise Unusual(node["t"])
    if (node["i"] or 0) > NEAR and faces != ["mathnormal"]:
        raise Unusual(node["t"])
    face = FACES[faces[0]] if faces else None
    return [(face, escape(node["t"], quote=False))]


def _blank(node: dict) -> list[Piece]:
    width = em(node["s"].get("marginRight", "0em"))
    for known, text in BLANKS.items():
        if abs(width - known) < 1e-3:
            return [(None, text)]
    raise Unusual("space")


def _one(node: dict, name: str) -> dict:
    """The only child of that class."""
    found = [child for child in node["k"] if name in child["c"]]
    if len(found) != 1:
        raise Unusual(name)
    return found[0]


def _stacked(node: dict) -> list[dict]:
    """The boxes of KaTeX's vertical list."""
    table = node["k"][0]
    row = next((child for child in table["k"] if "vlist-r" in child["c"]), {})
    return _one(row or table, "vlist")["k"]


def _text(node: dict) -> str:
    return node["t"] if "t" in node else "".join(map(_text, node["k"]))


def _width(node: dict) -> float:
    if "t" in node:
        return (node["w"] or 0) + (node["i"] or 0)
    return sum(map(_width, node["k"]))


def _script(box: dict) -> dict:
    """A script: its markup, how far it is raised, its width and margin."""
    strut, inside = box["k"]
    sizes = SIZE.search(" ".join(inside["c"]))
    if not sizes:
        raise Unusual("size")
    whole, part = (SIZES[int(number) - 1] for number in sizes.groups())
    put = box["s"]
    if set(put) - {"top", "marginLeft", "marginRight"}:
        raise Unusual("script")
    inner = [piece for child in inside["k"] for piece in pieces(child)]
    text = joined(inner)
    return {
        "raised": -em(put["top"]) - em(strut["s"]["height"]),
        "left": em(put.get("marginLeft", "0em")),
        "text": text,
        "width": sum(map(_width, inside["k"])),
        "scale": part / whole,
    }


def _mark(script: dict, tag: str, usual: float, alone: bool) -> str:
    """One script as markup."""
    style, scale = [], script["scale"]
    if abs(script["raised"] - usual) > NEAR:
        style.append(f"vertical-align:{_number(script['raised'] / scale)}em")
    if abs(scale - SMALL) > NEAR:
        style.append(f"font-size:{_number(scale)}em")
    left = script["left"] / scale
    if abs(left) > NEAR / 2 and alone:
        style.append(f"margin-left:{_number(left)}em")
    elif abs(left) > NEAR / 2:  # what follows stands where it stood
        style.append(f"margin:0 {_number(-left)}em 0 {_number(left)}em")
    put = f' style="{";".join(style)}"' if style else ""
    if " " not in put.strip():
        put = put.replace('"', "")
    name = {"sub": "_", "sup": "^"}[tag]
    bare = words(script["text"])
    if tag == "sup" and set(bare) <= PRIMES:
        name = ""
    wide = len(bare) > 1 and bool(name)
    before = f"<u>{name}{'{' * wide}</u>" if name else ""
    after = "<u>}</u>" if wide else ""
    kind = "" if alone else " class=o"
    return f"{before}<{tag}{kind}{put}>{script['text']}</{tag}>{after}"


def _scripts(node: dict) -> list[Piece]:
    """A superscript, a subscript, or both, one above the other.

    Of two the narrower comes first and takes no room.
    """
    found = [_script(box) for box in _stacked(node)]
    if len(found) == 1:
        up = found[0]["raised"] > 0
        tag, usual = ("sup", UP) if up else ("sub", DOWN)
        return [(None, _mark(found[0], tag, usual, True))]
    if len(found) != 2:
        raise Unusual("scripts")
    low, high = found
    both = [
        (high, "sup", UP),
        (low, "sub", UNDER),
    ]
    if low["width"] + low["left"] < high["width"]:
        both.reverse()
    marks = [
        _mark(script, tag, usual, alone=at == 1)
        for at, (script, tag, usual) in enumerate(both)
    ]
    return [(None, "".join(marks).replace("</u><u>", ""))]


def _root(node: dict) -> list[Piece]:
    """A root that is no taller than a letter."""
    inside, sign = _stacked(node)
    tail = _one(sign, "hide-tail")
    if tail["s"].get("height") != ROOT or "svg-align" not in inside["c"]:
        raise Unusual("root")
    depth = -em(sign["s"]["top"]) - em(sign["k"][0]["s"]["height"])
    raised = ROOT_DEPTH + depth
    usual = abs(raised - RAISED) < NEAR / 2
    put = "" if usual else f" style=--u:{_number(raised)}em"
    text = joined(pieces({**inside["k"][1], "s": {}}))
    one = re.fullmatch(r"\w|<i>\w</i>(<u>[_^]</u><su[bp]>.*</su[bp]>)?", text)
    if not one:
        text = f"<u>(</u>{text}<u>)</u>"
    return [(None, f"<span class=r{put}>√<span>{text}</span></span>")]


def pieces(node: dict) -> list[Piece]:
    """A part of KaTeX's tree as pieces of markup.

    Raises
    ------
    Unusual : only KaTeX's own markup shows it.
    """
    if "t" in node:
        return _symbol(node)
    classes = set(node["c"])
    if "katex-strut" in classes:
        return []
    if "mspace" in classes:
        return _blank(node)
    if "msupsub" in classes:
        return _scripts(node)
    if "sqrt" in classes:
        return _root(node)
    if classes == {"mrel"} and _text(node) == STROKE + "=":
        return [(None, UNEQUAL)]
    style = {k: v for k, v in node["s"].items() if v != "0em"}
    if classes - PLAIN or style or not node["k"]:
        raise Unusual(" ".join(classes))
    return [piece for child in node["k"] for piece in pieces(child)]


def table(node: dict) -> str:
    """A matrix whose rows are as high as a line.

    Raises
    ------
    Unusual : only KaTeX's own markup shows it.
    """
    columns, sides, gap = [], set(), 0.0
    for part in node["k"]:
        if "arraycolsep" in part["c"]:
            gap += em(part["s"]["width"])
        else:
            sides |= set(part["c"])
            columns.append([_cell(box) for box in _stacked(part)])
    places = [[raised for raised, _ in column] for column in columns]
    steps = [a - b for a, b in zip(places[0], places[0][1:], strict=False)]
    if (
        sides != {"col-align-c"}
        or any(place != places[0] for place in places)
        or any(abs(step - ROW) > NEAR for step in steps)
        or abs(gap - GAP * (len(columns) - 1)) > NEAR
    ):
        raise Unusual("table")
    cells = "".join(
        f"<span>{text}</span>"
        for row in zip(*columns, strict=True)
        for _, text in row
    )
    put = f"--n:{len(columns)};vertical-align:{_number(places[0][0])}em"
    return f'<span class="m g" style={put}>{cells}</span>'


def _cell(box: dict) -> tuple[float, str]:
    """How far a cell is raised, and its markup."""
    strut, inside = box["k"]
    raised = -em(box["s"]["top"]) - em(strut["s"]["height"])
    return round(raised, 3), joined(pieces(inside))
