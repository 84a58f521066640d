"""KaTeX while building: its layout of a formula, its markup, and MathML.

KaTeX (theme/vendor/katex.min.js) runs in an embedded JavaScript engine.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

KATEX = Path(__file__).parents[1] / "vendor" / "katex.min.js"
DRAW = """
var options = (display) => ({displayMode: display, throwOnError: true,
                             strict: "ignore", trust: false});
function bare(node) {
  var look = {c: (node.classes || []).filter(Boolean), s: node.style || {}};
  if (node.text !== undefined) {
    look = {...look, t: node.text, i: node.italic, w: node.width};
    // The font has the letters' own margins (see fonts.py).
    if (look.c.includes("mathnormal")) node.italic = 0;
    return {...look, raw: node.toMarkup()};
  }
  if (!node.children || !node.classes)
    return {c: ["unknown"], s: {}, k: [], raw: node.toMarkup()};
  var inside = node.children;
  node.children = [];
  var raw = node.toMarkup();
  node.children = inside;
  return {...look, k: inside.map(bare), raw};
}
function draw(request) {
  var {tex, display} = JSON.parse(request);
  try {
    var tree = bare(katex.__renderToHTMLTree(tex, options(display)));
    var spoken = katex.renderToString(
      tex, {...options(display), output: "mathml"});
    return JSON.stringify({tree, spoken});
  } catch (error) {
    return JSON.stringify({error: String(error)});
  }
}
"""


@cache
def _engine():
    import quickjs

    context = quickjs.Context()
    context.eval(KATEX.read_text(encoding="utf8"))
    context.eval(DRAW)
    return context.get("draw")


def ask(tex: str, display: bool) -> dict:
    """KaTeX's `tree` of boxes, and `spoken`, which is MathML.

    A box has classes `c`, style `s`, its own markup `raw`, and either text
    `t` (with width `w` and slant `i`) or boxes `k` inside.

    Raises
    ------
    ValueError : KaTeX does not understand it; the message says where.
    """
    request = json.dumps({"tex": tex, "display": display})
    answer = json.loads(_engine()(request))
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer


def mathml(text: str) -> str:
    """KaTeX's MathML without what only a drawing needs."""
    text = re.search(r"<math\b.*</math>", text, re.S)[0]
    text = re.sub(r"<annotation\b.*?</annotation>", "", text, flags=re.S)
    text = re.sub(r"</?semantics>", "", text)
    text = re.sub(r' (?:xmlns|stretchy|separator|lspace|rspace|fence'
                  r'|display|mathvariant="normal"|minsize|maxsize|width)'
                  r'(?:="[^"]*")?(?=[\s>])', "", text)  # fmt: skip
    text = re.sub(r"<mtable [^>]*>", "<mtable>", text)
    cell = r"<mtd><mstyle [^>]*>((?:(?!<mtd>).)*?)</mstyle></mtd>"
    text = re.sub(cell, r"<mtd>\1</mtd>", text, flags=re.S)
    text = re.sub(r"<mspace></mspace>|<mspace/>", "", text)
    # A word comes letter by letter.
    text = re.sub(
        r"<mrow>((?:<mi>[a-zA-Z]</mi>){2,})</mrow>",
        lambda m: f"<mi>{re.sub('</?mi>', '', m[1])}</mi>",
        text,
    )
    text = re.sub(r'="([\w.-]+)"', r"=\1", text)
    # One row holds what is all inside it anyway.
    whole = re.fullmatch(r"<math>(<mrow>(?:(?!</?mrow).)*</mrow>)</math>",
                         text, re.S)  # fmt: skip
    if whole:
        text = f"<math>{whole[1][6:-7]}</math>"
    return text


def trimmed(markup: str) -> str:
    """KaTeX's markup without the quotes and noughts that say nothing."""

    def tag(match: re.Match) -> str:
        text = re.sub(r"(?<![\d.])0\.(?=\d)", ".", match[0])
        text = text.replace(';"', '"').replace(' class=""', "")
        return re.sub(r'="([^"\s=<>`\']+)"', r"=\1", text)

    return re.sub(r"<[a-z]+\b[^>]*>", tag, markup)
