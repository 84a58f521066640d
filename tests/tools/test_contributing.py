"""CONTRIBUTING opens doors that are there."""

from __future__ import annotations

import re

from checkout import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf8")
TABLE = TEXT.split("## I want to …")[1].split("\n## ")[0]
PATHS = {
    word
    for word in re.findall(r"`([^`]+)`", TABLE)
    if re.fullmatch(r"[\w/.]+(/|\.(py|js|yml|bib|in|md))", word)
}


def test_every_path_of_the_table_is_there():
    assert len(PATHS) > 20
    homes = [ROOT, ROOT / "data/studies", ROOT / "selfattn/grading"]
    for path in PATHS:
        assert any((home / path).exists() for home in homes), path


def test_every_link_of_the_table_leads_to_a_heading():
    headings = re.findall(r"^## (.+)$", TEXT, re.M)
    anchors = {"#" + h.lower().replace(" ", "-") for h in headings}
    links = re.findall(r"\]\((#[^)]+)\)", TABLE)
    assert len(links) >= 5 and set(links) <= anchors


def test_every_target_that_is_named_is_made():
    made = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    named = re.findall(r"`make ([a-z-]+)", TEXT)
    assert named and set(named) <= set(made)
