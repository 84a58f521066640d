"""One style sheet in the place of many: only what some page can need.

A rule stays when every class, id, tag and attribute of its selector stands
in a page, or is a word in a script: scripts toggle classes. Custom
properties, animations and fonts stay when something that stayed names them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from posixpath import normpath

import tinycss2

WORD = re.compile(r"[A-Za-z_][\w-]*")
OPENING = re.compile(r"<([a-zA-Z][\w-]*)((?:\s+[^<>]*?)?)/?>")
ATTRIBUTE = re.compile(
    r"([\w:-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+)))?"
)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.S | re.M)
QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")
# `book-${kind}` may become any name that begins so; `pst-` is the theme's.
BEGUN = re.compile(r"\b(?!pst-)([A-Za-z][\w-]*-)\$\{")
# createElement("p"), "<p>", make("svg:g").
MADE = re.compile(r"[\"'`<:]([a-z][a-z0-9]*)(?=[\"'`\s>/])")
SCRIPT = re.compile(r"(<(script|style)\b[^>]*>)(.*?)</\2>", re.S)
NESTED = {"media", "supports", "layer", "container"}
CHOICE = {"is", "where", "has"}
# Where the browser makes the element, or any page may have it.
ALWAYS = {"html", "body", "head", "root", "from", "to"}


@dataclass
class Names:
    """What pages and scripts name: classes, ids, tags, attributes."""

    classes: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=lambda: set(ALWAYS))
    attributes: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    text: list[str] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    starts: list[str] = field(default_factory=list)

    def script(self, text: str, outside: bool = True) -> None:
        """Learn a script's words in quotes and the elements it makes.

        A figure's module, in a page, makes up names for its own sheet only.
        """
        text = COMMENT.sub("", text)
        self.tags |= set(MADE.findall(text))
        quoted = " ".join(QUOTED.findall(text))
        self.words |= set(WORD.findall(quoted)) - self.absent
        self.starts += BEGUN.findall(text) if outside else []
        # dataset.someName is the attribute data-some-name.
        self.words |= {
            "data-" + re.sub("[A-Z]", lambda m: "-" + m[0].lower(), word)
            for word in re.findall(r"dataset\.(\w+)", text)
        }
        self.text.append(text)

    def page(self, html: str) -> None:
        """Learn what a page's markup has, and the words of its scripts."""

        def inline(match) -> str:
            if match[2] == "style":
                self.text.append(match[3])
            else:
                self.script(match[3], outside=False)
            return match[1]

        html = SCRIPT.sub(inline, html)
        self.text += re.findall(r'style="([^"]*)"', html)
        for tag, attributes in set(OPENING.findall(html)):
            self.tags.add(tag.lower())
            for name, *values in ATTRIBUTE.findall(attributes):
                self.attributes.add(name.lower())
                value = "".join(values)
                if name == "class":
                    self.classes.update(value.split())
                elif name == "id":
                    self.ids.add(value)

    def knows(self, kind: str, name: str) -> bool:
        """Whether a page has it or a script may make it."""
        if name in getattr(self, kind):
            return True
        if kind == "tags":
            return False
        return name in self.words or name.startswith(tuple(self.starts))


def _split(tokens: list, mark: str = ",") -> list[list]:
    parts: list[list] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def possible(selector: list, names: Names) -> bool:
    """Whether something on a page can match the selector's tokens."""
    before = ""
    for token in selector:
        if token.type == "hash":
            if not names.knows("ids", token.value):
                return False
        elif token.type == "ident" and before == ".":
            if not names.knows("classes", token.value):
                return False
        elif token.type == "ident" and before != ":":
            if not names.knows("tags", token.value.lower()):
                return False
        elif token.type == "[] block":
            name = next((t for t in token.content if t.type == "ident"), None)
            if name and not names.knows("attributes", name.lower_value):
                return False
        elif token.type == "function" and token.lower_name == "not":
            # The scheme is always set.
            if _written(token.arguments) == "[data-theme]":
                return False
        elif token.type == "function" and token.lower_name in CHOICE:
            inside = _split(token.arguments)
            if not any(possible(part, names) for part in inside):
                return False
        before = token.value if token.type == "literal" else ""
    return True


def _written(tokens: list) -> str:
    """Tokens as text, with one blank where there were blanks."""
    tokens = [token for token in tokens if token.type != "comment"]
    text = (" " if t.type == "whitespace" else t.serialize() for t in tokens)
    return "".join(text).strip()


def _selector(tokens: list) -> str:
    text = re.sub(r"\s+", " ", _written(tokens))
    if "[" in text or "(" in text:
        return text
    return re.sub(r"\s*([>~,])\s*", r"\1", text)


def _moved(text: str, folder: str) -> str:
    """Addresses relative to the new sheet, not to the old one's folder."""

    def move(match):
        address = match[2]
        if re.match(r"(?:[a-z]+:|/|#)", address):
            return match[0]
        return f'url("{normpath(f"{folder}/{address}")}")'

    return re.sub(r"url\(\s*([\"']?)([^\"')]+)\1\s*\)", move, text)


@dataclass
class Rule:
    """A style rule, or a block of rules with its condition."""

    head: str
    declared: list[tuple[str, str]] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    nested: bool = False

    def text(self) -> str:
        """The rule as it is written to the sheet; nothing if it is empty."""
        if self.nested:
            inside = "".join(rule.text() for rule in self.rules)
        else:
            inside = ";".join(f"{n}:{value}" for n, value in self.declared)
        return f"{self.head}{{{inside}}}" if inside else ""

    def all(self):
        """This rule and those inside it."""
        yield self
        for rule in self.rules:
            yield from rule.all()


def _declarations(content: list, folder: str) -> list[tuple[str, str]]:
    found = []
    for item in tinycss2.parse_blocks_contents(
        content, skip_comments=True, skip_whitespace=True
    ):
        if item.type != "declaration":
            continue
        value = _moved(re.sub(r"\s+", " ", _written(item.value)), folder)
        value = re.sub(r"(?<![\w.#)])0\.(?=\d)", ".", value)
        value += "!important" if item.important else ""
        found.append((item.name, value))
    return found


def parse(text: str, folder: str, names: Names) -> list[Rule]:
    """The rules of a sheet that a page can need."""
    rules = tinycss2.parse_stylesheet(
        text, skip_comments=True, skip_whitespace=True
    )
    return list(_needed(rules, folder, names))


def _needed(items: list, folder: str, names: Names):
    for item in items:
        if item.type == "qualified-rule":
            parts = _split(item.prelude)
            kept = [_selector(p) for p in parts if possible(p, names)]
            if kept:
                put = _declarations(item.content, folder)
                yield Rule(",".join(kept), put)
        elif item.type == "at-rule" and item.content is not None:
            head = f"@{item.at_keyword} {_written(item.prelude)}".strip()
            inside = tinycss2.parse_rule_list(
                item.content, skip_comments=True, skip_whitespace=True
            )
            if item.lower_at_keyword in NESTED:
                rules = list(_needed(inside, folder, names))
                yield Rule(head, rules=rules, nested=True)
            elif item.lower_at_keyword.endswith("keyframes"):
                steps = [
                    Rule(_written(r.prelude), _declarations(r.content, folder))
                    for r in inside
                ]
                yield Rule(head, rules=steps, nested=True)
            else:
                yield Rule(head, _declarations(item.content, folder))
        elif item.type == "error":
            raise ValueError(f"style sheet: {item.message}")
        elif item.type == "at-rule" and item.lower_at_keyword != "charset":
            raise ValueError(f"style sheet: @{item.at_keyword} has no block")


def _drop_unnamed(rules: list[Rule], names: Names) -> bool:
    """Take out what nothing that is left refers to; whether anything went."""
    every = [one for rule in rules for one in rule.all()]
    values = " ".join(v for one in every for _, v in one.declared)
    outside = " ".join(names.text)
    used = set(re.findall(r"--[\w-]+", values + outside))
    gone = False
    for one in every:
        kept = [
            (name, value)
            for name, value in one.declared
            if not name.startswith("--") or name in used
        ]
        gone |= len(kept) < len(one.declared)
        one.declared = kept
    said = set(WORD.findall(values + outside))
    for rule in rules:
        _, _, name = rule.head.partition("keyframes ")
        if name and name not in said and rule.rules:
            rule.rules, gone = [], True
    families = " ".join(
        value
        for one in every
        if not one.head.startswith("@font-face")
        for name, value in one.declared
        if name in ("font-family", "font") or name.startswith("--")
    )
    for one in every:
        if one.head == "@font-face" and one.declared:
            family = dict(one.declared).get("font-family", "").strip("\"'")
            if family not in families and family not in outside:
                one.declared, gone = [], True
    return gone


def prune(sheets: list[tuple[str, str]], names: Names) -> list[Rule]:
    """The rules of all sheets, each (text, folder), that a page can need.

    Addresses in them become relative to the root of the folders.
    """
    rules = [
        rule for text, where in sheets for rule in parse(text, where, names)
    ]
    while _drop_unnamed(rules, names):
        pass
    return rules


def write(rules: list[Rule]) -> str:
    """The rules as a sheet, one to a line."""
    return "\n".join(filter(None, (rule.text() for rule in rules))) + "\n"
