"""Claims, optional depth and boxes: what the site makes of plain cells."""

from __future__ import annotations

import json

import pytest
from docutils import nodes
from selfattn_theme import folds, notebook


def cell(kind, source, *tags, said=None):
    made = {"cell_type": kind, "source": source, "metadata": {}}
    made["metadata"]["tags"] = list(tags)
    if kind == "code":
        data = {"data": {"text/plain": said}}
        made["outputs"] = [data] if said else []
    return made


def page(*cells):
    return json.loads(notebook.transform(json.dumps({"cells": cells}), 1, {}))[
        "cells"
    ]


def test_a_claim_is_its_line_with_the_code_inside():
    said = "checked: 9 of 9 within 5 %"
    [claim] = page(cell("code", "assert 1", "claim", said=said))
    assert "hide-input" in claim["metadata"]["tags"]
    options = claim["metadata"]["mystnb"]
    assert options["code_prompt_show"] == options["code_prompt_hide"] == said
    assert claim["outputs"] == []


def test_a_claim_that_says_something_else_is_shown():
    [claim] = page(cell("code", "assert 1", "claim", said="off = 2 %"))
    assert "hide-input" not in claim["metadata"]["tags"]
    assert len(claim["outputs"]) == 1


def test_a_check_keeps_its_code_and_loses_its_answer():
    [check] = page(cell("code", "check(x)", "check", said="not yet"))
    assert check["source"] == "check(x)" and check["outputs"] == []


def sources(*cells):
    return [c["source"] for c in page(*cells)]


def test_neighbours_that_go_further_share_one_fold():
    out = sources(
        cell("markdown", "Main."),
        cell("markdown", "**Further: why $a$.** As\n\nso.", "further"),
        cell("code", "1", "further"),
        cell("markdown", "More.", "further"),
        cell("markdown", "Main again."),
    )
    opening = f"{folds.OPENING}\n\nFurther: why $a$\n\n</summary>\n\nAs\n\nso."
    assert out == [
        "Main.",
        opening,
        "1",
        "More.",
        "</details>",
        "Main again.",
    ]


def test_a_second_title_opens_a_second_fold_and_the_last_one_ends():
    out = sources(
        cell("markdown", "**Further: one.**", "further"),
        cell("markdown", "**Further: two.**\n\nText.", "further"),
    )
    assert [s.count("<details") for s in out] == [1, 0, 1, 0]
    assert [s.count("</details>") for s in out] == [0, 1, 0, 1]


def test_a_folds_title_is_inside_its_summary():
    title = nodes.paragraph("", "", nodes.Text("Further: why"))
    section = nodes.section(
        "",
        nodes.raw("", folds.OPENING + "\n", format="html"),
        title,
        nodes.raw("", "</summary>", format="html"),
    )
    folds.summaries(section)
    assert isinstance(section[1], nodes.inline)
    assert section[1].astext() == "Further: why"


@pytest.mark.parametrize(
    ("words", "kind"),
    [("In the lecture.", "lecture"), ("Notation.", "notation")],
)
def test_a_quotation_that_opens_like_a_box_is_one(words, kind):
    line = nodes.paragraph("", "", nodes.Text(""), nodes.strong("", words))
    section = nodes.section("", nodes.block_quote("", line))
    folds.boxes(section)
    assert isinstance(section[0], folds.Box)
    assert section[0]["classes"] == [kind]


@pytest.mark.parametrize("before", ["", "He says: "])
def test_other_quotations_stay(before):
    words = "Notation." if before else "Beware."
    line = nodes.paragraph("", "", nodes.Text(before), nodes.strong("", words))
    section = nodes.section("", nodes.block_quote("", line))
    folds.boxes(section)
    assert isinstance(section[0], nodes.block_quote)


def test_answers_on_paper_look_like_folds():
    [text] = sources(cell("markdown", "<details><summary>Answer</summary>"))
    assert text == '<details class="answer"><summary>Answer</summary>'
