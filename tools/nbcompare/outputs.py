"""The outputs of one cell, each by its kind."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from . import drawings, pages, pictures, states
from .findings import Findings

# Names a widget of the kernel that ran; the widget's HTML is compared.
LEFT = {"application/vnd.jupyter.widget-view+json"}
KINDS: dict[str, Callable] = {
    "image/svg+xml": drawings.compare,
    "image/png": pictures.compare,
    "text/html": pages.compare,
}


@dataclasses.dataclass
class Output:
    """What a cell shows at one place."""

    kind: str  # stdout, stderr, display_data, execute_result or error
    data: dict[str, object]
    metadata: dict


def differences(
    stored: Sequence[dict], fresh: Sequence[dict], figures: bool = True
) -> list[str]:
    """What a reader could see differ between two lists of outputs.

    `figures=False` leaves drawings out, where another release of matplotlib
    drew the stored ones: it sets letters a fraction of a point apart.
    """
    old, new = joined(stored), joined(fresh)
    if [one.kind for one in old] != [one.kind for one in new]:
        kinds = [[one.kind for one in outputs] for outputs in (old, new)]
        return [f"outputs: {kinds[0]}, now {kinds[1]}"]
    told = []
    for n, (a, b) in enumerate(zip(old, new, strict=True), start=1):
        found = Findings(figures)
        _compare(a, b, f"output {n}, {a.kind}", found)
        told += found.told()
    return told


def _compare(old: Output, new: Output, where: str, found: Findings) -> None:
    if old.data.keys() != new.data.keys():
        return found.differ(where, list(old.data), list(new.data))
    states.compare(old.metadata, new.metadata, f"{where}, metadata", found)
    for kind in old.data:
        compare = KINDS.get(kind, states.compare)
        compare(old.data[kind], new.data[kind], f"{where}, {kind}", found)


def joined(outputs: Sequence[dict]) -> list[Output]:
    """The outputs, with what was printed in pieces in one piece."""
    made: list[Output] = []
    for output in outputs:
        kind = output["output_type"]
        if kind == "stream":
            if made and made[-1].kind == output["name"]:
                made[-1].data["text/plain"] += output["text"]
            else:
                text = {"text/plain": output["text"]}
                made.append(Output(output["name"], text, {}))
        elif kind == "error":
            made.append(Output(kind, {"text/plain": output["ename"]}, {}))
        else:
            data = {k: v for k, v in output["data"].items() if k not in LEFT}
            metadata = dict(output.get("metadata", {}))
            made.append(Output(kind, data, metadata))
    return made
