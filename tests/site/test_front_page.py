"""The front page: its figure, its map, and what it says of the grader."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from checkout import ROOT
from pages import build, chapters, small_book
from selfattn_theme import front
from soup import soup
from sphinx.errors import ExtensionError

from selfattn import check

INDEX = (ROOT / "chapters" / "index.md").read_text("utf8")
TABLE = front.MAP.search(INDEX)[1]


@pytest.fixture(scope="module")
def page(html):
    return soup(html / "chapters" / "index.html")


def cells_of(name):
    return json.loads((ROOT / "chapters" / name).read_text("utf8"))["cells"]


# ----------------------------------------------------------- what is claimed


def words(text):
    return " ".join(text.split())


@pytest.mark.parametrize("file", ["chapters/index.md", "README.md"])
def test_the_grader_really_says_what_is_quoted(file):
    text = (ROOT / file).read_text("utf8")
    [code] = [
        block
        for block in re.findall(r"```python\n(.*?)```", text, re.S)
        if "\ndef " in f"\n{block}"
    ]
    space = {"np": np, "check": check}
    exec(re.sub(r"^check\(", "report = check(", code, flags=re.M), space)
    report = space["report"]
    assert report.status == "wrong" and report.diagnosis
    # The cases are drawn anew each time, so their count may differ.
    quoted = re.search(r"(?:^> .*\n)+|^```text\n[^`]*```", text, re.M)[0]
    said = words(re.sub(r"^(?:```text|```|> )", "", quoted, flags=re.M))
    said = re.sub(r"^[\w.]+: wrong ", "", said).partition(" Right on")[0]
    assert len(said) > 80 and words(report.message).startswith(said)
    if "I saw a saw” itself" in text:
        assert "The first that is not: “I saw a saw” in" in report.message


def test_the_page_shows_the_output_that_the_chapter_stores(page):
    [box] = page.select("[data-live]")
    stored = BeautifulSoup(
        front.figure(ROOT / "chapters/04_attention.ipynb", "word_order"),
        "html.parser",
    )
    state = json.loads(stored.script.string)
    assert json.loads(box.script.string) == state
    assert box.img["alt"] == stored.img["alt"]
    assert page.select("#live-module-word_order")


# -------------------------------------------------------------------- the map


def test_the_map_has_every_chapter_in_its_order(page):
    entries = page.select(".book-map li")
    names = [Path(entry.a["href"]).stem for entry in entries]
    assert names == [Path(chapter).name for chapter in chapters()]
    assert [entry["value"] for entry in entries] == [
        str(int(name[:2])) for name in names
    ]
    questions = dict(front.ROW.findall(TABLE))
    for name, entry in zip(names, entries, strict=True):
        shown = entry.select_one(".map-question").get_text()
        assert shown == questions[f"{name}.ipynb"]
        title = next(
            "".join(cell["source"]) for cell in cells_of(f"{name}.ipynb")
        ).splitlines()[0]
        link = entry.a.find(string=True, recursive=False)
        assert f"# {link}" == title
        assert f"[{link}]({name}.ipynb)" in TABLE


def test_the_map_counts_what_the_notebooks_hold(page):
    for entry in page.select(".book-map li"):
        name = Path(entry.a["href"]).stem
        tasks = [
            "".join(cell["source"])
            for cell in cells_of(f"{name}.ipynb")
            if "exercise" in cell["metadata"].get("tags", [])
        ]
        minutes = sum(
            int(re.search(r"· (\d+) minute", task)[1]) for task in tasks
        )
        facts = entry.select_one(".map-facts").get_text()
        assert f"{len(tasks)} exercises, {minutes} min" in facts
        read = int(re.search(r"read (\d+) min", facts)[1])
        assert 5 <= read <= 90 and read % 5 == 0


def cell(source, *tags, kind="markdown"):
    return {
        "cell_type": kind,
        "source": source,
        "metadata": {"tags": list(tags)},
    }


def test_reading_time_counts_text_and_code_but_no_exercises():
    text = [cell("word " * 2000)]
    assert front.minutes(text) == 10
    code = [cell("line\n" * 100, kind="code")]
    assert front.minutes(text + code) == 15
    assert front.minutes(text + [cell("word " * 2000, "exercise")]) == 10
    assert front.minutes(code + [cell("line", "hide-input")]) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as in chapter 03, chapters 04 and 05", [3, 4, 5]),
        ("Chapter 02 did; chapters 06 and 07 will", [2]),
        ("chapters 01, 02 and 04", [1, 2, 4]),
        ("nothing\n\n## Read next\n\nchapter 05", []),
    ],
)
def test_a_chapter_builds_on_the_earlier_ones_that_it_names(text, expected):
    assert front.earlier([cell(text)], 6) == expected


# --------------------------------------------------------- what is refused


def test_a_figure_that_no_cell_shows_is_refused():
    path = ROOT / "chapters" / "04_attention.ipynb"
    for name, where in (("gone", path), ("word_order", path / "gone.ipynb")):
        with pytest.raises(ExtensionError, match="no output of"):
            front.figure(where, name)


def test_map_and_contents_must_agree():
    row = next(line for line in TABLE.splitlines() if "07_" in line)
    with pytest.raises(ExtensionError, match="07_positions.ipynb.* has none"):
        front.book_map(ROOT, TABLE.replace(row, ""))
    more = row.replace("07_positions", "99_more")
    with pytest.raises(ExtensionError, match="99_more.* is not in"):
        front.book_map(ROOT, f"{TABLE}\n{more}\n")


@pytest.mark.sweep
def test_a_front_page_without_its_figure_does_not_build(tmp_path):
    text = "# Front\n\n<!-- live word_order from 04_attention.ipynb -->\n"
    book = small_book(tmp_path / "book", {"index.md": text})
    done = build(book, tmp_path / "out")
    assert done.returncode != 0
    said = " ".join((done.stdout + done.stderr).split())
    assert "04_attention.ipynb has no output of word_order" in said


# ------------------------------------------------------------- on the page


def test_the_three_ways_each_end_in_one_thing_to_do(page, html):
    panels = page.select("#three-ways-in > section")
    assert [panel.h3.get_text().rstrip("#") for panel in panels] == [
        "Read", "Run", "Solve",
    ]  # fmt: skip
    links = [panel.select("p")[-1].a["href"] for panel in panels]
    assert links[0] == "01_vector_sets.html"
    chapter = (html / "chapters" / links[0]).read_text("utf8")
    assert f'href="{links[1]}"' in chapter
    assert links[1].startswith("https://colab.research.google.com/github/")
    assert links[2] == "01_vector_sets.html#ex-01-one-hot"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_first_screen_has_the_figure(html, visit, scheme, width, height):
    page = visit(
        html / "chapters" / "index.html",
        width,
        wait=".word_order",
        color_scheme=scheme,
        viewport={"width": width, "height": height},
    )
    box = page.locator(".word_order").bounding_box()
    seen = box["height"] if width > 700 else 120
    assert box["y"] + seen <= height
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    live = page.locator(".word_order")
    live.get_by_role("button", name="a saw saw I").click()
    page.wait_for_timeout(100)
    assert live.locator(".live-tag:visible").all_inner_texts() == [
        "article", "noun", "verb", "pronoun",
    ]  # fmt: skip


@pytest.mark.browser
def test_the_map_is_walked_by_keyboard(html, visit):
    page = visit(html / "chapters" / "index.html", wait=".word_order")
    page.locator(".book-map a").first.focus()
    for name in chapters():
        where = page.evaluate("document.activeElement.href")
        assert where.endswith(f"{name}.html")
        outline = page.evaluate(
            "getComputedStyle(document.activeElement.parentNode).outlineStyle"
        )
        assert outline == "solid"
        page.keyboard.press("Tab")
    # The whole entry is the link.
    facts = page.locator(".book-map .map-facts").nth(3)
    facts.scroll_into_view_if_needed()
    box = facts.bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    page.wait_for_url("**/04_attention.html")


@pytest.mark.browser
def test_the_map_is_a_list_without_style(html, visit):
    page = visit(html / "chapters" / "index.html", java_script_enabled=False)
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    parts = [part["caption"] for part in toc["parts"] if "numbered" in part]
    assert page.locator(".book-map ol").count() == len(parts)
    assert page.locator(".book-map h3").all_inner_texts() == parts
    numbers = page.locator(".map-number")
    assert set(numbers.evaluate_all("e => e.map(n => n.ariaHidden)")) == {
        "true"
    }
