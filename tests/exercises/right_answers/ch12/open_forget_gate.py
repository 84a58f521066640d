"""Right answers to 12.open_forget_gate, in other styles."""

import torch


def open_forget_gate_chunk(bias_ih, bias_hh, share):
    i, f, g, o = bias_ih.chunk(4)
    b = torch.logit(torch.tensor(share, dtype=bias_ih.dtype))
    full = torch.full_like(f, b.item())
    first = torch.cat([i, full, g, o])
    i, f, g, o = bias_hh.chunk(4)
    return first, torch.cat([i, torch.zeros_like(f), g, o])


def open_forget_gate_view(bias_ih, bias_hh, share):
    bias_ih, bias_hh = bias_ih.clone(), bias_hh.clone()
    wanted = torch.tensor(share, dtype=torch.float64)
    bias_ih.view(4, -1)[1] = float(torch.log(wanted) - torch.log1p(-wanted))
    bias_hh.view(4, -1)[1].zero_()
    return bias_ih, bias_hh
