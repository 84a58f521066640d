"""Evidence: one line of what was checked, and values that prose repeats."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Mapping

MIME = "application/vnd.selfattn.values+json"

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class Checked:
    """One line of evidence, with the values that the prose repeats."""

    def __init__(self, line: str, texts: Mapping[str, str]) -> None:
        self.line = line
        self._texts = dict(texts)

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __repr__(self) -> str:
        return f"checked: {self.line}"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        data: dict = {"text/plain": repr(self)}
        if self._texts:
            data[MIME] = dict(self._texts)
        return data


def checked(line: str, /, **values: object) -> Checked:
    """Say in one line what the asserts above it have held.

    As the last line of a claim's cell. The values are kept in the output
    and not shown; the prose repeats one inside `<span data-value="name">…
    </span>`, and `make notebooks` fills it in.

    Parameters
    ----------
    line : what was checked, with its numbers and its bound, on one line.
    values : strings, shown as they are; integers, in full; and other real
        numbers, to three significant figures. Arrays of one element count
        as numbers. Pass a string where the prose wants another form.

    Raises
    ------
    TypeError : the line is no string, or a value is neither a string nor a
        real number.
    ValueError : the line is empty or spans lines, a name is not
        lower_snake, or a value is empty, spans lines, or is not finite.

    >>> checked("9 of 9 variances within 5 % of d_k", off="1.9 %")
    checked: 9 of 9 variances within 5 % of d_k
    """
    if not isinstance(line, str):
        raise TypeError(
            f"checked begins with a line of text: got {type(line).__name__}; "
            'say what was held, as in checked("9 of 9 within 5 %")'
        )
    if not line.strip() or len(line.splitlines()) > 1:
        raise ValueError(
            f"checked begins with one line of text: got {line!r}; "
            "say on one line what was held"
        )
    return Checked(line.strip(), _texts(values))


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    for name in values:
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"a value's name must be lower_snake: got {name!r}; "
                "use small letters, digits and single underscores"
            )
    return {name: _text(name, value) for name, value in values.items()}


def _text(name: str, value: object) -> str:
    if isinstance(value, str):
        if not value.strip() or len(value.splitlines()) > 1:
            raise ValueError(
                f"a value must be one line of text: got {name}={value!r}; "
                "pass what the prose should say"
            )
        return value
    if not isinstance(value, numbers.Real) and hasattr(value, "item"):
        value = _item(name, value)  # a one-element array or tensor, np.bool_
    if isinstance(value, numbers.Integral):
        return str(value)
    if isinstance(value, numbers.Real):
        if not math.isfinite(value):
            raise ValueError(
                f"a value must be finite: got {name}={float(value)}; "
                "find out where it comes from before you print it"
            )
        return format(float(value), ".3g")
    raise TypeError(
        f"a value must be a string or a real number: got {name} of type "
        f"{type(value).__name__}; format it as text"
    )


def _item(name: str, value) -> object:
    try:
        return value.item()
    except (ValueError, RuntimeError):  # NumPy's and torch's refusals
        raise TypeError(
            f"a value must be one number: got {name} of shape "
            f"{tuple(value.shape)}; reduce it, or name each part"
        ) from None
