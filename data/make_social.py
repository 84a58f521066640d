"""Write social.json: twelve invented people and who is friends with whom.

Two circles, a reading group and a running club, meet in two people.
Nobody here exists.
"""

from __future__ import annotations

from writing import target, write_json

FEATURES = ["age", "books_a_year", "km_a_week", "concerts_a_year"]
PEOPLE = {
    "Ada": (34, 31, 0, 2),
    "Bruno": (41, 24, 3, 1),
    "Chen": (29, 40, 5, 4),
    "Dalia": (52, 18, 2, 6),
    "Emre": (38, 22, 0, 3),
    "Freya": (27, 15, 21, 5),
    "Goran": (45, 12, 18, 1),
    "Hana": (31, 3, 42, 2),
    "Idris": (24, 1, 55, 8),
    "Jonas": (36, 4, 38, 0),
    "Kavya": (28, 2, 47, 3),
    "Luz": (63, 9, 30, 1),
}
FRIENDSHIPS = [
    ("Ada", "Bruno"),
    ("Ada", "Chen"),
    ("Ada", "Dalia"),
    ("Bruno", "Chen"),
    ("Bruno", "Emre"),
    ("Chen", "Dalia"),
    ("Chen", "Freya"),
    ("Dalia", "Emre"),
    ("Emre", "Goran"),
    ("Freya", "Goran"),
    ("Freya", "Hana"),
    ("Freya", "Kavya"),
    ("Goran", "Jonas"),
    ("Hana", "Idris"),
    ("Hana", "Kavya"),
    ("Idris", "Kavya"),
    ("Jonas", "Kavya"),
    ("Jonas", "Luz"),
]


def make() -> dict:
    names = list(PEOPLE)
    return {
        "names": names,
        "features": FEATURES,
        "vectors": [list(PEOPLE[name]) for name in names],
        "edges": [[names.index(a), names.index(b)] for a, b in FRIENDSHIPS],
    }


if __name__ == "__main__":
    write_json(target() / "social.json", make())
