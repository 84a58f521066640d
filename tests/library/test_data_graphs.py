"""The shipped graphs: friendships, a karate club, molecules."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from selfattn import data, graphs

VALENCE = {"H": 1, "C": 4, "N": 3, "O": 2}


def test_the_network_is_one_piece_without_doubles_or_loops():
    social = data.load("social")
    n = len(social["names"])
    assert n == len(set(social["names"])) == 12
    assert np.array(social["vectors"]).shape == (n, len(social["features"]))
    edges = {frozenset(e) for e in social["edges"]}
    assert len(edges) == len(social["edges"]) == 18
    assert all(len(e) == 2 for e in edges)
    matrix = graphs.adjacency(social["edges"], n)
    walks = np.linalg.matrix_power(np.eye(n) + matrix, n)
    assert (walks > 0).all()


def test_the_karate_club_is_that_of_networkx():
    networkx = pytest.importorskip("networkx")
    club, theirs = data.load("karate"), networkx.karate_club_graph()
    assert {frozenset(e) for e in club["edges"]} == {
        frozenset(e) for e in theirs.edges
    }
    assert len(club["edges"]) == 78
    names = {"Mr. Hi": 0, "Officer": 1}
    factions = [names[theirs.nodes[i]["club"]] for i in range(34)]
    assert club["faction"] == factions
    assert [club["faction"][i] for i in club["leaders"]] == [0, 1]


@pytest.mark.parametrize(
    ("name", "n_atoms"), [("water", 3), ("ethanol", 9), ("caffeine", 24)]
)
def test_every_atom_has_its_valence_and_formulas_add_up(name, n_atoms):
    molecule = data.load("molecules")[name]
    atoms, bonds = molecule["atoms"], molecule["bonds"]
    assert len(atoms) == n_atoms
    assert len(bonds) == len(molecule["orders"])
    assert len({frozenset(b) for b in bonds}) == len(bonds)
    used = [0] * n_atoms
    for (i, j), order in zip(bonds, molecule["orders"], strict=True):
        used[i] += order
        used[j] += order
    assert used == [VALENCE[a] for a in atoms]
    counts = Counter(atoms)
    formula = "".join(
        f"{e}{counts[e] if counts[e] > 1 else ''}" for e in "CHNO" if counts[e]
    )
    assert formula == molecule["formula"]


def test_cas_numbers_end_in_their_check_digit():
    for molecule in data.load("molecules").values():
        *digits, last = molecule["cas"].replace("-", "")
        total = sum(i * int(d) for i, d in enumerate(digits[::-1], start=1))
        assert total % 10 == int(last)
