"""Live figures: each module and the style sheet, once on pages that need it.

The pages run without a kernel: `static/live.js` starts every figure from the
state that the notebook's output stores.
"""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

from . import lean, sheets

FIGURES = Path(__file__).resolve().parents[2] / "selfattn" / "widgets"
PLACE = re.compile(r'<div class="selfattn-live" data-live="(\w+)"')
STATE = re.compile(
    r'(<div class="selfattn-live"[^>]*>\s*<script type="application/json">)'
    r"(.*?)(?=</script>)",
    re.S,
)


def _bundle():
    """What joins a figure's files, read by its path.

    The site is built without what the rest of the package imports.
    """
    spec = importlib.util.spec_from_file_location(
        "selfattn_figures", FIGURES / "bundle.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bundle = _bundle()


class All(sheets.Names):
    """Every name there is: a figure's script makes up its own."""

    def knows(self, *_) -> bool:
        return True


def names(body: str) -> list[str]:
    """The figures on a page, each once."""
    return list(dict.fromkeys(PLACE.findall(body)))


def _script(name: str) -> str:
    source = lean.shorter(bundle.own(name))
    source = json.dumps(source, ensure_ascii=False)
    source = source.replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="live-module-{name}">'
        f"{source}</script>"
    )


def _state(match: re.Match) -> str:
    """A figure's state without the blanks between its numbers."""
    state = json.dumps(
        json.loads(match[2]), ensure_ascii=False, separators=(",", ":")
    )
    return match[1] + state.replace("<", "\\u003c")


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Give a page with live figures what they need."""
    found = names(context.get("body", ""))
    if not found:
        return
    # What all share stands in a page once, before each figure's own.
    parts = (bundle.SHARED, *found)
    body = STATE.sub(_state, context["body"])
    context["body"] = body + "\n".join(map(_script, parts))
    rules = sheets.prune([(bundle.style(*found), ".")], All())
    context["metatags"] += f"<style>{sheets.write(rules)}</style>"
    app.add_js_file("live.js", loading_method="defer")
