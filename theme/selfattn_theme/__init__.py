"""The book's Sphinx extension: what the site adds to plain notebooks.

reader     notebooks, read in one way
notebook   exercises, predictions, hints and works cited, from cell tags
folds      claims, optional depth and boxes
maths      formulas drawn while building (katex, short, formula)
works      the bibliography
notation   the notation table
glossary   the glossary
front      the front page: its figure and the map of the book
frame      landmarks, and the colour scheme before the first paint
writer     parts of the text that Sphinx writes otherwise
live       figures that move
panels     figures of several panels
quiz       quizzes as forms
progress   ticks, counts and the panel of what the reader has done
runtime    Python for the exercises' editors (runtime_files, page_wheel,
           byte_code)
solve      the exercises' editors, where there is Python for the pages
csp        what a page may load and run
weight     one style sheet, few scripts, short pages

`STEPS` has everything that happens while building, in its order.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from docutils import nodes

from . import (
    csp,
    folds,
    frame,
    front,
    glossary,
    lean,
    live,
    maths,
    notation,
    notebook,
    progress,
    quiz,
    reader,
    runtime,
    solve,
    weight,
    works,
    writer,
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
    texts = {
        path.name: reader.prose(reader.cells(path))
        for path in reader.chapters(source)
    }
    return {
        name: (reader.title(text) or name, text)
        for name, text in texts.items()
    }


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


# What happens when, by Sphinx's event and priority: at 500 of `doctree-read`
# Sphinx collects titles and contents, and at 500 of `html-page-context` the
# theme leaves out empty parts of the side bar.
STEPS = {
    ("config-inited", 500): [theme_options, progress.sidebar],
    ("builder-inited", 500): [
        lean.highlight,
        progress.read_exercises,
        runtime.find,
        solve.find,
    ],
    ("source-read", 500): [front.read_source, read_source],
    ("doctree-read", 400): [
        maths.name_headings,
        folds.doctree_read,
        mark_exercises,
        solve.mark,
        progress.mark,
        quiz.doctree_read,
    ],
    ("doctree-read", 600): [maths.spell_contents],
    ("env-updated", 500): [progress.all_pages_again],
    ("html-page-context", 400): [progress.panel],
    ("html-page-context", 900): [
        frame.page_context,
        front.page_context,
        live.page_context,
        quiz.page_context,
        progress.page_context,
        weight.page_context,
        solve.page_context,
    ],
    ("build-finished", 900): [
        weight.finish,
        solve.finish,
        runtime.write,
        csp.finish,
    ],
}
# `readers.css` comes after what it changes.
SHEETS = (*weight.MATHS, "book.css", "asides.css", "copy.css", "readers.css",
          "progress.css")  # fmt: skip
SCRIPTS = ("book.js", "copy.js", "progress_rules.js", "progress.js")


def setup(app) -> dict:
    """Connect everything."""
    app.add_config_value("comments_config", {}, "html")
    for part in (maths, folds, progress, quiz, solve, writer):
        part.setup(app)
    for (event, priority), steps in STEPS.items():
        for step in steps:
            app.connect(event, step, priority=priority)
    for name in SHEETS:
        app.add_css_file(name)
    for name in SCRIPTS:
        app.add_js_file(name, loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
