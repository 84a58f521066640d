"""What live figures store, and the files that they are made of."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from checkout import ROOT

from selfattn import widgets
from selfattn.widgets import bundle

MODULES = widgets.figures()
every_module = pytest.mark.parametrize("name", MODULES)
every_figure = pytest.mark.parametrize(
    "name", [name for name in widgets.__all__ if name[0].isupper()]
)


def example(name, *words):
    return getattr(widgets, name).example(*words)


@cache
def stored(name):
    """One example of a figure, and its output."""
    live = example(name)
    return live, live.html()


def leaves(state) -> list:
    """Everything in a state that is neither a list nor a dict."""
    if isinstance(state, dict):
        state = list(state.values())
    if not isinstance(state, list):
        return [state]
    return [leaf for part in state for leaf in leaves(part)]


def test_every_figure_is_found_by_its_folder():
    for name in MODULES:
        made = getattr(widgets, name.title().replace("_", ""))
        assert made._figure == name
        assert made.example()._esm == widgets.module(name)
        assert made.example()._css == widgets.style(name)
        assert f'figureBox("{name}",' in re.sub(
            r"\(\s+", "(", widgets.module(name)
        )


@every_figure
def test_the_front_end_is_told_the_names_of_the_state(name):
    live = example(name)
    assert live.get_state()["_state_names"] == sorted(live.state())


# ------------------------------------------------------- what is stored


@every_figure
def test_a_notebook_gets_the_widget_and_the_page_without_a_kernel(name):
    from IPython.core.formatters import DisplayFormatter

    live, text = stored(name)
    other = example(name)  # which stores the same bytes
    data, _ = DisplayFormatter().format(other)
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == other.model_id
    assert data["text/html"] == text
    alt = html.unescape(re.search(r'<img alt="([^"]*)"', text)[1])
    assert data["text/plain"] == f"live figure: {alt}"
    for one in (live, other):
        assert one.model_id not in text + data["text/plain"]


def test_a_figure_is_named_as_it_is_stored():
    live = example("WordOrder")
    alt = live.static().alt
    assert repr(live) == f"live figure: {alt}"


@every_figure
def test_state_cannot_leave_its_script_and_alt_text_is_there(name):
    from html.parser import HTMLParser

    found = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.append((tag, dict(attributes)))

    words = ["</script><b>", '"', "<!--", "&"]
    text = example(name, words).html()
    Parser().feed(text)
    assert [tag for tag, _ in found] == [
        "div", "script", "figure", "img", "figcaption",
    ]  # fmt: skip
    state = re.search(r"<script[^>]*>(.*?)</script>", text, re.S)[1]
    state = json.loads(state)
    left = [w for w in words if not any(w in str(x) for x in leaves(state))]
    if left:  # a figure may have no words
        one, two = (example(name, [word] * 4) for word in ("one", "two"))
        assert one.html() == two.html()
    assert len(found[3][1]["alt"]) > 80


def test_the_stored_output_names_no_widget_of_a_kernel():
    nbformat = pytest.importorskip("nbformat")
    from nbtool import normalise

    output = nbformat.v4.new_output(
        "execute_result",
        {
            "application/vnd.jupyter.widget-view+json": {"model_id": "12ab"},
            "text/html": "<div></div>",
        },
    )
    nb = nbformat.v4.new_notebook(
        metadata={"widgets": {"12ab": {}}},
        cells=[nbformat.v4.new_code_cell("f", outputs=[output])],
    )
    normalise.notebook(nb)
    assert "12ab" not in normalise.dumps(nb)
    assert nb.cells[0].outputs[0].data == {"text/html": "<div></div>"}


def test_without_anywidget_one_sentence_says_what_to_install():
    code = (
        "import sys\n"
        "sys.modules['anywidget'] = None\n"
        "from selfattn import widgets\n"
        "widgets.style('matrix_stepper'), widgets.module('matrix_stepper')\n"
        "try:\n"
        "    widgets.MatrixStepper\n"
        "except ModuleNotFoundError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert "needs anywidget" in done.stdout
    assert "pip install anywidget" in done.stdout


# ------------------------------------------------------------- the sources


def test_colours_are_those_of_drawn_figures():
    from selfattn import plots

    css = widgets.style("attention_playground")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)
    found = {name: pair for name, *pair in pairs}
    theme = {name: [light, dark] for name, light, dark in plots.THEME.values()}
    same = {"ink": "ink", "muted": "muted", "grid": "grid", "paper": "paper",
            "blue": "c0", "pink": "c3", "positive": "positive",
            "negative": "negative"}  # fmt: skip
    for ours, theirs in same.items():
        assert found[f"live-{ours}"] == theme[theirs]
    assert [found[f"term-{i}"] for i in range(4)] == [
        theme[c] for c in ("c0", "c1", "c2", "c4")
    ]


@every_module
def test_modules_ask_nobody_and_write_no_markup(name):
    source = widgets.module(name).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in source and "innerHTML" not in source
    assert not re.search(r"^\s*import\b", source, re.M)
    assert source.count("export default") == 1


def files(ending: str):
    return sorted((ROOT / "selfattn" / "widgets").rglob(f"*.{ending}"))


@pytest.mark.parametrize("ending", ["js", "css", "py"])
def test_each_file_is_small_enough_to_read(ending):
    assert files(ending)
    for path in files(ending):
        lines = path.read_text("utf8").splitlines()
        assert len(lines) <= 350, path
        assert max(map(len, lines), default=0) <= 79, path


# ------------------------------------------------ modules joined into one


@pytest.mark.parametrize("path", files("js"), ids=lambda p: "/".join(
    p.parts[-2:]))  # fmt: skip
def test_a_module_imports_what_others_export_and_nothing_in_vain(path):
    source = path.read_text("utf8")
    found = re.findall(r'^import \{([^}]*)\}\s+from "([^"]+)";', source, re.M)
    assert len(found) == len(re.findall(r"^import\b", source, re.M))
    rest = re.sub(r"^import .*?;", "", source, flags=re.M | re.S)
    for names, address in found:
        other = (path.parent / address).resolve().read_text("utf8")
        given = set(re.findall(
            r"^export (?:function|const) (\w+)", other, re.M))  # fmt: skip
        given |= set(re.findall(
            r"^export const \w+ = .*?, (\w+) =", other, re.M))  # fmt: skip
        for name in map(str.strip, names.split(",")):
            assert name in given, f"{name} from {address}"
            assert re.search(rf"\b{name}\b", rest), f"{name} is not used"


def small(folder: Path, monkeypatch, **modules: str) -> None:
    """Figures of these modules, in place of the book's."""
    (folder / "toy").mkdir()
    (folder / "shared.js").write_text("export const ONE = 1;\n")
    for name, source in modules.items():
        (folder / "toy" / f"{name}.js").write_text(source)
    monkeypatch.setattr(bundle, "HERE", folder)


def test_modules_are_joined_each_after_what_it_imports(tmp_path, monkeypatch):
    small(
        tmp_path,
        monkeypatch,
        figure='import { b } from "./b.js";\nimport { a } from "./a.js";\n'
        "export default { a, b };\n",
        a='import { ONE } from "../shared.js";\nexport const a = ONE + 1;\n',
        b='import {\n  a }\n  from "./a.js";\nexport const b = a + 1;\n',
    )
    assert widgets.figures() == ["toy"]
    assert widgets.module("toy").split("\n") == [
        "const ONE = 1;", "", "const a = ONE + 1;", "", "const b = a + 1;",
        "", "export default { a, b };", "",
    ]  # fmt: skip


def test_one_name_for_two_things_is_refused(tmp_path, monkeypatch):
    small(
        tmp_path,
        monkeypatch,
        figure='import { a } from "./a.js";\nfunction b() {}\n',
        a="export function a() {}\nfunction b() {}\n",
    )
    with pytest.raises(ValueError, match="got b twice in toy"):
        widgets.module("toy")


def test_modules_that_need_each_other_are_refused(tmp_path, monkeypatch):
    small(
        tmp_path,
        monkeypatch,
        figure='import { a } from "./a.js";\n',
        a='import { b } from "./figure.js";\n',
    )
    with pytest.raises(ValueError, match="must not import itself"):
        widgets.module("toy")


@every_module
def test_the_site_embeds_the_same_module_and_sheet(name):
    pytest.importorskip("docutils")
    from selfattn_theme import live

    shared = live.bundle.own(live.bundle.SHARED)
    assert f"{shared}\n{live.bundle.own(name)}" == widgets.module(name)
    assert live.bundle.style(name) == widgets.style(name)
    assert "</" not in live._script(name).removesuffix("</script>")
