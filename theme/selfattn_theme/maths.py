"""Formulas drawn while building, so that pages need no script for them.

KaTeX (theme/vendor/katex.min.js) runs in an embedded JavaScript engine; the
page gets HTML for the eye and MathML for screen readers.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

KATEX = Path(__file__).parents[1] / "vendor" / "katex.min.js"
logger = logging.getLogger(__name__)


@cache
def _engine():
    import quickjs

    context = quickjs.Context()
    context.eval(KATEX.read_text(encoding="utf8"))
    context.eval(
        "function draw(request) {"
        "  var r = JSON.parse(request);"
        "  try { return JSON.stringify({html: katex.renderToString(r.tex, {"
        "    displayMode: r.display, output: 'htmlAndMathml',"
        "    throwOnError: true, strict: 'ignore', trust: false})});"
        "  } catch (e) { return JSON.stringify({error: String(e)}); } }"
    )
    return context.get("draw")


@cache
def render(tex: str, display: bool) -> str:
    """A formula as HTML with MathML inside.

    Raises
    ------
    ValueError : KaTeX does not understand it; the message says where.
    """
    request = json.dumps({"tex": tex, "display": display})
    answer = json.loads(_engine()(request))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["html"]


def _html(self, node, display: bool) -> str:
    try:
        return render(node.astext(), display)
    except ValueError as error:
        logger.warning("formula %r: %s", node.astext(), error, location=node)
        return self.encode(node.astext())


def visit_inline(self, node) -> None:
    """`$…$`."""
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(_html(self, node, display=False) + "</span>")
    raise nodes.SkipNode


def visit_block(self, node) -> None:
    """`$$…$$`: scrolls inside itself where it is too wide."""
    self.body.append(
        self.starttag(node, "div", CLASS="formula")
        + _html(self, node, display=True)
        + "</div>\n"
    )
    raise nodes.SkipNode


def setup(app) -> None:
    """Register the renderer under the name `katex`."""
    app.add_html_math_renderer(
        "katex",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_block, None),
    )
