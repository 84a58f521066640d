"""Right answers to 02.output_kind, in other styles."""

KIND_OF = {
    "each": (
        "does a comma follow this word",
        "which words of this text are names",
        "which accounts of this network are run by thieves",
        "the electric charge at the atoms of this molecule",
    ),
    "whole": (
        "how glad is the writer of this review",
        "how many people speak in this recording",
        "does this molecule dissolve in water",
        "which word comes after the last one of this text",
    ),
    "model": (
        "a summary of this article",
        "the words of this voice message",
    ),
}


def kinds_inverted():
    return {task: kind for kind, tasks in KIND_OF.items() for task in tasks}


def kinds_capitals():
    return {task: f" {k.title()} " for task, k in kinds_inverted().items()}
