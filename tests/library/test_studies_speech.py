"""Chapter 08's studies: what their nets see, and what they count."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from selfattn import data, masks, phonemes  # noqa: E402

pytestmark = pytest.mark.usefixtures("studies")


@pytest.mark.parametrize("kind", ["Attending", "Spliced"])
@pytest.mark.parametrize("radius", [0, 2])
def test_a_net_hears_as_far_as_its_radius_allows(kind, radius):
    import phoneme_nets as nets

    torch.manual_seed(0)
    net = getattr(nets, kind)(radius)
    layers = nets.LAYERS if kind == "Attending" else 1
    x = torch.randn(1, 31, nets.BANDS)
    moved = set()
    with torch.no_grad():
        before = net(x, [31])[0, 15]
        for j in range(31):
            other = x.clone()
            other[0, j] += 1
            if (net(other, [31])[0, 15] - before).abs().max() > 1e-7:
                moved.add(j)
    reach = layers * radius
    assert moved == set(range(15 - reach, 16 + reach))


def test_padding_changes_no_real_frame():
    import phoneme_nets as nets

    spoken = sorted(phonemes.voices("heard")[0], key=lambda u: len(u.x))[:2]
    net = nets.Attending(3)
    x, y, lengths = nets.batch(spoken)
    assert ((y >= 0).sum(dim=1) == torch.tensor(lengths)).all()
    with torch.no_grad():
        both = net(x, lengths)[0, : lengths[0]]
        x, _, lengths = nets.batch(spoken[:1])
        alone = net(x, lengths)[0]
    np.testing.assert_allclose(both, alone, atol=1e-4)


def test_the_window_of_the_measurement_is_the_packages():
    import banded_cost

    n = 2 * banded_cost.RADIUS + 31
    window = masks.window(n, banded_cost.RADIUS)
    assert (banded_cost.window(n) == window).all()
    for form in banded_cost.FORMS:
        out, _ = banded_cost.prepared(form, n)()
        if "all pairs" not in form:
            want, _ = banded_cost.prepared("numpy, L × L", n)()
            np.testing.assert_allclose(out, want, atol=1e-5)


def test_the_stored_runs_are_complete():
    stored = data.result("phoneme_radius")
    for runs in stored["runs"].values():
        for found in runs.values():
            assert [run["seed"] for run in found] == [0, 1, 2]
    n = len(stored["said"]["all"])
    assert all(len(said) == n for said in stored["said"].values())
    assert set(stored["longer"]) == {"10", "all"}
    assert len(data.result("human_letters")["runs"]) == 3
