"""Exercises that are solved on the page: their editors, only where Python is.

Where the files of Python for the page are at hand (runtime.py), the starter
of an exercise becomes an editor (static/solve*.js), and its check cell makes
way for a button. Other builds, and pages without such exercises, have
nothing of it. A quiz has no editor: it is a form (quiz.py).
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from docutils import nodes

from . import front, lean, progress, runtime, sheets
from .notebook import anchor

THEME = Path(__file__).resolve().parents[1]
SCRIPTS = (
    "editor.min.js",
    "solve_rules.js",
    "solve_report.js",
    "solve_python.js",
    "solve_editor.js",
    "solve.js",
)
WORKER = "python_worker.js"
SHEET = "solve.css"
KEYS = (
    "Write your answer in the box and press Check. It runs in your browser:"
    " what you write stays there. The first check loads Python ({} MB)."
    ' <span class="solve-desk">Ctrl + Enter (on a Mac ⌘ + Enter) checks too.'
    " Tab indents; Escape, then Tab, leaves the box.</span>"
)
TORCH = (
    "This exercise needs torch, which does not run in a browser. Write here,"
    " and check it in Colab."
)


class Solve(nodes.General, nodes.Element):
    """The place of an exercise's buttons, status line and report.

    `about` is its id, `number` as the reader sees it (4.3), `colab` where it
    can be checked if it needs torch, else "".
    """


class Keys(nodes.General, nodes.Element):
    """How the page's editors are used, a node of its own: not searched.

    `size` is what the first check loads, in MB.
    """


class All(sheets.Names):
    """Every name there is: the scripts make what the sheet is for."""

    def knows(self, *_) -> bool:
        return True


def find(app) -> None:
    """Whether this build has Python for its pages, and for what."""
    app.book_solve = runtime.page_data(app)
    app.book_torch, app.book_quizzes = set(), set()
    if app.book_solve:
        from selfattn.exercises import find as known

        app.book_torch = set(known.ids_with_torch())
        app.book_quizzes = {
            name
            for names in app.book_exercises.values()
            for name in names
            if name not in app.book_torch and known.load(name).kind == "value"
        }


def _cell(section, tag: str):
    """The section's cell with this tag, or None."""
    for node in section.children:
        if tag in node.get("classes", ()):
            return node
    return None


def mark(app, doctree) -> None:
    """Give each exercise that is no quiz its place below its check cell."""
    page = progress.PAGE.search(app.env.docname)
    if not app.book_solve or not page:
        return
    ids = {
        f"ex-{anchor(name)}": name
        for name in app.book_exercises.get(page[1], [])
        if name not in app.book_quizzes
    }
    options = app.config.html_theme_options
    link = front.colab_address(options, f"{page[1]}.ipynb")
    size = round(sum(app.book_solve["files"].values()) / 1e6)
    first = True
    for section in list(doctree.findall(nodes.section)):
        name = next((ids[i] for i in section["ids"] if i in ids), None)
        starter = _cell(section, "tag_starter")
        check = _cell(section, "tag_check")
        if name is None or starter is None or check is None:
            continue
        title = progress.NUMBER.match(section[0].astext())
        starter["classes"].append("solve-starter")
        place = Solve(
            about=name,
            number=title[1] if title else name,
            colab=link if name in app.book_torch else "",
        )
        section.insert(section.index(check) + 1, place)
        if first:
            section.insert(section.index(starter), Keys(size=size))
            first = False


def visit_solve(self, node) -> None:
    """An empty place: solve.js makes what is in it."""
    colab = ""
    if node["colab"]:
        colab = f' data-colab="{escape(node["colab"])}"'
        self.body.append(
            f'<p class="solve-torch pst-js-only">{escape(TORCH)}</p>\n'
        )
    self.body.append(
        f'<div class="solve pst-js-only" data-solve='
        f'"{escape(node["about"])}" data-number="{escape(node["number"])}"'
        f"{colab}></div>\n"
    )
    raise nodes.SkipNode


def visit_keys(self, node) -> None:
    """A line above the first editor, which every editor's name leads to."""
    self.body.append(
        '<p class="solve-keys pst-js-only" id="solve-keys">'
        f"{KEYS.format(node['size'])}</p>\n"
    )
    raise nodes.SkipNode


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Give a page with editors what they need; comes after weight.py."""
    if '<div class="solve ' not in context.get("body", ""):
        return
    root = context["content_root"]
    data = {
        **app.book_solve,
        "folder": root + app.book_solve["folder"],
        "worker": root + app.book_solve["worker"],
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    written = written.replace("<", "\\u003c")
    context["body"] += (
        f'<script type="application/json" id="solve-data">{written}</script>'
    )
    context["sheets"].append(f"_static/{SHEET}")
    for name in SCRIPTS:
        app.add_js_file(name, loading_method="defer")


def finish(app, exception) -> None:
    """Write the editors' own files; without Python, leave them all out."""
    if exception or app.builder.name != "html":
        return
    static = Path(app.outdir) / "_static"
    if not app.book_solve:
        for name in (*SCRIPTS, WORKER, SHEET):
            (static / name).unlink(missing_ok=True)
        return
    vendor = THEME / "vendor"
    bundle = (vendor / "editor.min.js").read_text("utf8")
    (static / "editor.min.js").write_text(bundle, "utf8")
    texts = [
        ((vendor / "editor.min.css").read_text("utf8"), "."),
        ((THEME / "static" / SHEET).read_text("utf8"), "."),
    ]
    rules = sheets.prune(texts, All())
    (static / SHEET).write_text(sheets.write(rules), "utf8")
    worker = (THEME / "static" / WORKER).read_text("utf8")
    (static / WORKER).write_text(lean.shorter(worker), "utf8")


def setup(app) -> None:
    """Register what it adds to a page."""
    for kind, visit in ((Solve, visit_solve), (Keys, visit_keys)):
        app.add_node(
            kind,
            html=(visit, None),
            latex=(progress.skip, None),
            text=(progress.skip, None),
        )
