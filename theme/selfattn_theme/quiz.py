"""Quizzes as forms: choices and numbers in the place of the starter.

The page grades them itself, with `static/quiz_rules.js`. What it says comes
from the package here, while building; a right answer is kept as a hash, so
that it does not meet the eye of who looks at the page's source.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from html import escape
from pathlib import Path
from typing import NamedTuple

from docutils import nodes

from selfattn import exercises
from selfattn.exercises import Exercise
from selfattn.grading.messages import quiz as say
from selfattn.grading.report import Report

from . import live, progress, sheets
from .notebook import anchor

STYLE = Path(__file__).with_name("quiz.css")
FORM = '<form class="quiz '
# Where no script runs the page shows the starter and its check.
UNSCRIPTED = (
    "<noscript><style>.quiz-cells{display:block!important}</style></noscript>"
)
NAMED = re.compile(r'"(\w+)": (.+)')


class Quiz(nodes.General, nodes.Element):
    """A quiz's form, as HTML."""


class Asked(NamedTuple):
    """One line of a quiz: its key in the answer, and what is said of it."""

    key: str
    text: str


class Form(NamedTuple):
    """What a quiz asks.

    Parameters
    ----------
    lead : what its starter says before the lines.
    named : choices that the starter explains, each with its explanation.
    choices : the answers to choose from; none where a number is asked for.
    lines : what is asked.
    """

    lead: str
    named: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    lines: tuple[Asked, ...]


def is_quiz(starter: str) -> bool:
    """Whether this starter is data to fill in, not something to define."""
    try:
        body = ast.parse(starter).body
    except SyntaxError:
        return False
    return len(body) == 1 and isinstance(body[0], ast.Assign)


def form(exercise: Exercise) -> Form:
    """What the exercise's starter asks, and the answers there are."""
    right = exercise.reference()
    told = _comments(exercise.starter, list(right))
    named = tuple(
        (found[1], found[2])
        for found in map(NAMED.fullmatch, told[None])
        if found
    )
    lead = [text for text in told[None] if not NAMED.fullmatch(text)]
    kinds = {type(value) for value in right.values()}
    if kinds == {bool}:
        choices: tuple[str, ...] = ("True", "False")
    elif kinds == {str}:
        choices = tuple(name for name, _ in named)
    else:
        choices = ()
    answers = [right, *(trap.wrong() for trap in exercise.traps.values())]
    unknown = {str(v) for a in answers for v in a.values()} - set(choices)
    if choices and unknown or kinds not in ({bool}, {str}, {int}):
        raise ValueError(
            f"a quiz's answers must be truth values, whole numbers or words "
            f"that its starter explains: got {unknown or kinds} in "
            f'{exercise.id}; explain each as # "word": what it means'
        )
    lines = tuple(Asked(key, " ".join(told[key])) for key in right)
    return Form(" ".join(lead), named, choices, lines)


def _comments(starter: str, keys: list[str]) -> dict[str | None, list[str]]:
    """The starter's comments by the key that each is about.

    One before the first line is about all, under None; one above or behind a
    key is about that key.
    """
    found: dict[str | None, list[str]] = {key: [] for key in [None, *keys]}
    waiting: list[str] = []
    last = None
    for token in tokenize.generate_tokens(io.StringIO(starter).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.removeprefix("#").strip()
            behind = last is not None and token.line.split("#")[0].strip()
            (found[last] if behind else waiting).append(text)
        elif token.string == "{":
            found[None], waiting = waiting, []
        elif token.type == tokenize.STRING:
            last = ast.literal_eval(token.string)
            found[last], waiting = waiting, []
    return found


# ----------------------------------------------------- what the page grades


def mark(about: str, line: int, value: str) -> str:
    """One answer's hash (FNV-1a, 32 bits), as quiz_rules.js makes it."""
    made = 0x811C9DC5
    for letter in f"{about} {line} {value}".encode("ascii"):
        made = (made ^ letter) * 0x01000193 % 2**32
    return f"{made:x}"


def graded(exercise: Exercise) -> dict:
    """What the page must know to grade one quiz."""
    right = exercise.reference()

    def marked(answer: dict, keys) -> list[str]:
        return [
            mark(exercise.id, n, str(answer[key]))
            for n, key in enumerate(right)
            if key in keys
        ]

    traps = []
    for name, trap in exercise.traps.items():
        wrong = trap.wrong()
        off = [key for key in right if wrong[key] != right[key]]
        traps.append([name, trap.message, marked(wrong, off)])
    return {
        "id": exercise.id,
        "lines": [say.listed([key]) for key in right],
        "right": marked(right, right),
        "traps": traps,
    }


class Place:
    """Stands in a sentence where the page puts the keys."""

    def __repr__(self) -> str:
        return "{keys}"


def sentences() -> dict:
    """What the page says, and how a report looks, from the package."""
    boxes, looks = set(), {}
    for status in ("todo", "passed", "wrong"):
        box = Report("{id}", status, "{text}").html()
        word = re.search(r"<strong>\{id\}: (.*?)</strong>", box)[1]
        bar = re.search(r"solid (#\w+)", box)[1]
        looks[status] = [word, bar]
        box = box.replace(f"{{id}}: {word}", "{title}").replace(bar, "{bar}")
        boxes.add(box)
    [box] = boxes
    paragraph = re.search(r"<p[^>]*>\{text\}</p>", box)[0]
    return {
        "right": say.RIGHT,
        "blank": say.FORM_BLANK,
        "hints": say.FORM_HINTS,
        "left": say.still_to_answer([Place()]),
        "tally": say.tally("{right}", "{n}", [Place()]),
        "most": say.LISTED,
        "looks": looks,
        "box": box.replace(paragraph, "{blocks}"),
        "paragraph": paragraph,
    }


# --------------------------------------------------------------- the markup


def markup(exercise: Exercise, number: str) -> str:
    """The form, and behind it what the page must know."""
    asked = form(exercise)
    name = escape(exercise.id)
    parts = [
        f'{FORM}pst-js-only" data-quiz="{name}" autocomplete="off" '
        f'novalidate aria-label="Answers to exercise {escape(number)}">'
    ]
    if asked.lead:
        parts.append(f"<p>{escape(asked.lead, quote=False)}</p>")
    if asked.named:
        rows = "".join(
            f"<li><strong>{escape(word)}</strong>: {escape(text)}</li>"
            for word, text in asked.named
        )
        parts.append(f"<ul>{rows}</ul>")
    for n, line in enumerate(asked.lines):
        parts.append(_line(asked, line, f"{name}.{n}"))
    parts.append(
        '<p class="quiz-buttons"><button>Check</button> '
        '<button type="reset">Reset</button> '
        '<span class="quiz-keys">Ctrl or ⌘ + Enter also checks</span></p>'
        '<div class="quiz-report"></div></form>'
    )
    known = {**graded(exercise), "say": sentences()}
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("</", "<\\/").replace("<!", "\\u003c!")
    parts.append(f'<script type="application/json">{text}</script>\n')
    return "".join(parts)


def _line(asked: Form, line: Asked, name: str) -> str:
    about = escape(line.key, quote=False)
    if asked.choices:
        if line.text:
            text = escape(line.text, quote=False)
            about = f"<code>{about}</code>: {text}"
        boxes = "".join(
            f'<label><input type="radio" name="{name}" value="{escape(c)}"> '
            f"{escape(c)}</label>"
            for c in asked.choices
        )
        return f"<fieldset><legend>{about}</legend>{boxes}</fieldset>"
    text = f": {escape(line.text, quote=False)}" if line.text else ""
    return (
        f'<label class="quiz-number"><span>{about}{text}</span> <input '
        f'type="number" name="{name}" inputmode="numeric" step="1"></label>'
    )


# ---------------------------------------------------------------- the steps


def doctree_read(app, doctree) -> None:
    """Put a form before the starter of each quiz."""
    page = progress.PAGE.search(app.env.docname)
    known = set(exercises.ids())
    names = app.book_exercises.get(page[1], []) if page else []
    about = {f"ex-{anchor(name)}": name for name in names if name in known}
    for cell in list(doctree.findall(nodes.container)):
        section = cell.parent
        name = next((about[i] for i in section["ids"] if i in about), None)
        if not (name and "tag_starter" in cell["classes"]):
            continue
        if not is_quiz(cell.astext()):
            continue
        number = progress.NUMBER.match(section[0].astext())
        html = markup(exercises.get(name), number[1] if number else name)
        section.insert(section.index(cell), Quiz(html=html))
        for part in section.children:
            tags = getattr(part, "attributes", {}).get("classes", ())
            if {"tag_starter", "tag_check"} & set(tags):
                part["classes"].append("quiz-cells")


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Give a page with a quiz its style and its script."""
    if FORM not in context.get("body", ""):
        return
    rules = sheets.prune([(STYLE.read_text("utf8"), ".")], live.All())
    context["metatags"] += f"<style>{sheets.write(rules)}</style>{UNSCRIPTED}"
    for name in ("quiz_rules.js", "quiz.js"):
        app.add_js_file(name, loading_method="defer")


def visit_quiz(self, node) -> None:
    """Write the form."""
    self.body.append(node["html"])
    raise nodes.SkipNode


def setup(app) -> None:
    """Register the form; there is nothing to fill in outside a page."""
    app.add_node(
        Quiz,
        html=(visit_quiz, None),
        latex=(progress.skip, None),
        text=(progress.skip, None),
    )
