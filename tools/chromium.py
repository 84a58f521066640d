"""Where this machine's Chromium is, for tests, pictures and measurements.

The headless shell is the same engine without the window around it: a page
takes a third of the computing. `make test-sweep` asks the whole browser,
which readers have, everything once more, if it is there besides.
"""

from __future__ import annotations

import os
import shutil

SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
WHOLE = ("chromium", "chromium-browser", "google-chrome")
# The shell would else move letters to whole pixels.
FLAGS = ["--no-sandbox", "--font-render-hinting=none"]
MISSING = "no Chromium here: apt install chromium-headless-shell chromium"


def find(names: tuple[str, ...] = (*SHELLS, *WHOLE)) -> str | None:
    """The first of these programs that is here, as a path; None if none is.

    The environment variable `CHROMIUM` names another program or its path.
    """
    if "CHROMIUM" in os.environ:
        names = (os.environ["CHROMIUM"],)
    return next(filter(None, map(shutil.which, names)), None)
