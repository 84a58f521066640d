"""Chapter 11's stored study: every kind has the same budget and all seeds."""

from __future__ import annotations

import pytest

from selfattn import data


@pytest.mark.parametrize("name", ["digits", "letters"])
def test_what_is_stored_is_equal_for_all(name):
    stored = data.result(f"train_size_{name}")
    plan = stored["settings"]
    assert len(plan["sizes"]) >= 7 and len(plan["seeds"]) >= 5
    counts = {r["parameters"] for r in stored["runs"]}
    assert max(counts) < 1.01 * min(counts)
    keys = [
        (r["mix"], r["n"], r["variant"], r["seed"]) for r in stored["runs"]
    ]
    assert len(set(keys)) == len(keys)
    wanted = {
        (mix, n, variant, seed)
        for mix in ("convolution", "attention")
        for variant in ("", "permuted", "patches", "longer")
        for n in plan[variant or "sizes"]
        for seed in plan["seeds"]
    }
    assert wanted <= set(keys)


@pytest.mark.parametrize("name", ["digits", "letters"])
def test_only_nets_with_the_most_images_see_moved_ones(name):
    stored = data.result(f"train_size_{name}")
    most = stored["settings"]["sizes"][-1]
    for r in stored["runs"]:
        whole = r["n"] == most and not r["variant"]
        assert ("shifted" in r) == ("start" in r) == whole
        if whole:
            assert r["shifted"][0] == r["accuracy"]
