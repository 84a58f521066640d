"""Exercise 01.atoms_one_hot."""

import re

import numpy as np

from selfattn.exercises.model import Case, exercise


def atoms_one_hot(formula, elements):
    """One one-hot row per atom of a molecule.

    formula : a string such as "C2H6O" or "CHCl3": a capital letter, perhaps
        a small one, perhaps a count of 2 or more; no brackets. An element
        may stand in it more than once, as in "CH3CO2H".
    elements : list of n_elements symbols, all that can occur.
    Returns an array (n_atoms, n_elements). Rows may come in any order.
    """
    import re

    rows = []
    for symbol, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        row = [float(symbol == element) for element in elements]
        rows += [row] * int(count or 1)
    return np.array(rows)  # (n_atoms, n_elements)


HINTS = (
    "How many atoms has C2H6O? That many rows are needed, and many "
    "of them are equal.",
    "First turn the formula into pairs (symbol, count). A missing "
    "count means one. Then repeat each symbol's row.",
    "`re.findall` with two groups gives such pairs: a capital with an "
    "optional small letter, then any number of digits.",
)


def run(answer, formula, elements):
    """Call the answer and sort its rows: a set has no order."""
    out = answer(formula, elements)
    try:
        rows = np.asarray(out)
    except (TypeError, ValueError, RuntimeError):
        return out
    if rows.ndim != 2 or rows.dtype.kind not in "bif":
        return out
    if rows.shape[1] == len(elements):
        return rows[np.lexsort(rows.T[::-1])[::-1]]
    if rows.shape[0] == len(elements):  # columns, a known mistake
        return rows[:, np.lexsort(rows[::-1])[::-1]]
    return out


def cases(rng):
    made = [
        Case("water", ("H2O", ["O", "H", "C", "N"])),
        Case("ethanol", ("C2H6O", ["H", "C", "N", "O"])),
        Case("chloroform", ("CHCl3", ["H", "Cl", "C"])),
        Case("cane sugar", ("C12H22O11", ["C", "H", "O", "N", "S"])),
        Case("acetic acid, C and H twice", ("CH3CO2H", ["O", "C", "H"])),
        Case("carbon monoxide", ("CO", ["Co", "O", "C"])),
        Case("one atom of helium", ("He", ["H", "He"])),
        Case("a count of 100", ("C100H202", ["H", "O", "C", "N", "F"])),
    ]
    symbols = ["H", "C", "N", "O", "S", "Cl", "Br", "Na", "F", "P", "Si"]
    for size, used in ((7, 3), (11, 5)):
        elements = [str(e) for e in rng.permutation(symbols)[:size]]
        counts = rng.integers(1, 14, size=used)
        formula = "".join(
            symbol + (str(n) if n > 1 else "")
            for symbol, n in zip(elements[1:], counts, strict=False)
        )
        made.append(Case(f"{formula}, {size} elements", (formula, elements)))
    return made


MISTAKES = {
    "kinds_not_atoms": (
        "You have one row per element. The set's members are atoms: water "
        "has three of them, two with equal rows."
    ),
    "counts_in_rows": (
        "You wrote the counts into the rows. A row describes one atom and "
        "holds a single 1; two atoms make two rows."
    ),
    "formula_as_vector": (
        "You count the atoms in one vector. One vector per atom is asked for."
    ),
    "one_forgotten": (
        "An element without a number is lost. In H2O the O has no count "
        "because there is one of it."
    ),
    "capital_only": (
        "Symbols of two letters lose their second one, so that chlorine, Cl, "
        "is read as carbon. The small letter belongs to the symbol."
    ),
    "one_digit": (
        "Only the first digit of a count is read: C12 becomes one carbon. "
        "Counts can have several digits."
    ),
    "letter_by_letter": (
        "You read the formula one character at a time. Cl and Br have two, "
        "and a count such as 12 has two digits."
    ),
    "own_elements": (
        "Your columns are the elements of this molecule. Then O is column 1 "
        "in one molecule and column 2 in another; use the list given."
    ),
    "sorted_elements": (
        "Your columns follow the alphabet. The list of elements is given, "
        "and its order decides which column is whose."
    ),
    "columns": (
        "Your atoms are columns. Vectors are rows here: n_atoms rows, one "
        "column per element."
    ),
    "repeated_element_lost": (
        "Where an element stands in the formula twice, you count one of its "
        "places only. In CH3CO2H all places of C and H count; a dict keeps "
        "the last one."
    ),
    "row_per_character": (
        "You have one row per character of the formula, digits included. A "
        "digit says how many rows the symbol before it gets."
    ),
    "row_per_letter": (
        "You have one row per letter. A symbol can have two letters, and its "
        "count says how many rows it gets."
    ),
    "one_added": (
        "Elements with a count get one row too many. C2 means two atoms in "
        "all."
    ),
    "last_digit": (
        "Only the last digit of a count is read: C12 becomes two carbons. "
        "Counts can have several digits."
    ),
    "capitals": (
        "You turned all letters into capitals. Then Cl becomes C and L, and "
        "cobalt (Co) cannot be told from CO."
    ),
    "numbers_only": (
        "You return the number of each atom's element. One-hot rows are asked "
        "for, with one column per element."
    ),
    "first_letter": (
        "Some of your rows have more than one 1: you compare only the first "
        "letter of the symbols. C and Cl are different elements."
    ),
    "inverted": (
        "Your zeros and ones are exchanged. The atom's own element holds 1, "
        "all others hold 0."
    ),
}


def variant(wrong):
    def answer(formula, elements):
        pattern = r"([A-Z][a-z]?)(\d*)"
        if "capital_only" in wrong:
            pattern = r"([A-Z])[a-z]?(\d*)"
        if "one_digit" in wrong:
            pattern = pattern[:-2] + r"?)\d*"
        found = re.findall(pattern, formula)
        if "capitals" in wrong:
            found = re.findall(r"([A-Z])(\d*)", formula.upper())
        if "row_per_character" in wrong:
            found = [(c, "") for c in formula]
        if "row_per_letter" in wrong:
            found = [(c, "") for c in formula if c.isalpha()]
        if "repeated_element_lost" in wrong:
            found = list(dict(found).items())
        if "letter_by_letter" in wrong:
            found = re.findall(r"([A-Z])(\d?)", formula)
            found = [pair for pair in found if pair[0] in elements]
        if "sorted_elements" in wrong:
            elements = sorted(elements)
        kinds = np.array([[e == s for e in elements] for s, _ in found], float)
        if "first_letter" in wrong:
            rows = [[e[0] == s[0] for e in elements] for s, _ in found]
            kinds = np.array(rows, float)
        counts = np.array([int(n or 1) for _, n in found])
        if "one_added" in wrong:
            counts = np.array([int(n or 0) + 1 for _, n in found])
        if "last_digit" in wrong:
            counts = np.array([int(n[-1:] or 1) for _, n in found])
        if "one_forgotten" in wrong:
            counts = np.array([int(n or 0) for _, n in found])
        if "own_elements" in wrong:
            kinds = kinds[:, kinds.any(axis=0)]
        if "kinds_not_atoms" in wrong:
            return kinds
        if "counts_in_rows" in wrong:
            return kinds * counts[:, None]
        if counts.sum() == 0:
            return np.zeros(0)
        atoms = kinds.repeat(counts, axis=0)  # (n_atoms, n_elements)
        if "numbers_only" in wrong:
            return atoms.argmax(axis=1)
        if "inverted" in wrong:
            atoms = 1 - atoms
        if "formula_as_vector" in wrong:
            return atoms.sum(axis=0)
        return atoms.T if "columns" in wrong else atoms

    return answer


EXERCISE = exercise(
    atoms_one_hot,
    title="A molecule as a set of atoms",
    difficulty=2,
    minutes=10,
    hints=HINTS,
    run=run,
    cases=cases,
    mistakes=MISTAKES,
    variant=variant,
)
