"""The offline copy: whole, quiet, the same each time, and read from disk."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import zip_site
from pages import chapters, contents
from soup import soup


@pytest.fixture(scope="module")
def packed(html, tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "book.zip"
    assert zip_site.pack(html, target) > 50
    return target


@pytest.fixture(scope="module")
def copy(packed, tmp_path_factory) -> Path:
    """The unpacked copy, in a folder whose name is not an easy one."""
    folder = tmp_path_factory.mktemp("elsewhere") / "my books & ünïcode #1"
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder)
    return folder


def test_the_same_pages_make_the_same_bytes(html, packed, tmp_path):
    again = tmp_path / "copied"
    shutil.copytree(html, again)
    zip_site.pack(again, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()
    assert not list(tmp_path.glob("*.unfinished"))


def test_it_holds_the_pages_and_nothing_of_the_workshop(packed):
    with zipfile.ZipFile(packed) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert names == sorted(names)
    assert {"index.html", "search.html", "searchindex.js"} <= set(names)
    assert {f"{page}.html" for page in contents()} <= set(names)
    assert not [n for n in names if n.endswith((".map", ".doctree", ".pyc"))]
    assert not [n for n in names if "/." in f"/{n}"]


def test_every_link_inside_leads_to_a_file_of_the_copy(copy):
    broken = []
    for path in copy.rglob("*.html"):
        tree = soup(path)
        for tag in tree.find_all(["a", "link", "script", "img"]):
            address = tag.get("href") or tag.get("src") or ""
            parts = urlsplit(address)
            if parts.scheme in ("http", "https", "data") or not parts.path:
                continue
            target = path.parent / unquote(parts.path)
            if address.startswith("/") or not target.is_file():
                broken.append((path.name, address))
    assert broken == []


def test_every_file_that_a_style_sheet_loads_is_there(copy):
    # Sphinx's own icons of results: the theme's rule takes their place.
    never_asked_for = {"file.png"}
    missing = []
    for sheet in copy.rglob("*.css"):
        for url in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text()):
            if not url.startswith(("data:", "#", "http")):
                if url in never_asked_for:
                    continue
                if not (sheet.parent / urlsplit(url).path).is_file():
                    missing.append((sheet.name, url))
    assert missing == []


@pytest.mark.parametrize("page", chapters())
def test_the_notebook_of_a_page_is_in_the_copy(copy, page):
    tree = soup(copy / f"{page}.html")
    [link] = [
        a["href"]
        for a in tree.find_all("a", href=True)
        if a["href"].endswith(".ipynb") and "://" not in a["href"]
    ]
    notebook = (copy / page).parent / link
    assert json.loads(notebook.read_text("utf8"))["nbformat"] == 4


def test_without_a_built_site_it_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="run `make site` first"):
        zip_site.pack(tmp_path, tmp_path / "x.zip")


@pytest.mark.browser
def test_the_copy_is_read_and_searched_from_disk(copy, visit):
    page = visit(copy / "index.html", wait="article h1")
    page.locator(".bd-links a", has_text="Matrix form").click()
    page.wait_for_url("**/05_matrix_form.html")
    page.wait_for_selector(".live-on, .book-progress-on")
    page.locator("a.right-next").click()
    page.wait_for_url("**/06_multi_head.html")
    page.locator(".search-button-field").first.click()
    page.locator("#pst-search-dialog input[name=q]").fill("softmax")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=softmax*")
    page.wait_for_function(
        "document.body.innerText.includes('Search finished')"
    )
    results = page.locator("#search-results li a")
    assert results.count() >= 5
    results.filter(has_text="4. Attention").first.click()
    page.wait_for_url("**/04_attention.html*")
    assert "Attention" in page.locator("article h1").text_content()
