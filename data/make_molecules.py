"""Write molecules.json: three molecules as atoms and bonds.

Written out by hand from the systematic names: oxidane, ethanol, and
1,3,7-trimethyl-3,7-dihydro-1H-purine-2,6-dione. Name, formula and CAS number
are those of the NIST Chemistry WebBook, https://webbook.nist.gov/chemistry.
Atoms: first all but hydrogen, in the order of the SMILES string, then the
hydrogens of each in turn. Bond orders are those of one Kekulé structure.
"""

from __future__ import annotations

from writing import target, write_json

# Heavy atoms, with the hydrogens on each, then bonds between heavy atoms.
MOLECULES = {
    "water": {
        "formula": "H2O",
        "smiles": "O",
        "cas": "7732-18-5",
        "heavy": [("O", 2)],
        "bonds": [],
    },
    "ethanol": {
        "formula": "C2H6O",
        "smiles": "CCO",
        "cas": "64-17-5",
        "heavy": [("C", 3), ("C", 2), ("O", 1)],
        "bonds": [(0, 1, 1), (1, 2, 1)],
    },
    "caffeine": {
        "formula": "C8H10N4O2",
        "smiles": "CN1C=NC2=C1C(=O)N(C)C(=O)N2C",
        "cas": "58-08-2",
        "heavy": [
            ("C", 3),
            ("N", 0),
            ("C", 1),
            ("N", 0),
            ("C", 0),
            ("C", 0),
            ("C", 0),
            ("O", 0),
            ("N", 0),
            ("C", 3),
            ("C", 0),
            ("O", 0),
            ("N", 0),
            ("C", 3),
        ],
        "bonds": [
            (0, 1, 1),
            (1, 2, 1),
            (2, 3, 2),
            (3, 4, 1),
            (4, 5, 2),
            (1, 5, 1),
            (5, 6, 1),
            (6, 7, 2),
            (6, 8, 1),
            (8, 9, 1),
            (8, 10, 1),
            (10, 11, 2),
            (10, 12, 1),
            (4, 12, 1),
            (12, 13, 1),
        ],
    },
}


def expand(molecule: dict) -> dict:
    """Write the hydrogens out as atoms of their own."""
    atoms = [symbol for symbol, _ in molecule["heavy"]]
    bonds = list(molecule["bonds"])
    for i, (_, n_hydrogens) in enumerate(molecule["heavy"]):
        for _ in range(n_hydrogens):
            bonds.append((i, len(atoms), 1))
            atoms.append("H")
    return {
        "formula": molecule["formula"],
        "smiles": molecule["smiles"],
        "cas": molecule["cas"],
        "atoms": atoms,
        "bonds": [[i, j] for i, j, _ in bonds],
        "orders": [order for _, _, order in bonds],
    }


if __name__ == "__main__":
    molecules = {name: expand(m) for name, m in MOLECULES.items()}
    write_json(target() / "molecules.json", molecules)
