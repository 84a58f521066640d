"""Chapter 02's three models over five seeds, and what padding does to them.

    python data/studies/outputs.py [FOLDER]

The models are the chapter's own: this script takes their definitions from
the cells of chapters/02_outputs.ipynb, trains every model with each seed,
and writes results/outputs.json. Takes a minute or two.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import nbformat
import torch
from recording import conditions

ROOT = Path(__file__).resolve().parents[2]
SEEDS = (0, 1, 2, 3, 4)


SHARED = {
    "device", "corpus", "words", "tags", "opinions", "tokens",
    "opinion_words", "numbers", "spoken", "START", "STOP", "GROUPS",
}  # fmt: skip


def definitions(path: Path) -> dict:
    """Imports, functions, classes and data of the chapter, without results."""
    made: dict = {}
    for cell in nbformat.read(path, as_version=4).cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or {"setup", "starter"} & set(tags):
            continue
        for node in ast.parse(cell.source).body:
            if _defines(node):
                code = ast.unparse(node)
                exec(compile(code, "a cell of chapter 02", "exec"), made)
    return made


def _defines(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign):
        names = {
            n.id
            for target in node.targets
            for n in ast.walk(target)
            if isinstance(n, ast.Name)
        }
        return names <= SHARED
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return isinstance(node, kinds)


def main() -> None:
    torch.set_num_threads(1)
    sys.path.insert(0, str(ROOT))
    book = definitions(ROOT / "chapters" / "02_outputs.ipynb")
    own, last_place = len(book["words"]), book["last_place"]
    runs: dict[str, list] = {
        "tagger": [],
        "tagger_own": [],
        "tagger_shared": [],
        "opinion": [],
        "padded_means": [],
        "speller": [],
    }
    for seed in SEEDS:
        train, scores = book["train_tagger"], book["tagger_scores"]
        runs["tagger"].append(scores(train(seed)))
        model = train(seed, count_padding=True, pad=own)
        runs["tagger_own"].append(scores(model, pad=own))
        model = train(seed, count_padding=True)
        runs["tagger_shared"].append(scores(model))
        model = book["train_opinion"](seed)
        runs["opinion"].append(book["opinion_scores"](model))
        found = book["padded_means"](model)
        runs["padded_means"].append(found)
        model = book["train_speller"](seed)
        found = book["speller_scores"](model)
        runs["speller"].append({**found, "last_place": last_place(model)})
        print("seed", seed, "done", flush=True)
    result = {
        **conditions(__file__),
        "seeds": list(SEEDS),
    }
    for name, found in runs.items():
        result[name] = [
            {key: round(value, 4) for key, value in run.items()}
            for run in found
        ]
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "data" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    (folder / "outputs.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
