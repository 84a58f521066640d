"""A small book of live figures, built once: fixtures for tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import build_once, small_book


def write_book(book: Path) -> None:
    """A book of one notebook with four figures, two of them the same."""
    import nbformat
    from nbformat.v4 import (
        new_code_cell,
        new_markdown_cell,
        new_notebook,
        new_output,
    )

    from selfattn import data as shipped
    from selfattn.widgets import (
        AttentionPlayground,
        FrameSlider,
        MatrixStepper,
    )

    cells = [new_markdown_cell("# Live\n\nFigures that move.")]
    said = shipped.load("i_saw_a_saw")
    frames = FrameSlider(said.signal, said.rate_hz, said.words)
    for figure in (
        AttentionPlayground(),
        MatrixStepper(),
        MatrixStepper(),
        frames,
    ):
        data = {"text/html": figure.html(), "text/plain": repr(figure)}
        shown = new_output("execute_result", data, execution_count=1)
        cells.append(
            new_code_cell("figure", outputs=[shown], execution_count=1)
        )
    language = {"language_info": {"name": "python"}}
    nb = new_notebook(cells=cells, metadata=language)
    pages = {
        "live.ipynb": nbformat.writes(nb),
        "still.md": "# Still\n\nNothing moves.\n",
    }
    small_book(book, pages)
    (book / "chapters" / "references.bib").write_text("")


@pytest.fixture(scope="session", name="figures")
def figures_of_book(tmp_path_factory) -> Path:
    """The built pages of the small book."""
    book = tmp_path_factory.mktemp("figures") / "book"
    write_book(book)
    return build_once(tmp_path_factory, "live", book) / "chapters"


@pytest.fixture(name="show")
def show_book(figures, visit):
    """Open the page with the figures, by default when all have started."""

    def open_page(width=1280, address=None, ready=True, **options):
        address = address or figures / "live.html"
        page = visit(address, width, **options)
        if ready:
            page.wait_for_selector(".matrix_stepper")
            page.wait_for_function(
                "document.querySelectorAll('.live').length === 4"
            )
        return page

    return open_page
