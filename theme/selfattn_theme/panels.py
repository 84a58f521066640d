"""A figure of several panels as several pictures of one file.

Side by side they are the figure as it was drawn; where the page is narrow
each stands by itself, with its letters as large as drawn. The boxes are in
the figure's own opening tag: `selfattn.plots.svg` measures them.
"""

from __future__ import annotations

import re

HEAD = re.compile(r"<svg[^>]*>")
BOXES = re.compile(r'\bdata-panels="([^"]+)"')
SIZE = re.compile(r'\swidth="([\d.]+)".*?viewBox="0 0 ([\d.]+) ', re.S)
ALT = re.compile(r'\balt="([^"]*)"')
CLASS = re.compile(r'\bclass="[^"]*"')
MOST = 480  # pixels: a single panel that is wider scrolls on a phone


def boxes(picture: str) -> list[tuple[float, ...]]:
    """(x, y, width, height) of each panel, or none of a single one."""
    found = BOXES.search(HEAD.search(picture)[0])
    if not found:
        return []
    return [tuple(map(float, b.split())) for b in found[1].split(";")]


def _panel(box, source: str, whole: float, scale: float, kind: str) -> str:
    x, y, width, height = box
    view = ",".join(f"{n:.2f}" for n in box)
    share = int(1e4 * width / whole) / 1e2  # a row is never above 100 %
    return (
        f'<img {kind} src="{source}#svgView(viewBox({view}))" alt="" '
        f'style="--share:{share:g}%;--shape:{width:g}/{height:g}" '
        f'width="{width * scale:.0f}" height="{height * scale:.0f}" '
        'loading="lazy" />'
    )


def markup(tag: str, source: str, picture: str) -> str | None:
    """The pictures of a figure's panels.

    None if it has only one, or one that is too wide for a phone.

    Parameters
    ----------
    tag : the `<img>` of the whole figure
    source : the address of the file
    picture : the file's text
    """
    found = boxes(picture)
    if not found:
        return None
    shown, whole = map(float, SIZE.search(HEAD.search(picture)[0]).groups())
    if max(width for _, _, width, _ in found) * shown / whole > MOST:
        return None
    kind, alt = CLASS.search(tag), ALT.search(tag)
    panels = "".join(
        _panel(box, source, whole, shown / whole, kind[0] if kind else "")
        for box in found
    )
    label = f' role="img" aria-label="{alt[1]}"' if alt else ""
    return (
        f'<div class="panels"{label} style="max-width:{shown:g}px">'
        f"{panels}</div>"
    )


def scrolls(tag: str, width: int) -> str:
    """A single panel drawn too wide for a phone gets a class that says so."""
    if width <= MOST:
        return tag
    return tag.replace('class="', 'class="too-wide ', 1)
