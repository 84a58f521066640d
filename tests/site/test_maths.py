"""Formulas: as KaTeX draws them, in a tenth of its bytes, and readable."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from checkout import ROOT
from selfattn_theme import fonts, formula, katex, maths, sheets, weight

# Source, what a copy of it says, most bytes on the page (KaTeX: 900 to 3,350).
TYPICAL = [
    (r"L", "L", 30),
    (r"d_k", "d_k", 75),
    (r"W^q", "W^q", 75),
    (r"W_q^\top", "W_q^⊤", 160),
    (r"d_{\text{model}}", "d_{model}", 110),
    (r"\alpha'_{1,i}", "α′_{1,i}", 125),
    (r"f''(x)", "f′′(x)", 225),
    (r"QK^\top", "QK^⊤", 70),
    (r"L \times S", "L × S", 175),
    (r"i \ne j", "i ≠ j", 180),
    (r"\sqrt{d_k}", "√d_k", 205),
    (r"\sqrt{x^2}", "√(x^2)", 260),
    (r"\sqrt{QK}", "√(QK)", 200),
    (r"e^{\alpha_{1,i}}", "e^{α_{1,i}}", 275),
    (r"\mathbf{x}\in\mathbb{R}^{L\times d}", "x ∈ R^{L×d}", 355),
    (r"\max_j \alpha_{i,j}", "max_j α_{i,j}", 315),
    (r"b^1 = \sum_i \alpha'_{1,i} v^i", "b^1 = ∑_i α′_{1,i}v^i", 555),
    (r"\mathrm{softmax}(QK^\top/\sqrt{d_k})V", "softmax(QK^⊤/√d_k)V", 355),
    (r"2L\,d_\text{model}(2d_k + d_v)", "2L d_{model}(2d_k + d_v)", 440),
    (r"\left(a+b\right)^2", "(a + b)^2", 260),
    (r"10000^{-2m/d}", "10000^{−2m/d}", 110),
    (r"x \le 3, \quad y \approx 0.5", "x ≤ 3, y ≈ 0.5", 280),
    (r"P^{-1} x^{(1)}_t", "P^{−1}x_t^{(1)}", 380),
    (r"V_k + f_j", "V_k + f_j", 325),
]
# Source, most bytes on the page (KaTeX: 2,600 to 12,700).
LEFT_TO_KATEX = [
    (r"\hat y", 1100),
    (r"\begin{pmatrix}1&-b\\c&0\end{pmatrix}", 1400),
    (r"\small\begin{pmatrix}a_1&b^2\\c&0\end{pmatrix}", 1400),
    (r"\mathrm{softmax}\!\left(\frac{QK^\top}{\sqrt{d_k}}\right)V", 1900),
    (r"\alpha'_{i,j} = \frac{e^{\alpha_{i,j}}}{\sum_m e^{\alpha_m}}", 2400),
    (r"b^i = \sum_{j=1}^L \alpha'_{i,j} v^j \ge \bigl(\tfrac12\bigr)^2", 4000),
    (r"\begin{aligned}a&=b_1^2\\&=\frac{x^2}{y}\end{aligned}", 3600),
]
named = pytest.mark.parametrize(("tex", "copied", "most"), TYPICAL)


@named
def test_a_formula_in_a_line_takes_few_bytes(tex, copied, most):
    assert formula.draw(tex, False).lean
    assert len(maths.render(tex).encode()) <= most


def test_a_page_of_300_formulas_grows_by_little():
    """A typical page: half are names with scripts, the rest longer."""
    names = [tex for tex, *_ in TYPICAL if formula.draw(tex, False).atom]
    longer = [tex for tex, *_ in TYPICAL if tex not in names]
    page = [(names * 30)[at] for at in range(200)]
    page += [(longer * 30)[at] for at in range(100)]
    assert sum(len(maths.render(tex).encode()) for tex in page) < 50_000


@named
def test_a_formula_is_spelled_and_copied_as_text(tex, copied, most):
    assert maths.spelled(tex) == copied


def test_a_line_of_markdown_is_spelled():
    line = r"Why $\sqrt{d_k}$, not $d_k$? \$5, 5$ or 6$"
    assert maths.spell(line) == r"Why √d_k, not d_k? \$5, 5$ or 6$"


@pytest.mark.parametrize(("tex", "most"), LEFT_TO_KATEX)
def test_what_has_no_short_form_stays_as_katex_draws_it(tex, most):
    html = maths.render(tex, display=True)
    assert 'class=katex data-tex="' in html and "</math></span><span" in html
    assert "class=katex-html" in html
    assert re.search(r'<span class=(m|"m g")\W', html)
    assert len(html.encode()) <= most


def test_a_name_is_read_as_text_and_the_rest_as_mathml():
    name, longer = maths.render("d_k"), maths.render(r"d_k = \sqrt{2}")
    assert "<math>" not in name
    assert "<u aria-hidden=true>_</u><sub>" in name
    assert "<math><msub><mi>d</mi><mi>k</mi></msub><mo>=</mo>" in longer
    # In Firefox MathML alone takes its room, whatever its width is set to.
    assert "<span class=t><math>" in longer
    assert longer.index("</math>") < longer.index("aria-hidden=true")
    for tex in (r"x^2 y^2", "a+b", r"\sqrt2", "e^{x^2}", r"\frac12"):
        assert "<math>" in maths.render(tex), tex


def test_mathml_says_words_whole_and_has_no_source():
    html = formula.draw(r"\mathrm{softmax}(x) \text{ or } \sin x", False)
    assert "<mi>softmax</mi>" in html.mathml
    for rest in ("annotation", "semantics", "xmlns", "stretchy"):
        assert rest not in html.mathml
    table = formula.draw(r"\begin{matrix}1&x\\2&3\end{matrix}", False).mathml
    assert "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mi>x</mi>" in table
    vectors = formula.draw(r"\mathbf{x} + \tfrac12", False).mathml
    assert "mathvariant=bold>" in vectors and "<mfrac>" in vectors


def test_bad_formulas_say_what_is_wrong():
    with pytest.raises(ValueError, match="Undefined control sequence"):
        maths.render(r"\nosuchthing", False)


def test_only_formulas_reach_the_page_as_markup():
    assert "<script" not in maths.render(r"\text{<script>x</script>}")
    assert "&lt;" in maths.render("a < b")


# ---------------------------------------------------------- how they look


class All(sheets.Names):
    """Every name there is: no rule is left out."""

    def knows(self, *_) -> bool:
        return True


def sheet(html: str) -> str:
    """The formulas' sheet as the site has it for this text."""
    static = ROOT / "theme/static"
    texts = [
        ((static / name).read_text("utf8"), str(Path(name).parent))
        for name in weight.MATHS
    ]
    rules = sheets.prune(texts, All())
    shown = fonts.letters(html, fonts.choices(rules))
    weight._with_fonts(rules, static, lambda face: shown.get(face, ()))
    return sheets.write(rules)


@pytest.fixture(scope="module")
def drawn():
    """Formulas as KaTeX draws them, and its own sheet."""
    import quickjs

    context = quickjs.Context()
    context.eval(katex.KATEX.read_text("utf8"))
    context.eval("draw = (t, displayMode) => JSON.stringify("
                 "katex.renderToString(t, {displayMode}))")  # fmt: skip
    draw = context.get("draw")
    static = ROOT / "theme/static/katex"
    css = (static / "katex.min.css").read_text("utf8")
    css = css.replace("url(fonts/", f"url({(static / 'fonts').as_uri()}/")
    css += ".katex{font-size:1.1em}"
    return lambda tex, display=False: json.loads(draw(tex, display)), css


PAGE = """<!doctype html><meta charset=utf8><style>
sub,sup{position:relative;font-size:.75em;line-height:0;top:-.5em}
body{font:17px/28px sans-serif;margin:0}p{margin:0}%s</style>"""
ENDS = """[...document.querySelectorAll('p')].map((p) => {
  const range = document.createRange();
  range.selectNodeContents(p.lastChild);
  return range.getBoundingClientRect().left; })"""
FINE = 6  # pixels of the picture to one of the page


def pictures(visit, file, css: str, rows: list[str], high=28, blur=2):
    """Each row's picture, softened, and where its last words begin."""
    image = pytest.importorskip("PIL.Image")
    soft = pytest.importorskip("PIL.ImageFilter").GaussianBlur(blur)
    style = f"style='height:{high}px'"
    text = "".join(f"<p {style}>Row {row} ends" for row in rows)
    file.write_text(PAGE % css + text, "utf8")
    page = visit(file, width=320, device_scale_factor=FINE)
    page.wait_for_function("document.fonts.status === 'loaded'")
    shot = page.screenshot(full_page=True)
    whole = image.open(BytesIO(shot)).convert("L").filter(soft)
    high, wide = high * FINE, whole.width
    shots = [
        whole.crop((0, at * high, wide, (at + 1) * high))
        for at in range(len(rows))
    ]
    return shots, page.evaluate(ENDS)


@pytest.mark.browser
def test_short_forms_look_as_katex_draws_them(visit, tmp_path, drawn):
    chops = pytest.importorskip("PIL.ImageChops")
    draw, stock = drawn
    # KaTeX's line is higher where two scripts are as high as these.
    sources = [tex for tex, *_ in TYPICAL if "^{(1)}_t" not in tex]
    rows, file = list(map(maths.render, sources)), tmp_path / "page.html"
    ours, ends = pictures(visit, file, sheet("".join(rows)), rows)
    theirs, wanted = pictures(visit, file, stock, list(map(draw, sources)))
    for at, tex in enumerate(sources):
        assert abs(ends[at] - wanted[at]) < 0.5, tex
        # The line over a root is never thinner than a pixel here.
        most = 180 if "sqrt" in tex else 70
        differ = chops.difference(ours[at], theirs[at]).getextrema()[1]
        assert differ < most, (tex, differ)


@pytest.mark.browser
def test_large_formulas_look_as_katex_draws_them(visit, tmp_path, drawn):
    chops = pytest.importorskip("PIL.ImageChops")
    draw, stock = drawn
    sources = [tex for tex, _ in LEFT_TO_KATEX]
    file = tmp_path / "page.html"
    rows = [maths.render(tex, display=True) for tex in sources]
    ours, ends = pictures(visit, file, sheet("".join(rows)), rows, 180, 6)
    rows = [draw(tex, True) for tex in sources]
    theirs, wanted = pictures(visit, file, stock, rows, 180, 6)
    for at, tex in enumerate(sources):
        assert abs(ends[at] - wanted[at]) < 0.5, tex
        # Browsers round where a line begins: half a pixel, either way.
        differ = chops.difference(ours[at], theirs[at]).getextrema()[1]
        assert differ < 75, (tex, differ)


@pytest.mark.browser
def test_formulas_are_copied_break_and_scroll(visit, tmp_path):
    long = r"\alpha_{1,i} = q^1 \cdot k^i = a + b + c + d = x_{1,i} + y_{1,i}"
    line, alone = maths.render(long), maths.render(long, display=True)
    rows = [maths.render(tex) for tex, *_ in TYPICAL]
    body = "".join(f"<p>Row {row} ends</p>" for row in rows)
    body += f"<p id=long>{line}</p><div class=formula>{alone}</div>"
    file = tmp_path / "page.html"
    file.write_text(PAGE % sheet(body) + body, "utf8")
    page = visit(file, width=200)
    page.evaluate("getSelection().selectAllChildren(document.body)")
    copied = page.evaluate("getSelection().toString()")
    for _, words, _ in TYPICAL:
        assert f"Row {words} ends" in re.sub(r"[^\S\n]+", " ", copied)
    high = page.evaluate("document.querySelector('#long').offsetHeight")
    assert high > 50  # more lines than one
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 200
    box = page.locator(".formula")
    assert box.evaluate("e => e.scrollWidth > e.clientWidth")
    assert box.evaluate("e => e.scrollHeight <= e.clientHeight")
    box.evaluate("e => { e.scrollLeft = 1e4; }")
    assert box.evaluate("e => e.scrollLeft") > 50


@pytest.mark.browser
def test_a_large_formula_is_copied_as_its_source(visit, tmp_path):
    tex = r"\frac{a \cdot b}{\sqrt{d_k}} < 1"
    body = f"<p>Row {maths.render(tex)} and {maths.render('d_k')} end"
    body += f"<p>next {maths.render('a = b')}"
    script = (ROOT / "theme/static/copy.js").read_text("utf8")
    body += f"<script>{script}</script>"
    file = tmp_path / "page.html"
    file.write_text(PAGE % sheet(body) + body, "utf8")
    page = visit(file)
    page.evaluate(
        "addEventListener('copy', (event) => {"
        "  window.copied = event.clipboardData.getData('text/plain'); })"
    )

    def copied(begin: str, end: str) -> str:
        page.evaluate(
            """([begin, end]) => {
              const [one, other] = [begin, end].map(
                (at) => document.querySelector(at));
              getSelection().setBaseAndExtent(
                one, 0, other, other.childNodes.length);
              document.execCommand("copy");
            }""",
            [begin, end],
        )
        return re.sub(r"[^\S\n]+", " ", page.evaluate("copied"))

    rest = f"${tex}$ and d_k end\n\nnext a = b"
    assert copied("p", "p + p") == f"Row {rest}"
    assert copied(".mfrac .m", "p + p") == rest
    assert copied(".mfrac", ".mfrac") == f"${tex}$"
    assert copied("p + p", "p + p") == ""  # the browser's own copy
    assert page.locator("body > div").count() == 0
