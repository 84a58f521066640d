"""Right answers to 07.shift_matrix, in other styles."""

import cmath

import numpy as np


def shift_matrix_angles(start, end):
    angle = np.arctan2(end[::2], end[1::2])
    angle = angle - np.arctan2(start[::2], start[1::2])
    out = np.zeros((start.size, start.size))
    for m, b in enumerate(angle):
        pair = slice(2 * m, 2 * m + 2)
        out[pair, pair] = [[np.cos(b), -np.sin(b)], [np.sin(b), np.cos(b)]]
    return out


def shift_matrix_solved(start, end):
    out = np.zeros((len(start), len(end)))
    for m in range(0, len(start), 2):
        x, y = start[m : m + 2]
        # (x, y) @ [[c, -s], [s, c]] = (x c + y s, y c - x s)
        c, s = np.linalg.solve([[x, y], [y, -x]], end[m : m + 2])
        out[m : m + 2, m : m + 2] = [[c, -s], [s, c]]
    return out


def shift_matrix_kron(start, end):
    out = 0
    for m in range(len(start) // 2):
        a = complex(start[2 * m + 1], start[2 * m])
        b = complex(end[2 * m + 1], end[2 * m])
        z = cmath.exp(1j * cmath.phase(b / a))
        turn = np.array([[z.real, -z.imag], [z.imag, z.real]])
        here = np.zeros(len(start) // 2)
        here[m] = 1
        out = out + np.kron(np.diag(here), turn)
    return out
