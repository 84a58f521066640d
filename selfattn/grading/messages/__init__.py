"""Every generic sentence of the grader, and nothing else.

    flow       what can be said before and after an answer has run
    differs    an answer's output beside the right one: structure, shape, place
    relations  what a tensor has to do with the right one
    kinds      the kind of case that an answer gets wrong
    quiz       answers that are data
    page       answers that are typed on a page of the site
    cut        text that others made, cut to a length that can be read

Messages about one exercise stand in that exercise.
"""
