"""Progress on the page: where ticks, counts and the panel stand.

The ids come from the notebooks' own cells. What the reader has done is in
the browser alone; `static/progress.js` fills the places that are kept here.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from . import reader
from .notebook import anchor

SIDEBAR = (
    "navbar-logo.html",
    "icon-links.html",
    "search-button-field.html",
    "sbt-sidebar-nav.html",
    "progress-panel.html",
)
ENTRY = re.compile(
    r'(<li class="[^"]*\btoctree-l1\b)([^"]*"><a\b[^>]*\bhref="([^"]*)"[^>]*>'
    r".*?</a>)",
    re.S,
)
PAGE = re.compile(r"(?:^|/)((\d\d)_\w+)(?:\.html)?$")
NUMBER = re.compile(r"Exercise (\d+\.\d+):")


class Tick(nodes.General, nodes.Element):
    """A box that the reader ticks: `kind` is `exercise` or `read`.

    A node of its own, so that its words do not reach the search index.
    """


def exercises(source: Path) -> dict[str, list[str]]:
    """The exercises' ids by notebook (`04_attention`), in their order."""
    found = {}
    for path in reader.chapters(source):
        marked = [cell["metadata"] for cell in reader.cells(path)]
        ids = [m["exercise"] for m in marked if "exercise" in m["tags"]]
        if ids:
            found[path.stem] = ids
    return found


def count(page: str, ids: list[str]) -> str:
    """The place of a chapter's count in the contents."""
    short = " ".join(name.partition(".")[2] for name in ids)
    return (
        f'<span class="book-count pst-js-only" data-chapter="{page[:2]}" '
        f'data-exercises="{escape(short)}"></span>'
    )


def with_counts(
    contents: str, pagename: str, found: dict[str, list[str]]
) -> str:
    """The contents list with a place for the count of each chapter."""

    def counted(match: re.Match) -> str:
        address = pagename if match[3] == "#" else match[3]
        page = PAGE.search(address)
        if not page or page[1] not in found:
            return match[0]
        place = count(page[1], found[page[1]])
        return f"{match[1]} book-counted{match[2]}{place}"

    return ENTRY.sub(counted, contents)


def mark(app, doctree) -> None:
    """Give each exercise its box to tick, and the chapter one at its end."""
    page = PAGE.search(app.env.docname)
    if not page or page[1] not in app.book_exercises:
        return
    ids = {f"ex-{anchor(n)}": n for n in app.book_exercises[page[1]]}
    for section in list(doctree.findall(nodes.section)):
        for name in section["ids"]:
            if name in ids:
                title = NUMBER.match(section[0].astext())
                number = title[1] if title else ids[name]
                section += Tick(
                    kind="exercise",
                    about=ids[name],
                    text=f"I solved exercise {number}",
                )
    [whole] = [n for n in doctree.children if isinstance(n, nodes.section)]
    whole += Tick(
        kind="read", about=page[2], text=f"I have read chapter {int(page[2])}"
    )


def visit_tick(self, node) -> None:
    """A checkbox; beside an exercise's, the place of a graded result."""
    graded = ""
    if node["kind"] == "exercise":
        graded = '<span class="book-graded"></span>'
    self.body.append(
        f'<div class="book-tick pst-js-only" data-{node["kind"]}='
        f'"{escape(node["about"])}"><label><input type="checkbox" '
        f'autocomplete="off"> {escape(node["text"])}</label>{graded}</div>\n'
    )
    raise nodes.SkipNode


def skip(self, node) -> None:
    """Nothing to tick outside a page."""
    raise nodes.SkipNode


def read_exercises(app) -> None:
    """Find every notebook's exercises, before pages are read."""
    app.book_exercises = exercises(Path(app.srcdir))


def all_pages_again(app, env) -> list[str]:
    """Every page has the counts: write all when an exercise came or went."""
    if getattr(env, "book_exercises", None) == app.book_exercises:
        return []
    env.book_exercises = app.book_exercises
    return list(env.found_docs)


def panel(app, pagename, templatename, context, doctree) -> None:
    """The panel is for books with exercises; the theme drops an empty one."""
    context["book_exercises"] = bool(app.book_exercises)


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Put the places of the counts into the page's contents list."""
    found = app.book_exercises
    contents = context.get("generate_toctree_html")
    if not contents or not found:
        return

    def counted(kind, *arguments, **options):
        made = contents(kind, *arguments, **options)
        if kind != "sidebar":
            return made
        placed = with_counts(str(made), pagename, found)
        if str(made).strip() and placed == str(made):
            raise ExtensionError(
                "the theme's contents list changed: no chapter's count found"
                " its place; put ENTRY in selfattn_theme/progress.py right"
            )
        return placed

    context["generate_toctree_html"] = counted


def sidebar(app, config) -> None:
    """The panel stands under the contents."""
    config.html_sidebars = {"**": list(SIDEBAR), **config.html_sidebars}


def setup(app) -> None:
    """Register what it adds to a page."""
    app.add_node(
        Tick,
        html=(visit_tick, None),
        latex=(skip, None),
        text=(skip, None),
    )
