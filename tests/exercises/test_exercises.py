"""Every exercise of the book: its right answers pass, its traps are named.

Right answers in other styles stand in `right_answers/chNN/name.py`: every
function or class there is one, but for those with an underscore in front.
"""

from __future__ import annotations

import inspect
import math
import re
import runpy
import subprocess
import sys
from pathlib import Path

import exercise_rules as rules
import pytest
from checkout import ROOT
from pages import swept

from selfattn import check, exercises
from selfattn.exercises import Exercise, find
from selfattn.grading import judge, run, traps

HERE = Path(__file__).parent
HAS_TORCH = find.has_torch()
BOOK = {x.id: x for x in exercises.all()}
NEED_TORCH = find.ids_with_torch()
RUNS = 200  # of differently written right answers, at least


def _right_answers() -> dict[str, list]:
    found: dict[str, list] = {}
    for file in sorted((HERE / "right_answers").glob("ch*/*.py")):
        exercise_id = f"{file.parent.name[2:]}.{file.stem}"
        if exercise_id in NEED_TORCH and not HAS_TORCH:
            continue
        found[exercise_id] = _made_in(file)
    return found


def _made_in(file: Path) -> list:
    """The functions and classes that a file itself makes."""
    names = runpy.run_path(str(file), run_name=file.stem)
    return [
        made
        for name, made in names.items()
        if not name.startswith("_")
        and getattr(made, "__module__", None) == file.stem
    ]


ANSWERS = _right_answers()
PAIRS = [
    (name, number)
    for name, answers in ANSWERS.items()
    if name in BOOK
    for number in range(len(answers))
]
# So many seeds that every answer is run equally often, RUNS times in all.
ROUNDS = max(2, math.ceil(RUNS / max(1, len(PAIRS))))


@pytest.fixture(autouse=True, scope="module")
def torch_is_loaded():
    """As in the session of a reader who uses it, and with one thread.

    Otherwise each answer that imports torch loads it anew in its own process.
    """
    if HAS_TORCH:
        import torch

        before = torch.get_num_threads()
        torch.set_num_threads(1)
        yield
        torch.set_num_threads(before)
    else:
        yield


@pytest.fixture
def each_run_once(monkeypatch) -> None:
    """What an exercise's own functions return is noted, for one seed.

    A report on an answer runs the solution and every trap on each case, and
    all traps of an exercise get one.
    """
    known = {}

    def once(exercise, function, case, number):
        if (function, number) not in known:
            try:
                known[function, number] = run.call(
                    exercise, function, case, number
                )
            except Exception as error:
                known[function, number] = error
        found = known[function, number]
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(judge, "call", once)
    monkeypatch.setattr(traps, "call", once)


@pytest.fixture
def exercise(request) -> Exercise:
    return BOOK[request.param]


def over_the_book(test):
    return pytest.mark.parametrize("exercise", BOOK, indirect=True)(test)


# --- the book ----------


def test_the_book_has_exercises_each_with_its_own_id():
    assert BOOK
    assert len(BOOK) == len(exercises.all())


def test_a_chapter_has_six_exercises_or_more():
    chapters = [x.partition(".")[0] for x in exercises.ids()]
    for chapter in set(chapters):
        assert chapters.count(chapter) >= 6, chapter


FILES = list(Path(exercises.__file__).parent.glob("ch*/[a-z]*.py"))


def test_the_chapters_lists_name_every_file_once():
    made = [f"{f.parent.name[2:]}.{f.stem}" for f in FILES]
    assert made
    assert sorted(exercises.ids()) == sorted(made)
    assert len(set(find.ids_with_torch())) == len(find.ids_with_torch())
    assert set(find.ids_with_torch()) <= set(made)


def test_a_file_holds_the_exercise_of_its_name_and_tier():
    for name, x in BOOK.items():
        assert find.load(name) is x
        assert (x.tier != "numpy") == (name in NEED_TORCH), name


def test_an_exercises_function_is_named_as_its_file():
    # `my_softmax`, as the chapter imports a softmax besides.
    for name, x in BOOK.items():
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", x.reference.__name__)
        assert words.lower().removeprefix("my_") == name[3:]


# --- each exercise ----------


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
@over_the_book
def test_exercise(exercise, rule, graded_here):
    rule(exercise)


# That each is named by itself, below, says so daily for one seed.
@pytest.mark.sweep
@pytest.mark.parametrize("seed", rules.SEEDS)
@over_the_book
def test_mistakes_differ_from_each_other_and_from_the_answer(exercise, seed):
    rules.tells_mistakes_apart(exercise, seed)


@pytest.mark.parametrize("seed", swept(range(2), [0]))
@over_the_book
def test_the_solution_passes(exercise, seed):
    rules.accepts(exercise, exercise.reference, seed)


@over_the_book
def test_check_says_of_the_starter_that_it_is_to_do(
    exercise, progress_file, capsys, graded_here
):
    report = check(exercise.id, rules.starter_answer(exercise))
    assert report.status == "todo"
    assert not progress_file.exists()


@over_the_book
def test_every_trap_is_named(exercise, graded_here, each_run_once):
    rules.names_every_mistake(exercise, seed=0)


@pytest.mark.sweep
@over_the_book
def test_every_trap_in_a_process_of_its_own(exercise):
    rules.names_every_mistake(exercise, seed=0)


# --- right answers in other styles ----------


def _source(answer) -> str:
    """A function's source, or that of a class's methods."""
    if inspect.isclass(answer):
        methods = [f for f in vars(answer).values() if inspect.isfunction(f)]
        return "".join(map(inspect.getsource, methods))
    return inspect.getsource(answer)


@over_the_book
def test_there_are_two_other_right_answers(exercise):
    answers = ANSWERS.get(exercise.id, [])
    assert len(answers) >= 2, "write two more in tests/exercises/right_answers"
    sources = {re.sub(r"\s|#.*", "", _source(a)) for a in answers}
    assert len(sources) == len(answers)
    assert "TODO" not in "".join(map(_source, answers)), "is not finished"


def test_right_answers_belong_to_exercises():
    known = set(BOOK) | set(exercises.needing_torch())
    assert set(ANSWERS) <= known


@pytest.mark.parametrize("seed", swept(range(100, 100 + ROUNDS), [100]))
@pytest.mark.parametrize(("exercise", "number"), PAIRS, indirect=["exercise"])
def test_right_answer_is_never_refused(exercise, number, seed, graded_here):
    answer = ANSWERS[exercise.id][number]
    if not HAS_TORCH and "torch" in inspect.getsource(answer):
        pytest.skip("this answer uses torch")
    rules.accepts(exercise, answer, seed)


def test_right_answers_are_run_at_least_200_times():
    assert len(PAIRS) * ROUNDS >= RUNS


# --- finding an exercise ----------


def test_exercises_come_in_the_order_of_the_book():
    chapters = [x.chapter for x in exercises.all()]
    assert chapters == sorted(chapters)
    assert [x.id for x in exercises.all()] == [
        name for name in exercises.ids() if name in BOOK
    ]


def test_get_finds_each_exercise():
    for name in BOOK:
        assert exercises.get(name).id == name


def test_an_old_id_finds_the_exercise_under_its_new_one():
    assert exercises.get("04.dominance").id == "04.lead_for_share"
    assert set(find.RENAMED.values()) <= set(exercises.ids())
    assert not set(find.RENAMED) & set(exercises.ids())


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("01.onehot", "01.one_hot"), ("1.one_hot", "01.one_hot"),
     ("one_hot", "01.one_hot"), ("99.one_hot", "01.one_hot"),
     ("", "python -m selfattn.exercises"),
     ("01." + "x" * 5000, "python -m selfattn.exercises")],
    ids=["letters", "one digit", "no chapter", "chapter", "empty", "long"],
)  # fmt: skip
def test_an_unknown_id_is_answered_with_the_nearest(wrong, near):
    with pytest.raises(KeyError) as caught:
        exercises.get(wrong)
    assert near in caught.value.args[0]
    assert len(caught.value.args[0]) < 200


@pytest.mark.parametrize("wrong", [None, 1, 1.5, ["01.one_hot"], len])
def test_an_id_is_a_string(wrong):
    with pytest.raises(TypeError, match="in quotes"):
        exercises.get(wrong)


def test_one_exercise_loads_one_file():
    code = (
        "import sys; from selfattn import exercises;"
        "exercises.get('01.one_hot');"
        "print(*(m for m in sys.modules if 'exercises.ch' in m))"
    )
    loaded = set(_python(code).split())
    chapters = {m for m in loaded if m.count(".") == 2}
    assert loaded - chapters == {"selfattn.exercises.ch01.one_hot"}


WITHOUT_TORCH = "import sys; sys.modules['torch'] = None; "


def test_without_torch_the_rest_is_listed_and_torch_is_asked_for():
    said = _python(
        WITHOUT_TORCH + "from selfattn import exercises as e\n"
        "assert all(x.tier == 'numpy' for x in e.all())\n"
        "for name in e.needing_torch():\n"
        "    try: e.get(name)\n"
        "    except ModuleNotFoundError as error: print(error)"
    )
    assert [line.split()[0] for line in said.splitlines()] == NEED_TORCH
    assert said.count("pip install torch") == len(NEED_TORCH)


def test_the_list_names_every_exercise_and_counts():
    said = subprocess.run(
        [sys.executable, "-m", "selfattn.exercises"],
        capture_output=True, text=True, encoding="utf-8", check=True,
        env={**_environment(), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert said.stderr == ""
    rows = {r.split()[0]: r.split() for r in said.stdout.splitlines() if r}
    for name, x in BOOK.items():
        assert rows[name][-1] == str(len(x.traps))
    n_traps = sum(len(x.traps) for x in BOOK.values())
    assert rows["all"][1] == str(len(BOOK))
    assert rows["all"][-1] == str(n_traps)


def test_the_list_works_without_torch():
    said = _python(
        WITHOUT_TORCH + "import runpy;"
        "runpy.run_module('selfattn.exercises', run_name='__main__')"
    )
    assert "01.one_hot" in said
    assert ("torch is not installed" in said) == bool(NEED_TORCH)


def _environment() -> dict[str, str]:
    import os

    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def _python(code: str) -> str:
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True, text=True, encoding="utf-8", env=_environment(),
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout
