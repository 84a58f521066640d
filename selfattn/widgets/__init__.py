"""Live figures: a folder each, with a Python class, a sheet and ES modules.

In Jupyter and on Colab a figure is an ordinary widget. On the book's page it
runs without a kernel, from the state that its output stores.

    frame_slider           chapter 01: window and hop over a waveform
    graph_vectors          chapter 01: a node, its vector, its neighbours
    window_slider          chapter 03: a window, a cue, and what was found
    attention_playground   chapter 04: drag a query and keys, watch b move
    word_order             chapter 04: move words, a trained net tags them
    matrix_stepper         chapter 05: from X to O, one product at a time
    head_knockout          chapter 06: silence heads, watch tags change
    position_stripes       chapter 07: waves, stripes and the product
    attention_band         chapter 08: a spectrogram, and who may see whom
    find_shapes            chapter 09: drag shapes, a trained net finds them
    edge_switches          chapter 10: edges on and off, weights follow
    head_kernel            chapter 11: a head over an image, and its kernel
    two_schedules          chapter 12: an RNN and attention, tick by tick
    online_tiles           chapter 13: scores in tiles, and what is kept

The folder's name is the figure's name everywhere; its class is the name in
capitals, `FrameSlider`. Whatever has a `figure.js` is a figure.
"""

from __future__ import annotations

from .bundle import figures, module, style

_HOME = {name.title().replace("_", ""): name for name in figures()}
__all__ = [*_HOME, "figures", "module", "style"]


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
