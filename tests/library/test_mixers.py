"""The three mixes of chapter 11, and the study that compares them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from bad_input import refused

from selfattn import convolution
from selfattn.mixers import MIXES, Mixer, QuadraticHeads
from selfattn.vision import patches

SIZES = {"height": 6, "width": 10, "channels": 3, "n_classes": 7, "size": 2}
B, HEIGHT, WIDTH, D = 2, 3, 5, 11


def layer(n_heads=7):
    torch.manual_seed(1)
    made = QuadraticHeads(D, n_heads).double()
    with torch.no_grad():
        made.log_sharpness.normal_()
        made.out.bias.zero_()
    return made


def test_placed_heads_are_the_references():
    heads, x = layer(), torch.randn(B, HEIGHT, WIDTH, D).double()
    out, weights = heads(x, return_weights=True)
    matrices = heads.out.weight.detach().numpy().T.reshape(-1, D, D)
    expected, shares = convolution.quadratic_attention(
        x.numpy(),
        np.ascontiguousarray(matrices),
        heads.centres.detach().numpy(),
        heads.log_sharpness.exp().detach().numpy(),
    )
    assert np.allclose(out.detach(), expected, rtol=0, atol=1e-12)
    assert np.allclose(weights.detach(), shares, rtol=0, atol=1e-12)
    assert heads(x)[1] is None


def test_placed_heads_become_torchs_convolution():
    conv = torch.nn.Conv2d(
        D, D, 3, padding=1, padding_mode="replicate"
    ).double()
    heads = layer(9)
    with torch.no_grad():
        offsets = convolution.kernel_offsets(3)
        heads.centres.copy_(torch.from_numpy(offsets))
        heads.log_sharpness.fill_(np.log(convolution.SHARP))
        matrices = conv.weight.permute(0, 2, 3, 1).flatten(1)  # (D, 9 D)
        heads.out.weight.copy_(matrices)
        heads.out.bias.copy_(conv.bias)
        x = torch.randn(B, HEIGHT, WIDTH, D).double()
        wanted = conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        assert torch.allclose(heads(x)[0], wanted, rtol=0, atol=1e-12)


def test_a_head_learns_where_to_look():
    """Its centre moves to the pixel on the left, and it becomes sharp."""
    torch.manual_seed(0)
    heads = QuadraticHeads(1, n_heads=1)
    adam = torch.optim.Adam(heads.parameters(), 0.05)
    for _ in range(300):
        x = torch.randn(16, 5, 7, 1)
        loss = (heads(x)[0] - x.roll(1, dims=2))[:, :, 1:].square().mean()
        adam.zero_grad()
        loss.backward()
        adam.step()
    assert (heads.centres - torch.tensor([0.0, -1.0])).abs().max() < 0.2
    assert heads.log_sharpness.exp() > 1.5 and loss < 0.2


@pytest.mark.parametrize("mix", MIXES)
def test_every_parameter_learns(mix):
    torch.manual_seed(0)
    net = Mixer(mix, **SIZES)
    scores, _ = net(torch.randn(B, 6, 10, 3))
    assert scores.shape == (B, 7)
    scores.square().sum().backward()
    for name, p in net.named_parameters():
        assert p.grad is not None and p.grad.abs().max() > 0, name


@pytest.mark.parametrize("d_model", [8, 16, 32])
def test_the_three_have_as_many_parameters(d_model):
    counts = [
        sum(p.numel() for p in Mixer(m, d_model=d_model, **SIZES).parameters())
        for m in MIXES
    ]
    assert max(counts) < 1.02 * min(counts), counts


def test_weights_come_only_when_they_are_asked_for():
    x = torch.zeros(B, 6, 10, 3)
    for mix, shape in (
        ("quadratic", (9, 15, 15)),
        ("attention", (B, 4, 15, 15)),
    ):
        net = Mixer(mix, **SIZES)
        assert net(x)[1] is None
        assert [w.shape for w in net(x, return_weights=True)[1]] == [shape] * 2
    looks = Mixer("convolution", **SIZES)(x, return_weights=True)[1]
    assert looks == [None, None]


REFUSED = {
    "a mix that is not there": (
        lambda: Mixer("conv", **SIZES),
        ValueError,
        ["'convolution' or 'quadratic' or 'attention'", "'conv'"],
    ),
    "channels first": (
        lambda: QuadraticHeads(D)(torch.zeros(B, D, HEIGHT, WIDTH)),
        ValueError,
        ["channels last", "(2, 11, 3, 5)"],
    ),
    "an image of another size": (
        lambda: Mixer(MIXES[0], **SIZES)(torch.zeros(B, 6, 8, 3)),
        ValueError,
        ["(2, 6, 8, 3)", "resize"],
    ),
    "no head": (
        lambda: QuadraticHeads(D, 0),
        ValueError,
        ["n_heads must be at least 1"],
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_with_a_sentence(case):
    refused(*case)


# --- the study -------------------------------------------------------------


@pytest.fixture
def study(studies):
    import train_size

    return train_size


def test_moved_images_are_shifts_in_four_directions(study):
    x = torch.randn(B, 6, 10, 1)
    moves = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    expected = {
        convolution.shift(x.numpy(), 2 * down, 2 * right).tobytes()
        for down, right in moves
    }
    found = {m.contiguous().numpy().tobytes() for m in study.moved(x, 2)}
    assert found == expected


def test_a_permutation_rearranges_every_image_alike(study):
    x = torch.randn(5, 4, 6, 1)
    other = study.permuted(x)
    assert other.shape == x.shape and not torch.equal(other, x)
    assert torch.equal(
        other.flatten(1).sort().values, x.flatten(1).sort().values
    )
    assert torch.equal(study.permuted(x[2:3]), other[2:3])


def test_rearranged_patches_are_whole_and_move_alike_in_every_image(study):
    x = torch.randn(5, 4, 6, 1)
    other = study.patches_permuted(x, 2)
    assert other.shape == x.shape and not torch.equal(other, x)
    before, after = patches(x, 2), patches(other, 2)  # (5, 6, 4)
    came_from = [
        next(i for i in range(6) if torch.equal(before[0, i], patch))
        for patch in after[0]
    ]
    assert sorted(came_from) == list(range(6))
    assert torch.equal(after, before[:, came_from])


def test_the_distance_of_attention_that_is_equal_everywhere(study):
    torch.manual_seed(0)
    net = Mixer("attention", **SIZES)
    with torch.no_grad():
        for block in net.blocks:
            block.mix.attention.qkv.weight.zero_()
    found = study.fields(net, torch.randn(5, 6, 10, 3))
    assert np.allclose(found["distance"], found["uniform"], atol=2e-3)
