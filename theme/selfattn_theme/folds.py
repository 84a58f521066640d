"""What stands aside of the main line: claims, optional depth and boxes.

A claim is one line of evidence with its code inside; neighbouring cells
tagged `further` share a fold; a quotation that opens with certain words in
bold is a box. Folds are <details>: they need no script.
"""

from __future__ import annotations

import re

from docutils import nodes

FURTHER = re.compile(r"\*\*(?P<title>Further: [^*\n]+?)\.?\*\*\s*")
EVIDENCE = "checked: "
BOXES = {"In the lecture.": "lecture", "Notation.": "notation"}
OPENING = '<details class="further"><summary>'


class Box(nodes.General, nodes.Element):
    """A box beside the main line; its kind is a class."""


def evidence(cell: dict) -> str | None:
    """The line that a claim's cell shows, or None where it has none."""
    if "claim" not in cell["metadata"].get("tags", []):
        return None
    for output in cell.get("outputs", []):
        text = "".join(output.get("data", {}).get("text/plain", ""))
        if text.startswith(EVIDENCE):
            return text
    return None


def _markdown(name: str, source: str) -> dict:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {},
        "source": source,
    }


def further(cells: list[dict]) -> list[dict]:
    """The cells with a fold around each run that is tagged `further`."""
    out: list[dict] = []
    inside = count = 0
    for cell in cells:
        here = "further" in cell["metadata"].get("tags", [])
        opens = (
            here
            and cell["cell_type"] == "markdown"
            and FURTHER.match(cell["source"])
        )
        if inside and (opens or not here):
            out.append(_markdown(f"further-end-{count}", "</details>"))
            inside = 0
        if opens:
            # The title is Markdown; `summaries` sets it into the summary.
            title = f"{OPENING}\n\n{opens['title']}\n\n</summary>"
            rest = cell["source"][opens.end() :]
            cell = {**cell, "source": f"{title}\n\n{rest}"}
            inside, count = 1, count + 1
        out.append(cell)
    if inside:
        out.append(_markdown(f"further-end-{count}", "</details>"))
    return out


def answers(source: str) -> str:
    """Folded answers to questions on paper look like other folds."""
    return source.replace("<details>", '<details class="answer">')


def summaries(doctree) -> None:
    """A fold's title is text in its summary, not a paragraph."""
    for raw in doctree.findall(nodes.raw):
        if raw.astext().strip() != OPENING:
            continue
        at = raw.parent.index(raw) + 1
        title = raw.parent[at]
        raw.parent[at] = nodes.inline("", "", *title.children)


def boxes(doctree) -> None:
    """Quotations that open with the words of a box become one."""
    for quote in list(doctree.findall(nodes.block_quote)):
        strong = next(iter(quote.findall(nodes.strong)), None)
        words = strong.astext() if strong else ""
        if words in BOXES and quote.astext().startswith(words):
            quote.replace_self(
                Box("", *quote.children, classes=[BOXES[words]])
            )


def visit_box(self, node) -> None:
    """The writer gives a quotation no class."""
    self.body.append(self.starttag(node, "div", CLASS="aside", role="note"))


def depart_box(self, node) -> None:
    """Its end."""
    self.body.append("</div>\n")


def plain(self, node) -> None:
    """No box outside a page; its text stays."""


def doctree_read(app, doctree) -> None:
    """Both steps."""
    summaries(doctree)
    boxes(doctree)


def setup(app) -> None:
    """Register the box."""
    app.add_node(
        Box,
        html=(visit_box, depart_box),
        latex=(plain, plain),
        text=(plain, plain),
    )
