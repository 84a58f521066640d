"""What surrounds a page's text; most of it is in templates/layout.html.

The theme's layout has the tool bar, the page's own contents and the footer
inside `<main>`, and two empty landmarks. Here the tool bar is the banner,
`<main>` holds the text and the way to the next page, and the footer stands
behind it.
"""

from __future__ import annotations

from sphinx.errors import ExtensionError

MAIN = '<main id="main-content" class="bd-main" role="main">'


def swap(text: str, old: str, new: str) -> str:
    """The text with its one `old` replaced.

    Raises
    ------
    ExtensionError : there is none, or more than one.
    """
    if (found := text.count(old)) != 1:
        raise ExtensionError(
            f"the theme's layout changed: it has {old} {found} times and"
            " should have it once; put selfattn_theme/frame.py and"
            " templates/layout.html right"
        )
    return text.replace(old, new)


def one_main(body: str) -> str:
    """A page's body with the theme's `<main>`, which is too wide, as <div>."""
    body = swap(body, MAIN, '<div class="bd-main">')
    before, end, after = body.rpartition("</main>")
    return before + "</div>" + after


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Hand it to the layout. A page is light where no script runs."""
    context["default_mode"] = "light"
    context["one_main"] = one_main
