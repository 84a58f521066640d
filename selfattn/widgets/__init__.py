"""Live figures: one Python class and one plain ES module each.

In Jupyter and on Colab a figure is an ordinary widget. On the book's page it
runs without a kernel, from the state that its output stores.

    frame_slider           chapter 01: window and hop over a waveform
    graph_vectors          chapter 01: a node, its vector, its neighbours
    window_slider          chapter 03: a window, a cue, and what was found
    attention_playground   chapter 04: drag a query and keys, watch b move
    word_order             chapter 04: move words, a trained net tags them
    matrix_stepper         chapter 05: from I to O, one product at a time
    head_knockout          chapter 06: silence heads, watch tags change
    position_stripes       chapter 07: waves, stripes and the product
"""

from __future__ import annotations

from pathlib import Path

__all__ = [
    "AttentionPlayground",
    "FrameSlider",
    "GraphVectors",
    "HeadKnockout",
    "MatrixStepper",
    "PositionStripes",
    "WindowSlider",
    "WordOrder",
    "module",
    "style",
]

# A figure's files, in the order in which they are joined, before its own.
PARTS = ("sums", "tour", "draw")
_HERE = Path(__file__).parent
_HOME = {
    "AttentionPlayground": "attention_playground",
    "FrameSlider": "frame_slider",
    "GraphVectors": "graph_vectors",
    "HeadKnockout": "head_knockout",
    "MatrixStepper": "matrix_stepper",
    "PositionStripes": "position_stripes",
    "WindowSlider": "window_slider",
    "WordOrder": "word_order",
}


def module(name: str) -> str:
    """The ES module of a figure as text, what all figures share included.

    >>> "export default" in module("attention_playground")
    True
    """
    parts = [_HERE / f"{name}_{part}.js" for part in PARTS]
    files = (
        _HERE / "shared.js",
        *(part for part in parts if part.exists()),
        _HERE / f"{name}.js",
    )
    return "\n".join(file.read_text(encoding="utf8") for file in files)


def style(name: str) -> str:
    """The style sheet of a figure, what all figures share included.

    >>> ".live {" in style("attention_playground")
    True
    """
    return "\n".join(
        (_HERE / f"{part}.css").read_text(encoding="utf8")
        for part in ("live", name)
    )


def __getattr__(name: str):
    """Load a figure on first use: the texts above need no other package."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    try:
        home = importlib.import_module(f"{__name__}.{_HOME[name]}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("selfattn"):
            raise
        raise ModuleNotFoundError(
            f"a live figure needs {error.name}: not installed here; run"
            " `pip install anywidget matplotlib` and restart the notebook",
            name=error.name,
        ) from None
    return getattr(home, name)


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
