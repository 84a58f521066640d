"""What values must be, and the sentence said when they are not.

Every message has the same form: the rule, what was given, what to do. What
shapes must be is in `shapes`.
"""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping, Sequence
from typing import TypeGuard

import numpy as np

from . import shapes
from .shapes import Shape

FLOATS = (np.dtype("float32"), np.dtype("float64"))
LARGEST = 2**63 - 1  # of a whole number: it counts something
PLAIN = (np.ndarray, np.memmap)  # not masked arrays, not np.matrix


def is_plain(value: object) -> TypeGuard[np.ndarray]:
    return type(value) in PLAIN


def shown(value: object) -> str:
    """Say what a value is, in a few words.

    >>> import numpy as np
    >>> shown(np.zeros((2, 3))), shown([1, 2])
    ('float64 array (2, 3)', 'list [1, 2]')
    """
    if is_plain(value):
        return f"{value.dtype} array {value.shape}"
    if value is None:
        return "None"
    if isinstance(value, type):
        return f"the type {value.__name__}"
    kind = type(value).__name__
    if isinstance(value, int) and value.bit_length() > 128:
        return f"{kind} of about {round(value.bit_length() * 0.30103)} digits"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{value.dtype} {kind} {tuple(value.shape)}"
    text = repr(value)
    return f"{kind} {text if len(text) <= 40 else text[:37] + '...'}"


def float_array(name: str, value: object) -> np.ndarray:
    """Demand a plain NumPy array of float32 or float64; it is returned."""
    if not is_plain(value):
        raise TypeError(
            f"{name} must be a NumPy array: got {shown(value)}; "
            + _how_to_array(value)
        )
    if value.dtype not in FLOATS:
        raise TypeError(
            f"{name} must hold float32 or float64: got {shown(value)}; "
            + (
                f"convert it with {name}.astype(float)"
                if value.dtype.kind in "iubf"
                else "give real numbers"
            )
        )
    return value


def _how_to_array(value: object) -> str:
    if isinstance(value, np.ma.MaskedArray):
        return "its own mask would be lost: pass .data, and mask= for the mask"
    if type(value).__module__.split(".")[0] == "torch":
        return "use selfattn.attention for tensors, or call .numpy()"
    if hasattr(value, "to_numpy"):
        return "call .to_numpy()"
    return "convert it with np.array(..., dtype=float)"


def finite(name: str, value: np.ndarray) -> None:
    """Demand that no entry is NaN or infinite."""
    bad = np.argwhere(~np.isfinite(value))
    if len(bad):
        at = tuple(int(i) for i in bad[0])
        raise ValueError(
            f"{name} must be finite: got {value[at]} at {at} "
            f"({len(bad)} such in all); remove it, or, where the input is "
            "padded, write 0 and mask it"
        )


def not_overflown(name: str, value: np.ndarray) -> None:
    """Demand that a result made from finite numbers is finite."""
    if not np.isfinite(value).all():
        raise ValueError(
            f"{name} must fit into {value.dtype}: got a number too large for "
            "it; scale the input down, or use float64"
        )


def inputs(**named: object) -> None:
    """Demand finite float arrays of at least two axes and one dtype."""
    arrays = {name: float_array(name, given) for name, given in named.items()}
    same_dtype({name: array.dtype for name, array in arrays.items()})
    for name, array in arrays.items():
        shapes.vectors(name, array.shape)
        finite(name, array)


def same_dtype(dtypes: Mapping[str, object]) -> None:
    """Demand one dtype for all."""
    if len(set(dtypes.values())) > 1:
        got = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
        raise TypeError(
            f"{' and '.join(dtypes)} must share one dtype: got {got}; "
            "convert them to the same one"
        )


def mask_array(mask: object, scores: Shape) -> None:
    """Demand a boolean array that fits the scores and leaves keys to all."""
    if not is_plain(mask):
        raise TypeError(
            f"mask must be a boolean NumPy array: got {shown(mask)}; "
            "make one with selfattn.masks or np.array(..., dtype=bool)"
        )
    boolean(mask.dtype)
    shapes.over_scores("mask", mask.shape, scores)
    empty = np.argwhere(~mask.any(axis=-1))
    if len(empty):
        at = tuple(int(i) for i in empty[0])
        raise ValueError(
            "every query must have at least one key to attend to: got a "
            f"mask {mask.shape} whose row {at} is all False; let it see "
            "itself, or leave that query out"
        )


def boolean(dtype: object) -> None:
    """Demand a boolean mask."""
    if str(dtype) not in ("bool", "torch.bool"):
        raise TypeError(
            f"mask must be boolean, True = may attend: got {dtype}; "
            "compare it (mask != 0 for 1 = may attend), or pass numbers "
            "that are added to the scores as bias="
        )


def bias_array(bias: object, scores: Shape) -> None:
    """Demand finite floats that fit the scores."""
    array = float_array("bias", bias)
    shapes.over_scores("bias", array.shape, scores)
    if np.isneginf(array).any():
        raise ValueError(
            "bias must be finite: got -inf; forbid keys with a boolean mask="
        )
    finite("bias", array)


def softmax_input(x: np.ndarray, axis: object) -> None:
    """Demand scores with something to weigh in every slice."""
    if isinstance(axis, bool) or not isinstance(axis, numbers.Integral):
        raise TypeError(
            f"axis must be a whole number: got {shown(axis)}; pass -1 for "
            "the last axis"
        )
    axis = int(axis)
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(
            f"axis must be one of x's {x.ndim} axes: got {axis} for "
            f"{x.shape}; pass -1 for the last one"
        )
    if x.shape[axis] == 0:
        raise ValueError(
            f"softmax needs at least one score: got {x.shape} along axis "
            f"{axis}; leave empty sets out"
        )
    if np.isnan(x).any() or np.isposinf(x).any():
        raise ValueError(
            "x must hold no NaN and no +inf: got "
            f"{x[np.isnan(x) | np.isposinf(x)][0]}; remove it first"
        )
    if np.isneginf(x).all(axis=axis).any():
        raise ValueError(
            "softmax needs a score above -inf in every slice: got "
            "one that is all -inf; unmask at least one key"
        )


def needs_w(score: str, w: object, activation: str = "tanh") -> None:
    """Demand w for additive scores; it and an activation only for them."""
    one_of("activation", activation, ("tanh", "leaky_relu"))
    if score == "additive" and w is None:
        raise ValueError(
            "additive scores need w, a vector (d_k,): got None; pass w=..."
        )
    if score == "dot" and (w is not None or activation != "tanh"):
        got = shown(w) if activation == "tanh" else activation
        raise ValueError(
            f"dot scores take no w and no activation: got {got}; "
            'leave it out, or ask for score="additive"'
        )


def one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Demand one of a few words."""
    if not isinstance(value, str) or value not in allowed:
        raise (ValueError if isinstance(value, str) else TypeError)(
            f"{name} must be {' or '.join(map(repr, allowed))}: "
            f"got {shown(value)}; choose one of them"
        )


def positive(name: str, value: object) -> float:
    """A positive finite number, as a Python float."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, numbers.Real
    ):
        raise TypeError(
            f"{name} must be a number: got {shown(value)}; "
            "pass one float, such as 1.0"
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and number > 0):
        whole = int(value) if isinstance(value, numbers.Integral) else None
        got = value if whole is None else _brief(whole)
        raise ValueError(
            f"{name} must be positive and finite: got {got}; "
            "pass a float above 0"
        )
    return number


def integer(name: str, value: object, least: int = 1) -> int:
    """A whole number that is not too small, as a Python int."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, numbers.Integral
    ):
        raise TypeError(
            f"{name} must be a whole number: got {shown(value)}; pass an int"
        )
    value = int(value)
    if value < least:
        raise ValueError(
            f"{name} must be at least {least}: got {_brief(value)}; pass a "
            "larger one"
        )
    if value > LARGEST:
        raise ValueError(
            f"{name} must be at most {LARGEST}: got {_brief(value)}; pass a "
            "smaller one"
        )
    return value


def _brief(value: int) -> object:
    """A whole number as it is written, or how long that would be."""
    return shown(value) if value.bit_length() > 128 else value


def flag(name: str, value: object) -> None:
    """Demand True or False, so that "no" is not taken for yes."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(
            f"{name} must be True or False: got {shown(value)}; pass one of "
            "them"
        )


def whole_numbers(name: str, value: object) -> np.ndarray:
    """An array of whole numbers, from an array or a list of them."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(
            f"{name} must be whole numbers: got a masked array, whose own "
            "mask would be lost; pass a plain array or list"
        )
    try:
        array = np.asarray(value)
    except ValueError:  # ragged
        array = np.array(None)
    if array.size and array.dtype.kind not in "iu":
        raise TypeError(
            f"{name} must be whole numbers: got {shown(value)}; "
            "pass ints, in a list or an integer array"
        )
    return array.astype(np.int64)
