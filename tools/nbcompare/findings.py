"""What a comparison finds: what differs, and what rounded the other way."""

from __future__ import annotations

# A rounding tips over where the last digits of a sum carry it past a half.
# That is rare: in one output, one number in so many (or just one) may.
SELDOM = 20
SHOWN = 160


class Findings:
    """The differences between a stored output and a fresh one."""

    def __init__(self, figures: bool = True) -> None:
        self.figures = figures  # whether drawings are compared at all
        self.differences: list[str] = []
        self.numbers = 0
        self.tipped: list[str] = []

    def differ(self, where: str, stored: object, fresh: object) -> None:
        """Two things that a reader can tell apart."""
        self.differences.append(f"{where}: {_cut(stored)}, now {_cut(fresh)}")

    def tip(self, where: str, stored: str, fresh: str) -> None:
        """A number that differs by one unit in its last printed place."""
        self.tipped.append(f"{where}: {stored}, now {fresh}")

    def told(self) -> list[str]:
        """Everything that makes the two outputs different."""
        if len(self.tipped) <= max(1, self.numbers // SELDOM):
            return self.differences
        return [*self.differences, *self.tipped]


def _cut(thing: object) -> str:
    text = thing if isinstance(thing, str) else repr(thing)
    if len(text) <= SHOWN:
        return text
    return f"{text[: SHOWN // 2]} … {text[-SHOWN // 2 :]}"
