"""What the browser loads: one style sheet, few scripts, no empty bytes.

While a page is written its own bytes are made fewer (lean.py). When all are
written, the style sheets of the theme and the book become one, with the
rules that some page needs (sheets.py), and fonts with the letters that are
shown (fonts.py). What no page loads is left out of the site.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import fonts, lean, sheets, svg

OWN = Path(__file__).resolve().parents[1] / "static"
# In the theme's order; for Python 3.10 it keeps the second and third apart.
FIRST = [
    "styles/theme.css",
    "styles/bootstrap.css",
    "vendor/fontawesome/6.5.2/css/all.min.css",
    "styles/pydata-sphinx-theme.css",
]
MATHS = ["katex/katex.min.css", "formulas.css"]
# The search page alone asks for these.
SEARCHING = {
    "documentation_options.js",
    "doctools.js",
    "sphinx_highlight.js",
    "searchtools.js",
    "language_data.js",
    "searchindex.js",
}
BULKY = {"fontawesome.js", "bootstrap.js"}
# Pages with editors alone load these, with a sheet of their own.
SOLVING = {path.name for path in OWN.glob("solve*.js")}
SOLVING |= {"editor.min.js", "python_worker.js", "solve.css"}
# What no page loads, once the site is written.
UNUSED = [
    "**/*.map",
    "**/*webpack-macros.html",
    "**/*.LICENSE.txt",
    "scripts/fontawesome.js",
    "scripts/bootstrap.js",
    "styles",
    "vendor",
    "locales",
    "katex/fonts",
    "images",
    "basic.css",
    "*.png",
]
# The theme's scripts name these for parts that the book does not have.
ABSENT = {
    "version-switcher__menu",
    "version-switcher__button",
    "pst-collapse-sidebar-button",
    "pst-squeeze",
    "pst-button-link-to-stable-version",
    "bd-header-announcement",
    "bd-header-announcement__content",
    "dropdown-menu",
    "dropdown-menu-dark",
    "dropdown-item",
    "list-group-item",
    "list-group-item-action",
    "fa-xmark",
    "marginnote",
    "sidenote",
    "margin-caption",
    "margin",
    "full-width",
    "sidebar",
    "popout",
    "nboutput",
    "jp-RenderedHTMLCommon",
}
ORIGIN = """/* From Bootstrap (MIT), pydata-sphinx-theme and
sphinx-book-theme (BSD), Font Awesome Free (MIT, icons' letters OFL), KaTeX
(MIT) and this book: the parts that its pages use. */
"""
IMPORT = re.compile(r"@import (?:url\()?[\"']([^\"']+)[\"']\)?;")
PRIVATE = re.compile(r"\\([ef][0-9a-f]{3})\b|([\ue000-\uf8ff])", re.I)


def _shared(builder) -> list[str]:
    """The sheets that every page has, below `_static`."""
    # Where no page was written, the builder has not set the first apart.
    known = getattr(builder, "_orig_css_files", builder._css_files)
    names = [str(sheet.filename) for sheet in known]
    found = [name.removeprefix("_static/") for name in names]
    return [*FIRST, *(name for name in found if name not in FIRST)]


def scripts(app, pagename: str, context: dict) -> None:
    """No script holds the page back, and only the search page searches."""
    kept = []
    for script in context["script_files"]:
        name = str(script.filename or "").rpartition("/")[2]
        text = script.attributes.get("body") or ""
        if pagename != "search":
            if name in SEARCHING or "DOCUMENTATION_OPTIONS" in text:
                continue
            if name:
                script.attributes["defer"] = "defer"
        kept.append(script)
    context["script_files"][:] = kept


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Make one page lighter, and name the sheets that it loads."""
    shared = {f"_static/{name}" for name in _shared(app.builder)}
    context["css_files"] = [
        sheet
        for sheet in context["css_files"]
        if str(sheet.filename) not in shared
    ]
    body = context.get("body", "")
    # Search and the index of words are written by the theme's own scripts.
    book = pagename in app.env.found_docs
    context["sheets"] = [f"_static/{'site' if book else 'search'}.css"]
    if fonts.FORMULA.search(body):
        context["sheets"].append("_static/maths.css")
    scripts(app, pagename, context)
    if "body" not in context:
        return
    source = Path(app.srcdir)
    files = {name: source / path for path, name in app.builder.images.items()}
    context["body"] = lean.pictures(
        body,
        files,
        Path(app.outdir) / "_images",
        context["content_root"],
    )


def _names(pages: list[str], static: Path, skip: set[str]) -> sheets.Names:
    """What the pages and the scripts but `skip` name."""
    names = sheets.Names(absent=ABSENT)
    for page in pages:
        names.page(page)
    for script in sorted(static.rglob("*.js")):
        if script.name not in skip:
            names.script(script.read_text("utf8"))
    return names


def _icons(rules: list[sheets.Rule]) -> frozenset[str]:
    """The icons that the rules put somewhere."""
    values = (
        value
        for rule in rules
        for one in rule.all()
        for name, value in one.declared
        if name in ("content", "--fa")
    )
    found = PRIVATE.findall(" ".join(values))
    return frozenset(chr(int(a, 16)) if a else b for a, b in found)


def _with_fonts(rules, static: Path, letters) -> None:
    """Put into each font's rule the font itself; `letters` of its face."""
    for rule in rules:
        if rule.head != "@font-face" or not rule.declared:
            continue
        put = dict(rule.declared)
        face = (
            put["font-family"].strip("\"'"),
            put.get("font-style", "normal"),
            put.get("font-weight", "400"),
        )
        if keep := frozenset(letters(face)):
            put["src"] = fonts.embed(put["src"], static, keep)
            rule.declared = list(put.items())
        else:
            rule.declared = []


def _sheet(static: Path, parts: list[str], names) -> list[sheets.Rule]:
    texts = []
    for part in (part for part in parts if (static / part).exists()):
        text, folder = (static / part).read_text("utf8"), Path(part).parent
        for other in IMPORT.findall(text):
            file = folder / other
            text_of = (static / file).read_text("utf8")
            texts.append((text_of, str(file.parent)))
        texts.append((IMPORT.sub("", text), str(folder)))
    return sheets.prune(texts, names)


def finish(app, exception) -> None:
    """Write the sheets, make pictures and scripts shorter, leave out rest."""
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    for picture in sorted((out / "_images").glob("*.svg")):
        text = picture.read_text("utf8")
        if (short := svg.compact(text)) != text:
            picture.write_text(short, "utf8")
    parts = [name for name in _shared(app.builder) if name not in MATHS]
    if not (static / "styles/pydata-sphinx-theme.css").exists():
        _leave_out(static, parts)
        return  # nothing was copied anew: the sheets stand
    for script in sorted(OWN.glob("*.js")):
        text = lean.shorter(script.read_text("utf8"))
        (static / script.name).write_text(text, "utf8")
    book = [out / f"{name}.html" for name in sorted(app.env.found_docs)]
    pages = [page.read_text("utf8") for page in book]
    others = [
        page.read_text("utf8")
        for page in sorted(set(out.glob("*.html")) - set(book))
    ]
    names = _names(pages, static, BULKY | SEARCHING | SOLVING)
    every = _names(pages + others, static, BULKY | SOLVING)
    for name, known in (("site.css", names), ("search.css", every)):
        rules = _sheet(static, parts, known)
        icons = _icons(rules)
        _with_fonts(rules, static, lambda face, icons=icons: icons)
        (static / name).write_text(ORIGIN + sheets.write(rules), "utf8")
    rules = _sheet(static, MATHS, names)
    shown: dict = {}
    for page in (page for page in pages if fonts.FORMULA.search(page)):
        found = fonts.letters(page, fonts.choices(rules))
        for face, some in found.items():
            shown.setdefault(face, set()).update(some)
    _with_fonts(rules, static, lambda face: shown.get(face, ()))
    (static / "maths.css").write_text(ORIGIN + sheets.write(rules), "utf8")
    _leave_out(static, parts)


def _leave_out(static: Path, parts: list[str]) -> None:
    """Remove what no page loads, and the sheets that are now parts."""
    for pattern in (*UNUSED, *parts, *MATHS):
        for path in static.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
