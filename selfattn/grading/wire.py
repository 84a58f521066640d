"""What a child process sends back, as bytes that cannot do any harm.

    8 bytes: how long the JSON is | the JSON | the numbers of the arrays

Whatever arrives may have been made up by the answer. It is read as plain
JSON and raw numbers, against limits on size and depth, and each value must
be of the kind that is written here; anything else is a ValueError.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from selfattn.grading.messages.cut import LINE, NAME, cut
from selfattn.grading.plain import (
    MAX_DEPTH,
    MAX_TEXT,
    Group,
    Leaf,
    Other,
    Output,
    Raised,
    Text,
)
from selfattn.grading.run import KINDS, Failure, Outcome
from selfattn.grading.session import MAX_PRINTED

MAX_JSON = 16 * 2**20  # bytes
_DTYPE = re.compile(
    r"[<>|=]?(b1|[iu][1248]|f(2|4|8|12|16)|c(8|16|24|32)|"
    r"[US]\d{1,9})"
)
_ORIGINS = ("array", "tensor", "number", "list")
_GROUPS = ("tuple", "list", "dict", "set")


def dumps(outcome: Outcome) -> bytes:
    """An outcome as bytes."""
    blobs: list[bytes] = []
    f = outcome.failure
    tree = {
        "outputs": [_packed(o, blobs) for o in outcome.outputs],
        "again": None
        if outcome.again is None
        else _packed(outcome.again, blobs),
        "failure": f and [f.kind, f.text, f.where, f.case, f.type],
        "changed": outcome.changed,
        "printed": outcome.printed,
        "warned": list(outcome.warned),
    }
    head = json.dumps(tree).encode()
    return b"".join([len(head).to_bytes(8, "big"), head, *blobs])


def _packed(output: Output, blobs: list[bytes]) -> list:
    if type(output) is Leaf:
        a = output.array
        blobs.append(a.tobytes())
        return [
            "array",
            a.dtype.str,
            list(a.shape),
            output.origin,
            output.dtype,
        ]
    if type(output) is Group:
        return [
            "group",
            output.kind,
            [_packed(i, blobs) for i in output.items],
            list(output.keys),
        ]
    if type(output) is Text:
        return ["text", output.value]
    if type(output) is Other:
        return ["other", output.type, output.why]
    return ["raised", output.type]


def loads(data: bytes, cases: Sequence) -> Outcome:
    """Bytes as the outcome on these cases; ValueError if they are not that."""
    size = int.from_bytes(data[:8], "big")
    if not 0 < size <= min(MAX_JSON, len(data) - 8):
        raise ValueError("no such length")
    try:
        tree = json.loads(data[8 : 8 + size])
        reader = _Reader(memoryview(data)[8 + size :])
        outcome = reader.outcome(tree)
    except (RecursionError, TypeError, KeyError, OverflowError) as error:
        raise ValueError("another form") from error
    _fits(outcome, cases)
    return outcome


class _Reader:
    """Takes the arrays' numbers off the blob, in the order of the JSON."""

    def __init__(self, blob: memoryview):
        self._blob = blob

    def outcome(self, tree: Any) -> Outcome:
        _demand(type(tree) is dict and type(tree["outputs"]) is list)
        outputs = [self._output(o, 0) for o in tree["outputs"]]
        again = tree["again"]
        again = None if again is None else self._output(again, 0)
        _demand(not len(self._blob))
        warned = tree["warned"]
        _demand(type(warned) is list and len(warned) <= 3)
        changed = tree["changed"]
        _demand(changed is None or type(changed) is list)
        return Outcome(
            outputs,
            _failure(tree["failure"]),
            again,
            None if changed is None else tuple(changed),
            _text(tree["printed"], MAX_PRINTED + 2),
            tuple(_text(w, LINE) for w in warned),
        )

    def _output(self, node: Any, depth: int) -> Output:
        _demand(type(node) is list and node and depth <= MAX_DEPTH + 2)
        kind, *rest = node
        if kind == "array":
            return self._array(*rest)
        if kind == "group":
            name, items, keys = rest
            _demand(name in _GROUPS and type(items) is type(keys) is list)
            _demand(len(keys) == (len(items) if name == "dict" else 0))
            _demand(all(type(k) in (str, int, float, bool) for k in keys))
            return Group(
                name,
                tuple(self._output(i, depth + 1) for i in items),
                tuple(cut(k, LINE) if type(k) is str else k for k in keys),
            )
        if kind == "text":
            [value] = rest
            return Text(_text(value, MAX_TEXT))
        if kind == "other":
            return Other(*(_text(r, LINE) for r in rest))
        _demand(kind == "raised")
        return Raised(*(_text(r, NAME) for r in rest))

    def _array(self, dtype: Any, shape: Any, origin: Any, name: Any) -> Leaf:
        _demand(type(dtype) is str and _DTYPE.fullmatch(dtype))
        _demand(type(shape) is list and len(shape) <= 32)
        _demand(all(type(n) is int and 0 <= n < 2**40 for n in shape))
        _demand(origin in _ORIGINS)
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        _demand(size <= len(self._blob))
        raw, self._blob = bytes(self._blob[:size]), self._blob[size:]
        if not size:
            return Leaf(np.zeros(shape, kind), origin, _text(name, NAME))
        if kind.kind == "b":  # any byte but 0 and 1 would be no truth value
            array = np.frombuffer(raw, "u1") != 0
        else:
            array = np.frombuffer(bytearray(raw), kind)
        if kind.kind == "U":
            letters = np.frombuffer(raw, kind.str[0] + "u4")
            _demand((letters < 0x110000).all())
        return Leaf(array.reshape(shape), origin, _text(name, NAME))


def _failure(node: Any) -> Failure | None:
    if node is None:
        return None
    kind, text, where, case, name = node
    _demand(kind in KINDS and (case is None or type(case) is int))
    return Failure(
        kind,
        _text(text, 3 * LINE),
        _text(where, 10 * LINE),
        case,
        _text(name, NAME),
    )


def _text(value: Any, length: int) -> str:
    _demand(type(value) is str)
    return cut(value, length)


def _fits(outcome: Outcome, cases: Sequence) -> None:
    """What it says of the cases must be about these cases."""
    n, failure = len(cases), outcome.failure
    _demand(len(outcome.outputs) <= n)
    _demand(failure is not None or len(outcome.outputs) == n)
    _demand(failure is None or failure.case is None or 0 <= failure.case < n)
    if outcome.changed is not None:
        number, argument = outcome.changed
        _demand(type(number) is int and 0 <= number < n)
        case = cases[number]
        _demand(
            argument in case.kwargs
            if type(argument) is str
            else type(argument) is int and 0 <= argument < len(case.args)
        )


def _demand(held: Any) -> None:
    if not held:
        raise ValueError("another form")
