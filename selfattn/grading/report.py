"""What the reader sees of a check, a hint or a solution: text and HTML.

Everything shown may hold text that the reader's code made (names, printed
output, error messages), so control characters are removed and HTML is
escaped, once, here.

Text is written in blocks with an empty line between them. A block whose every
line starts with four spaces is code and is kept as it is; the rest is filled
to the width of the page. Words in `backticks` are set as code.
"""

from __future__ import annotations

import html
import re
import sys
import textwrap
from dataclasses import dataclass
from types import FrameType
from typing import Any, Literal

import numpy as np

from selfattn.grading import picture

WIDTH = 79
PRINTED_LINES = 20
PRINTED_CHARS = 2000

Status = Literal["todo", "passed", "wrong", "error"]
_WORD = {
    "todo": "not yet",
    "passed": "passed",
    "wrong": "wrong",
    "error": "error",
}
# Mid-tones: at least 3:1 against white and against near-black pages.
_BAR = {
    "todo": "#5b7fb5",
    "passed": "#2f8f5b",
    "wrong": "#c2703d",
    "error": "#c9525c",
}


class _Shown:
    """Something that is displayed when it is made, and again on request."""

    def text(self) -> str:
        """The whole as plain text, 79 columns wide."""
        raise NotImplementedError

    def html(self) -> str:
        """The whole as one HTML block, without scripts."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/plain": self.text(), "text/html": self.html()}

    def _ipython_display_(self) -> None:
        shell = _shell()
        if getattr(self, "_just_shown", False) and _is_last_line(shell):
            object.__setattr__(self, "_just_shown", False)
            return
        _publish(self, shell)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The answer on one case, beside the right one.

    `index` is the first place where they differ, or None.
    """

    case_name: str
    expected: np.ndarray
    got: np.ndarray
    index: tuple | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Report(_Shown):
    """The result of one check.

    Parameters
    ----------
    exercise_id : "NN.name", or what the reader wrote there.
    status : "todo", "passed", "wrong" or "error".
    message : what the reader should know; blocks as in the module's text.
    diagnosis : id of the recognised trap or relation.
    remark : something worth saying of an answer that passed.
    printed : what the reader's code printed.
    comparison : arrays to draw beside each other.
    saved_note : what to know about the stored result, usually nothing.
    """

    exercise_id: str
    status: Status
    message: str
    diagnosis: str | None = None
    remark: str | None = None
    printed: str = ""
    comparison: Comparison | None = None
    saved_note: str = ""

    def __repr__(self) -> str:
        why = f" ({self.diagnosis})" if self.diagnosis else ""
        return f"<Report {self._title()}{why}>"

    def _title(self) -> str:
        name = " ".join(_clean(str(self.exercise_id)).split())
        if len(name) > 50:
            name = name[:47] + "..."
        return f"{name}: {_WORD[self.status]}"

    def text(self) -> str:
        parts = [self._title(), _filled(self.message)]
        if self.comparison is not None:
            parts.append(_clean(picture.as_text(self.comparison)))
        if self.remark:
            parts.append(_filled("Remark: " + self.remark))
        if self.printed.strip():
            printed = textwrap.indent(_filled_code(_head(self.printed)), "  ")
            parts.append("Your code printed:\n" + printed)
        if self.saved_note:
            parts.append(_filled(self.saved_note))
        return "\n\n".join(part for part in parts if part)

    def html(self) -> str:
        # The live region is what a screen reader says after the cell has
        # run: the verdict and the message, not the pictures.
        parts = [
            '<div role="status">',
            f'<p style="margin:0"><strong>{_escaped(self._title())}'
            "</strong></p>",
            _blocks(self.message),
            "</div>",
        ]
        if self.comparison is not None:
            parts.append(_clean(picture.as_html(self.comparison)))
        if self.remark:
            parts.append(_blocks("Remark: " + self.remark))
        if self.printed.strip():
            parts.append(
                '<details style="margin:0.6em 0 0"><summary>Your code '
                f"printed</summary>{_pre(_head(self.printed))}</details>"
            )
        if self.saved_note:
            parts.append(
                '<div style="font-size:0.85em">'
                f"{_blocks(self.saved_note)}</div>"
            )
        return _box(self._title(), _BAR[self.status], parts)


@dataclass(frozen=True, eq=False, repr=False)
class Note(_Shown):
    """A hint or a solution: a title, some text, and perhaps code."""

    title: str
    body: str
    code: str | None = None

    def __repr__(self) -> str:
        return f"<Note {self._title()}>"

    def _title(self) -> str:
        return " ".join(_clean(self.title).split())

    def text(self) -> str:
        parts = [_wrapped(self._title()), _filled(self.body)]
        if self.code:
            parts.append(textwrap.indent(_clean(self.code).rstrip(), "    "))
        return "\n\n".join(part for part in parts if part)

    def html(self) -> str:
        parts = [
            f'<p style="margin:0"><strong>{_escaped(self._title())}'
            "</strong></p>",
            _blocks(self.body),
        ]
        if self.code:
            parts.append(_pre(self.code))
        return _box(self._title(), _BAR["todo"], parts)


def show(shown):
    """Display a `Report` or `Note` once, and return it.

    In IPython it is displayed at once, and the automatic display of a cell's
    last line is left out for it, so that it appears once whether or not it
    ends its cell. Elsewhere it is printed.
    """
    shell = _shell()
    if shell is None:
        _print(shown.text())
        return shown
    _publish(shown, shell)
    object.__setattr__(shown, "_just_shown", True)

    def cell_ended() -> None:
        shell.events.unregister("post_execute", cell_ended)
        object.__setattr__(shown, "_just_shown", False)

    shell.events.register("post_execute", cell_ended)
    return shown


def _shell() -> Any:
    """The running IPython shell, or None; does not import IPython."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _publish(shown: _Shown, shell: Any) -> None:
    if shell is None:
        _print(shown.text())
        return
    from IPython.display import display

    display(shown._repr_mimebundle_(), raw=True)


def _print(text: str) -> None:
    try:
        print(text)
    except UnicodeEncodeError:  # a terminal without UTF-8
        encoding = sys.stdout.encoding or "ascii"
        print(text.encode(encoding, "replace").decode(encoding))


def _is_last_line(shell: Any) -> bool:
    """Whether the display hook, not a call of `display`, is asking."""
    hook = getattr(shell, "displayhook", None)
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        is_call = frame.f_code.co_name == "__call__"
        if is_call and frame.f_locals.get("self") is hook:
            return True
        frame = frame.f_back
    return False


_ANSI = re.compile(
    r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)?"
)
_UNSEEN = re.compile(
    # Control characters, and the marks that reorder text.
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e"
    "\u2066-\u2069\ufeff\ufffe\uffff]"
)


def _clean(text: str) -> str:
    """The text without escape sequences and characters that hide or harm."""
    text = _ANSI.sub("", text.replace("\r\n", "\n").expandtabs(4))
    text = _UNSEEN.sub("", text)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _escaped(text: str) -> str:
    return html.escape(_clean(text), quote=True)


def _split(text: str) -> list[tuple[bool, str]]:
    """The text's blocks, each with whether it is code."""
    blocks = re.split(r"\n[ ]*\n", _clean(text).strip("\n"))
    found: list[tuple[bool, str]] = []
    for block in blocks:
        if not block.strip():
            continue
        lines = block.strip("\n").split("\n")
        is_code = all(line.startswith("    ") for line in lines)
        if is_code and found and found[-1][0]:
            found[-1] = True, found[-1][1] + "\n\n" + block.rstrip()
        else:
            found.append((is_code, block.rstrip()))
    return found


def _wrapped(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, break_on_hyphens=False)


def _filled_code(text: str) -> str:
    """Code or output, folded where a line is wider than the page."""
    folded = []
    for line in text.rstrip().split("\n"):
        while len(line) > WIDTH - 2:
            folded.append(line[: WIDTH - 2])
            line = line[WIDTH - 2 :]
        folded.append(line)
    return "\n".join(folded)


def _filled(text: str) -> str:
    return "\n\n".join(
        _filled_code(block) if is_code else _wrapped(block)
        for is_code, block in _split(text)
    )


def _head(printed: str) -> str:
    """The first lines of what was printed, and how much is left out."""
    text = _clean(printed[: 4 * PRINTED_CHARS]).strip("\n")
    lines = text[:PRINTED_CHARS].split("\n")[:PRINTED_LINES]
    head = "\n".join(lines)
    if len(head) < len(text) or len(printed) > 4 * PRINTED_CHARS:
        head += "\n... (the rest is left out)"
    return head


def _blocks(text: str) -> str:
    return "".join(
        _pre(textwrap.dedent(block)) if is_code else _paragraph(block)
        for is_code, block in _split(text)
    )


def _paragraph(block: str) -> str:
    inner = re.sub(
        r"`([^`]+)`", r"<code>\1</code>", _escaped(" ".join(block.split()))
    )
    return f'<p style="margin:0.4em 0 0">{inner}</p>'


def _pre(text: str) -> str:
    # Focusable, so that the keyboard can scroll a line that is too wide.
    return (
        '<pre tabindex="0" style="margin:0.5em 0 0;padding:0.4em 0.7em;'
        "border:1px solid;border-color:color-mix(in srgb,currentColor 25%,"
        "transparent);border-radius:4px;background:none;color:inherit;"
        'overflow-x:auto;white-space:pre">'
        f"{_escaped(text.strip(chr(10)).rstrip())}</pre>"
    )


def _box(title: str, bar: str, parts: list[str]) -> str:
    return (
        f'<div class="selfattn-report" role="group" '
        f'aria-label="{_escaped(title)}" style="border-left:4px solid {bar};'
        "padding:0.2em 0 0.3em 0.9em;margin:0.4em 0;max-width:46em;"
        'line-height:1.5;overflow-wrap:anywhere">'
        + "".join(part for part in parts if part)
        + "</div>"
    )
