"""What an answer returned, as plain data that can cross a pipe.

Arrays, tensors, numbers and lists of numbers become a `Leaf`; tuples, ragged
lists and dicts a `Group`; text a `Text`; anything else an `Other`, of which
only a description is kept. Nothing of the answer's own classes survives, so
that a subclass with an odd `__eq__` cannot influence a comparison.
"""

from __future__ import annotations

import numbers
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from selfattn.grading.messages.cut import cut, type_name

MAX_BYTES = 64 * 2**20  # of one array; exercises return kilobytes
MAX_DEPTH = 12
MAX_ITEMS = 50_000  # of one output, counted each time one comes again
MAX_TEXT = 10_000  # letters of one string

# Taken now: an answer that replaces np.array must not reach the encoder.
_array, _ndarray, _generic = np.array, np.ndarray, np.generic


@final
@dataclass(frozen=True)
class Leaf:
    """One array; `dtype` is the name that the answer's author used."""

    array: np.ndarray
    origin: str = "array"  # "array" | "tensor" | "number" | "list"
    dtype: str = ""


@final
@dataclass(frozen=True)
class Group:
    """Several outputs: a tuple, a list that is not one array, or a dict."""

    kind: str  # "tuple" | "list" | "dict" | "set"
    items: tuple
    keys: tuple = ()


@final
@dataclass(frozen=True)
class Text:
    """A string."""

    value: str


@final
@dataclass(frozen=True)
class Other:
    """Something that is not data: its type, and why it was not read."""

    type: str
    why: str = ""


@final
@dataclass(frozen=True)
class Raised:
    """An exception instead of an output."""

    type: str


Output = Leaf | Group | Text | Other | Raised


def is_tensor(value: Any) -> bool:
    """Whether this is a torch tensor; never imports torch."""
    torch = sys.modules.get("torch")
    tensor = getattr(torch, "Tensor", None)
    return isinstance(tensor, type) and issubclass(type(value), tensor)


def _tensor_leaf(value: Any) -> Output:
    name = str(value.dtype).removeprefix("torch.")
    if value.is_sparse:
        value = value.to_dense()
    value = value.detach().cpu()
    if name in ("bfloat16", "float16"):
        value = value.float()
    value = value.resolve_conj().resolve_neg()
    return _array_leaf(value.numpy(), "tensor", name)


def _array_leaf(value: Any, origin: str, name: str = "") -> Output:
    if value.dtype.kind not in "biufcUS":
        return Other(
            "array of objects"
            if value.dtype.kind == "O"
            else f"array of {cut(str(value.dtype), 40)}",
            "objects",
        )
    if value.nbytes > MAX_BYTES:
        shape = tuple(int(n) for n in value.shape)
        return Other(f"array of shape {shape}", "too large")
    plain = _array(value, copy=True, subok=False, order="C")
    return Leaf(plain, origin, name or plain.dtype.name)


def stacked(items: tuple, origin: str = "list") -> Leaf | None:
    """Equal-shaped leaves as one array with a new first axis, else None."""
    if not items or not all(type(i) is Leaf for i in items):
        return None
    if len({i.array.shape for i in items}) != 1:
        return None
    if any(i.array.dtype.kind in "US" for i in items):
        return None
    array = _array([i.array for i in items])
    names = {i.dtype for i in items}
    return Leaf(
        array, origin, names.pop() if len(names) == 1 else array.dtype.name
    )


def encode(value: Any) -> Output:
    """This value as plain data.

    >>> encode([[1, 2], [3, 4]]).array.shape
    (2, 2)
    >>> encode((1.0, None)).items[1]
    Other(type='None', why='')
    """
    try:
        return _Encoder().output(value, 0)
    except _TooMuch:
        return Other(type_name(type(value)), "too large")


class _TooMuch(Exception):
    """More than an answer may return."""


class _Encoder:
    """Encodes one output, and counts what it holds."""

    def __init__(self):
        self._items, self._bytes = MAX_ITEMS, MAX_BYTES

    def output(self, value: Any, depth: int) -> Output:
        kind = type(value)
        self._items -= 1
        if self._items < 0:
            raise _TooMuch
        if value is None:
            return Other("None")
        if depth > MAX_DEPTH:
            return Other(type_name(kind), "nested too deeply")
        if is_tensor(value):
            return self._weighed(_tensor_leaf(value))
        if issubclass(kind, _ndarray):
            plain = _ndarray.view(value, _ndarray)
            return self._weighed(_array_leaf(plain, "array"))
        if issubclass(kind, str):
            return Text(cut(str.__str__(value), MAX_TEXT))
        if issubclass(kind, (bool, int, float, complex, _generic)):
            return _number_leaf(value)
        if issubclass(kind, (tuple, list, dict, set, frozenset, range)):
            return self._several(value, kind, depth)
        return self._unknown(value, kind, depth)

    def _several(self, value: Any, kind: Any, depth: int) -> Output:
        if kind.__len__(value) > self._items:
            raise _TooMuch
        if issubclass(kind, tuple):
            return Group("tuple", self._each(tuple.__iter__(value), depth))
        if issubclass(kind, list):
            return self._list(list(list.__iter__(value)), depth)
        if issubclass(kind, dict):
            pairs = list(dict.items(value))
            keys = tuple(
                cut(k, MAX_TEXT)
                if type(k) is str
                else k
                if type(k) in (int, float, bool)
                else cut(repr(k))
                for k, _ in pairs
            )
            return Group(
                "dict", self._each((v for _, v in pairs), depth), keys
            )
        if issubclass(kind, (set, frozenset)):
            plain = sorted(value, key=lambda v: (type_name(type(v)), repr(v)))
            return Group("set", self._each(plain, depth))
        return self._list(list(value), depth)

    def _each(self, values: Iterable, depth: int) -> tuple:
        return tuple(self.output(v, depth + 1) for v in values)

    def _list(self, value: list, depth: int) -> Output:
        """A list of numbers or of equal arrays is one array; else a group."""
        if not value:
            return Leaf(_array([]), "list", "float64")
        items = self._each(value, depth)
        return stacked(items, "list") or Group("list", items)

    def _unknown(self, value: Any, kind: type, depth: int) -> Output:
        if issubclass(kind, numbers.Real):
            return _number_leaf(float(value))
        if callable(value):
            return Other(type_name(kind), "callable")
        if hasattr(kind, "__next__"):
            return Other(type_name(kind), "iterator")
        if hasattr(kind, "__array__"):
            return self.output(_array(value), depth + 1)
        return Other(type_name(kind))

    def _weighed(self, leaf: Output) -> Output:
        if type(leaf) is Leaf:
            self._bytes -= leaf.array.nbytes
            if self._bytes < 0:
                raise _TooMuch
        return leaf


def _number_leaf(value: Any) -> Output:
    if isinstance(value, int) and abs(int(value)) >= 2**63:
        try:
            value = float(value)
        except OverflowError:
            value = float("inf") if value > 0 else float("-inf")
    return _array_leaf(_array(value), "number")


def native(output: Output, like_tensor: bool = False) -> Any:
    """Plain data as the arrays, numbers and tuples that a property reads."""
    if type(output) is Leaf:
        if output.origin == "tensor" and like_tensor:
            import torch

            return torch.from_numpy(output.array)
        if output.origin == "number":
            return output.array[()].item()
        return output.array
    if type(output) is Group:
        items = [native(i, like_tensor) for i in output.items]
        if output.kind == "dict":
            return dict(zip(output.keys, items, strict=True))
        return {"tuple": tuple, "list": list, "set": set}[output.kind](items)
    if type(output) is Text:
        return output.value
    return None


def copied(value: Any) -> Any:
    """A copy that shares no array with the original."""
    if is_tensor(value):
        clone = value.detach().clone()
        return clone.requires_grad_(value.requires_grad)
    if type(value) is _ndarray:
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(copied(v) for v in value)
    if type(value) is dict:
        return {k: copied(v) for k, v in value.items()}
    if isinstance(value, (str, int, float, bool, type(None))):
        return value
    import copy

    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def unchanged(before: Any, after: Any) -> bool:
    """Whether the arrays in two copies of an argument hold the same bytes."""
    if is_tensor(before):
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and bool(
                (
                    (before == after) | ((before != before) & (after != after))
                ).all()
            )
        )
    if type(before) is _ndarray:
        return (
            before.shape == after.shape
            and before.dtype == after.dtype
            and (
                before.dtype.kind == "O" or before.tobytes() == after.tobytes()
            )
        )
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(
            unchanged(b, a) for b, a in zip(before, after, strict=True)
        )
    if type(before) is dict:
        return set(before) == set(after) and all(
            unchanged(v, after[k]) for k, v in before.items()
        )
    if isinstance(before, (str, int, float, bool)):
        return type(before) is type(after) and (
            before == after or before != before
        )
    return True


def strange(group: Group) -> str:
    """The type of the first entry, at any depth, that holds no numbers."""
    for item in group.items:
        found = strange(item) if type(item) is Group else ""
        if type(item) is Text:
            found = "str"
        elif type(item) is Other:
            found = item.type
        if found:
            return found
    return ""
