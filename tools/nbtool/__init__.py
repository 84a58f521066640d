"""What `tools/notebooks.py` does to a notebook, in parts.

fill       writes what has another source: the setup cell, solutions, numbers
normalise  makes a notebook's bytes depend on nothing but its content
rules      lists what breaks the book's rules
"""
