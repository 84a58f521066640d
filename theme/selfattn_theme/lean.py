"""A page's own bytes: code, pictures, scripts without what nobody sees."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from pygments.formatters import HtmlFormatter
from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Text

from . import panels, svg

IMAGE = re.compile(r"<img\b[^>]*>")
SOURCE = re.compile(r'\bsrc="([^"]*)"')
OPERATOR = "o"
INLINE = "data:image/svg+xml;base64,"


@cache
def colours(*styles: str) -> dict[str, str | None]:
    """Each short class of Pygments -> the first that looks the same.

    None is a class that looks like plain text in all the styles, or an
    operator: every dot would be one, and a third of the page's code markup.
    """
    looks: dict[str, tuple] = {}
    for kind, short in STANDARD_TYPES.items():
        looks[short] = tuple(
            tuple(sorted(get_style_by_name(s).style_for_token(kind).items(),
                         key=lambda item: item[0]))
            for s in styles
        )  # fmt: skip
    plain = looks[STANDARD_TYPES[Text]]
    first: dict[tuple, str] = {}
    for short in sorted(looks, key=lambda name: (len(name), name)):
        if short not in ("", OPERATOR):
            first.setdefault(looks[short], short)
    return {
        short: (None if look == plain or short == OPERATOR else first[look])
        for short, look in looks.items()
        if short
    }


def formatter(*styles: str) -> type[HtmlFormatter]:
    """Pygments' formatter with spans only where the colour changes."""
    same = colours(*styles)

    class Lean(HtmlFormatter):
        """Writes the first of the classes that look the same."""

        def __init__(self, **options):
            super().__init__(**options)
            for kind, short in STANDARD_TYPES.items():
                name = same.get(short)
                opening = f"<span class={name}>" if name else ""
                self.span_element_openers[kind] = opening

    return Lean


def highlight(app) -> None:
    """Let Sphinx write code with it."""
    if app.builder.format == "html":
        options = app.config.html_theme_options
        styles = [options[f"pygments_{s}_style"] for s in ("light", "dark")]
        app.builder.highlighter.formatter = formatter(*styles)


def shorter(script: str) -> str:
    """A script without comments of whole lines and without indentation.

    Lines inside a text that spans lines stay as they are.
    """
    lines, inside = [], False
    for line in script.splitlines():
        bare = line.strip()
        if not inside and (not bare or bare.startswith("//")):
            continue
        lines.append(line if inside else bare)
        ticks = len(re.findall(r"(?<!\\)`", line))
        inside ^= bool(ticks % 2)
    return "\n".join(lines) + "\n"


def _extracted(address: str, folder: Path) -> str:
    """Write a picture that is inside the page to a file; the file's name."""
    text = base64.b64decode(address.removeprefix(INLINE)).decode("utf8")
    text = svg.compact(text)
    name = hashlib.sha256(text.encode()).hexdigest()[:24] + ".svg"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / name).exists():
        (folder / name).write_text(text, "utf8")
    return name


def pictures(body: str, files: dict[str, Path], folder: Path, root: str):
    """Every SVG picture with its size, and loaded when it comes near.

    Parameters
    ----------
    files : where the pictures of `_images` come from, by their name there
    folder : `_images` in the built site
    root : from the page to the root of the site, "../"
    """

    def image(match: re.Match) -> str:
        tag = match[0]
        found = SOURCE.search(tag)
        if not found or "loading=" in tag:
            return tag
        if found[1].startswith(INLINE):
            name = _extracted(found[1], folder)
            file, shown = folder / name, f'src="{root}_images/{name}"'
        else:
            name = found[1].rpartition("/")[2]
            file, shown = files.get(name), found[0]
        if file is None or file.suffix != ".svg":
            return tag
        text = file.read_text("utf8")
        size = svg.size(text)
        if size is None:
            return tag
        if "chart" in tag:
            address = SOURCE.search(shown)[1]
            if several := panels.markup(tag, address, text):
                return several
            tag = panels.scrolls(tag, size[0])
        shown += f' width="{size[0]}" height="{size[1]}" loading="lazy"'
        return tag.replace(found[0], shown)

    return IMAGE.sub(image, body)
