"""Right answers to 01.atoms_one_hot, in other styles."""

import numpy as np


def atoms_scan(formula, elements):
    rows, at = [], 0
    while at < len(formula):
        symbol = formula[at]
        at += 1
        while at < len(formula) and formula[at].islower():
            symbol += formula[at]
            at += 1
        digits = ""
        while at < len(formula) and formula[at].isdigit():
            digits += formula[at]
            at += 1
        for _ in range(int(digits) if digits else 1):
            row = [0] * len(elements)
            row[elements.index(symbol)] = 1
            rows.append(row)
    return rows


def atoms_by_element(formula, elements):
    import re

    found = re.findall(r"([A-Z][a-z]*)([0-9]*)", formula)
    ids = []
    for i, symbol in enumerate(elements):
        ids += [i] * sum(int(n or 1) for s, n in found if s == symbol)
    return np.eye(len(elements), dtype=np.float32)[ids]
