r"""Formulas on the pages: `$…$`, `$$…$$`, and those inside raw HTML.

A name with its scripts (`$d_k$`) is text, and is read as text. Anything
longer has MathML for screen readers beside what is drawn. Where only plain
text can stand (contents, the page's title, search) a formula is spelled:
`$\sqrt{d_k}$` is “√d_k” there.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from . import formula

DOLLARS = re.compile(r"(?<![\\$\w])\$(?![\s$])([^$]+?)(?<![\s\\])\$(?![\w$])")
MARKUP = re.compile(r"(<(?:code|pre|script|style)\b.*?</[^>]*>|<[^>]*>)", re.S)
logger = logging.getLogger(__name__)


class math(nodes.math):
    """A formula of a heading: its plain text can be read."""

    def astext(self) -> str:
        """The formula spelled, for contents, titles and search."""
        return spelled(self["tex"])


def render(tex: str, display: bool = False) -> str:
    """A formula as HTML that is seen, heard and copied.

    Raises
    ------
    ValueError : KaTeX does not understand it; the message says where.
    """
    drawn = formula.draw(tex, display)
    spoken = f"<span class=t>{drawn.mathml}</span>"
    if not drawn.lean:
        opened = f'<span class=katex data-tex="{escape(tex)}">'
        return drawn.html.replace("<span class=katex>", opened + spoken, 1)
    if drawn.atom:
        hidden = drawn.html.replace("<u>", "<u aria-hidden=true>")
        return f"<span class=m>{hidden}</span>"
    seen = f"<span aria-hidden=true>{drawn.html}</span>"
    kind = '"m w"' if "<wbr>" in drawn.html else "m"
    return f"<span class={kind}>{spoken}{seen}</span>"


def spelled(tex: str) -> str:
    """A formula as plain text; as it is where KaTeX does not read it."""
    try:
        return formula.draw(tex, False).words
    except ValueError:
        return tex


def spell(text: str) -> str:
    """A line of Markdown with each `$…$` spelled."""
    return DOLLARS.sub(lambda found: spelled(found[1]), text)


def _html(self, node, display: bool) -> str:
    tex = node.get("tex") or node.astext()
    try:
        return render(tex, display)
    except ValueError as error:
        logger.warning("formula %r: %s", tex, error, location=node)
        return self.encode(tex)


def visit_inline(self, node) -> None:
    """`$…$`."""
    self.body.append(_html(self, node, display=False))
    raise nodes.SkipNode


def visit_block(self, node) -> None:
    """`$$…$$`: scrolls inside itself where it is too wide."""
    self.body.append(
        self.starttag(node, "div", CLASS="formula")
        + _html(self, node, display=True)
        + "</div>\n"
    )
    raise nodes.SkipNode


def name_headings(app, doctree) -> None:
    """Let every formula of a heading be spelled where text is asked for."""
    for title in doctree.findall(nodes.title):
        for node in list(title.findall(nodes.math)):
            tex = node.astext()
            node.replace_self(math(tex, tex, tex=tex))


def spell_contents(app, doctree) -> None:
    """Plain text in the contents, the title and the links to the page."""
    env, name = app.env, app.env.docname
    for tree in (env.titles, env.longtitles, env.tocs):
        for node in list(tree[name].findall(math)):
            node.replace_self(nodes.Text(node.astext()))


class RawFormulas(SphinxPostTransform):
    """`$…$` inside raw HTML of the text, such as `<summary>`."""

    default_priority = 50

    def run(self, **_) -> None:
        """Draw them; outputs of cells are left alone."""
        for node in list(self.document.findall(nodes.raw)):
            outside = node.parent
            while outside is not None:
                if "cell_output" in outside.get("classes", ()):
                    break
                outside = outside.parent
            text = node.astext()
            if outside is None and node.get("format") == "html":
                drawn = self._drawn(node, text)
                if drawn != text:
                    node.children = [nodes.Text(drawn)]

    def _drawn(self, node, text: str) -> str:
        def one(found: re.Match) -> str:
            try:
                return render(found[1])
            except ValueError as error:
                logger.warning(
                    "formula %r: %s", found[1], error, location=node
                )
                return found[0]

        parts = MARKUP.split(text)
        parts[::2] = [DOLLARS.sub(one, part) for part in parts[::2]]
        return "".join(parts)


def setup(app) -> None:
    """Register the renderer under the name `katex`."""
    app.add_html_math_renderer(
        "katex",
        inline_renderers=(visit_inline, None),
        block_renderers=(visit_block, None),
    )
    app.add_post_transform(RawFormulas)
