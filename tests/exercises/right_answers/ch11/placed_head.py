"""Right answers to 11.placed_head, in other styles."""

import torch


def placed_head_separable(x, centre, log_sharpness):
    def along(n, middle):
        at = torch.arange(n, device=x.device, dtype=x.dtype)
        away = at[None] - at[:, None] - middle
        return torch.softmax(-torch.exp(log_sharpness) * away**2, dim=1)

    rows, columns = along(x.shape[1], centre[0]), along(x.shape[2], centre[1])
    weights = torch.kron(rows, columns)
    return torch.einsum("ip,jq,bpqd->bijd", rows, columns, x), weights


def placed_head_cdist(x, centre, log_sharpness):
    b, height, width, d = x.shape
    rows = torch.arange(height, device=x.device)
    columns = torch.arange(width, device=x.device)
    place = torch.cartesian_prod(rows, columns).to(x.dtype).view(-1, 2)
    looked = place + centre
    away = ((looked[:, None, :] - place[None, :, :]) ** 2).sum(2)
    e = torch.exp(log_sharpness.exp() * (away.min(1, True).values - away))
    weights = e / e.sum(1, keepdim=True)
    mixed = torch.einsum("pr,brd->bpd", weights, x.reshape(b, -1, d))
    return mixed.reshape(b, height, width, d), weights
