"""Style sheets, pictures and code in fewer bytes, each saying the same."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from checkout import ROOT
from pages import swept
from selfattn_theme import fonts, lean, sheets, svg


def names_of(html: str, script: str = "") -> sheets.Names:
    names = sheets.Names()
    names.page(html)
    names.script(script)
    return names


@pytest.mark.parametrize(
    "rule, stays",
    [
        (".a .b{top:0}", True),
        (".a .c{top:0}", False),
        ("p:not(.c){top:0}", True),
        ("p.made{top:0}", True),
        (".bar-full{top:0}", True),
        (":is(.c, .a){top:0}", True),
        (":is(.c, #x){top:0}", False),
        ("#here>i[data-on]{top:0}", True),
        ("#gone{top:0}", False),
        ("[data-off]{top:0}", False),
        ("@media print{.c{top:0}}", False),
        ("@media print{.a{top:0}}", True),
    ],
)
def test_a_rule_stays_when_a_page_or_a_script_may_need_it(rule, stays):
    page = '<p class="a b" id="here"><i data-on>x</i></p>'
    names = names_of(page, 'add("made", `bar-${kind}`) // not c')
    written = sheets.write(sheets.prune([(rule, ".")], names))
    assert bool(written.strip()) == stays


def test_what_nothing_names_goes_with_the_rule_that_named_it():
    text = """
    :root { --used: var(--deep); --deep: 1px; --lost: 2px }
    .a { top: var(--used); animation: turn 1s }
    .gone { left: var(--lost); animation: fade 1s }
    @keyframes turn { to { top: 0.5px } }
    @keyframes fade { to { top: 1px } }
    @font-face { font-family: Lost; src: url(x.woff2) }
    """
    names = names_of('<p class="a">')
    written = sheets.write(sheets.prune([(text, "b")], names))
    assert "--used" in written and "--deep" in written and "turn" in written
    for gone in ("--lost", "fade", "Lost", "gone"):
        assert gone not in written
    assert "top:.5px" in written


def test_addresses_follow_the_sheet_to_its_new_place():
    text = ".a{background:url(../images/x.png), url('data:image/png;base64,')}"
    rules = sheets.prune([(text, "styles")], names_of('<p class="a">'))
    written = sheets.write(rules)
    assert "images/x.png" in written and ".." not in written
    assert "styles" not in written and "data:image/png;base64," in written


def test_code_keeps_its_text_and_its_colours():
    styles = ("a11y-high-contrast-light", "a11y-high-contrast-dark")
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    source = "\nfor i in range(3):  # three & more\n    x = f'{i!r}' + '1'\n"
    lexer = PythonLexer(stripnl=False)
    before = highlight(source, lexer, HtmlFormatter())
    after = highlight(source, lexer, lean.formatter(*styles)())

    def text(page):
        return unescape(re.sub(r"<[^>]*>", "", page))

    assert text(after) == text(before)
    assert len(after) < len(before)
    assert "<span class=k>for</span>" in after
    assert 'class="n"' not in after
    same = lean.colours(*styles)
    assert same["n"] is None and same["kn"] == same["k"] == "k"


def test_a_script_gets_shorter_but_says_the_same():
    script = (
        "// a comment\n  const a = `one\n    // two\n  three`;\n\n"
        "  // another\n  go(a); // at the end of a line\n"
    )
    assert lean.shorter(script) == (
        "const a = `one\n    // two\n  three`;\n"
        "go(a); // at the end of a line\n"
    )


# --------------------------------------------------------------- pictures


def drawn() -> list[str]:
    """The pictures in the notebooks."""
    found = []
    for path in sorted(ROOT.glob("chapters/[0-9][0-9]_*.ipynb")):
        for cell in json.loads(path.read_text("utf8"))["cells"]:
            for output in cell.get("outputs", []):
                text = output.get("data", {}).get("image/svg+xml")
                if text:
                    found.append("".join(text))
    return found


def points(path: str) -> list[tuple[str, float, float]]:
    """A path's commands with the places they lead to."""
    out, x, y, begin = [], 0.0, 0.0, (0.0, 0.0)
    size = dict(m=2, l=2, h=1, v=1, q=4, c=6, z=0)
    tokens = re.findall(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)", path)
    command, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
        elif command in "mM":
            command = "l" if command == "m" else "L"
        low = command.lower()
        given = [float(t) for t in tokens[at : at + size[low]]]
        at += size[low]
        own = command.islower()
        if low == "z":
            x, y = begin
        elif low == "h":
            x = given[0] + x * own
        elif low == "v":
            y = given[0] + y * own
        else:
            for i in range(0, len(given) - 2, 2):
                a, b = given[i] + x * own, given[i + 1] + y * own
                out.append(("by", round(a, 4), round(b, 4)))
            x, y = given[-2] + x * own, given[-1] + y * own
        begin = (x, y) if low == "m" else begin
        kind = "l" if low in "hv" else low
        out.append((kind, round(x, 4), round(y, 4)))
    return out


def test_a_path_leads_to_the_same_points():
    assert svg.path("M 0.5 1 L 10.5 1 L 10.5 -2.25 z M 3 3 L 4 5") == (
        "m.5 1h10v-3.25zm2.5 2 1 2"
    )
    tried = 0
    for text in drawn():
        for path in re.findall(r' d="([^"]*)"', text):
            assert points(svg.path(path)) == points(path)
            tried += 1
    assert tried > 1000


def test_a_path_that_is_unusual_stays():
    for path in ("m 1 1 l 2 2", "M 1 1 A 2 2 0 0 1 3 3", "M 1", "M 1 L 2 2"):
        assert svg.path(path) == path


def words(picture: str) -> list[str]:
    """What a picture says, without blanks."""
    texts = ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")
    return ["".join("".join(t.itertext()).split()) for t in texts]


def test_pictures_are_a_third_of_what_they_were_and_can_be_read():
    before = drawn()
    after = [svg.compact(text) for text in before]
    assert sum(map(len, after)) < 0.4 * sum(map(len, before))
    for old, new in zip(before, after, strict=True):
        assert svg.compact(new) == new
        assert svg.size(new) == svg.size(old) is not None
        assert words(new) == words(old)
        names = re.findall(r'\bid="([^"]+)"', new)
        assert len(names) == len(set(names))
        asked = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', new)
        assert {a or b for a, b in asked} <= set(names)


PAIR = """<!doctype html><style>body { margin: 0 } div {
  height: 720px; overflow: hidden } img { display: block }</style>
<div><img></div><div><img></div>"""
SHOW = """(sources) => Promise.all(
  [...document.images].map((image, n) => {
    image.src = sources[n];
    return image.decode();
  }))"""


@pytest.mark.browser
@pytest.mark.parametrize(
    ("scheme", "step"),
    # The dark colours are the same rules with other values: some will do.
    swept([("light", 1), ("light", 4), ("dark", 4)], [("light", 4)]),
)
def test_pictures_look_the_same(browser, scheme, step, tmp_path):
    """Each above its compact form, on one page after another."""
    image = pytest.importorskip("PIL.Image")
    chops = pytest.importorskip("PIL.ImageChops")
    context = browser.new_context(
        viewport={"width": 800, "height": 1440}, color_scheme=scheme
    )
    page, differ = context.new_page(), []
    (tmp_path / "page.html").write_text(PAIR)
    page.goto((tmp_path / "page.html").as_uri())
    for at, text in enumerate(drawn()[::step]):
        names = [f"{at}-whole.svg", f"{at}-compact.svg"]
        for name, kind in zip(names, (text, svg.compact(text)), strict=True):
            (tmp_path / name).write_text(kind, "utf8")
        page.evaluate(SHOW, names)
        shot = image.open(BytesIO(page.screenshot())).convert("L")
        halves = [shot.crop((0, y, 800, y + 720)) for y in (0, 720)]
        assert halves[0].getextrema()[0] != halves[0].getextrema()[1]
        seen = chops.difference(*halves).histogram()
        # A rounded sum may shade the edge of a line otherwise.
        if sum(seen[16:]) > 30 or sum(seen[64:]):
            differ.append(at)
    context.close()
    assert differ == []


def test_a_font_without_a_table_of_letters_passes(tmp_path):
    """The older theme's icons have one such."""
    builder = pytest.importorskip("fontTools.fontBuilder")
    made = builder.FontBuilder(1000)
    made.setupGlyphOrder([".notdef"])
    made.setupCharacterMap({})
    made.setupGlyf({".notdef": made_glyph()})
    made.setupHorizontalMetrics({".notdef": (500, 0)})
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupPost()
    made.font.flavor = "woff2"
    made.save(tmp_path / "icons.woff2")
    kept = fonts.subset(tmp_path / "icons.woff2", frozenset("\uf000"))
    assert kept[:4] == b"wOF2"


def made_glyph():
    pens = pytest.importorskip("fontTools.pens.ttGlyphPen")
    return pens.TTGlyphPen(None).glyph()
