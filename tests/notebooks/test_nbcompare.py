"""Notebooks' outputs are the same where a reader sees no difference.

And only there: each thing that a reader can see is broken once.
"""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from checkout import ROOT
from PIL import Image

from selfattn import plots
from tools.nbcompare.outputs import differences


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def shown(kind, data, **metadata):
    data = {kind: data, "text/plain": "figure: a line"}
    return {
        "output_type": "display_data", "data": data, "metadata": metadata,
    }  # fmt: skip


def told(stored, fresh, **options):
    """The differences of two outputs, as one text."""
    pair = [
        [printed(one)] if isinstance(one, str) else [one]
        for one in (stored, fresh)
    ]
    return "\n".join(differences(*pair, **options))


# ------------------------------------------------------------------- text

TABLE = """width  share   gain
    2   0.51  -0.02
   16   0.97   9.99
[[1.0000 0.2500 4.75e-03]]
9,664 sentences, 78 % right (seed 3).
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.51", "0.52"),
        (" 9.99", "10.00"),
        ("4.75e-03", "4.74e-03"),
        ("-0.02", "-0.01"),
    ],
)
def test_one_rounding_may_tip_over(old, new):
    assert told(TABLE, TABLE.replace(old, new)) == ""


def test_zero_has_no_sign():
    assert told("[0.50 -0.00]", "[0.50  0.00]") == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.51", "0.53"),  # two units of the last place
        ("0.97", "0.87"),
        ("0.2500", "0.2600"),
        ("4.75e-03", "4.75e-02"),
        ("-0.02", "0.02"),
        ("78 %", "79 %"),  # whole numbers count
        ("9,664", "9,665"),
        ("   16", "   17"),
        ("share", "shares"),
        ("right", "wrong"),
        ("   16", "  16"),  # a column out of line
        ("0.51", "0.51 "),
        ("0.97", "nan"),
        ("seed 3).\n", "seed 3)."),
        ("\n   16", " 16"),
    ],
)
def test_a_word_or_a_digit_that_differs_is_told(old, new):
    assert old in TABLE
    assert told(TABLE, TABLE.replace(old, new))
    assert told(TABLE.replace(old, new), TABLE)


def test_two_roundings_in_a_few_numbers_are_a_difference():
    once = TABLE.replace("0.51", "0.52")
    assert "0.97, now 0.96" in told(TABLE, once.replace("0.97", "0.96"))


def test_in_many_numbers_a_few_roundings_may_tip_over():
    rows = [f"{n / 100:.2f}" for n in range(100)]
    for n in (3, 14, 15, 92, 65):
        rows[n] = f"{(n + 1) / 100:.2f}"
    stored = " ".join(f"{n / 100:.2f}" for n in range(100))
    assert told(stored, " ".join(rows)) == ""
    rows[35] = "0.36"
    assert told(stored, " ".join(rows))


# ----------------------------------------------------------------- figures


@pytest.fixture(scope="module")
def drawn():
    """A chart with points, a curve, shaded cells and a picture."""
    fig, axes = plots.figure(7, 3, ncols=3)
    plots.points(axes[0], [[0.0, 1.0], [2.0, 3.0]], ["cat", "dog"])
    axes[0].plot([0, 1, 2], [1.5, 1.25, 0.5])
    plots.heatmap(axes[1], [[0.25, 0.5], [0.125, 1.0]], values=True)
    plots.heatmap(axes[2], np.linspace(0, 1, 600).reshape(20, 30))
    return plots.svg(fig, alt="Two points, four cells and a ramp.").text


def figure(text):
    return shown("image/svg+xml", text, **{"image/svg+xml": {"alt": "a"}})


def moved(svg, by):
    """The first point, further to the right."""

    def move(match):
        return f'{match[1]}"{float(match[2]) + by:.2f}"'

    return re.sub(r'(<use [^>]* x=)"([\d.]+)"', move, svg, count=1)


def pixel(svg, by):
    """The embedded picture with one pixel a little stronger."""
    source = re.search(r"data:image/png;base64,([^\"]+)", svg)[1]
    data = io.BytesIO(base64.b64decode(source))
    pixels = np.asarray(Image.open(data)).copy()
    pixels[7, 11, 3] += by
    made = io.BytesIO()
    Image.fromarray(pixels).save(made, "png")
    return svg.replace(source, base64.b64encode(made.getvalue()).decode())


def renamed(svg):
    """The same drawing, with other ids."""
    made = re.sub(r"\b(s[0-9a-f]{5})-(?=\d)", r"\g<1>0-", svg)
    assert made != svg
    return made


def test_what_nobody_sees_is_no_difference(drawn):
    for fresh in (
        renamed(drawn), moved(drawn, 0.03), moved(drawn, -0.03),
        pixel(drawn, 1), drawn.replace("opacity: 0.25", "opacity: 0.251"),
    ):  # fmt: skip
        assert fresh != drawn
        assert told(figure(drawn), figure(fresh)) == ""


def swapped(svg, old, new):
    assert old in svg
    return svg.replace(old, new, 1)


BREAKS = {
    "a point": lambda svg: moved(svg, 0.3),
    "a label": lambda svg: swapped(svg, ">cat<", ">bat<"),
    "a number in a cell": lambda svg: swapped(svg, ">0.25<", ">0.35<"),
    "a colour by name": lambda svg: swapped(svg, "var(--c0)", "var(--c1)"),
    "a colour by code": lambda svg: swapped(svg, "#0b5cad", "#0b5cae"),
    "a shade": lambda svg: swapped(svg, "opacity: 0.25", "opacity: 0.3"),
    "a place in a path": lambda svg: re.sub(
        r"(<path d=\"M )([\d.]+)", r"\g<1>9\2", svg, count=1
    ),
    "a scale": lambda svg: swapped(svg, "matrix(2.77", "matrix(2.70"),
    "a place of a picture": lambda svg: re.sub(
        r"(matrix\(2.77 0 0 2.77 )2", r"\g<1>3", svg
    ),
    "a line's width": lambda svg: swapped(
        svg, "stroke-width: 0.6", "stroke-width: 0.7"
    ),
    "a kind of line": lambda svg: swapped(
        svg, "stroke-linecap: square", "stroke-linecap: round"
    ),
    "a pixel": lambda svg: pixel(svg, 5),
    "a part": lambda svg: re.sub(r"<use [^>]*/>", "", svg, count=1),
    "a marker of another": lambda svg: re.sub(
        r'(<use xlink:href="#)', r"\1other", svg, count=1
    ),
    "its alternative text": lambda svg: swapped(svg, "Two", "Three"),
    "its size": lambda svg: swapped(svg, 'width="672"', 'width="670"'),
    "the whole": lambda svg: svg[:-30],
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_figure_that_differs_is_told(drawn, what):
    assert told(figure(drawn), figure(BREAKS[what](drawn)))


def test_drawings_of_another_matplotlib_are_left_out(drawn):
    fresh = figure(moved(drawn, 9))
    assert told(figure(drawn), fresh, figures=False) == ""
    fresh["metadata"]["image/svg+xml"] = {"alt": "b"}
    assert told(figure(drawn), fresh, figures=False)


# ------------------------------------------------------------ live figures

STATE = {
    "names": ["I", "saw"], "weights": [[0.1, 0.9], [0.30000000000000004, 0.7]],
    "chosen": 1, "share": 0.3333, "on": True, "none": None,
}  # fmt: skip


def live(svg, state=STATE, note="It moves."):
    source = base64.b64encode(svg.encode()).decode()
    return shown(
        "text/html",
        '<div class="selfattn-live" data-live="word_order">\n'
        f'<script type="application/json">{json.dumps(state)}</script>\n'
        f'<figure><img alt="{note}" src="data:image/svg+xml;base64,{source}">'
        f"<figcaption>{note}</figcaption></figure></div>",
    )


def test_a_live_figures_last_digits_are_no_difference(drawn):
    near = {**STATE, "weights": [[0.1, 0.9], [0.3, 0.70000001]]}
    assert told(live(drawn), live(renamed(drawn), near)) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"weights": [[0.1, 0.9], [0.301, 0.7]]},
        {"weights": [[0.1, 0.9]]},
        {"names": ["I", "sew"]},
        {"chosen": 0},
        {"chosen": 1.5},
        {"share": 0.3335},
        {"share": float("nan")},
        {"on": False},
        {"on": 1},
        {"none": 0},
        {"more": 1},
    ],
)
def test_a_live_figures_state_that_differs_is_told(drawn, change):
    assert told(live(drawn), live(drawn, {**STATE, **change}))


def test_a_live_figures_picture_and_words_that_differ_are_told(drawn):
    assert told(live(drawn), live(moved(drawn, 0.3)))
    assert told(live(drawn), live(drawn, note="It stands."))
    other = live(drawn)
    html = other["data"]["text/html"]
    other["data"]["text/html"] = html.replace("<div", '<div hidden=""')
    assert told(live(drawn), other)
    other["data"]["text/html"] = html.replace("figure>", "p>")
    assert told(live(drawn), other)


# ----------------------------------------------------------------- outputs


def test_what_was_printed_in_pieces_is_one_text():
    pieces = [printed("To "), printed("do.\n")]
    assert differences(pieces, [printed("To do.\n")]) == []


def test_outputs_that_are_others_are_told(drawn):
    both = [printed("a"), figure(drawn)]
    for fresh in (
        both[:1], both[::-1], [*both, printed("b")], [],
        [printed("a", "stderr"), both[1]],
        [both[0], shown("text/html", drawn)],
        [both[0], {**both[1], "output_type": "execute_result"}],
    ):  # fmt: skip
        assert differences(both, fresh)
        assert differences(fresh, both)


def test_a_picture_of_pixels_is_compared():
    def picture(shade):
        made = io.BytesIO()
        Image.new("RGB", (3, 2), (shade, 9, 9)).save(made, "png")
        source = base64.b64encode(made.getvalue()).decode()
        return shown("image/png", source)

    assert told(picture(100), picture(101)) == ""
    assert "6 pixels" in told(picture(100), picture(110))


# ------------------------------------------------------------------- nbval


def test_pytest_compares_a_notebook_by_these_rules(tmp_path):
    """One cell whose rounding tips over, and one with another digit."""
    nb = nbformat.v4.new_notebook()
    for text in ("0.12", "0.14"):
        cell = nbformat.v4.new_code_cell("print(0.13)", execution_count=1)
        cell.outputs = [nbformat.v4.new_output("stream", text=text + "\n")]
        nb.cells.append(cell)
    nbformat.write(nb, tmp_path / "made.ipynb")
    nb.cells[1].outputs[0].text = "0.23\n"
    nbformat.write(nb, tmp_path / "broken.ipynb")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    run += ["-p", "no:xdist", "-p", "tools.nbcompare.plugin", "--nbval"]
    run += ["--nbval-current-env", "-o", "addopts=", f"--rootdir={tmp_path}"]
    run += [str(tmp_path / name) for name in ("made.ipynb", "broken.ipynb")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True)
    assert "1 failed, 3 passed" in done.stdout, done.stdout[-3000:]
    assert "0.23, now 0.13" in done.stdout
