"""A chapter in a browser, and what its progress shows: helpers for tests."""

from __future__ import annotations

import itertools
import json

from progress_rules import PASSED, WRONG

KEY = "selfattn-progress"
RESULTS = {
    "01.one_hot": {**PASSED, "attempts": 1},
    "04.dot_scores": PASSED,
    "04.softmax": {**WRONG, "last_diagnosis": "no_shift"},
}
READY = ".book-progress-on"
# A tab's name outlives a reload, so it can tell what was put already.
PUT = """(once, key, text) => {
  if (window.name.split(" ").includes(once)) return;
  window.name += ` ${once}`;
  localStorage.setItem(key, text);
}"""
_NUMBERS = itertools.count()


def chapter_of(place, visit):
    """Open chapter 04 when its progress has started.

    From a server: in about one load of a hundred, Chromium (156, measured on
    a page of five lines) gives a page from disk an empty store that keeps
    nothing, and the next load gives back the true one.
    """

    def show(width=1280, wait=READY, **options):
        address = f"{place}/chapters/04_attention.html"
        return visit(address, width=width, wait=wait, **options)

    return show


def give(page, text, name="progress.json"):
    """Import a file; return what the page says."""
    text = text if isinstance(text, bytes) else text.encode()
    says = page.locator(".book-progress-says")
    # What is about to be said is said first.
    page.evaluate("() => new Promise((done) => setTimeout(done, 60))")
    page.evaluate(
        "document.querySelector('.book-progress-says').textContent = ''"
    )
    page.set_input_files(
        ".book-progress input[type=file]",
        {"name": name, "mimeType": "application/json", "buffer": text},
    )
    page.wait_for_function(
        "document.querySelector('.book-progress-says').textContent"
    )
    return says.text_content()


def tick(page, name):
    kind = "read" if len(name) == 2 else "exercise"
    return page.locator(f"[data-{kind}='{name}'] input[type=checkbox]")


def figures(page, chapter="04"):
    return page.locator(
        f"[data-chapter='{chapter}'] .book-figures"
    ).text_content()


def stored(page, key=KEY):
    return page.evaluate("key => localStorage.getItem(key)", key)


def again_with(page, text):
    """Reload with this text in the browser's storage.

    The new page itself puts it there, once, before it starts: what the old
    one writes on its way out may arrive after the new one has looked.
    """
    once = [f"put-{next(_NUMBERS)}", KEY, text]
    page.context.add_init_script(f"({PUT})(...{json.dumps(once)})")
    page.reload()
    page.wait_for_selector(READY)
