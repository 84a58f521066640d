"""What every live figure is: a widget that also stores a page without one."""

from __future__ import annotations

import base64
import html
import json

import anywidget

from .. import plots

NOTE = (
    "The figure where it starts. It moves in a notebook once its cell has"
    " run, and on the book’s page."
)


class LiveFigure(anywidget.AnyWidget):
    """A widget whose output also holds its state and a static picture.

    A figure names its module in `_module` and tags the traits that are its
    state with `state=True`. The stored HTML depends on nothing but these: no
    identity of a kernel's widget is in it.
    """

    _module = ""
    # ipywidgets 7 would show the widget alone and leave the HTML out.
    _ipython_display_ = None

    def state(self) -> dict:
        """What the figure shows, as JSON can hold it."""
        return {name: getattr(self, name) for name in self.traits(state=True)}

    def static(self) -> plots.Svg:
        """The figure as it starts, for where nothing runs."""
        raise NotImplementedError

    def html(self) -> str:
        """The stored output: the state as JSON and the static picture.

        A picture in an `<img>` passes the cleaning that notebooks undergo
        where they are not trusted, and its ids meet no others.
        """
        picture = self.static()
        source = base64.b64encode(picture.text.encode("utf8")).decode("ascii")
        state = json.dumps(self.state(), ensure_ascii=False, sort_keys=True)
        state = state.replace("<", "\\u003c")
        return (
            f'<div class="selfattn-live" data-live="{self._module}">\n'
            f'<script type="application/json">{state}</script>\n'
            '<figure class="live-static">\n'
            f'<img alt="{html.escape(picture.alt)}"'
            f' src="data:image/svg+xml;base64,{source}">\n'
            f"<figcaption>{NOTE}</figcaption>\n"
            "</figure>\n</div>"
        )

    def __repr__(self) -> str:
        return f"live figure: {self.static().alt}"

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/html": self.html()}, metadata
