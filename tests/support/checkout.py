"""Where the book lies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ROOT / "data" / "studies"
