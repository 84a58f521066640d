"""Wall time against length: an LSTM, attention, linear attention. Chapter 12.

    python data/studies/step_times.py [cuda]

One layer each, 64 wide, one head, causal, float32, a batch of 4; projections
included. Forward pass, and forward with backward pass. `lstm` is torch's own,
`attention` its fused kernel, `linear` the chunked form with chunks of 64. The
quickest of several rounds, of which each times every form and length once:
other work can only make a call slower. On a CPU torch runs on one core and
writes results/step_times.json; with `cuda` it runs on the GPU, asks it to
finish before each reading of the clock, and writes step_times_cuda.json.
"""

from __future__ import annotations

import sys
import time

import torch
from recording import conditions, one_thread, save
from torch import nn

from selfattn import attention

WIDTH, BATCH, CHUNK, ROUNDS = 64, 4, 64, 7
LENGTHS = (64, 128, 256, 512, 1024, 2048, 4096, 8192)
FORMS = ("lstm", "attention", "linear")


class Layer(nn.Module):
    """One layer that mixes the positions of (B, L, WIDTH), causally."""

    def __init__(self, form):
        super().__init__()
        self.form = form
        if form == "lstm":
            self.lstm = nn.LSTM(WIDTH, WIDTH, batch_first=True)
        else:
            self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
            self.out = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x):
        """(B, L, WIDTH) to (B, L, WIDTH)."""
        if self.form == "lstm":
            return self.lstm(x)[0]
        q, k, v = self.qkv(x).chunk(3, dim=-1)  # (B, L, WIDTH) each
        if self.form == "attention":
            q, k, v = (t[:, None] for t in (q, k, v))  # (B, 1, L, WIDTH)
            mixed = attention.fused(q, k, v, causal=True)[:, 0]
        else:
            mixed, _ = attention.linear_attention(
                q, k, v, form="chunked", chunk=CHUNK
            )
        return self.out(mixed)


def seconds(layer, x, backward):
    """How long one pass takes, the device's own work included."""
    wait = torch.cuda.synchronize if x.is_cuda else lambda: None
    wait()
    start = time.perf_counter()
    with torch.set_grad_enabled(backward):
        out = layer(x)
    if backward:
        out.sum().backward()
        layer.zero_grad()
    wait()
    return time.perf_counter() - start


def measured(device, rounds=ROUNDS, lengths=LENGTHS):
    """Rows of form, length, pass and the fewest milliseconds."""
    torch.manual_seed(0)
    layers = {form: Layer(form).to(device) for form in FORMS}
    taken = {}
    for round_ in range(rounds + 1):  # the first one warms up
        for n in lengths:
            x = torch.randn(BATCH, n, WIDTH, device=device)
            for form, layer in layers.items():
                for name in ("forward", "both"):
                    took = seconds(layer, x, name == "both")
                    if round_:
                        taken.setdefault((form, n, name), []).append(took)
    return [
        {
            "form": form,
            "length": n,
            "pass": name,
            "ms": round(1000 * min(times), 3),
        }
        for (form, n, name), times in taken.items()
    ]


def main():
    device = "cuda" if sys.argv[1:] == ["cuda"] else "cpu"
    about = conditions(__file__)
    if device == "cuda":
        about["command"] += " cuda"
        about["hardware"] = torch.cuda.get_device_name()
    else:
        one_thread()
    settings = {
        "width": WIDTH,
        "batch": BATCH,
        "chunk": CHUNK,
        "rounds": ROUNDS,
    }
    rows = measured(device)
    name = "step_times_cuda" if device == "cuda" else "step_times"
    save(name, {**about, "settings": settings, "rows": rows})
    for row in rows:
        print(row, flush=True)


if __name__ == "__main__":
    main()
