"""What tensors must be, and the sentence said when they are not.

For `attention` and the modules built on it. Dtypes, shapes and devices are
checked, values are not: looking at them would make the device wait.
"""

from __future__ import annotations

import numpy as np
import torch

from . import demand, shapes


def tensor(name, value):
    """Demand a floating tensor."""
    if not isinstance(value, torch.Tensor):
        raise TypeError(
            f"{name} must be a torch tensor: got {demand.shown(value)}; use "
            "torch.as_tensor, or selfattn.reference for NumPy arrays"
        )
    if not value.is_floating_point():
        raise TypeError(
            f"{name} must be a floating tensor: got {value.dtype}; "
            f"convert it with {name}.float()"
        )


def tensors(**named):
    """Demand floating sets of vectors of one dtype, on one device."""
    for name, value in named.items():
        tensor(name, value)
        shapes.vectors(name, tuple(value.shape))
    demand.same_dtype({name: value.dtype for name, value in named.items()})
    if len({value.device for value in named.values()}) > 1:
        got = ", ".join(f"{n} on {v.device}" for n, v in named.items())
        raise ValueError(
            f"{' and '.join(named)} must be on one device: got {got}; "
            "move them with .to(...)"
        )


def mask_tensor(mask, shape, q):
    """The mask as a tensor beside q, checked; (L or 1, S) up to `shape`."""
    if mask is None:
        return None
    if type(mask) in demand.PLAIN:
        demand.boolean(mask.dtype)
        mask = torch.from_numpy(np.ascontiguousarray(mask)).to(q.device)
    elif not isinstance(mask, torch.Tensor):
        raise TypeError(
            f"mask must be a boolean tensor or array: got {demand.shown(mask)}"
            "; make one with selfattn.masks"
        )
    demand.boolean(mask.dtype)
    shapes.over_scores("mask", tuple(mask.shape), shape)
    return mask


def bias_tensor(bias, shape, q):
    """The bias as a tensor like q, checked."""
    if bias is None:
        return None
    bias = bias_values(bias)
    shapes.over_scores("bias", tuple(bias.shape), shape)
    return bias.to(q)


def bias_values(bias):
    """The bias as a floating tensor."""
    if type(bias) in demand.PLAIN:
        demand.float_array("bias", bias)
        bias = torch.from_numpy(np.ascontiguousarray(bias))
    tensor("bias", bias)
    return bias
