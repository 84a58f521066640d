"""The front page: a figure from a chapter, and the map of the book.

`chapters/index.md` has comments that are filled while building. Elsewhere,
on GitHub say, they do not show, and the map is the table that they enclose.

    <!-- live word_order from 04_attention.ipynb -->
    <!-- colab 01_vector_sets.ipynb: words of the link -->
    <!-- python: what is so where pages can run Python (runtime.py) -->
    <!-- map --> | [title](file) | question | … <!-- /map -->
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import yaml
from sphinx.errors import ExtensionError

from . import reader
from .notebook import EFFORT

LIVE = re.compile(r"<!-- live (\w+) from (\S+) -->")
COLAB = re.compile(r"<!-- colab (\S+): (.+?) -->")
PYTHON = re.compile(r"<!-- python: (.+?) -->", re.S)
MAP = re.compile(r"<!-- map -->(.*?)<!-- /map -->", re.S)
ROW = re.compile(r"^\| \[[^\]]+\]\(([^)]+)\) \| (.+?) \|$", re.M)
EXERCISE = re.compile(r"\]\([\w-]+\.ipynb#(ex-[\w-]+)\)")
EARLIER = re.compile(r"\bchapters?\s+(\d\d(?:(?:,| and)\s+\d\d)*)", re.I)
STYLE = Path(__file__).with_name("front.css")
# How a reading time is counted; the page says so.
WORDS_A_MINUTE, LINES_A_MINUTE = 200, 20


def figure(path: Path, name: str) -> str:
    """The stored output of the first live figure of that name.

    Raises
    ------
    ExtensionError : the notebook has none.
    """
    start = f'<div class="selfattn-live" data-live="{name}">'
    for cell in reader.cells(path) if path.is_file() else []:
        for output in cell.get("outputs", []):
            text = "".join(output.get("data", {}).get("text/html", ""))
            if text.startswith(start):
                return text
    raise ExtensionError(
        f"the front page must show a figure that exists: {path.name} has no"
        f" output of {name}; run `make notebooks NB={path}` or change the"
        " comment in chapters/index.md"
    )


def _own(cell: dict) -> bool:
    """Whether a cell is read as part of the chapter: no exercise is."""
    return not {"setup", "exercise", "starter", "check", "solution"} & set(
        cell["metadata"].get("tags", [])
    )


def minutes(cells: list[dict]) -> int:
    """How long a chapter takes to read, in steps of five minutes."""
    words = lines = 0
    for cell in filter(_own, cells):
        if cell["cell_type"] == "markdown":
            words += len(cell["source"].split())
        elif "hide-input" not in cell["metadata"].get("tags", []):
            lines += len(cell["source"].splitlines())
    exact = words / WORDS_A_MINUTE + lines / LINES_A_MINUTE
    return max(5, 5 * round(exact / 5))


def effort(cells: list[dict]) -> tuple[int, int]:
    """How many exercises a chapter has, and their minutes in all."""
    tasks = [
        EFFORT.search(cell["source"])
        for cell in cells
        if "exercise" in cell["metadata"].get("tags", [])
    ]
    return len(tasks), sum(int(t["time"].split()[0]) for t in tasks if t)


def earlier(cells: list[dict], number: int) -> list[int]:
    """The earlier chapters that a chapter's text names."""
    own = list(filter(_own, cells))
    text = reader.prose(own).partition("## Read next")[0]
    named = {
        int(n)
        for group in EARLIER.findall(text)
        for n in re.findall(r"\d\d", group)
    }
    return sorted(n for n in named if n < number)


def _numbers(found: list[int]) -> str:
    *most, last = map(str, found)
    return f"{', '.join(most)} and {last}" if most else last


def _entry(path: Path, question: str) -> str:
    cells = reader.cells(path)
    number = int(path.name[:2])
    title = reader.title(reader.prose(cells))
    n, time = effort(cells)
    exercises = f"{n} exercise{'s' * (n != 1)}, {time} min"
    facts = [f"read {minutes(cells)} min", exercises]
    before = earlier(cells, number)
    if before:
        facts.append(f"builds on {_numbers(before)}")
    return (
        f'<li value="{number}"><a href="{path.stem}.html">'
        f'<span class="map-number" aria-hidden="true">{number}</span>'
        f"{escape(title)}</a>\n"
        f'<p class="map-question">{escape(question)}</p>\n'
        f'<p class="map-facts">{" · ".join(facts)}</p></li>'
    )


def book_map(source: Path, table: str) -> str:
    """Every part with its chapters, from `_toc.yml` and a table.

    Raises
    ------
    ExtensionError : a chapter without a question, or the other way round.
    """
    toc = yaml.safe_load((source / "_toc.yml").read_text(encoding="utf8"))
    questions = dict(ROW.findall(table))
    parts = []
    for part in toc.get("parts", []):
        files = [
            source / f"{chapter['file']}.ipynb" for chapter in part["chapters"]
        ]
        files = [file for file in files if file.is_file()]
        missing = [f.name for f in files if f.name not in questions]
        if missing:
            raise ExtensionError(
                f"the map needs a question for each chapter: {missing} has"
                " none; add a row to the table in chapters/index.md"
            )
        entries = [_entry(f, questions.pop(f.name)) for f in files]
        if entries:
            parts.append(
                f"<h3>{escape(part['caption'])}</h3>\n<ol>\n"
                + "\n".join(entries)
                + "\n</ol>"
            )
    if questions:
        raise ExtensionError(
            f"the map shows chapters of the book: {list(questions)} is not in"
            " _toc.yml; take the row out of the table in chapters/index.md"
        )
    inside = "\n".join(f'<div class="map-part">\n{p}\n</div>' for p in parts)
    return (
        f'<div class="book-map">\n{inside}\n</div>\n\n'
        f"Reading times count {WORDS_A_MINUTE} words or {LINES_A_MINUTE}"
        " lines of code a minute. A chapter builds on those that its text"
        " names.\n"
    )


def colab_address(options: dict, notebook: str) -> str:
    """Where a notebook opens in Colab, as by the chapters' button."""
    place = options["repository_url"].removeprefix("https://github.com/")
    branch = options.get("repository_branch", "main")
    start = options["launch_buttons"]["colab_url"]
    return f"{start}/github/{place}/blob/{branch}/chapters/{notebook}"


def colab(options: dict, notebook: str, words: str) -> str:
    """A link to it."""
    return f"[{words}]({colab_address(options, notebook)})"


def fill(app, text: str) -> str:
    """The front page with its comments filled; each file that it read noted.

    Raises
    ------
    ExtensionError : a comment asks for what is not there.
    """
    source = Path(app.srcdir)
    chapters = source / "chapters"
    if MAP.search(text):
        app.env.note_dependency(str(source / "_toc.yml"))
        for path in reader.chapters(source):
            app.env.note_dependency(str(path))
    for _, file in LIVE.findall(text):
        app.env.note_dependency(str(chapters / file))
    text = LIVE.sub(lambda m: figure(chapters / m[2], m[1]), text)
    text = MAP.sub(lambda m: book_map(source, m[1]), text)
    # A link to an exercise: its anchor is a label that the site adds.
    text = EXERCISE.sub(r"](#\1)", text)
    text = PYTHON.sub(lambda m: m[1] if app.book_python else "", text)
    options = app.config.html_theme_options
    return COLAB.sub(lambda m: colab(options, m[1], m[2]), text)


def read_source(app, docname: str, content: list[str]) -> None:
    """Before parsing."""
    if any(marker.search(content[0]) for marker in (LIVE, MAP, COLAB)):
        content[0] = fill(app, content[0])


def page_context(app, pagename, templatename, context, doctree) -> None:
    """The page's own style."""
    if 'class="book-map"' in context.get("body", ""):
        style = STYLE.read_text(encoding="utf8")
        context["metatags"] = (
            context.get("metatags", "") + f"<style>{style}</style>"
        )
