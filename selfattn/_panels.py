"""Where one panel of a figure ends and the next begins.

On a narrow page the panels of a figure stand under each other. So a figure
is cut into boxes that tile it: into rows wherever nothing crosses, and each
row into columns.
"""

from __future__ import annotations

from itertools import pairwise

from ._svg import Box

OVERLAP = 1.0  # points by which neighbours may overlap: a letter's rim
ROOM = 3.0  # points between a letter and the border, where there are so many


def panels(fig) -> list[Box]:
    """Boxes (x, y, width, height) in points from the upper left corner.

    In reading order. A colour bar is part of the axes whose colours
    it explains; a title over several axes is a row of its own.
    """
    width, height = (72 * inches for inches in fig.get_size_inches())
    return [
        (left, top, right - left, bottom - top)
        for row, top, bottom in _cut(_drawn(fig, height), 1, height)
        for _, left, right in _cut(row, 0, width)
    ]


def _drawn(fig, height: float) -> list[list[float]]:
    """[left, top, right, bottom] of all that stands by itself in a figure."""
    fig.draw_without_rendering()
    point = 72 / fig.dpi
    boxes: dict = {}
    for artist in fig.get_children():
        if artist is fig.patch or not artist.get_visible():
            continue
        box = artist.get_tightbbox()
        if box is not None and box.width > 0 and box.height > 0:
            boxes[artist] = [
                box.x0 * point,
                height - box.y1 * point,
                box.x1 * point,
                height - box.y0 * point,
            ]
    for owner, bar in _bars(fig):
        if owner in boxes and bar in boxes:
            own, other = boxes[owner], boxes.pop(bar)
            own[:2] = map(min, own[:2], other[:2])
            own[2:] = map(max, own[2:], other[2:])
    return list(boxes.values())


def _bars(fig) -> list[tuple]:
    """(axes, axes of its colour bar), of every colour bar."""
    shades = [
        (ax, getattr(artist, "colorbar", None))
        for ax in fig.axes
        for artist in ax.get_children()
    ]
    return [(ax, bar.ax) for ax, bar in shades if bar is not None]


def _cut(boxes: list, axis: int, end: float) -> list[tuple]:
    """Groups of boxes that are apart along an axis, with their borders.

    A border is between two groups, and as near as it can be to where equal
    parts would end; the first and the last are the figure's own.
    """
    groups: list[list] = []  # members, first and last place
    for box in sorted(boxes, key=lambda box: box[axis]):
        low, high = box[axis], box[axis + 2]
        if groups and low < groups[-1][2] - OVERLAP:
            groups[-1][0].append(box)
            groups[-1][2] = max(groups[-1][2], high)
        else:
            groups.append([[box], low, high])
    borders = [0.0]
    for n, (one, other) in enumerate(pairwise(groups), start=1):
        gap = other[1] - one[2]
        room = min(ROOM, gap / 2)
        equal = end * n / len(groups)
        borders.append(min(max(equal, one[2] + room), other[1] - room))
    borders.append(end)
    return [
        (members, borders[n], borders[n + 1])
        for n, (members, _, _) in enumerate(groups)
    ]
