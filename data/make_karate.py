"""Write karate.json: Zachary's karate club, its friendships and factions.

34 members and 78 friendships outside the club, from W. W. Zachary, “An
information flow model for conflict and fission in small groups”, Journal of
Anthropological Research 33 (1977), 452-473, figures 1 and 3. Later the club
split: some members stayed with the instructor, the others followed the
officers. Members are numbered from 0, as networkx's karate_club_graph does,
to which a test compares this file.
"""

from __future__ import annotations

from writing import target, write_json

# Each friendship once, at its lower number.
FRIENDS = {
    0: [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31],
    1: [2, 3, 7, 13, 17, 19, 21, 30],
    2: [3, 7, 8, 9, 13, 27, 28, 32],
    3: [7, 12, 13],
    4: [6, 10],
    5: [6, 10, 16],
    6: [16],
    8: [30, 32, 33],
    9: [33],
    13: [33],
    14: [32, 33],
    15: [32, 33],
    18: [32, 33],
    19: [33],
    20: [32, 33],
    22: [32, 33],
    23: [25, 27, 29, 32, 33],
    24: [25, 27, 31],
    25: [31],
    26: [29, 33],
    27: [33],
    28: [31, 33],
    29: [32, 33],
    30: [32, 33],
    31: [32, 33],
    32: [33],
}
OFFICERS = {9, 14, 15, 18, 20, *range(22, 34)}
INSTRUCTOR, PRESIDENT = 0, 33


def make() -> dict:
    return {
        "factions": ["instructor", "officers"],
        "faction": [int(i in OFFICERS) for i in range(34)],
        "leaders": [INSTRUCTOR, PRESIDENT],
        "edges": [[i, j] for i, them in FRIENDS.items() for j in them],
    }


if __name__ == "__main__":
    write_json(target() / "karate.json", make())
