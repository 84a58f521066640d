"""How the page's own parts are written where Sphinx writes them otherwise."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.writers.html5 import HTML5Translator

# A long name may break after a dot or an underscore.
JOINT = re.compile(r"(?<=\w[._])(?=[A-Za-z])")


def _inside(node, kind) -> bool:
    while node is not None and not isinstance(node, kind):
        node = node.parent
    return node is not None


class Writer(HTML5Translator):
    """Sphinx's writer; the theme adds its own part to it."""

    def visit_entry(self, node) -> None:
        """The empty corner of a table heads nothing: it is no <th>."""
        super().visit_entry(node)
        head = isinstance(node.parent.parent, nodes.thead)
        if head and not node.astext().strip():
            self.body[-1], self.context[-1] = "<td>", "</td>\n"

    def visit_Text(self, node) -> None:
        """Code in a table breaks between the parts of a name."""
        before = len(self.body)
        super().visit_Text(node)
        literal = isinstance(node.parent, nodes.literal)
        if literal and _inside(node, nodes.table):
            self.body[before:] = [
                JOINT.sub("<wbr>", part) for part in self.body[before:]
            ]


def visit_fold(self, node) -> None:
    """A fold is called what it says."""
    classes = " ".join(["admonition", "hide", *node["classes"]])
    self.body.append(f'<details class="{classes}">\n<summary>\n')
    for state in ("collapsed", "expanded"):
        prompt = node["prompt_show" if state == "collapsed" else "prompt_hide"]
        self.body.append(
            f'<p class="{state} admonition-title">{escape(prompt)}</p>\n'
        )
    self.body.append("</summary>\n")


def depart_fold(self, node) -> None:
    """Its end."""
    self.body.append("</details>\n")


def setup(app) -> None:
    """Use them."""
    app.set_translator("html", Writer)
    app.add_node(
        HideCodeCellNode, override=True, html=(visit_fold, depart_fold)
    )
