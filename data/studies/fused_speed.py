"""How quick the Triton kernel is on a GPU, beside torch's: chapter 13.

    python data/studies/fused_speed.py [--limit TFLOPS]

bfloat16, one forward pass, 16384 vectors in all (batch times length), heads
of width 64 and 128 that fill 2048 numbers per vector, lengths 1024 to 16384.
Each time is the median of CUDA events over 20 passes after 5 to warm up, the
two kernels in turns; both results are compared before. Operations are
4 * batch * heads * L * L * width, half of them for a causal mask. The limit
is what the maker's sheet says for dense bfloat16, known here for a few GPUs.

Without a GPU it writes nothing and says so. With one it writes
results/fused_speed.json:

    command, hardware, versions     as in every results file
    limit                           TFLOP/s of the sheet, or null
    rows                            one dictionary for each case, with
        length, width, heads, batch, causal
        ours_ms, torch_ms           milliseconds per pass
        ours, torch                 TFLOP/s
        off                         largest difference of the two results
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys

import torch
import torch.nn.functional as F
from recording import save

from selfattn import fused_triton

NAME = "fused_speed"
LENGTHS, WIDTHS = (1024, 2048, 4096, 8192, 16_384), (64, 128)
VECTORS, NUMBERS = 16_384, 2048  # in all; per vector, over its heads
PASSES, WARM = 20, 5
# Dense bfloat16 with float32 sums, in TFLOP/s, from the makers' sheets.
LIMITS = {"H200": 989, "H100": 989, "A100": 312, "L4": 121, "T4": 65}
ROW = {
    "length": int,
    "width": int,
    "heads": int,
    "batch": int,
    "causal": bool,
    "ours_ms": float,
    "torch_ms": float,
    "ours": float,
    "torch": float,
    "off": float,
}


def operations(batch, heads, length, width, causal):
    """Multiplications and additions of the two matrix products."""
    whole = 4 * batch * heads * length * length * width
    return whole // 2 if causal else whole


def limit_of(name):
    """The sheet's TFLOP/s for a GPU of this name, None for another.

    >>> limit_of("NVIDIA H200"), limit_of("some other")
    (989, None)
    """
    return next((x for key, x in LIMITS.items() if key in name), None)


def milliseconds(calls):
    """name -> the median time of a pass, in turns, by the GPU's clock."""
    taken = {name: [] for name in calls}
    for number in range(WARM + PASSES):
        for name, call in calls.items():
            start, end = (torch.cuda.Event(enable_timing=True) for _ in "ab")
            start.record()
            call()
            end.record()
            torch.cuda.synchronize()
            if number >= WARM:
                taken[name].append(start.elapsed_time(end))
    return {name: statistics.median(times) for name, times in taken.items()}


def measure(length, width, causal):
    """One row of the file."""
    batch, heads = VECTORS // length, NUMBERS // width
    size = batch, heads, length, width
    q, k, v = (
        torch.randn(size, device="cuda", dtype=torch.bfloat16)
        for _ in range(3)
    )
    calls = {
        "ours": lambda: fused_triton.fused(q, k, v, causal=causal)[0],
        "torch": lambda: F.scaled_dot_product_attention(
            q, k, v, is_causal=causal
        ),
    }
    off = (calls["ours"]().float() - calls["torch"]().float()).abs().max()
    ms = milliseconds(calls)
    work = operations(batch, heads, length, width, causal)
    row = {"length": length, "width": width, "heads": heads, "batch": batch}
    row["causal"] = causal
    row |= {f"{name}_ms": round(t, 4) for name, t in ms.items()}
    row |= {name: round(work / t / 1e9, 1) for name, t in ms.items()}
    return row | {"off": round(off.item(), 5)}


def checked(stored):
    """The contents of the file, if they have the form that is told above.

    Raises a ValueError that names the first part that is wrong.
    """
    for key in ("command", "hardware", "versions", "limit", "rows"):
        if key not in stored:
            raise ValueError(f"the file must have {key}: got none; measure")
    if not stored["rows"]:
        raise ValueError("rows must not be empty: got []; measure")
    for row in stored["rows"]:
        wrong = [
            key for key, kind in ROW.items() if type(row.get(key)) is not kind
        ]
        if wrong or set(row) != set(ROW):
            raise ValueError(
                f"a row must have {', '.join(ROW)}: got {row}; look at "
                f"{', '.join(wrong) or 'what is too much'}"
            )
        size = (row[x] for x in ("batch", "heads", "length", "width"))
        work = operations(*size, row["causal"]) / 1e9
        for name in ("ours", "torch"):
            if abs(row[name] * row[f"{name}_ms"] / work - 1) > 0.01:
                raise ValueError(
                    f"TFLOP/s must fit the milliseconds: got {row}; measure"
                )
    return stored


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, help="TFLOP/s of the sheet")
    options = parser.parse_args()
    if not torch.cuda.is_available() or fused_triton.INTERPRETED:
        print("There is no GPU here: nothing was measured.", file=sys.stderr)
        return 1
    import triton

    gpu = torch.cuda.get_device_name()
    rows = []
    for width in WIDTHS:
        for length in LENGTHS:
            for causal in (False, True):
                rows.append(measure(length, width, causal))
                print(rows[-1], flush=True)
    stored = {
        "command": f"python data/studies/{NAME}.py",
        "hardware": gpu,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__.split("+")[0],
            "triton": triton.__version__,
        },
        "limit": options.limit or limit_of(gpu),
        "rows": rows,
    }
    save(NAME, checked(stored))
    return 0


if __name__ == "__main__":
    sys.exit(main())
