"""The speed budgets of the book: `make bench` measures them.

Ratios are taken between two things measured in the same run, in turns, so
that a busy machine slows both. Nothing here is a test: clocks differ.
"""
