"""What every live figure is: a widget that also stores a page without one."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from selfattn import plots

from .bundle import module, style

WORDS = ("I", "saw", "a", "saw")
VIEW = "application/vnd.jupyter.widget-view+json"
NOTE = (
    "The figure where it starts. It moves in a notebook once its cell has"
    " run, and on the book’s page."
)


class LiveFigure(anywidget.AnyWidget):
    """A widget whose output also holds its state and a static picture.

    A figure is the folder that its class stands in, and tags the traits that
    are its state with `state=True`. The stored HTML depends on nothing but
    these: no identity of a kernel's widget is in it.
    """

    _figure = ""
    # ipywidgets 7 would show the widget alone and leave the HTML out.
    _ipython_display_ = None
    _state_names: traitlets.List[str] = traitlets.List().tag(sync=True)
    _picture: plots.Svg | None = None

    def __init_subclass__(cls, **options) -> None:
        package, _, name = cls.__module__.rpartition(".")
        # Not again when ipywidgets derives a class to add traits.
        if package == __package__ and cls._figure != name:
            cls._figure, cls._esm, cls._css = name, module(name), style(name)
        super().__init_subclass__(**options)

    @traitlets.default("_state_names")
    def _names(self) -> list[str]:
        """The front end learns here which traits there are."""
        return sorted(self.traits(state=True))

    @classmethod
    def example(cls, words: Sequence[str] = WORDS) -> LiveFigure:
        """The figure on small made-up data.

        words : stand wherever the figure shows words, if it does.
        """
        raise NotImplementedError

    def state(self) -> dict:
        """What the figure shows, as JSON can hold it."""
        return {name: getattr(self, name) for name in self._names()}

    def static(self) -> plots.Svg:
        """The figure as it starts, for where nothing runs."""
        raise NotImplementedError

    def html(self) -> str:
        """The stored output: the state as JSON and the static picture.

        A picture in an `<img>` passes the cleaning that notebooks undergo
        where they are not trusted, and its ids meet no others.
        """
        return self._stored(self.static())

    def _stored(self, picture: plots.Svg) -> str:
        source = base64.b64encode(picture.text.encode("utf8")).decode("ascii")
        state = json.dumps(self.state(), ensure_ascii=False, sort_keys=True)
        state = state.replace("<", "\\u003c")
        return (
            f'<div class="selfattn-live" data-live="{self._figure}">\n'
            f'<script type="application/json">{state}</script>\n'
            '<figure class="live-static">\n'
            f'<img alt="{html.escape(picture.alt)}"'
            f' src="data:image/svg+xml;base64,{source}">\n'
            f"<figcaption>{NOTE}</figcaption>\n"
            "</figure>\n</div>"
        )

    def __repr__(self) -> str:
        return _named(self._picture or self.static())

    def _repr_mimebundle_(self, **kwargs):
        # Drawn once, as it takes half a second: what is derived from asks
        # for the name too.
        self._picture = self.static()
        try:
            return self._bundle(self._picture, **kwargs)
        finally:
            self._picture = None

    def _bundle(self, picture: plots.Svg, **kwargs):
        bundle: Any
        if hasattr(super(), "_repr_mimebundle_"):
            bundle = super()._repr_mimebundle_(**kwargs)
        else:  # ipywidgets 7, Colab's
            view = {"version_major": 2, "version_minor": 0}
            bundle = {VIEW: {**view, "model_id": self.model_id}}
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        ours = {
            "text/plain": _named(picture),
            "text/html": self._stored(picture),
        }
        return {**data, **ours}, metadata


def _named(picture: plots.Svg) -> str:
    return f"live figure: {picture.alt}"
