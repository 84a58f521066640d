"""What the reader sees: once, in words, and nothing that can do harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from sample_reports import compared, full_report, wrong

from selfattn.grading import picture as drawing
from selfattn.grading import report as reports
from selfattn.grading.report import Comparison, Note, Report

EVIL = (
    "<script>alert(1)</script> \" onload='x' & \x1b[31mred\x1b[0m \x00\ud800"
)


class Page(HTMLParser):
    """The tags, attributes and text of an HTML block; unclosed tags fail."""

    VOID = {"rect", "path"}

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


# --- text ----------


@pytest.mark.parametrize(
    ("status", "first"),
    [("todo", "04.softmax: not yet"), ("passed", "04.softmax: passed"),
     ("wrong", "04.softmax: wrong"), ("error", "04.softmax: error")],
)  # fmt: skip
def test_the_first_line_says_the_status_in_words(status, first):
    report = Report("04.softmax", status, "A message.")
    assert report.text().split("\n")[0] == first
    assert Page(report.html()).text.startswith(first)
    assert first in repr(report)


def test_text_is_never_wider_than_79_columns():
    long = Report("01." + "x" * 200, "wrong", "word " * 80 + "y" * 200)
    for text in (full_report().text(), long.text()):
        assert max(map(len, text.split("\n"))) <= 79


def test_every_part_is_in_the_text_and_in_the_page():
    report = full_report()
    for shown in (report.text(), Page(report.html()).text):
        for part in (
            "Each row must sum to one.", "A remark.", "printed printed",
            "A note on the file.", "3 queries, 5 keys", "expected", "yours",
        ):  # fmt: skip
            assert part in shown, part


def test_code_in_a_message_keeps_its_lines():
    message = "It stopped here:\n\n    line 2\n        x = [1]\n\nFix it."
    report = Report("04.softmax", "error", message)
    assert "    line 2\n        x = [1]\n" in report.text()
    assert ">line 2\n    x = [1]</pre>" in report.html()


def test_the_short_form_is_one_line():
    report = repr(full_report())
    assert report == "<Report 04.softmax: wrong (columns)>"
    assert repr(Note("Hint 1", "Look.")) == "<Note Hint 1>"


def test_a_note_shows_code_as_it_stands():
    note = Note("Solution", "One way.", "def f(x):\n    return x < 1")
    assert "    def f(x):\n        return x < 1" in note.text()
    assert "return x &lt; 1</pre>" in note.html()


# --- nothing of the reader's can do harm ----------


def test_what_the_readers_code_made_is_only_ever_text():
    for shown in (
        Report(EVIL, "wrong", EVIL + "\n\n    " + EVIL, EVIL, EVIL, EVIL,
               compared([[1.0]], [[2.0]], (0, 0), name=EVIL), EVIL),
        Note(EVIL, EVIL, EVIL),
    ):  # fmt: skip
        page = Page(shown.html())
        assert "script" not in page.tags
        assert not any(name.startswith("on") for name, _ in page.attributes)
        for text in (shown.text(), shown.html()):
            assert "\x1b" not in text and "\x00" not in text
            text.encode("utf-8")


def test_text_that_would_run_backwards_is_straightened():
    assert "\u202e" not in Report("04.softmax", "error", "a\u202eb").text()


def test_long_printing_is_cut_and_says_so():
    for printed in ("x\n" * 1000, "y" * 10**6):
        text = wrong(printed=printed).text()
        assert len(text) < 3000
        assert "the rest is left out" in text
    assert "left out" not in wrong(printed="short\n").text()


# --- for screen readers and for both schemes ----------


def test_the_verdict_is_announced_and_the_pictures_are_not():
    page = full_report().html()
    live = re.search(r'<div role="status">(.*?)</div>', page, re.S)[1]
    assert "04.softmax: wrong" in live and "sum to one" in live
    assert "<svg" not in live and "printed" not in live


def test_text_takes_the_colour_of_the_page():
    for style in Page(full_report().html()).values("style"):
        assert not re.search(r"(^|;)color:(?!inherit)", style)
        assert not re.search(r"background(-color)?:(?!none)", style)


def test_each_picture_says_in_words_what_it_shows():
    a = np.array([[0.25, 0.75], [0.5, 0.5]])
    b = np.array([[0.25, 0.75], [0.75, 0.5]])
    page = Page(wrong(comparison=compared(a, b, (1, 0))).html())
    assert page.tags.count("svg") == 3
    expected, yours, difference = [
        label for label in page.values("aria-label") if "by" in label
    ]
    assert expected == (
        "expected, 2 by 2; the outlined cell holds 0.50. "
        "Rows: 0.25, 0.75; 0.50, 0.50"
    )
    assert "holds 0.75" in yours
    assert "1 cell differs; the outlined cell holds 0.25" in difference
    assert "[1, 0], is the first that differs" in page.text


# --- the pictures ----------


def cells(picture: str) -> int:
    return picture.count("<rect") - picture.count('stroke-width="2.5"')


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (6, 6), (7, 5), (12, 12)])
def test_smalldrawing_are_drawn_whole(shape):
    a = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    picture = drawing.as_html(compared(a, a + 1, (0, 0)))
    assert cells(picture) == 3 * a.size
    assert ("<text" in picture) == (max(shape) <= 6)
    assert "Drawn is" not in picture


def test_of_a_large_matrix_the_part_that_differs_is_drawn():
    a = np.zeros((2, 17, 23))
    b = a.copy()
    b[1, 13, 20] = 1
    picture = drawing.as_html(compared(a, b, (1, 13, 20)))
    assert cells(picture) == 3 * 144
    assert "Drawn is [1, 5:17, 11:23] of shape (2, 17, 23)." in picture
    assert picture.count("the outlined cell holds 1") == 2
    assert "1 cell differs" in picture


@pytest.mark.parametrize("at", [(0, 0), (0, 40), (40, 0), (40, 40), (11, 12)])
def test_the_first_cell_that_differs_is_always_in_the_picture(at):
    a = np.zeros((41, 41))
    b = a.copy()
    b[at] = 7
    assert drawing.as_html(compared(a, b, at)).count("holds 7") == 2


def test_not_a_number_and_infinity_are_written_out():
    a = np.array([[1.0, 2.0, np.inf, np.nan]])
    b = np.array([[np.nan, -np.inf, np.inf, np.nan]])
    view = drawing._view(compared(a, b, (0, 0)))
    assert view.difference.tolist()[0][2:] == [0, 0]
    for shown in (drawing.as_text, drawing.as_html):
        text = shown(compared(a, b, (0, 0)))
        assert "nan" in text and "-inf" in text


def test_rounding_is_not_a_difference_unless_it_is_the_only_one():
    a = np.array([1.0, 2.0, 3.0])
    rounding = a + [1e-12, 0, 0]
    wrong_too = rounding + [0, 0, 1.0]
    assert drawing._view(compared(a, wrong_too)).difference[0, 0] == 0
    assert drawing._view(compared(a, rounding)).difference[0, 0] != 0


def test_arrays_of_different_shapes_have_no_difference():
    picture = drawing.as_html(compared(np.ones((3, 5)), np.ones((5, 3))))
    assert picture.count("<svg") == 2
    assert "Expected shape (3, 5), yours (5, 3)." in picture
    assert drawing.as_html(compared(np.ones(3), np.ones((2, 2, 2, 2))))


@pytest.mark.parametrize(
    "thing",
    [np.array(1.0), np.ones((0, 3)), np.array(["a"]), np.array([object()]),
     np.array([1j]), None, "text", [[1], [1, 2]], {"a": 1}],
)  # fmt: skip
def test_what_is_no_matrix_is_not_drawn(thing):
    for one, other in ((thing, np.ones((2, 2))), (np.ones((2, 2)), thing)):
        comparison = Comparison("a case", one, other, (0, 0))
        assert drawing.as_html(comparison) == ""
        assert drawing.as_text(comparison) == ""


@pytest.mark.parametrize("index", [(5, 5), (-1, 0), (0,), (0, 0, 0), ()])
def test_an_index_that_is_none_outlines_nothing(index):
    picture = drawing.as_html(compared(np.ones((2, 2)), np.eye(2), index))
    assert "outlined" not in picture


def test_the_same_report_is_drawn_the_same_way_every_time():
    assert full_report().html() == full_report().html()


# --- numbers on colour ----------


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in parts
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blended(over: str, page: str, strength: float) -> str:
    parts = (
        int(over[i : i + 2], 16) * strength
        + int(page[i : i + 2], 16) * (1 - strength)
        for i in (1, 3, 5)
    )
    return "#" + "".join(f"{round(part):02x}" for part in parts)


@pytest.mark.parametrize(
    ("page", "ink"),
    [("#ffffff", "#323232"), ("#ffffff", "#000000"),
     ("#121212", "#ced6dd"), ("#111111", "#ffffff")],
)  # fmt: skip
def test_numbers_and_bars_stand_out_on_light_and_dark_pages(page, ink):
    for colour in (drawing._POSITIVE, drawing._NEGATIVE):
        cell = blended(colour, page, drawing._STRONGEST)
        assert contrast(cell, ink) >= 4.5
    for bar in reports._BAR.values():
        assert contrast(bar, page) >= 3
