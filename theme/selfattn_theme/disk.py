"""What a page needs only when it is opened from disk."""

from __future__ import annotations

QUIET_SEARCH = (
    "if (location.protocol === 'file:') "
    "DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;"
)


def page_context(app, pagename, templatename, context, doctree) -> None:
    """Search without excerpts: a page from disk may not fetch the others."""
    if pagename == "search":
        app.add_js_file(None, body=QUIET_SEARCH)


def setup(app) -> None:
    """Connect the one part."""
    app.connect("html-page-context", page_context)
