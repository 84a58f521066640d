r"""A matrix of numbers in a line of text, in few bytes.

KaTeX builds a matrix of columns of boxes and its brackets of pieces: 3 to 7
kilobytes for what a reader sees as a small table. Here it is a grid, with
round brackets drawn by its borders. Anything else than numbers stays KaTeX's.
"""

from __future__ import annotations

import re

SIZES = {None: 1, "small": 0.9, "footnotesize": 0.8}
NUMBER = r"\s*-?[\d.]+\s*"
MATRIX = re.compile(
    r"\s*(?:\\(?P<size>small|footnotesize)\s*)?\\begin\{pmatrix\}"
    rf"(?P<body>{NUMBER}(?:(?:&|\\cr\b|\\\\){NUMBER})*)"
    r"\\end\{pmatrix\}\s*"
)


def grid(tex: str) -> str | None:
    """The matrix as markup; None for a formula that is no such matrix."""
    match = MATRIX.fullmatch(tex)
    if not match:
        return None
    lines = re.split(r"\\cr\b|\\\\", match["body"])
    rows = [line.split("&") for line in lines]
    if len(set(map(len, rows))) > 1:
        return None
    numbers = [cell.strip().replace("-", "\u2212") for r in rows for cell in r]
    style = f"--n:{len(rows[0])};font-size:{SIZES[match['size']]}em"
    cells = "".join(f"<span>{number}</span>" for number in numbers)
    hidden = f'<span class=mx aria-hidden=true style="{style}">{cells}</span>'
    return f"<span class=katex>{hidden}</span>"
