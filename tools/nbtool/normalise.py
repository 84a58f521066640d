"""Make a notebook's bytes depend on nothing but its content."""

from __future__ import annotations

import copy
import hashlib
import re

import nbformat

from .cells import SPAN, code_cells, exercise_id, hidden, role, tags

# Names a widget of the kernel that ran; the widget's HTML is kept.
WIDGET = "application/vnd.jupyter.widget-view+json"
# Colab shows a cell in form view as one line, "Show code"; a title in the
# code is not needed for that.
COLLAPSED = {"cellView": "form", "jupyter": {"source_hidden": True}}
KEPT = ("caption", "exercise", "hints", "mystnb", "tags")
METADATA = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
    },
}


def _id_base(cell) -> str:
    if "setup" in tags(cell):
        return "setup"
    if role(cell) and exercise_id(cell):
        name = re.sub(r"[^A-Za-z0-9_]+", "-", exercise_id(cell))
        return f"{name}-{role(cell)}"
    source = SPAN.sub(r'<span data-value="\g<name>"></span>', cell.source)
    content = f"{cell.cell_type}\n{source.strip()}"
    return hashlib.sha256(content.encode("utf8")).hexdigest()[:12]


def ids(nb) -> None:
    """Name cells after their role or content, so that names stay put."""
    seen: dict[str, int] = {}
    for cell in nb.cells:
        base = _id_base(cell)
        seen[base] = seen.get(base, 0) + 1
        cell["id"] = base if seen[base] == 1 else f"{base}-{seen[base]}"


def _merge_streams(outputs: list) -> list:
    merged: list = []
    for output in outputs:
        last = merged[-1] if merged else None
        if (
            last is not None
            and output.output_type == "stream"
            and last.output_type == "stream"
            and last.name == output.name
        ):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def counts_and_outputs(nb) -> None:
    """Count code cells from 1 and join what was printed in pieces."""
    ran = any(cell.execution_count for _, cell in code_cells(nb))
    for n, (_, cell) in enumerate(code_cells(nb), start=1):
        cell.execution_count = n if ran else None
        cell.outputs = _merge_streams(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
            output.pop("transient", None)
            output.get("data", {}).pop(WIDGET, None)


def metadata(nb) -> None:
    """Keep the metadata that mean something."""
    nb.metadata = nbformat.from_dict(copy.deepcopy(METADATA))
    for cell in nb.cells:
        kept = {k: cell.metadata[k] for k in KEPT if k in cell.metadata}
        if "tags" in kept:
            kept["tags"] = list(dict.fromkeys(kept["tags"]))
            if not kept["tags"]:
                del kept["tags"]
        if cell.cell_type == "code" and hidden(cell):
            kept.update(copy.deepcopy(COLLAPSED))
        cell.metadata = nbformat.from_dict(kept)
        cell.pop("attachments", None)
        cell.source = cell.source.strip("\n")
        if cell.cell_type == "code":  # in Markdown two spaces mean a break
            lines = cell.source.splitlines()
            cell.source = "\n".join(line.rstrip() for line in lines)


def notebook(nb) -> None:
    """Normalise in place."""
    metadata(nb)
    counts_and_outputs(nb)
    nb.nbformat, nb.nbformat_minor = 4, 5
    ids(nb)


def dumps(nb) -> str:
    """The notebook as text: sorted keys, one newline at the end."""
    return nbformat.writes(nb, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"


def keep_clock_outputs(new, old) -> None:
    """Cells tagged `clock` keep their stored output while code stands still.

    A timing differs at every run. Its stored value stands for as long as
    every code cell up to it is the same, so that a run which changes
    nothing leaves no difference.
    """
    stored = [cell for _, cell in code_cells(old)]
    fresh = [cell for _, cell in code_cells(new)]
    for a, b in zip(fresh, stored, strict=False):
        if a.source.strip() != b.source.strip():
            return
        if "clock" in tags(a) and b.outputs:
            a.outputs = copy.deepcopy(b.outputs)
