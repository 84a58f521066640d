"""What surrounds a page's text: its landmarks, and the scheme in time.

The theme's layout has the tool bar, the page's own contents and the footer
inside `<main>`, and two empty landmarks. Here the tool bar is the banner,
`<main>` holds the text and the way to the next page, and the footer stands
behind it.
"""

from __future__ import annotations

import re

# The theme sets `auto` until its own script has come, last of all, and takes
# a stored colour for the system's of today. This runs before the first paint.
SCHEME = """<script>
  (function (root) {
    let mode = "auto";
    try {
      mode = localStorage.getItem("mode") || mode;
    } catch {} // storage may be refused
    if (mode !== "light" && mode !== "dark") mode = "auto";
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.mode = mode;
    root.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
  })(document.documentElement);
</script>"""
THEMES = re.compile(r"<script[^>]*>\s*document\.documentElement\.dataset"
                    r".*?</script>", re.S)  # fmt: skip
MAIN = '<main id="main-content" class="bd-main" role="main">'
TOOLS = '<div class="bd-header-article d-print-none"'
OPENED = '<main id="main-content" class="bd-text" role="main" tabindex="-1">'
PRINTED = re.compile(r'<div id="jb-print-docs-body".*?(?=<div id="searchbox")',
                     re.S)  # fmt: skip
ASIDE = '<div id="pst-secondary-sidebar" '
TEXT = re.compile(r'<div (?=id="searchbox"|class="bd-search-container")')
NEXT = re.compile(r'<footer (class="prev-next-footer[^"]*")>(.*?)</footer>',
                  re.S)  # fmt: skip


def scheme_first(head: str) -> str:
    """Put the reader's scheme in the place of the theme's guess."""
    return THEMES.sub(lambda _: SCHEME, head, count=1)


def landmarks(body: str) -> str:
    """A page's body with one banner, one main and one footer."""
    if MAIN not in body:
        raise ValueError(
            "the theme's layout changed: its <main> tag is not "
            f"{MAIN}; put selfattn_theme/frame.py right"
        )
    body = body.replace(MAIN, '<div class="bd-main">')
    body = body.replace("</main>", "</div>")
    body = body.replace(TOOLS, TOOLS + ' role="banner"')
    body = body.replace(
        ASIDE, ASIDE + 'role="complementary" aria-label="On this page" '
    )
    # The theme prints the title and the contents once more: nobody asked.
    body = PRINTED.sub("", body)
    body = TEXT.sub(OPENED + r"\g<0>", body, count=1)
    return NEXT.sub(_next, body, count=1)


def _next(found: re.Match) -> str:
    """The way to the pages before and after, if there are any."""
    attribute, links = found.groups()
    if "<a" not in links:
        return "</main>"
    return f'<nav {attribute} aria-label="Other chapters">{links}</nav></main>'


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Hand both to the layout. A page is light where no script runs."""
    context["default_mode"] = "light"
    context["scheme_first"] = scheme_first
    context["landmarks"] = landmarks


def setup(app) -> None:
    """Connect them."""
    app.connect("html-page-context", page_context, priority=900)
