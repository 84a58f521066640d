"""Check an answer, name its mistake, give hints, show the solution.

    check("04.softmax", softmax)       hint("04.softmax")
    solution("04.softmax")

An answer goes one way: exercise, run, compare, diagnose, report, record.
"""

from selfattn.grading.checking import check, grade, grade_exercise
from selfattn.grading.hints import hint, solution

__all__ = ["check", "grade", "grade_exercise", "hint", "solution"]
