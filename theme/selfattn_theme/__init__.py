"""The book's Sphinx extension: what the site adds to plain notebooks.

frame      landmarks, and the colour scheme before the first paint
folds      claims, optional depth, boxes
notebook   exercises, predictions, hints and works cited, from cell tags
maths      formulas drawn while building (katex: layout; formula: markup)
works      the bibliography
live       figures that move
front      the front page: its figure and the map of the book
progress   ticks, counts and the panel of what the reader has done
panels     figures whose panels stack on a phone
weight     one style sheet, few scripts, short pages
disk       what pages opened from disk need
notation   the notation table
glossary   the glossary
"""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path

from docutils import nodes

from . import (
    disk,
    folds,
    frame,
    front,
    glossary,
    live,
    maths,
    notation,
    notebook,
    progress,
    weight,
    works,
)

ROOT = Path(__file__).resolve().parents[2]
STATIC = Path(__file__).resolve().parents[1] / "static"
OLD_THEME = version("pydata-sphinx-theme").startswith("0.15")
OPTIONS = {
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "use_fullscreen_button": False,
    "show_prev_next": True,
    "navbar_persistent": [],
    "footer_content_items": ["copyright.html", "extra-footer.html"],
}


def _chapters(source: Path) -> dict[str, tuple[str, str]]:
    """Title and text of every notebook, by file name."""
    found = {}
    for path in sorted((source / "chapters").glob("[0-9][0-9]_*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf8"))["cells"]
        text = "\n\n".join(
            "".join(c["source"]) for c in cells if c["cell_type"] == "markdown"
        )
        title = re.search(r"^# (.+)$", text, re.M)
        found[path.name] = (title[1] if title else path.stem, text)
    return found


def read_source(app, docname: str, content: list[str]) -> None:
    """Before parsing: add to notebooks, fill the generated pages."""
    source = Path(app.srcdir)
    bib = source / "chapters" / "references.bib"
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".ipynb":
        app.env.note_dependency(str(bib))
        number = re.match(r"(\d\d)_", path.name)
        content[0] = notebook.transform(
            content[0], int(number[1]) if number else None, works.load(bib)
        )
    if "<!-- bibliography -->" in content[0]:
        app.env.note_dependency(str(bib))
        chapters = _chapters(source)
        for name in chapters:
            app.env.note_dependency(str(source / "chapters" / name))
        listing = works.full_list(works.load(bib), chapters)
        content[0] = content[0].replace("<!-- bibliography -->", listing)
    for name, part in (("notation", notation), ("glossary", glossary)):
        marker = f"<!-- {name} -->"
        if marker in content[0]:
            table = source / "chapters" / f"{name}.yml"
            app.env.note_dependency(str(table))
            written = part.markdown(part.load(table))
            content[0] = content[0].replace(marker, written)


def mark_exercises(app, doctree) -> None:
    """Give the section of each exercise a class, for its box."""
    for section in doctree.findall(nodes.section):
        if any(name.startswith("ex-") for name in section["ids"]):
            section["classes"].append("exercise")
    for table in doctree.findall(nodes.table):
        table["classes"].append("scrolls")


def theme_options(app, config) -> None:
    """Settings that Jupyter Book's own file has no words for."""
    config.html_theme_options = {
        **OPTIONS,
        # The script of the theme for Python 3.10 fails without the button.
        "back_to_top_button": OLD_THEME,
        **config.html_theme_options,
    }
    config.html_static_path = [str(STATIC), *config.html_static_path]


def breakable(table: re.Match) -> str:
    """A table whose long names may break after a dot or an underscore."""
    return re.sub(
        r'(?<=<span class="pre">)[^<]+(?=</span>)',
        lambda name: re.sub(r"(?<=\w[._])(?=[A-Za-z])", "<wbr>", name[0]),
        table[0],
    )


def page_context(app, pagename, templatename, context, doctree) -> None:
    """A fold is called what it says, not "Toggle hidden content"."""
    if "body" in context:
        body = context["body"]
        body = body.replace(' aria-label="Toggle hidden content"', "")
        # The empty corner of a table heads nothing.
        body = re.sub(r"<th[^>]*>(<p></p>)?</th>", "<td></td>", body)
        body = re.sub(r"<table\b.*?</table>", breakable, body, flags=re.S)
        context["body"] = body
        live.add(app, context)


def setup(app) -> dict:
    """Connect everything."""
    frame.setup(app)
    front.setup(app)
    maths.setup(app)
    folds.setup(app)
    app.add_config_value("comments_config", {}, "html")
    app.connect("config-inited", theme_options)
    app.connect("source-read", read_source)
    app.connect("doctree-read", mark_exercises)
    app.connect("html-page-context", page_context, priority=900)
    app.add_css_file("book.css")
    app.add_css_file("asides.css")
    app.add_css_file("copy.css")
    app.add_css_file("readers.css")  # after what it changes
    app.add_js_file("book.js", loading_method="defer")
    app.add_js_file("copy.js", loading_method="defer")
    progress.setup(app)
    disk.setup(app)
    weight.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
