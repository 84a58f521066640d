"""Text that others made: cut to a length that can be read."""

from __future__ import annotations

NAME = 60  # letters of a type's, an argument's or a file's name
LINE = 600  # letters of an exception's or a warning's text


def cut(text: object, length: int = LINE) -> str:
    """A text that is no longer than this, with its head and its tail.

    >>> cut("a" * 50 + "z" * 50, 50)
    'aaaaaaaa … (84 letters left out) zzzzzzzz'
    """
    text = text if type(text) is str else ""
    if len(text) <= length:
        return text
    kept = max((length - 34) // 2, 1)
    left_out = len(text) - 2 * kept
    return f"{text[:kept]} … ({left_out} letters left out) {text[-kept:]}"


def type_name(kind: type) -> str:
    """A class's name, whatever its metaclass says of it."""
    try:
        return cut(type.__dict__["__name__"].__get__(kind), NAME)
    except Exception:
        return "object"
