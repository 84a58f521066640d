"""HTML: the same tags and words; state and pictures by what they hold."""

from __future__ import annotations

import base64
from html.parser import HTMLParser

from . import drawings, pictures, states, text
from .findings import Findings

SVG = "data:image/svg+xml;base64,"
PNG = "data:image/png;base64,"


class Parts(HTMLParser):
    """The tags and texts of a piece of HTML, in their order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, list | str]] = []
        self.inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.parts.append((f"<{tag}>", attributes))
        self.inside = tag

    def handle_endtag(self, tag):
        self.parts.append((f"</{tag}>", []))
        self.inside = ""

    def handle_comment(self, data):
        self.parts.append(("comment", data))

    def handle_data(self, data):
        kind = "state" if self.inside == "script" else "text"
        self.parts.append((kind, data))


def compare(stored: str, fresh: str, where: str, found: Findings) -> None:
    """Two pieces of HTML."""
    if stored == fresh:
        return
    old, new = Parts(stored).parts, Parts(fresh).parts
    if [kind for kind, _ in old] != [kind for kind, _ in new]:
        return found.differ(
            where, [kind for kind, _ in old], [kind for kind, _ in new]
        )
    for (kind, a), (_, b) in zip(old, new, strict=True):
        if kind == "state":
            states.compare_source(a, b, f"{where} state", found)
        elif isinstance(a, str):
            text.compare(a, b, where, found)
        else:
            _attributes(a, b, f"{where} {kind}", found)


def _attributes(old: list, new: list, where: str, found: Findings) -> None:
    if [key for key, _ in old] != [key for key, _ in new]:
        return found.differ(where, old, new)
    for (key, a), (_, b) in zip(old, new, strict=True):
        _attribute(key, a or "", b or "", f"{where} {key}", found)


def _attribute(
    key: str, old: str, new: str, where: str, found: Findings
) -> None:
    if all(one.startswith(SVG) for one in (old, new)):
        drawings.compare(_svg(old), _svg(new), where, found)
    elif all(one.startswith(PNG) for one in (old, new)):
        pictures.compare(old, new, where, found)
    elif key in ("alt", "aria-label", "title"):
        text.compare(old, new, where, found)
    elif old != new:
        found.differ(where, old, new)


def _svg(source: str) -> str:
    return base64.b64decode(source.removeprefix(SVG)).decode("utf8")
