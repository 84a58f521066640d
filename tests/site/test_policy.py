"""What a page may do: its content-security policy, and that it is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from selfattn_theme import csp
from soup import soup
from sphinx.errors import ExtensionError

SAMPLE = f"""<html><head>
{csp.HEAD}
<script>first()</script></head><body>
<script type="application/json">{{"data": 1}}</script>
<script src="site.js"></script></body></html>"""


def rules(tree: BeautifulSoup) -> dict[str, list[str]]:
    """The policy of a page, by its directives."""
    [meta] = tree.select("meta[http-equiv=Content-Security-Policy]")
    parts = [part.split() for part in meta["content"].split(";")]
    return {name: sources for name, *sources in parts}


def pages(html: Path) -> list[Path]:
    return sorted(html.rglob("*.html"))


# ---------------------------------------------------------- the built pages


def test_every_page_allows_its_own_and_nothing_else(html):
    assert len(pages(html)) > 15
    for path in pages(html):
        found = rules(soup(path))
        assert found["default-src"] == ["'none'"], path
        assert found["object-src"] == ["'none'"], path
        assert found["base-uri"] == ["'self'"], path
        assert found["connect-src"] == ["'self'"], path
        sources = {one for some in found.values() for one in some}
        hashes = {one for one in sources if one.startswith("'sha256-")}
        assert sources - hashes <= {
            "'none'", "'self'", "file:", "data:", "blob:", "'unsafe-inline'",
            "'wasm-unsafe-eval'",
        }, path  # fmt: skip
        scripts = set(found["script-src"]) - hashes
        assert not scripts & {"'unsafe-inline'", "data:"}, path
        assert "data:" not in found["worker-src"], path


def test_every_script_inside_a_page_has_its_hash_there(html):
    seen = set()
    for path in pages(html):
        tree = soup(path)
        inside = [
            script.string
            for script in tree.find_all("script", src=False)
            if script.get("type") != "application/json"
        ]
        wanted = {csp.hashed(text) for text in inside}
        found = set(rules(tree)["script-src"])
        named = {one for one in found if one.startswith("'sha256-")}
        assert named == wanted, path
        seen |= named
    assert 2 <= len(seen) <= 8  # few, and the same on every page


def test_no_script_is_an_attribute_or_an_address(html):
    for path in pages(html):
        tree = soup(path)
        for tag in tree.find_all(True):
            handlers = [name for name in tag.attrs if name.startswith("on")]
            assert handlers == [], (path, tag.name)
            for name in ("href", "src", "action", "formaction"):
                address = str(tag.get(name, "")).strip().lower()
                assert not address.startswith("javascript:"), path


def test_the_policy_stands_before_whatever_it_is_for(html):
    for path in pages(html):
        text = path.read_text("utf8")
        before = text[: text.index("Content-Security-Policy")]
        assert not re.search(r"<(script|style|link|img|base)\b", before), path
        assert text.count("Content-Security-Policy") == 1


def test_only_pages_with_figures_run_a_blob(html):
    for path in pages(html):
        live = soup(path).select("[data-live]")
        assert ("blob:" in rules(soup(path))["script-src"]) == bool(live)


# -------------------------------------------------------- how it is written


def test_what_stands_in_a_page_decides_on_its_policy():
    done = csp.with_policy(SAMPLE)
    assert csp.with_policy(done) == done
    found = rules(BeautifulSoup(done, "html.parser"))
    assert found["script-src"] == [*csp.OWN, csp.hashed("first()")]
    assert found["worker-src"] == ["'none'"] and "media-src" not in found
    python = SAMPLE.replace("site.js", "../_static/solve.js?v=1")
    found = rules(BeautifulSoup(csp.with_policy(python), "html.parser"))
    assert found["worker-src"] == ["blob:"]
    assert "'wasm-unsafe-eval'" in found["script-src"]
    other = SAMPLE.replace("first()", "other()")
    assert csp.with_policy(other.replace(csp.HEAD, done[12:400])) != done


@pytest.mark.parametrize(
    "bad",
    [
        "<article><p>x</p><script>alert(1)</script></article>",
        '<p onclick="alert(1)">x</p>',
        "<img src=x onerror=alert(1)>",
    ],
)
def test_a_script_in_the_text_is_refused_while_building(bad):
    with pytest.raises(ExtensionError, match="theme/static"):
        csp.with_policy(SAMPLE.replace("<body>", f"<body>{bad}"))


def test_words_on_a_page_are_no_handlers():
    text = "<article><p>a line on = 3, <code>f(on=1)</code></p></article>"
    assert csp.with_policy(SAMPLE.replace("<body>", f"<body>{text}"))


def test_a_layout_without_its_place_is_refused():
    with pytest.raises(ExtensionError, match="HEAD in selfattn_theme/csp"):
        csp.with_policy(SAMPLE.replace(csp.HEAD, ""))


# ------------------------------------------------------------ in a browser


@pytest.mark.browser
@pytest.mark.parametrize("from_disk", [True, False])
def test_a_page_is_stopped_and_every_browser_test_would_say_so(
    html, served, visit, from_disk
):
    place = html.as_uri() if from_disk else served
    page = visit(f"{place}/chapters/04_attention.html", wait=".live-on")
    attempts = {
        "script": "document.head.append(Object.assign("
        "document.createElement('script'), {textContent: 'window.ran = 1'}))",
        "attribute": "(() => { const p = document.createElement('p');"
        " p.setAttribute('onclick', 'window.ran = 1');"
        " document.body.append(p); p.click(); })()",
        "image": "new Promise((done) => { const i = new Image();"
        " i.onerror = done; i.src = 'https://example.org/x.png'; })",
        "elsewhere": "fetch('https://example.org/').catch(() => 1)",
        "object": "document.body.append(Object.assign("
        "document.createElement('object'), {data: 'search.html'}))",
        "frame": "document.body.append(Object.assign("
        "document.createElement('iframe'), {src: 'https://example.org/'}))",
    }
    for name, attempt in attempts.items():
        page.evaluate(f"async () => {{ await {attempt}; }}")
        page.wait_for_timeout(100)
        told = " ".join(visit.faults)
        assert "Content Security Policy" in told, name
        for fault in visit.faults:  # nothing left this machine
            if fault.startswith("asked "):
                assert f"failed {fault[6:]}: csp" in visit.faults, name
        visit.faults.clear()
    assert page.evaluate("window.ran") is None


@pytest.mark.browser
def test_the_print_button_prints(served, visit):
    page = visit(f"{served}/chapters/notation.html", wait=".book-progress-on")
    page.evaluate("() => { window.print = () => { window.printed = 1; }; }")
    page.locator(".btn-download-pdf-button").click()
    assert page.evaluate("window.printed") == 1
