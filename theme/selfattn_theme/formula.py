"""A formula in few bytes: KaTeX lays it out, this writes it down.

Most of what stands in a line of text has a short form (short.py). Whatever
else is in a formula, a fraction say, stays as KaTeX writes it, around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from . import katex, matrix
from .short import BLANKS, Piece, Unusual, joined, pieces, table, words

# What KaTeX's layout stands on, where it is KaTeX's.
OWN = {"katex-base", "katex-strut", "vlist-s"}


@dataclass(frozen=True)
class Drawn:
    """What is known of a formula: its markup, MathML, and plain words."""

    html: str
    lean: bool
    atom: bool
    mathml: str
    words: str


def _bases(tree: dict) -> list[dict]:
    """The parts of a formula between which a line may break."""
    while "katex-html" not in tree["c"]:
        [tree] = tree["k"]
    return tree["k"]


def _mixed(node: dict) -> str:
    """KaTeX's own markup, with short forms inside where they do."""
    if "t" in node:
        return node["raw"]
    start, end = re.fullmatch(r"(.*?)(</\w+>)?", node["raw"], re.S).groups()
    out, run = [start], []
    for child in [*node["k"], None]:
        try:
            if child is None or set(child["c"]) & OWN:
                raise Unusual
            run += pieces(child)
        except Unusual:
            text, run = joined(run), []
            out.append(f"<span class=m>{text}</span>" if "<" in text else text)
            out.append(_kept(child) if child else "")
    return "".join(out) + (end or "")


def _kept(node: dict) -> str:
    """A part that stays, except for a table with a short form."""
    if "mtable" in node["c"]:
        try:
            return table(node)
        except Unusual:
            pass
    return _mixed(node)


def _atom(tree: dict, pieces_of: list[list[Piece]]) -> bool:
    """Whether it is read well letter by letter: one name, its scripts last."""
    flat = [piece for base in pieces_of for piece in base]
    text = "".join(t for _, t in flat)
    if any(blank in text for blank in BLANKS.values()):
        return False
    marked = [at for at, (tag, t) in enumerate(flat) if "<" in t]
    if any("class=r" in flat[at][1] for at in marked):
        return False
    nested = re.search(r"<su[bp]\b[^<]*(<(?!/su)[^>]*>[^<]*)*<su[bp]", text)
    return marked in ([], [len(flat) - 1]) and not nested


@cache
def draw(tex: str, display: bool) -> Drawn:
    """A formula, drawn.

    Raises
    ------
    ValueError : KaTeX does not understand it; the message says where.
    """
    answer = katex.ask(tex, display)
    mathml = katex.mathml(answer["spoken"])
    try:
        parts = [pieces(base) for base in _bases(answer["tree"])]
    except Unusual:
        html = None if display else matrix.grid(tex)
        html = html or katex.trimmed(_mixed(answer["tree"]))
        plain = re.sub(r"[\\{}]|\\[,;!]", " ", tex)
        return Drawn(html, False, False, mathml, " ".join(plain.split()))
    bases = list(map(joined, parts))
    if len(bases) > 1 and not display:  # no line breaks within one
        html = "<wbr>".join(f"<span>{base}</span>" for base in bases)
    else:
        html = "".join(bases)
    return Drawn(html, True, _atom(answer["tree"], parts), mathml, words(html))


@cache
def margin(letter: str) -> float:
    """What KaTeX leaves free behind an italic letter, in em."""
    for [node] in [_bases(katex.ask(letter, False)["tree"])]:
        symbols = [n for n in node["k"] if "t" in n]
        return (symbols[0]["i"] or 0) if symbols else 0.0
