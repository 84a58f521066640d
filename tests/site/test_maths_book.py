"""Formulas wherever a chapter may have them, in a book built for the test."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pages import build, small_book

TITLE = r"Why $\sqrt{d_k}$ and not $d_k$"
TEXT = r"""
The need: $d_k$ grows. It costs \$5, and `$x$` is code.

## Scores $\alpha_{1,i}$ by hand

| symbol | meaning |
|---|---|
| $\alpha'_{1,i}$ | the weight of $v^i$ |

> **Notation.** $b^1 = \sum_i \alpha'_{1,i} v^i$.

Text

> A quotation of $k^2$.

1. an item with **bold $q^1$** and a [link with $W^q$](02_next.ipynb)

$$Q = W^q I$$

<details>
<summary>Answer for $d_{\text{model}}$</summary>

It is $1/\sqrt{d_k}$, <b>and $k^2$</b>, not `$y$`.

<pre>cost=$z$</pre>

</details>
"""
NEXT = r"# Then $b^1$ follows" "\n\nText without any.\n"
OUTPUT = "<p>paid $w$ twice: $w$</p>"


def notebook(*cells: dict) -> str:
    for at, cell in enumerate(cells):
        cell |= {"id": f"c{at}", "metadata": {}}
    kernel = {"name": "python3", "display_name": "x", "language": "python"}
    return json.dumps({
        "cells": list(cells),
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    })  # fmt: skip


def text(source: str) -> dict:
    return {"cell_type": "markdown", "source": source}


def shown(html: str) -> dict:
    output = {"output_type": "display_data", "metadata": {}}
    output["data"] = {"text/html": html, "text/plain": "x"}
    return {
        "cell_type": "code",
        "source": "x",
        "execution_count": 1,
        "outputs": [output],
    }


def write(book: Path, body: str) -> Path:
    """A book of a front page and two chapters."""
    front = (
        "# Book\n\n<!-- map -->\n| a | b |\n|---|---|\n"
        "| [x](01_first.ipynb) | Why $d_k$? |\n"
        "| [y](02_next.ipynb) | What $b^1$? |\n<!-- /map -->\n"
    )
    first = notebook(text(f"# {TITLE}\n{body}"), shown(OUTPUT))
    pages = {
        "index.md": front,
        "01_first.ipynb": first,
        "02_next.ipynb": notebook(text(NEXT)),
    }
    contents = "parts:\n- caption: All\n  chapters:\n"
    contents += "  - file: chapters/01_first\n  - file: chapters/02_next\n"
    return small_book(book, pages, contents)


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("maths")
    done = build(write(folder / "book", TEXT), folder / "out")
    said = done.stdout + done.stderr
    assert done.returncode == 0 and "WARNING" not in said, said[-3000:]
    return folder / "out/_build/html"


@pytest.fixture(scope="module")
def page(pages) -> BeautifulSoup:
    text = (pages / "chapters/01_first.html").read_text("utf8")
    return BeautifulSoup(text, "html.parser")


def seen(tag) -> str:
    """The text of an element without its MathML."""
    copy = BeautifulSoup(str(tag), "html.parser")
    for hidden in copy.find_all("math"):
        hidden.decompose()
    return " ".join(copy.get_text().split())


def test_formulas_are_drawn_in_every_place(page):
    article = page.article
    places = "h1|h2|td|blockquote|.aside|li a|li strong|details p|summary"
    for place in [*places.split("|"), "details b"]:
        assert article.select_one(f"{place} .m"), place
    assert article.select_one("div.formula .m math")


def test_what_is_code_or_an_output_or_money_stays(page):
    codes = [code.get_text() for code in page.article.select("code, pre")]
    assert {"$x$", "$y$", "cost=$z$"} <= set(codes)
    assert OUTPUT in str(page)
    assert "It costs $5, and" in seen(page.article)
    without = page.article
    for tag in without.select("pre, code, .cell_output"):
        tag.extract()
    assert seen(without).count("$") == 1


def test_contents_titles_and_links_spell_formulas(pages, page):
    spelled = "Why √d_k and not d_k"
    assert page.title.get_text().startswith(spelled)
    assert seen(page.h1).startswith(spelled)
    here = page.select_one(".bd-docs-nav li.active a")
    assert " ".join(here.get_text().split()) == spelled
    aside = page.select_one("nav.page-toc")
    assert "Scores α_{1,i} by hand" in aside.get_text()
    assert "Then b^1 follows" in page.select_one(".right-next").get_text()
    front = (pages / "chapters/index.html").read_text("utf8")
    assert spelled in front and "Then b^1 follows" in front
    assert not page.select("aside .m, nav .m, .prev-next-footer .m")


def test_the_map_has_no_source_of_formulas(pages):
    front = (pages / "chapters/index.html").read_text("utf8")
    tree = BeautifulSoup(front, "html.parser").select_one(".book-map")
    assert "$" not in tree.get_text() and "\\" not in tree.get_text()
    assert "Why d_k?" in seen(tree)


def test_the_search_index_knows_spelled_titles(pages):
    index = (pages / "searchindex.js").read_text("utf8")
    assert (
        "Why √d_k and not d_k"
        in json.loads(
            re.fullmatch(r"Search\.setIndex\((.*)\);?", index.strip())[1]
        )["titles"]
    )
    assert "\\\\sqrt" not in index and "\\\\alpha" not in index


BAD = r"""
$\frac{a$

<details>
<summary>$\frac{b$</summary>

| a |
|---|
| $\nosuchthing$ |

</details>
"""


@pytest.mark.sweep
def test_each_formula_that_cannot_be_read_fails_the_build(tmp_path):
    done = build(write(tmp_path / "book", BAD), tmp_path / "out")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert len(re.findall("WARNING: formula .*KaTeX parse error", said)) == 3
