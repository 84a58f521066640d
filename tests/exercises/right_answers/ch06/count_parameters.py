"""Right answers to 06.count_parameters, in other styles."""


def count_shapes(d_model, n_heads, d_k, d_v, bias=False):
    shapes = [(d_model, n_heads * d_k)] * 2
    shapes += [(d_model, n_heads * d_v), (n_heads * d_v, d_model)]
    return sum(i * o + (o if bias else 0) for i, o in shapes)


def count_arrays(d_model, n_heads, d_k, d_v, bias=False):
    rows = d_model + bool(bias)
    per_head = rows * d_k + rows * d_k + rows * d_v + d_v * d_model
    return n_heads * per_head + bias * d_model


def count_torch(d_model, n_heads, d_k, d_v, bias=False):
    from torch import nn

    sizes = ((d_model, d_k), (d_model, d_k), (d_model, d_v))
    layers = [nn.Linear(i, n_heads * o, bias) for i, o in sizes]
    layers.append(nn.Linear(n_heads * d_v, d_model, bias))
    return sum(p.numel() for m in layers for p in m.parameters())
