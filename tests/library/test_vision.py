"""Torch layers for images, and the small DETR with its set loss."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from bad_input import refused

from selfattn import boxes, detector, detr, images, reference
from selfattn.vision import (
    GatedAttention,
    PatchClassifier,
    patches,
)

B, C, HEIGHT, WIDTH = 2, 11, 3, 5


def drawn(*shape, seed=0):
    made = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=made, dtype=torch.float64)


# --- gated attention -------------------------------------------------------


def gated(inner=7):
    torch.manual_seed(1)
    return GatedAttention(C, inner).double()


def test_a_new_gate_changes_nothing_and_can_still_open():
    layer, x = gated(), drawn(B, C, HEIGHT, WIDTH)
    out, weights = layer(x)
    assert torch.equal(out, x) and weights is None
    (out**2).sum().backward()
    assert layer.gamma.grad.abs() > 1e-3
    for name, p in layer.named_parameters():
        assert name == "gamma" or (p.grad == 0).all(), name


def test_an_open_gate_adds_attention_over_all_pixels():
    layer, x = gated(), drawn(B, C, HEIGHT, WIDTH)
    with torch.no_grad():
        layer.gamma.fill_(0.75)
        out, weights = layer(x, return_weights=True)
    pixels = x.flatten(2).transpose(1, 2).numpy()  # (B, n, C)
    q, k, v, w = (
        m.weight[:, :, 0, 0].detach().numpy().T
        for m in (layer.w_q, layer.w_k, layer.w_v, layer.out)
    )
    mixed, expected = reference.attention(
        pixels @ q, pixels @ k, pixels @ v, scale=1.0
    )
    assert np.allclose(weights, expected, rtol=0, atol=1e-12)
    wanted = pixels + 0.75 * mixed @ w  # (B, n, C)
    found = out.flatten(2).transpose(1, 2).numpy()
    assert np.allclose(found, wanted, rtol=0, atol=1e-12)


def test_one_layer_hears_every_pixel_where_a_convolution_hears_nine():
    layer = gated()
    with torch.no_grad():
        layer.gamma.fill_(1.0)
    convolution = torch.nn.Conv2d(C, C, 3, padding=1).double()
    for net, heard in ((lambda x: layer(x)[0], 7 * 9), (convolution, 4)):
        x = drawn(1, C, 7, 9).requires_grad_()
        net(x)[0, :, 0, 0].sum().backward()
        assert (x.grad.abs().amax(dim=(0, 1)) > 0).sum() == heard


# --- patches ---------------------------------------------------------------


def test_patches_are_those_of_numpy():
    x = drawn(B, 6, 10, 3)
    found = patches(x, 2).numpy()
    assert (found == images.to_patches(x.numpy(), 2)).all()


def test_the_patch_model_reads_where_a_patch_lies():
    torch.manual_seed(2)
    model = PatchClassifier(6, 10, 3, size=2, n_classes=7, d_model=8).double()
    x = drawn(B, 6, 10, 3)
    scores, looks = model(x, return_weights=True)
    assert scores.shape == (B, 7)
    assert [w.shape for w in looks] == [(B, 4, 15, 15)] * 2
    order = torch.randperm(15)
    cut = patches(x, 2)[:, order].numpy()
    moved = torch.from_numpy(images.from_patches(cut, 6, 10, 2))
    assert not torch.allclose(model(moved)[0], scores)
    with torch.no_grad():
        model.positions.zero_()
    assert torch.allclose(model(moved)[0], model(x)[0])


# --- the detector ----------------------------------------------------------

SMALL = {"n_queries": 5, "d_model": 8, "n_heads": 2, "d_hidden": 13}


def test_numpy_and_torch_detect_alike():
    torch.manual_seed(3)
    model = detr.Detector(side=12, n_encoder=2, n_decoder=3, **SMALL)
    state = {k: v.double().numpy() for k, v in model.state_dict().items()}
    picture = images.scenes(3, seed=3, size=12)["images"]
    with torch.no_grad():
        kinds, found, looks = model.double()(
            torch.from_numpy(picture).double(), return_weights=True
        )
    ours = detector.detect(state, picture, n_heads=2)
    close = {"rtol": 0, "atol": 1e-6}
    assert np.allclose(ours["kinds"], kinds.softmax(-1), **close)
    assert np.allclose(ours["boxes"], found, **close)
    assert np.allclose(ours["searches"], looks[-1], **close)
    assert ours["looks"].shape == (3, 2, 9, 9)


def test_eight_bits_move_a_weight_by_half_a_step_at_most():
    rng = np.random.default_rng(4)
    weights = {"m": rng.standard_normal((5, 7)), "b": rng.standard_normal(3)}
    small = detector.packed(weights)
    again = detector.unpacked(small)
    assert set(again) == {"m", "b"} and small["m"].dtype == np.int8
    most = abs(weights["m"]).max(axis=1, keepdims=True)
    assert (abs(again["m"] - weights["m"]) <= 0.501 * most / 127).all()
    assert np.allclose(again["b"], weights["b"], rtol=1e-6)


def test_the_shipped_detector_finds_most_shapes():
    drawn = images.scenes(40, seed=77)
    found = detector.detect(detector.load(), drawn["images"])
    hits = total = 0
    for i in range(40):
        there = drawn["kinds"][i] >= 0
        truths = boxes.to_corners(drawn["boxes"][i][there].astype(float))
        sure = found["kinds"][i, :, :3].max(axis=-1) > 0.5
        mine = boxes.to_corners(found["boxes"][i][sure])
        scores = found["kinds"][i, sure, :3].max(axis=-1)
        if len(mine):
            hits += boxes.hits(mine, scores, truths).sum()
        total += len(truths)
    assert hits / total > 0.8


# --- the set loss ----------------------------------------------------------


def answers(q=5, m=3, seed=5):
    """What a detector said, and what was there: 3, 1 and no objects."""
    scores, found = drawn(3, q, 4, seed=seed), drawn(3, q, 4, seed=seed + 1)
    truths = drawn(3, m, 4, seed=seed + 2).sigmoid()
    kinds = torch.tensor([[0, 2, 1], [-1, 1, -1], [-1, -1, -1]])
    return scores, found.sigmoid(), kinds, truths


def pair_cost(scores, found, kind, truth):
    both = [boxes.to_corners(b.numpy()[None]) for b in (found, truth)]
    near = boxes.generalised_iou(*both)[0, 0]
    far = (found - truth).abs().sum()
    return -scores.softmax(-1)[kind] + 5 * far - 2 * near


def test_the_loss_matches_every_object_at_the_least_cost():
    scores, found, kinds, truths = answers()
    _, matched = detr.set_loss(scores, found, kinds, truths)
    assert [len(m) for m in matched] == [3, 1, 0]

    def cost(columns, i=0):
        there = [j for j in range(3) if kinds[i, j] >= 0]
        return sum(
            pair_cost(scores[i, q], found[i, q], kinds[i, j], truths[i, j])
            for q, j in zip(columns, there, strict=True)
        )

    best = min(cost(p) for p in itertools.permutations(range(5), 3))
    assert cost(matched[0]) == pytest.approx(float(best))
    alone = min(range(5), key=lambda q: cost([q], 1))
    assert matched[1].tolist() == [alone]


def test_neither_the_order_of_objects_nor_of_answers_matters():
    scores, found, kinds, truths = answers()
    loss, _ = detr.set_loss(scores, found, kinds, truths)
    order = torch.tensor([2, 0, 1])
    same, _ = detr.set_loss(scores, found, kinds[:, order], truths[:, order])
    assert torch.allclose(same, loss)
    order = torch.tensor([4, 2, 0, 1, 3])
    same, _ = detr.set_loss(scores[:, order], found[:, order], kinds, truths)
    assert torch.allclose(same, loss)
    fixed, matched = detr.set_loss(scores, found, kinds, truths, in_order=True)
    assert [m.tolist() for m in matched] == [[0, 1, 2], [1], []]
    assert fixed > loss


def test_a_perfect_answer_costs_next_to_nothing_and_twice_costs_more():
    _, _, kinds, truths = answers()
    found = torch.cat([truths, truths[:, :2]], dim=1)  # (3, 5, 4)
    right = torch.full((3, 5), 3)
    right[:, :3] = torch.where(kinds >= 0, kinds, 3)
    sure = 30.0 * torch.nn.functional.one_hot(right, 4)
    loss, _ = detr.set_loss(sure.double(), found, kinds, truths)
    assert loss < 1e-6
    right[0, 3] = right[0, 0]  # one object is found twice
    sure = 30.0 * torch.nn.functional.one_hot(right, 4)
    assert detr.set_loss(sure.double(), found, kinds, truths)[0] > 0.5


def test_scenes_without_objects_teach_only_that_nothing_is_there():
    scores, found, kinds, truths = answers()
    found.requires_grad_()
    loss, matched = detr.set_loss(scores[2:], found[2:], kinds[2:], truths[2:])
    assert torch.isfinite(loss) and matched[0].size == 0
    loss.backward()
    assert (found.grad == 0).all()


def test_pairs_agree_with_the_reference():
    one, two = drawn(13, 4).sigmoid(), drawn(13, 4, seed=8).sigmoid()
    corners = [boxes.to_corners(b.numpy()) for b in (one, two)]
    expected = np.diag(boxes.generalised_iou(*corners))
    assert np.allclose(detr.paired_giou(one, two), expected)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: GatedAttention(C)(torch.ones(2, 3, 5, 5)),
            ValueError,
            ["(B, 11, height, width)", "(2, 3, 5, 5)"],
        ),
        (
            lambda: PatchClassifier(8, 9, 1, size=2, n_classes=3),
            ValueError,
            ["size 2 for 8 by 9"],
        ),
        (
            lambda: PatchClassifier(8, 8, 1, size=2, n_classes=3)(
                torch.ones(2, 8, 4, 1)
            ),
            ValueError,
            ["(B, 8, 8, 1)", "(2, 8, 4, 1)"],
        ),
        (
            lambda: patches(torch.ones(4, 4), 2),
            ValueError,
            ["(4, 4)", "x[..., None]"],
        ),
        (
            lambda: detr.set_loss(
                torch.ones(1, 2, 4),
                torch.ones(1, 2, 4),
                torch.zeros(1, 3, dtype=int),
                torch.ones(1, 3, 4),
            ),
            ValueError,
            ["3 objects and 2 queries", "n_queries"],
        ),
    ],
    ids=["channels", "rest", "image", "grey", "too few queries"],
)
def test_it_is_refused(call, error, words):
    refused(call, error, words)
