"""Exercise 02.output_kind."""

from selfattn.exercises.model import exercise


def output_kind():
    return {
        "how glad is the writer of this review": "whole",
        "does a comma follow this word": "each",
        "a summary of this article": "model",
        "how many people speak in this recording": "whole",
        "the words of this voice message": "model",
        "which words of this text are names": "each",
        "which accounts of this network are run by thieves": "each",
        "does this molecule dissolve in water": "whole",
        "which word comes after the last one of this text": "whole",
        "the electric charge at the atoms of this molecule": "each",
    }


STARTER = """# "each": each vector has a label
# "whole": the whole sequence has one label
# "model": the model decides how many
output_kind = {
    "how glad is the writer of this review": ...,
    "does a comma follow this word": ...,
    "a summary of this article": ...,
    "how many people speak in this recording": ...,
    "the words of this voice message": ...,
    "which words of this text are names": ...,
    "which accounts of this network are run by thieves": ...,
    "does this molecule dissolve in water": ...,
    "which word comes after the last one of this text": ...,
    "the electric charge at the atoms of this molecule": ...,
}
"""

HINTS = (
    "For each task imagine an input twice as long. Do the labels "
    "double, stay one, or does it depend on what the input says?",
    "A label may be a class, yes or no, or a number. How large that "
    "number is does not matter.",
    "Who is asked: every word, account or atom (“each”), or the text, "
    "recording or molecule (“whole”)? If the answer is itself a text, "
    "somebody must decide where it ends.",
)

# Words of the tasks that a mistake puts wrong, and the kind it gives them.
WRONG_KINDS = {
    "a_number_as_length": {"speak": "model"},
    "names_as_length": {"names": "model"},
    "next_word_as_length": {"after": "model"},
    "next_word_per_word": {"after": "each"},
    "graph_as_one": {"accounts": "whole", "charge": "whole"},
    "molecule_by_atoms": {"dissolve": "each"},
    "writing_per_word": {"summary": "each", "message": "each"},
    "a_text_as_one_label": {"summary": "whole", "message": "whole"},
}

MISTAKES = {
    "each_whole_swapped": (
        "You call it “whole” where every vector gets a label, and “each” "
        "where there is one label in all. Read the two lines above the "
        "table once more."
    ),
    "a_number_as_length": (
        "How many people speak is one number, whatever it is. “The model "
        "decides how many” is about how many labels come out."
    ),
    "names_as_length": (
        "A text has any number of names, but every word has an answer: name, "
        "or no name. As many answers come out as words went in."
    ),
    "next_word_as_length": (
        "One step of writing gives one word: a choice among V classes. The "
        "model decides on a length only where such steps are repeated until "
        "it stops."
    ),
    "next_word_per_word": (
        "The question is asked once, after the whole text. (In training it "
        "is asked at every place.)"
    ),
    "graph_as_one": (
        "A network or a molecule is one input, but the question is about its "
        "nodes: each account, each atom has its own answer."
    ),
    "molecule_by_atoms": (
        "No atom dissolves by itself. The molecule does or does not, so the "
        "set has one label."
    ),
    "writing_per_word": (
        "You ask for one word per input vector. A summary is shorter than "
        "its article, and a second of speech has 100 frames and about three "
        "words."
    ),
    "a_text_as_one_label": (
        "You call a text one label. A text is a sequence of labels, one "
        "class for each word, and the model decides how many."
    ),
}


def variant(wrong):
    def answer():
        found = output_kind()
        for mistake in wrong & set(WRONG_KINDS):
            for word, kind in WRONG_KINDS[mistake].items():
                for task in found:
                    if word in task.split():
                        found[task] = kind
        if "each_whole_swapped" in wrong:
            swap = {"each": "whole", "whole": "each"}
            found = {task: swap.get(k, k) for task, k in found.items()}
        return found

    return answer


EXERCISE = exercise(
    output_kind,
    title="Which kind of output",
    difficulty=1,
    minutes=5,
    quiz=True,
    starter=STARTER,
    hints=HINTS,
    mistakes=MISTAKES,
    variant=variant,
)
