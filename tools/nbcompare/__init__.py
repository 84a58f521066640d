"""Compare what a notebook stores with what it gives on this machine.

Another processor, BLAS or number of threads adds in another order, so the
last digits of a sum differ. Here numbers are compared as numbers and figures
as figures; what a reader can see must be the same.

    text.py      words exactly, numbers to their last printed place
    states.py    JSON by its structure, its numbers as numbers
    drawings.py  SVG by its structure; places to a twentieth of a unit
    pictures.py  PNG by its pixels
    pages.py     HTML by its tags, with the JSON and pictures inside
    outputs.py   the outputs of one cell, by their kinds
    findings.py  what differs, and the roundings that tipped over
    plugin.py    for pytest: nbval runs the cells, this compares them
"""
