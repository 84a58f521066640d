"""The built site: strict, whole, and asking nobody else for anything."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from checkout import ROOT
from nbtool import fill
from pages import build, chapters, contents, small_book
from selfattn_theme import (
    glossary,
    maths,
    notation,
    notebook,
    works,
)
from soup import soup

PAGES = contents()
CHAPTERS = chapters()
every_page = pytest.mark.parametrize("page", PAGES)
every_chapter = pytest.mark.parametrize("page", CHAPTERS)


@cache
def ids(path: Path) -> set[str]:
    return {tag["id"] for tag in soup(path).find_all(id=True)}


def cells_of(page: str) -> list[dict]:
    return json.loads((ROOT / f"{page}.ipynb").read_text("utf8"))["cells"]


# --------------------------------------------------------------- each page


def test_every_page_is_built_and_the_front_page_is_found(html):
    missing = [p for p in PAGES if not (html / f"{p}.html").exists()]
    assert missing == []
    front = (html / "index.html").read_text("utf8")
    assert "chapters/index.html" in front


def test_every_notebook_is_in_the_contents():
    here = {f"chapters/{p.stem}" for p in ROOT.glob("chapters/*.ipynb")}
    assert here == set(CHAPTERS)


@every_page
def test_every_internal_link_and_anchor_leads_somewhere(html, page):
    path = html / f"{page}.html"
    broken = []
    for tag in soup(path).find_all(["a", "link", "script", "img"]):
        address = tag.get("href") or tag.get("src") or ""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or not address:
            continue
        target = (path.parent / unquote(parts.path)).resolve()
        target = target if parts.path else path
        if not target.is_file():
            broken.append(address)
        elif parts.fragment and target.suffix == ".html":
            if unquote(parts.fragment) not in ids(target):
                broken.append(address)
    assert broken == []


@every_page
def test_every_picture_has_a_description(html, page):
    article = soup(html / f"{page}.html").find("article")
    # The panels of a figure are pictures that share one description.
    pictures = article.select("img:not(.panels img)")
    assert [p["src"] for p in pictures if not p.get("alt", "").strip()] == []
    for figure in article.select(".panels"):
        assert figure["role"] == "img" and figure["aria-label"].strip()


@every_page
def test_language_title_and_headings_are_right(html, page):
    tree = soup(html / f"{page}.html")
    assert tree.html["lang"] == "en"
    article = tree.find("article")
    assert len(article.find_all("h1")) == 1
    title = article.h1.get_text().rstrip("#").strip()
    # "1. Vector sets" in the heading, "Vector sets" in the tab.
    assert re.sub(r"^\d+\. ", "", title) in tree.title.get_text()
    levels = [int(h.name[1]) for h in article.find_all(re.compile("^h[1-6]$"))]
    steps = zip(levels, levels[1:], strict=False)
    assert all(b <= a + 1 for a, b in steps), levels


@every_page
def test_no_script_style_picture_or_font_comes_from_elsewhere(html, page):
    tree = soup(html / f"{page}.html")
    loaded = [t["src"] for t in tree.find_all(src=True)]
    loaded += [
        t["href"]
        for t in tree.find_all("link", href=True)
        if not {"canonical", "prev", "next", "author"} & set(t["rel"])
    ]
    assert [a for a in loaded if urlsplit(a).netloc] == []
    names = " ".join(loaded).lower()
    for heavy in ("mathjax", "require", "thebe", "fontawesome.js"):
        assert heavy not in names


def test_no_style_sheet_asks_elsewhere(html):
    for sheet in html.rglob("*.css"):
        text = sheet.read_text("utf8")
        remote = r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\s]*"
        found = re.findall(remote, text)
        assert found == [], sheet.name


@every_page
def test_previous_and_next_follow_the_contents(html, page):
    tree = soup(html / f"{page}.html")
    place = PAGES.index(page)
    for cls, other in (("left-prev", place - 1), ("right-next", place + 1)):
        link = tree.find("a", class_=cls)
        if 0 <= other < len(PAGES):
            assert link["href"] == Path(PAGES[other]).name + ".html"
        else:
            assert link is None


def test_the_search_index_knows_every_page(html):
    text = (html / "searchindex.js").read_text("utf8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert set(PAGES) <= set(index["docnames"])
    assert "softmax" in index["terms"]


# ------------------------------------------------------------ each chapter


@every_chapter
def test_colab_and_download_lead_to_this_notebook(html, page):
    tree = soup(html / f"{page}.html")
    links = [a["href"] for a in tree.find_all("a", href=True)]
    place = fill.address().removeprefix("https://github.com/")
    colab = "https://colab.research.google.com/github/"
    assert f"{colab}{place}/blob/main/{page}.ipynb" in links
    [copy] = [
        a
        for a in links
        if a.endswith(f"{Path(page).name}.ipynb") and not a.startswith("http")
    ]
    served = (html / page).parent / copy
    assert served.read_bytes() == (ROOT / f"{page}.ipynb").read_bytes()


@every_chapter
def test_every_exercise_has_a_numbered_box_with_its_parts(html, page):
    tree = soup(html / f"{page}.html")
    tasks = [
        cell["metadata"]
        for cell in cells_of(page)
        if "exercise" in cell["metadata"].get("tags", [])
    ]
    boxes = tree.select("section.exercise")
    assert len(boxes) == len(tasks) > 0
    chapter = int(Path(page).name[:2])
    for n, (box, task) in enumerate(zip(boxes, tasks, strict=True), start=1):
        assert box.h3.get_text().startswith(f"Exercise {chapter}.{n}: ")
        assert f"ex-{notebook.anchor(task['exercise'])}" in ids(
            html / f"{page}.html"
        )
        assert (
            "Difficulty" in box.select_one("p.effort [role=img]")["aria-label"]
        )
        assert len(box.select("details.hint")) == len(task["hints"])
        assert len(box.select("details.solution")) == 1
        assert box.select_one("details.solution div.highlight")


@every_chapter
def test_predictions_are_boxed_and_the_setup_is_folded(html, page):
    tree = soup(html / f"{page}.html")
    tags = [cell["metadata"].get("tags", []) for cell in cells_of(page)]
    predictions = sum("predict" in names for names in tags)
    assert len(tree.select("div.admonition.predict")) == predictions
    [setup] = tree.select("div.cell.tag_setup")
    assert setup.details and not setup.details.has_attr("open")


@every_chapter
def test_every_figure_is_there_and_follows_the_scheme(html, page):
    drawn = "div.cell_output img:not(.live-static img)"
    tree = soup(html / f"{page}.html")
    shown = tree.select(drawn)
    figures = tree.select(f"{drawn}:not(.panels img), .panels")
    stored = [
        output
        for cell in cells_of(page)
        for output in cell.get("outputs", [])
        if any(m.startswith("image/") for m in output.get("data", {}))
    ]
    assert len(figures) == len(stored) > 0
    for picture in shown:
        assert "dark-light" in picture["class"]
        path = (html / page).parent / picture["src"].partition("#")[0]
        if path.suffix == ".svg":
            drawing = path.read_text("utf8")
            assert re.search(r"prefers-color-scheme:\s*dark", drawing)


@every_chapter
def test_works_are_listed_where_they_are_cited(html, page):
    entries = works.load(ROOT / "chapters" / "references.bib")
    text = "\n\n".join(
        "".join(c["source"])
        for c in cells_of(page)
        if c["cell_type"] == "markdown"
    )
    keys = works.cited(text, entries)
    listed = soup(html / f"{page}.html").find(id="works-cited")
    links = {a["href"] for a in listed.find_all("a", class_="external")}
    assert {entries[key]["url"] for key in keys} == links
    whole = (html / "chapters/bibliography.html").read_text("utf8")
    assert all(link.replace("&", "&amp;") in whole for link in links)


def test_names_in_the_bibliography_are_letters_not_commands():
    text = (ROOT / "chapters" / "references.bib").read_text("utf8")
    assert re.findall(r"\\[^%&_#$]\S*", text) == []


@every_page
def test_formulas_are_drawn_and_none_is_left_as_source(html, page):
    article = soup(html / f"{page}.html").find("article")
    for formula in article.select(".formula"):
        assert formula.find("math"), formula.get_text()
    assert article.select(".katex-error") == []
    # A line that begins with “- ” ends a formula and begins a list.
    prose = BeautifulSoup(str(article), "html.parser")
    for other in prose.select("pre, code, script, .katex, .m"):
        other.decompose()
    assert re.findall(r".{0,40}(?:\$|\\\(|\\frac).*", prose.get_text()) == []


# --------------------------------------------------------- the appendices


def test_the_notation_table_is_whole(html):
    sections = notation.load(ROOT / "chapters" / "notation.yml")
    proofs = {"names", "torch_names", "equal", "shape"}
    keys = {"meaning", *notation.COLUMNS, *proofs}
    rows = [row for section in sections for row in section["rows"]]
    assert all(set(row) <= keys and len(row) > 1 for row in rows)
    tables = soup(html / "chapters/notation.html").find_all("table")
    assert [len(t.tbody.find_all("tr")) for t in tables] == [
        len(section["rows"]) for section in sections
    ]


def test_long_names_in_tables_break_between_their_parts(html):
    page = (html / "chapters/notation.html").read_text("utf8")
    assert "reference.<wbr>multi_<wbr>head" in page
    prose = re.sub(r"<table\b.*?</table>", "", page, flags=re.S)
    assert "<wbr>" not in prose


def test_the_glossary_has_every_term_once_with_its_chinese(html):
    terms = glossary.load(ROOT / "chapters" / "glossary.yml")
    names = [item["term"] for item in terms]
    assert len(set(names)) == len(names)
    page = html / "chapters/glossary.html"
    assert {glossary.anchor(name) for name in names} <= ids(page)
    assert len(soup(page).select('dt [lang="zh-Hans"]')) == len(names)
    assert all(item["hans"] != item.get("hant") for item in terms)


# -------------------------------------------------------- what is refused


@pytest.mark.sweep
def test_a_broken_link_or_formula_fails_the_build(tmp_path):
    book = small_book(tmp_path / "book", {"index.md": "# Good\n\n$a^2$\n"})
    (book / ".pytest_cache").mkdir()  # what the tests leave is no page
    (book / ".pytest_cache" / "README.md").write_text("# Cache\n")
    (book / "README.md").write_text("# The book\n")
    good = build(book, tmp_path / "good")
    assert good.returncode == 0, good.stdout[-2000:] + good.stderr[-2000:]
    index = book / "chapters" / "index.md"
    index.write_text("# Bad\n\n[gone](nowhere.md)\n\n$\\frac{a$\n")
    bad = build(book, tmp_path / "bad")
    assert bad.returncode != 0
    said = bad.stdout + bad.stderr
    assert "nowhere.md" in said and "KaTeX parse error" in said


def test_bad_formulas_say_what_is_wrong():
    with pytest.raises(ValueError, match="Undefined control sequence"):
        maths.render(r"\nosuchthing", False)


def test_only_markup_meant_as_such_reaches_the_hints():
    text = notebook.hints(["Use `a < b`.", "<script>"])
    assert "<code>a &lt; b</code>" in text
    assert "<script>" not in text
    assert text.index("Hint 1 of 2") < text.index("Hint 2 of 2")


def test_a_prediction_says_so_once():
    boxed = notebook.predict("**Predict.** Which is *larger*?")
    assert boxed.count("Predict") == 1
    assert "Which is *larger*?" in boxed


def test_values_reported_by_cells_do_not_reach_the_page():
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "1",
        "outputs": [
            {
                "data": {
                    "application/vnd.selfattn.values+json": {"a": "1"},
                    "text/plain": "1",
                }
            }
        ],
    }
    book = json.dumps({"cells": [cell]})
    out = json.loads(notebook.transform(book, 1, {}))
    assert list(out["cells"][0]["outputs"][0]["data"]) == ["text/plain"]


def test_the_address_of_the_repository_is_the_one_in_pyproject():
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    assert config["repository"]["url"] == fill.address()
