#!/usr/bin/env bash
# Runs every notebook with Colab's own packages, as a reader's first cell
# would have it: nothing of Colab's is replaced, selfattn comes without its
# dependencies. Called by the weekly workflow, in Colab's public image.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m pip install --quiet --no-deps .
python3 -c "import anywidget" 2>/dev/null ||
    python3 -m pip install --quiet --no-deps anywidget psygnal
python3 -c "import nbclient" 2>/dev/null ||
    python3 -m pip install --quiet nbclient
python3 - <<'EOF'
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

scratch = Path("_build/colab")
scratch.mkdir(parents=True, exist_ok=True)
failed = []
for path in sorted(Path("chapters").glob("*.ipynb")):
    begun = time.monotonic()
    nb = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(scratch)}}
    try:
        NotebookClient(nb, timeout=600, resources=resources).execute()
        word = "passed"
    except CellExecutionError as error:
        failed.append(path.name)
        word = f"FAILED\n{error}"
    print(f"{path.name}: {word} {time.monotonic() - begun:.0f} s", flush=True)
sys.exit(f"failed: {', '.join(failed)}" if failed else 0)
EOF
