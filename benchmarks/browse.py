"""The browser that readers have, for what is measured on pages."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .stock import ROOT

sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tools")]
import chromium  # noqa: E402


def program() -> str | None:
    """Chromium's path; None, and a line says so, where there is none."""
    found = chromium.find((*chromium.WHOLE, *chromium.SHELLS))
    if found is None:
        print("left out: there is no Chromium here")
    return found


@contextmanager
def running(path: str) -> Iterator[Any]:
    """This Chromium, until the end of the block."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        with driver.chromium.launch(
            executable_path=path, args=chromium.FLAGS
        ) as browser:
            yield browser
