"""What is said before an answer runs, when it stops, and when it passed."""

from __future__ import annotations

from collections.abc import Sequence

from selfattn.grading.messages.cut import NAME, cut

NO_INPUT = "input() cannot be used while an answer is checked"
JUNK = (
    "What your code sent back could not be read. Does it write to files that "
    "it did not open?"
)
PROCESSES = (
    "Your code started too many processes, and all of them were stopped. "
    "Nothing in this exercise needs a second one."
)
RIGHT_TO_HALF = (
    "Your result is right to the precision of 16-bit numbers, in which it was "
    "computed."
)
RIGHT_TO_SINGLE = (
    "Your result is right to float32 precision (about 7 digits). NumPy "
    "computes in float64 unless told otherwise, torch in float32."
)


def grader_failed(error: str) -> str:
    return (
        "The grader itself failed, which is not your mistake. Please report "
        f"it: {error}"
    )


# ------------------------------------------------------- nothing to run yet


def todo(exercise_id: str, what: str = "") -> str:
    text = what or (
        "Nothing to grade yet: the starter still raises NotImplementedError. "
        "Write its body, run its cell, then this one."
    )
    return f'{text}\n\n`hint("{exercise_id}")` gives a first nudge.'


def function_for_class(call: str) -> str:
    return (
        "This exercise asks for a class, and you gave a function. Write "
        f"{call} with the class itself."
    )


def object_for_class(kind: str, call: str) -> str:
    return (
        f"This exercise asks for a class, and you gave an object of type "
        f"{kind}. Write {call}, without brackets behind the name."
    )


def class_for_function(name: str, call: str) -> str:
    return (
        f"This exercise asks for a function, and you gave the class {name}. "
        f"Write {call} with the function."
    )


def none_for_function(call: str) -> str:
    return (
        "You gave None. Write the function's name, without calling it: "
        f"{call}."
    )


def object_for_function(kind: str, call: str) -> str:
    return (
        f"You gave an object of type {kind}, perhaps the result of a call. "
        f"Give the function itself, without brackets behind its name: {call}."
    )


def signature(wanted: str, yours: str, why: str) -> str:
    return (
        f"The signature is another: this exercise calls {cut(wanted, 200)}, "
        f"and yours takes {cut(yours, 200)} ({cut(why, 200)})."
    )


# ----------------------------------------------------------- it has stopped


def _at(where: str) -> str:
    lines = "\n".join(f"    {line.strip()}" for line in where.splitlines())
    return f"\n\n{lines}" if lines else ""


def raised(text: str, where: str) -> str:
    return f"Your code raised an exception.{_at(where)}\n\n    {text}"


def checking_raised(text: str) -> str:
    return f"The check could not go on with what your code made.\n\n    {text}"


def left(how: str, where: str) -> str:
    return f"Your code left with {how}, so it returned nothing.{_at(where)}"


def too_long(time: str, where: str) -> str:
    return (
        f"Your code was still running after {time} and was stopped. Does a "
        f"loop never end?{' It was here:' if where else ''}{_at(where)}"
    )


def too_much_memory(room: str, text: str, where: str) -> str:
    return (
        "Your code asked for more memory than an answer may have "
        f"({room}). {text}{_at(where)}"
    )


def died(how: str) -> str:
    return f"The process that ran your code stopped ({how}). " + (
        "A function that calls itself without end does that."
        if how in ("SIGSEGV", "SIGBUS", "SIGABRT")
        else "Does the code end the process itself, or use very much memory?"
    )


def no_more_processes(n: int) -> str:
    return f"an answer may start {n} processes at most"


def on_the_case(name: str, given: Sequence[str]) -> str:
    words = f" It was given {', '.join(given)}." if given else ""
    return f"That was on the case: {name}.{words}"


# ------------------------------------------------------------------ it ran


def passed(n_cases: int, n_properties: int) -> str:
    more = (
        ""
        if not n_properties
        else " and 1 property"
        if (n_properties == 1)
        else f" and {n_properties} properties"
    )
    return f"Right on {n_cases} case{'s' * (n_cases != 1)}{more}."


def tally(right: int, n_cases: int, first: str | None = None) -> str:
    """How many cases are right; `first` names one that is not."""
    if n_cases < 2:
        return ""
    if not right:
        return f"None of the {n_cases} cases is right."
    text = f"Right on {right} of {n_cases} cases."
    return (
        text if first is None else (f"{text} The first that is not: {first}.")
    )


def two_mistakes(first: str, second: str) -> str:
    return (
        f"There are two mistakes at once.\n\nFirst: {first}\n\n"
        f"Second: {second}"
    )


def changes(kind: str, name: str, right: bool) -> str:
    start = "The values are right, but your" if right else "Your"
    return (
        f"{start} code also changes the {kind} {name} that it was given. "
        "Whoever called the function still needs it: work on a copy, or make "
        f"a new {kind}."
    )


def unsteady(name: str) -> str:
    return (
        "Two calls with the same arguments gave different results. Your code "
        "draws random numbers (does a dropout still drop?), or it remembers "
        f"something between calls; `{cut(name, NAME)}` depends on its "
        "arguments only."
    )


def warned(text: str) -> str:
    return f"While your code ran, Python warned: {text}."
