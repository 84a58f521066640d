"""What the site adds to a notebook, derived from cell tags and metadata.

The notebooks hold plain Markdown, which reads well anywhere. Before Sphinx
parses one, this numbers its exercises, boxes its predictions, folds its
set-up, claims and hints, and lists the works it cites.
"""

from __future__ import annotations

import html
import json
import re

from . import folds, reader, works

EFFORT = re.compile(
    r"^\*Difficulty (?P<dots>[●○]{3}) · (?P<time>\d+ minutes?)\*$", re.M
)
HEADING = re.compile(r"^### Exercise: (?P<title>.+)$", re.M)
PRIVATE = "application/vnd.selfattn."


def _effort(match: re.Match) -> str:
    level = match["dots"].count("●")
    return (
        f'<p class="effort"><span role="img" aria-label="Difficulty {level} '
        f'of 3">{match["dots"]}</span> {match["time"]}</p>'
    )


def task(source: str, number: str, name: str) -> str:
    """A task with its number, an anchor, and its effort said in words."""
    source = EFFORT.sub(_effort, source, count=1)
    return HEADING.sub(
        lambda m: f"(ex-{anchor(name)})=\n### Exercise {number}: {m['title']}",
        source,
        count=1,
    )


def anchor(name: str) -> str:
    """`04.dot_scores` as part of an address: `04-dot-scores`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def hints(texts: list[str]) -> str:
    """Hints inside hints: each opens only from within the one before."""
    inner = ""
    for n, text in reversed(list(enumerate(texts, start=1))):
        body = re.sub(
            r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False)
        )
        inner = (
            f'<details class="hint"><summary>Hint {n} of {len(texts)}'
            f"</summary><p>{body}</p>{inner}</details>"
        )
    return inner


def predict(source: str) -> str:
    """A box that asks for a guess before the next cell is read.

    A notebook elsewhere has no box, so its text may open with the word.
    """
    source = re.sub(r"^\*\*Predict[.:,]?\*\*[.:,]?\s*", "", source)
    return (
        "::::::{admonition} Predict, then run\n:class: predict\n\n"
        f"{source}\n::::::"
    )


def _drop_private(cell: dict) -> None:
    for output in cell.get("outputs", []):
        for mime in list(output.get("data", {})):
            if mime.startswith(PRIVATE):
                del output["data"][mime]


def _code(cell: dict) -> None:
    _drop_private(cell)
    tags = cell["metadata"].setdefault("tags", [])
    options = cell["metadata"].setdefault("mystnb", {})
    if "check" in tags:  # nothing is answered on the page
        cell["outputs"] = []
    if line := folds.evidence(cell):
        tags.append("hide-input")
        options["code_prompt_show"] = options["code_prompt_hide"] = line
        cell["outputs"] = []
    elif "setup" in tags:
        tags.append("hide-input")
        options["code_prompt_show"] = "Set-up, for Colab only"
        options["code_prompt_hide"] = "Set-up, for Colab only"
    elif "hide-input" in tags:
        options["code_prompt_show"] = "Show the code"
        options["code_prompt_hide"] = "Hide the code"
    image = options.get("image")
    if image:
        image["classes"] = "dark-light chart"
    if cell["metadata"].get("caption"):
        options["figure"] = {"caption": cell["metadata"]["caption"]}


def transform(text: str, chapter: int | None, bibliography: dict) -> str:
    """The notebook that Sphinx reads, from the one in the repository."""
    nb = reader.parse(text)
    everything = reader.prose(nb["cells"])
    number, folded = 0, {}
    for cell in nb["cells"]:
        source, metadata = cell["source"], cell["metadata"]
        tags, name = metadata["tags"], metadata.get("exercise", "")
        if cell["cell_type"] == "code":
            _code(cell)
        elif "predict" in tags:
            cell["source"] = predict(source)
        elif "exercise" in tags:
            number += 1
            label = f"{chapter}.{number}" if chapter else str(number)
            cell["source"] = task(source, label, name)
            folded[name] = metadata.get("hints", [])
        elif "solution" in tags:
            start = source.replace("<details>", '<details class="solution">')
            cell["source"] = f"{hints(folded.get(name, []))}\n\n{start}"
        else:
            cell["source"] = folds.answers(source)
    nb["cells"] = folds.further(nb["cells"])
    closing = works.chapter_list(everything, bibliography, chapter)
    if closing:
        nb["cells"].append(
            {
                "cell_type": "markdown",
                "id": "works-cited",
                "metadata": {},
                "source": closing,
            }
        )
    return json.dumps(nb)
