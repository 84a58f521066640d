"""What a reader's page does not show, and how its maths is written.

The main line of a chapter has no plumbing: a claim's check stands in a cell
of its own, plots in a hidden one, optional depth in a fold. Maths is typeset.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from .cells import (
    HIDDEN,
    ROLES,
    Problem,
    code_cells,
    exercise_id,
    image_outputs,
    markdown_cells,
    tags,
    where,
)

# Inches as shown. A panel among others is drawn 3.5 wide, and its labels may
# take a fifth more; at 5 inches letters of 10 pt are 13 px on a phone.
BESIDE, ALONE = 4.2, 5.0
WIDTHS = "3.5 and a fifth for one panel of several, 5 for one alone"
FURTHER = re.compile(r"\*\*Further: (?P<title>[^*\n]+?)\.?\*\*(?=\s|$)")
PLUMBING = {
    r"#\s*noqa\b": "`noqa`",
    r"#\s*fmt:\s*(skip|off|on)\b": "`fmt: skip`",
    r"\balt\s*=": "`alt=`",
    r"\bchecked\(": "`checked(`",
    r"\bset_num_threads\b|\bOMP_NUM_THREADS\b": "a count of threads",
}
# Superscripts, subscripts, roots, primes, Greek, and signs of formulas.
LETTERS = re.compile(
    "[²³¹⁰-₟ᴬ-ᵪ√∛′″‴ⱼͰ-Ͽ∑∏∈∉∀∃∂∇∫∞ℝℕ‖𝐀-𝟿]"
    r"|(?<![\w/.-])[A-Za-zα-ωΑ-Ω]{1,5}_(\{\w+\}|\w+)"
)
# In `code`, a name like d_k is code; a root or an index is maths.
IN_CODE = re.compile("[²³¹⁰-₟ᴬ-ᵪ√∛′″‴ⱼ∑∏𝐀-𝟿]")
NOT_PROSE = re.compile(
    r"^(?P<fence>```+|~~~+).*?^(?P=fence)\s*$"  # code
    r"|\$\$.*?\$\$|(?<!\\)\$[^$]+?(?<!\\)\$"  # maths
    r"|\]\([^)\s]*\)|<https?://[^>]*>|</?\w[^>]*>",  # addresses, tags
    re.S | re.M,
)
CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)


def _blank(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def maths(nb) -> list[Problem]:
    """Symbols stand between dollars: not as letters, not as code."""
    found = []
    for i, cell in markdown_cells(nb):
        source = cell.source
        if exercise_id(cell) and source.startswith("#"):
            # The exercise's title, which also the grader prints.
            source = "\n" + source.partition("\n")[2]
        text = NOT_PROSE.sub(_blank, source)
        spots = [m for c in CODE.finditer(text) for m in _inside(text, c)]
        prose = CODE.sub(_blank, text)
        spots += LETTERS.finditer(prose)
        for line, hits in _by_line(source, spots).items():
            found.append(
                Problem(
                    where(nb, i),
                    f"line {line}: maths as text, {', '.join(hits)}; write it "
                    "between dollars",
                )
            )
    return found


def _inside(text: str, code: re.Match) -> Iterator[re.Match]:
    return IN_CODE.finditer(text, code.start(2), code.end(2))


def _by_line(source: str, spots: list[re.Match]) -> dict[int, list[str]]:
    """Line -> the words around the spots, each once."""
    lines: dict[int, list[str]] = {}
    for hit in sorted(spots, key=re.Match.start):
        line = source.count("\n", 0, hit.start()) + 1
        before = re.search(r"\S*$", source[: hit.start()])[0]
        after = re.match(r"\S*", source[hit.end() :])[0]
        word = f"“{before}{hit[0]}{after}”"
        words = lines.setdefault(line, [])
        words += [] if word in words else [word]
    return lines


def asserts(source: str) -> bool:
    """Whether code holds an `assert`."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # `code_shape` says so
        return False
    return any(isinstance(node, ast.Assert) for node in ast.walk(tree))


def plumbing(nb) -> list[Problem]:
    """The main line shows no checks, no settings and no plotting."""
    found = []
    for i, cell in code_cells(nb):
        spot, own = where(nb, i), set(tags(cell))
        if own & (HIDDEN | {"further"}):
            continue
        shown = [w for p, w in PLUMBING.items() if re.search(p, cell.source)]
        if "lesson" not in own and asserts(cell.source):
            shown.append("`assert`")
        for what in shown:
            found.append(
                Problem(
                    spot,
                    f"shows {what}; put it into a `claim` or `hide-input` "
                    "cell (an assert that is the lesson: tag `lesson`)",
                )
            )
    return found


def _ends_in_checked(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return False
    last = body[-1] if body else None
    return (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and isinstance(last.value.func, ast.Name)
        and last.value.func.id == "checked"
    )


def claims(nb) -> list[Problem]:
    """A claim's cell asserts, ends in `checked`, and follows its result."""
    found = []
    for i, cell in code_cells(nb):
        if "claim" not in tags(cell):
            continue
        spot = where(nb, i)
        if not asserts(cell.source):
            found.append(Problem(spot, "a claim without `assert`"))
        if not _ends_in_checked(cell.source):
            found.append(Problem(spot, 'a claim ends in checked("…")'))
        if i == 0 or nb.cells[i - 1].cell_type != "code":
            found.append(
                Problem(spot, "a claim follows the cell of its result")
            )
        if len(cell.outputs) > 1:
            found.append(Problem(spot, "a claim says one line, no more"))
    return found


def further(nb) -> list[Problem]:
    """A fold of optional depth has a title, no headings, no exercises."""
    found, before = [], False
    for i, cell in enumerate(nb.cells):
        here = "further" in tags(cell)
        if here:
            spot = where(nb, i)
            text = cell.cell_type == "markdown"
            if not before and not (text and FURTHER.match(cell.source)):
                found.append(
                    Problem(spot, "opens with `**Further: what it adds.**`")
                )
            if text and re.search(r"^#{1,6}\s", cell.source, re.M):
                found.append(Problem(spot, "a heading inside a fold"))
            if {*ROLES, "setup"} & set(tags(cell)):
                found.append(Problem(spot, "this cell may not be folded"))
        before = here
    return found


def _inches(picture: str) -> list[tuple[float, bool]]:
    """Each panel's width as shown, and whether it has neighbours."""
    head = re.search(r"<svg[^>]*>", picture)[0]
    shown = float(re.search(r'\swidth="([\d.]+)', head)[1]) / 96
    panels = re.search(r'data-panels="([^"]+)"', head)
    if not panels:
        return [(shown, False)]
    whole = float(re.search(r'viewBox="0 0 ([\d.]+)', head)[1])
    boxes = [list(map(float, b.split())) for b in panels[1].split(";")]
    return [
        (shown * width / whole, width < 0.99 * whole)
        for _, _, width, _ in boxes
    ]


def widths(nb) -> list[Problem]:
    """A panel's letters stay large enough on a phone."""
    found = []
    for i, cell in code_cells(nb):
        for mime, output in image_outputs(cell):
            text = "".join(output.data[mime])
            if mime != "image/svg+xml" or "selfattn-figure" not in text:
                continue
            for n, (inches, beside) in enumerate(_inches(text), start=1):
                most = BESIDE if beside else ALONE
                if inches > most:
                    found.append(
                        Problem(
                            where(nb, i),
                            f"panel {n} is {inches:.1f} in wide; the limit "
                            f"is {most} ({WIDTHS})",
                        )
                    )
    return found


def problems(nb) -> list[Problem]:
    """Every breach, in the order of the rules."""
    rules = (plumbing, claims, further, maths, widths)
    return [problem for rule in rules for problem in rule(nb)]
