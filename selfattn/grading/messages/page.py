"""What is said of text that a reader typed on the page."""

from __future__ import annotations

from selfattn.grading.messages.cut import NAME, cut

UNWRITTEN = (
    "Nothing to grade yet: the starter still raises NotImplementedError. "
    "Write its body, then check again."
)
STOPPED = "You stopped the check. Your code is still in the editor."
ENDED = (
    "Your code ended Python on this page. A function that calls itself "
    "without end does that. Python starts again with the next check, and "
    "your code is still in the editor."
)
NOT_STARTED = (
    "Python could not start on this page. Reload the page, or open the "
    "exercise on Colab."
)


def not_python(line: int, printed: str) -> str:
    """A text that Python cannot read; `printed` says where and why."""
    shown = "\n".join(f"    {one}" for one in printed.splitlines())
    return f"Python cannot read line {line} of your code.\n\n{shown}"


def missing(wanted: str, found: str) -> str:
    """The text made no answer of that name, perhaps one of another."""
    other = f" Yours is called `{cut(found, NAME)}`." if found else ""
    return f"The check looks for `{wanted}`, and it is not there.{other}"


def not_a_function(wanted: str, kind: str) -> str:
    """The name stands for something that cannot be called."""
    return (
        f"`{wanted}` is no function here, but an object of type {kind}. Give "
        "that another name."
    )


def absent(module: str) -> str:
    """A module that the text imports is not on the page."""
    return (
        f"{cut(module, NAME)} is not on this page, which has NumPy and "
        "Python's own modules"
    )
