"""A drawn figure as SVG text that follows the page's colour scheme."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

Box = tuple[float, float, float, float]  # x, y, width, height

ENLARGE = 1.4  # drawn at width / ENLARGE inches, shown at width inches

# drawn colour -> (name, on light paper, on dark paper). C0…C5 are
# matplotlib's own cycle, so a plain `ax.plot(x, y, "C1")` is themed as well.
THEME = {
    "#000000": ("ink", "#1f2430", "#e4e6eb"),
    "#1f77b4": ("c0", "#0b5cad", "#6cb2ff"),
    "#ff7f0e": ("c1", "#b3400e", "#ff9d6b"),
    "#2ca02c": ("c2", "#1b7340", "#63d08f"),
    "#d62728": ("c3", "#a3195b", "#ff8fc0"),
    "#9467bd": ("c4", "#6a3fa0", "#c9a6f5"),
    "#8c564b": ("c5", "#755600", "#dfbe5a"),
    "#7f7f7f": ("muted", "#59616d", "#aab2bf"),
    "#b0b0b0": ("grid", "#d3d8e0", "#3d4451"),
    "#fefefe": ("paper", "#ffffff", "#14181e"),
    # Cells of a heat map at full strength; ink stays readable on both.
    "#5b9bdc": ("positive", "#5b9bdc", "#2563ab"),
    "#e08a5c": ("negative", "#e08a5c", "#a34f1c"),
}
# Drawn colours that stand for those of the theme.
INK, MUTED, GRID, PAPER = "#000000", "#7f7f7f", "#b0b0b0", "#fefefe"
POSITIVE, NEGATIVE = "#5b9bdc", "#e08a5c"


class Svg:
    """A finished figure: SVG text with its alternative text."""

    def __init__(self, text: str, alt: str):
        self.text = text
        self.alt = alt

    def __repr__(self) -> str:
        return f"figure: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/svg+xml": self.text, "text/plain": repr(self)}
        return data, {"image/svg+xml": {"alt": self.alt}}


def finished(text: str, alt: str, panels: Sequence[Box] = ()) -> Svg:
    """A figure from matplotlib's SVG.

    Colours become CSS variables, coordinates get two decimals, and names
    that nothing refers to go. `panels` are boxes (x, y, width, height) in
    points that tile the figure; one alone is not kept.
    """
    text = text[text.index("<svg") :]
    head, body = text.split(">", 1)
    width, height = map(float, re.findall(r'="([\d.]+)pt"', head))
    shown = round(width * ENLARGE * 96 / 72)
    title = _escape(" ".join(alt.split()))
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        ' xmlns:xlink="http://www.w3.org/1999/xlink" class="selfattn-figure"'
        f' role="img" aria-label="{title}" width="{shown}"'
        f' viewBox="0 0 {width:.5g} {height:.5g}"{_tiles(panels)}'
    )
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(
        r'<style type="text/css">.*?</style>',
        "<style></style>",
        body,
        count=1,
        flags=re.S,
    )
    body = re.sub(r"-?\d+\.\d{3,}", lambda m: _short(m.group()), body)
    for drawn, (name, _, _) in THEME.items():
        body = re.sub(drawn, f"var(--{name})", body, flags=re.I)
    # Only now: a variable's own value must not be taken for a drawn colour.
    body = body.replace("<style></style>", f"<style>{_css(body)}</style>", 1)
    body = re.sub(
        r"font: ([^;\"]*?)(\d[\d.]*px) [^;\"]*",
        r"font: \1\2 system-ui, 'Segoe UI', Roboto, sans-serif",
        body,
    )
    body = _renamed(body, alt)
    return Svg(re.sub(r">\s*\n\s*", ">\n", head + ">" + body), alt)


def _tiles(panels: Sequence[Box]) -> str:
    if len(panels) < 2:
        return ""
    boxes = (" ".join(f"{n:.2f}" for n in box) for box in panels)
    return f' data-panels="{";".join(boxes)}"'


def _renamed(body: str, alt: str) -> str:
    """Names in the order of their use, the same on every machine.

    Matplotlib's are hashes of what is drawn, to its last digit. Several
    figures may stand in one document, so that a figure's names begin with
    letters of its own, made from its alternative text.
    """
    own = "s" + hashlib.sha256(alt.encode()).hexdigest()[:5]
    used = dict.fromkeys(
        a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', body)
    )
    names = {old: f"{own}-{n}" for n, old in enumerate(used)}
    body = re.sub(
        r' id="([^"]+)"',
        lambda m: f' id="{names[m[1]]}"' if m[1] in names else "",
        body,
    )
    body = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names[m[1]]})", body)
    return re.sub(r'href="#([^"]+)"', lambda m: f'href="#{names[m[1]]}"', body)


def _css(body: str) -> str:
    """The colours that a figure uses, on light and on dark paper."""
    used = [
        colour
        for colour in THEME.values()
        if colour[0] == "ink" or f"var(--{colour[0]})" in body
    ]
    light = ";".join(f"--{n}:{a}" for n, a, _ in used)
    dark = ";".join(f"--{n}:{b}" for n, _, b in used)
    return (
        f".selfattn-figure{{{light};color-scheme:light dark;"
        "fill:var(--ink);stroke-linejoin:round;stroke-linecap:butt;"
        "max-width:100%;height:auto}"
        f"@media (prefers-color-scheme:dark){{.selfattn-figure{{{dark}}}}}"
    )


def _short(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def _escape(text: str) -> str:
    for char, entity in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(char, entity)
    return text
