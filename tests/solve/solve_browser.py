"""A chapter with editors in a browser: helpers for tests.

They need Python for the pages, as `make site` finds it (SELFATTN_PYODIDE
names a folder with its files).
"""

from __future__ import annotations

import pytest

RIGHT = """def my_softmax(scores):
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""
WRONG = RIGHT.replace(" - scores.max(axis=-1, keepdims=True)", "")
LOOP = "def my_softmax(scores):\n    while True:\n        pass"
STARTS = 60_000  # ms: two busy cores, a cold cache


def needs_python(html) -> None:
    """Skip where the site was built without editors."""
    if not list(html.glob("python-*")):
        pytest.skip("no Python for the pages: set SELFATTN_PYODIDE")


class Exercise:
    """One exercise on an open page."""

    def __init__(self, page, name="04.softmax") -> None:
        self.page, self.name = page, name
        self.section = page.locator(
            f"section.exercise:has(> .solve[data-solve='{name}'])"
        )
        self.place = self.section.locator("> .solve")
        self.place.scroll_into_view_if_needed()
        self.box = self.section.locator("textarea")
        self.box.wait_for()

    @property
    def text(self) -> str:
        return self.box.input_value()

    def write(self, text: str) -> None:
        """Put a text in the place of what is there, as one types."""
        self.box.fill(text)

    def says(self, text: str, timeout: float = 5000) -> None:
        """Wait until the status line has it."""
        self.place.locator(".solve-says", has_text=text).wait_for(
            timeout=timeout
        )

    def button(self, name: str):
        return self.place.get_by_role("button", name=name, exact=True)

    def report(self) -> str:
        return self.place.locator(".solve-report").inner_text()

    def check(self, text: str, verdict: str) -> str:
        """Write it, check it, wait for the verdict; the report."""
        self.write(text)
        self.box.press("Control+Enter")
        self.says(verdict, STARTS)
        return self.report()

    def kept(self) -> str | None:
        """What the browser keeps of it."""
        key = f"selfattn-typed.{self.name}"
        return self.page.evaluate("(key) => localStorage.getItem(key)", key)


def chapter_of(html, served, visit):
    """Open chapter 04 when its editors are ready to start."""
    needs_python(html)

    def show(width=1280, **options):
        address = f"{served}/chapters/04_attention.html"
        return visit(address, width=width, wait=".solve-bar", **options)

    return show


def counted(page) -> str:
    """What the contents say of the exercises of chapter 04."""
    place = page.locator("[data-chapter='04'] .book-figures")
    return place.text_content()
