"""What a live figure computes, without a browser."""

from __future__ import annotations

import json

import pytest

from selfattn import widgets


class Engine:
    """The pure functions of a figure's module: `engine("softmax", [1, 2])`."""

    def __init__(self, name: str) -> None:
        quickjs = pytest.importorskip("quickjs")
        source = widgets.module(name).replace(
            "export default", "globalThis.figure ="
        )
        self.context = quickjs.Context()
        self.context.eval(source)

    def __call__(self, function: str, *arguments):
        args = ", ".join(json.dumps(a) for a in arguments)
        return json.loads(
            self.context.eval(f"JSON.stringify({function}({args}))")
        )
