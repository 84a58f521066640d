"""What an answer returned, as plain data that can cross a pipe.

Arrays, tensors, numbers and lists of numbers become a `Leaf`; tuples, ragged
lists and dicts a `Group`; text a `Text`; anything else an `Other`, of which
only a description is kept. Nothing of the answer's own classes survives, so
that a subclass with an odd `__eq__` cannot influence a comparison.
"""

from __future__ import annotations

import io
import numbers
import pickle
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

MAX_BYTES = 64 * 2**20  # of one array; exercises return kilobytes
MAX_DEPTH = 12

# Taken now: an answer that replaces np.array must not reach the encoder.
_array, _ndarray, _generic = np.array, np.ndarray, np.generic
_ascontiguous, _frombuffer = np.ascontiguousarray, np.frombuffer


@dataclass(frozen=True)
class Leaf:
    """One array; `dtype` is the name that the answer's author used."""

    array: np.ndarray
    origin: str = "array"  # "array" | "tensor" | "number" | "list"
    dtype: str = ""

    def __reduce__(self):
        a = self.array
        return _leaf, (
            a.dtype.str,
            a.shape,
            a.tobytes(),
            self.origin,
            self.dtype,
        )


@dataclass(frozen=True)
class Group:
    """Several outputs: a tuple, a list that is not one array, or a dict."""

    kind: str  # "tuple" | "list" | "dict" | "set"
    items: tuple
    keys: tuple = ()


@dataclass(frozen=True)
class Text:
    """A string."""

    value: str


@dataclass(frozen=True)
class Other:
    """Something that is not data: its type, and why it was not read."""

    type: str
    why: str = ""


@dataclass(frozen=True)
class Raised:
    """An exception instead of an output."""

    type: str


Output = Leaf | Group | Text | Other | Raised


def _leaf(dtype: str, shape: tuple, data: bytes, origin: str, name: str):
    array = _frombuffer(bytearray(data), dtype=dtype).reshape(shape)
    return Leaf(array, origin, name)


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
            else f"array of {value.dtype}",
            "objects",
        )
    if value.nbytes > MAX_BYTES:
        shape = tuple(int(n) for n in value.shape)
        return Other(f"array of shape {shape}", "too large")
    plain = _array(value, copy=True, subok=False, order="C")
    return Leaf(plain, origin, name or plain.dtype.name)


def _list(value: list, depth: int) -> Output:
    """A list of numbers or of equal arrays is one array; else a group."""
    if not value:
        return Leaf(_array([]), "list", "float64")
    items = tuple(encode(item, depth + 1) for item in value)
    return stacked(items, "list") or Group("list", items)


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


def encode(value: Any, depth: int = 0) -> Output:
    """This value as plain data.

    >>> encode([[1, 2], [3, 4]]).array.shape
    (2, 2)
    >>> encode((1.0, None)).items[1]
    Other(type='None', why='')
    """
    kind = type(value)
    if value is None:
        return Other("None")
    if depth > MAX_DEPTH:
        return Other(kind.__name__, "nested too deeply")
    if is_tensor(value):
        return _tensor_leaf(value)
    if issubclass(kind, _ndarray):
        return _array_leaf(_ndarray.view(value, _ndarray), "array")
    if issubclass(kind, str):
        return Text(str.__str__(value))
    if issubclass(kind, (bool, int, float, complex, _generic)):
        if issubclass(kind, int) and abs(int(value)) >= 2**63:
            value = float(value)
        return _array_leaf(_array(value), "number")
    if issubclass(kind, tuple):
        return Group(
            "tuple", tuple(encode(v, depth + 1) for v in tuple.__iter__(value))
        )
    if issubclass(kind, list):
        return _list(list(list.__iter__(value)), depth)
    if issubclass(kind, dict):
        pairs = list(dict.items(value))
        keys = tuple(
            k if type(k) in (str, int, float, bool) else repr(k)
            for k, _ in pairs
        )
        return Group(
            "dict", tuple(encode(v, depth + 1) for _, v in pairs), keys
        )
    if issubclass(kind, (set, frozenset)):
        plain = sorted(value, key=lambda v: (type(v).__name__, repr(v)))
        return Group("set", tuple(encode(v, depth + 1) for v in plain))
    if issubclass(kind, range):
        return _list(list(value), depth)
    if issubclass(kind, numbers.Number):
        return _array_leaf(_array(float(value)), "number")
    if callable(value):
        return Other(kind.__name__, "callable")
    if hasattr(kind, "__next__"):
        return Other(kind.__name__, "iterator")
    if hasattr(kind, "__array__"):
        return encode(_array(value), depth + 1)
    return Other(kind.__name__)


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


class _Plain(pickle.Unpickler):
    """Reads what `encode` made, and nothing else."""

    allowed: dict = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in self.allowed:
            return self.allowed[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is not plain data")


_Plain.allowed = {
    (__name__, c.__name__): c
    for c in (Leaf, Group, Text, Other, Raised, _leaf)
}


def allow(cls: type) -> type:
    """Let this class cross the pipe too (a decorator)."""
    _Plain.allowed[cls.__module__, cls.__name__] = cls
    return cls


def dumps(value: Any) -> bytes:
    """Plain data as bytes."""
    return pickle.dumps(value, protocol=4)


def loads(data: bytes) -> Any:
    """Bytes as plain data; refuses anything else."""
    return _Plain(io.BytesIO(data)).load()


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
