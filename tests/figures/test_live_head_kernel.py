"""Chapter 11's live figure: a head over an image, beside its kernel."""

from __future__ import annotations

import numpy as np
import pytest
from figure_engine import Engine
from live_page import opener, rested, told

from selfattn.widgets import HeadKernel


@pytest.fixture(scope="module")
def engine():
    return Engine("head_kernel")


def invented(seed):
    """An image at random, with a head that looks anywhere."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 10, 2)
    return HeadKernel(
        rng.integers(17, size=shape),
        row=int(rng.integers(shape[0])),
        column=int(rng.integers(shape[1])),
        down=float(rng.uniform(-3, 3)),
        right=float(rng.uniform(-3, 3)),
        spread=float(rng.uniform(0.1, 3)),
    )


@pytest.mark.parametrize("seed", range(10))
def test_weights_kernel_and_output_are_those_of_the_package(engine, seed):
    figure = invented(seed)
    out, weights = figure.attend()
    state = figure.state()
    np.testing.assert_allclose(engine("weightsOf", state), weights, atol=1e-6)
    np.testing.assert_allclose(engine("outputOf", state), out, atol=1e-6)
    np.testing.assert_allclose(
        engine("kernelOf", state), figure.kernel(), atol=1e-6
    )


def test_far_from_the_border_the_weights_are_the_kernel():
    image = np.zeros((21, 21), dtype=int)
    figure = HeadKernel(image, row=10, column=10, down=1.25, right=-0.5)
    _, weights = figure.attend()
    np.testing.assert_allclose(weights[7:14, 7:14], figure.kernel())


def state(**settings):
    image = np.arange(64).reshape(8, 8) % 17
    return HeadKernel(image, row=3, column=4, **settings).state()


def test_it_says_what_the_head_is(engine):
    sharp = engine("describe", state(down=-1.0, right=2.0, spread=0.1))
    assert sharp == (
        "Every pixel looks 1 row up and 2 columns to the right. It is one"
        " entry of a kernel: it moves the image, and nothing else. The chosen"
        " pixel gives 100\u00a0% of its weight to one pixel."
    )
    wide = engine("describe", state(down=0.0, right=0.0, spread=2.0))
    assert "looks at itself. Its largest entry is 4\u00a0%" in wide
    assert "moves the image and blurs it a little" in engine(
        "describe", state(spread=0.5)
    )


def test_it_says_when_the_place_is_outside(engine):
    at_edge = {**state(right=1.0, spread=0.1), "column": 7}
    assert "as in replicate padding" in engine("describe", at_edge)
    assert not engine("isOutside", {**at_edge, "column": 6})


@pytest.mark.parametrize(
    ("image", "change"),
    [([[0.5]], {}), ([[17]], {}), ([1, 2], {}), ([[1, 2]], {"row": 1})],
)
def test_what_is_no_image_is_refused(image, change):
    with pytest.raises(ValueError, match="got"):
        HeadKernel(image, **change)


# ------------------------------------------------------------- on the page


@pytest.fixture
def show(html, visit):
    return opener(html, visit, "11_cnn", ".head_kernel")


@pytest.mark.browser
def test_the_head_is_moved_by_keyboard(show):
    page, figure = show()
    rows = figure.get_by_role("slider", name="centre, rows")
    rows.fill("-2")
    figure.get_by_role("slider", name="centre, columns").fill("0")
    rested(page)
    assert told(figure).startswith("Every pixel looks 2 rows up.")
    rows.focus()
    page.keyboard.press("ArrowRight")
    rested(page)
    assert told(figure).startswith("Every pixel looks 1.75 rows up.")


@pytest.mark.browser
def test_pressing_the_image_chooses_the_query_and_the_kernel_the_place(show):
    page, figure = show()
    image, kernel, _ = figure.locator(".live-grid").all()
    image.click(position={"x": 3, "y": 3})
    box = kernel.bounding_box()
    kernel.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    rested(page)
    said = told(figure)
    assert said.startswith("Every pixel looks 3 columns to the right.")
    row = figure.get_by_role("slider", name="query, row")
    assert row.input_value() == "0" and "to one pixel" in said
