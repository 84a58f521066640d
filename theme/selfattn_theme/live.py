"""Live figures: each module and the style sheet, once on pages that need it.

The pages run without a kernel: `static/live.js` starts every figure from the
state that the notebook's output stores.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

FIGURES = Path(__file__).resolve().parents[2] / "selfattn" / "widgets"
PARTS = ("sums", "tour", "draw")  # as in `selfattn.widgets`
SHARED = "shared"  # in a page once, before each figure's own
PLACE = re.compile(r'<div class="selfattn-live" data-live="(\w+)"')


def names(body: str) -> list[str]:
    """The figures on a page, each once."""
    return list(dict.fromkeys(PLACE.findall(body)))


def _read(name: str) -> str:
    return (FIGURES / name).read_text(encoding="utf8")


def own(name: str) -> str:
    """A figure's ES module without what it shares with the others."""
    if name == SHARED:
        return _read(f"{SHARED}.js")
    parts = [f"{name}_{part}.js" for part in PARTS]
    there = [part for part in parts if (FIGURES / part).exists()]
    return "\n".join(map(_read, (*there, f"{name}.js")))


def module(name: str) -> str:
    """A figure's ES module as `selfattn.widgets.module` joins it.

    Read here, since the site is built without what the package imports.
    """
    return f"{own(SHARED)}\n{own(name)}"


def style(found: list[str]) -> str:
    """What the figures share, then each figure's own style sheet."""
    return "\n".join(_read(f"{part}.css") for part in ("live", *found))


def _script(name: str) -> str:
    source = json.dumps(own(name), ensure_ascii=False)
    source = source.replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="live-module-{name}">'
        f"{source}</script>"
    )


def add(app, context: dict) -> None:
    """Give a page with live figures what they need."""
    found = names(context.get("body", ""))
    if not found:
        return
    context["body"] += "\n".join(_script(name) for name in (SHARED, *found))
    context["metatags"] += f"<style>{style(found)}</style>"
    app.add_js_file("live.js", loading_method="defer")
