"""What a page may load and run: its content-security policy.

Each page carries one in a <meta>, written last, when all that it holds is
known. Nothing comes from elsewhere and nothing goes there, whatever is typed
into the page or imported. The few scripts inside a page run by their hash;
what a page has no use for it may not do.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from pathlib import Path

from sphinx.errors import ExtensionError

HEAD = '<meta charset="utf-8" />'
META = re.compile(
    r'\n?<meta http-equiv="Content-Security-Policy" content="[^"]*">'
)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.S | re.I)
ARTICLE = re.compile(r"<article\b.*</article>", re.S)
HANDLER = re.compile(r"<[a-z][^<>]*?\s(on[a-z]+)\s*=", re.I)
# What is the site's own. A page from disk has no origin, and the standard
# does not say what 'self' is there; a page from a server gets no files.
OWN = ["'self'", "file:"]
# What every page does. Styles stand in attributes, and figures write them.
ALWAYS = {
    "default-src": ["'none'"],
    "script-src": OWN,
    "style-src": [*OWN, "'unsafe-inline'"],
    "img-src": [*OWN, "data:"],
    "font-src": ["data:"],
    "connect-src": ["'self'"],
    "worker-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": OWN,
}
# What a page does besides when it has this. A worker must be a blob's: only
# such a one is held to the policy of its page.
BESIDES = (
    ("data-live=", "script-src", "blob:"),  # a figure's module
    ('src="data:audio/', "media-src", "data:"),
    ("/solve.js", "script-src", "'wasm-unsafe-eval'"),  # Python
    ("/solve.js", "worker-src", "blob:"),
)


def inline(page: str) -> list[str]:
    """The texts of the scripts inside a page; data is no script."""
    return [
        text
        for attributes, text in SCRIPT.findall(page)
        if "src=" not in attributes and "json" not in attributes
    ]


def hashed(script: str) -> str:
    """How a policy names a script inside the page."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(page: str) -> str:
    """The policy of this page.

    Raises
    ------
    ExtensionError : the text of the book holds a script, or an attribute is
        one; the policy would stop both.
    """
    article = "".join(ARTICLE.findall(page))
    if found := inline(article) or HANDLER.findall(page):
        raise ExtensionError(
            "a page's scripts must be files, or stand outside its text: got"
            f" {found[0][:60]!r}; put it into a file of theme/static"
        )
    rules = {name: list(sources) for name, sources in ALWAYS.items()}
    rules["script-src"] += dict.fromkeys(map(hashed, inline(page)))
    for sign, name, source in BESIDES:
        if sign in page:
            sources = rules.setdefault(name, [])
            rules[name] = [s for s in sources if s != "'none'"] + [source]
    return "; ".join(" ".join([name, *rules[name]]) for name in rules)


def with_policy(page: str) -> str:
    """The page with its policy, before anything that it holds."""
    page = META.sub("", page)
    meta = (
        '<meta http-equiv="Content-Security-Policy" '
        f'content="{escape(policy(page), quote=False)}">'
    )
    if "<head" not in page:  # the root, which only leads to the first page
        return f"\n{meta}\n{page.lstrip()}"
    if page.count(HEAD) != 1:
        raise ExtensionError(
            f"the theme's layout changed: a page must have {HEAD} once; put"
            " HEAD in selfattn_theme/csp.py right"
        )
    return page.replace(HEAD, f"{HEAD}\n{meta}")


def finish(app, exception) -> None:
    """Write each page's policy into it."""
    if exception or app.builder.name != "html":
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        text = path.read_text("utf8")
        if (done := with_policy(text)) != text:
            path.write_text(done, "utf8")
