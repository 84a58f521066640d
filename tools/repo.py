"""Set the address of the book's repository, everywhere that it is written.

    python tools/repo.py https://github.com/me/selfattn

The address is at home in pyproject.toml, under [project.urls]. Links, badges
and the notebooks' first cells repeat it, in the forms below; this tool turns
the configured address into the new one in all of them. The folders tools/
and tests/ hold the rules, not the address, and are left alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
# Nobody can register a GitHub name with an underscore, so that a book whose
# address was never set cannot fetch a stranger's package.
UNSET = "owner_not_set"
_OWNER = rf"{UNSET}|[A-Za-z0-9](?:-?[A-Za-z0-9]){{0,38}}"
_NAME = r"[A-Za-z0-9_.-]{1,100}"
_ADDRESS = re.compile(rf"https://github\.com/({_OWNER})/({_NAME})")
_HOME = re.compile(r'^(Repository = ")([^"]+)(")$', re.M)
# What stands before owner/name; `github.com/` also ends Colab's `…/github/`.
_BEFORE = (
    r"github\.com/|colab\.research\.google\.com/github/"
    r"|raw\.githubusercontent\.com/|nbviewer\.org/github/"
    r"|mybinder\.org/v2/gh/"
)
_SKIP = {".git", "_build", "tools", "tests", "__pycache__"}


class Address(NamedTuple):
    owner: str
    name: str

    @property
    def url(self) -> str:
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def pages(self) -> str:
        """Host and path at which GitHub Pages serves the book."""
        return f"{self.owner.lower()}.github.io/{self.name}"


def parse(url: str) -> Address:
    """Read an address; a ValueError says what one looks like."""
    trimmed = url.strip().rstrip("/").removesuffix(".git")
    match = _ADDRESS.fullmatch(trimmed)
    if match is None or match[2] in {".", ".."}:
        raise ValueError(
            "the address must look like https://github.com/owner/name: "
            f"got {url!r}; Colab opens notebooks from GitHub only"
        )
    return Address(match[1], match[2])


def configured(root: Path = ROOT) -> Address:
    """The address in pyproject.toml."""
    match = _HOME.search((root / "pyproject.toml").read_text("utf-8"))
    if match is None:
        raise ValueError(
            'pyproject.toml needs a line `Repository = "https://github.com/'
            'owner/name"` under [project.urls]: got none; put it back'
        )
    return parse(match[2])


def text_files(root: Path = ROOT) -> dict[Path, str]:
    """The text of every file of the book, by path."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0 and (root / ".git").exists():
        paths = [root / name for name in listed.stdout.split("\0") if name]
    else:  # an unpacked archive
        paths = [path for path in root.rglob("*") if path.is_file()]
    texts = {}
    for path in sorted(paths):
        parts = path.relative_to(root).parts
        if _SKIP & set(parts) or parts[0].startswith(".venv"):
            continue
        try:
            texts[path] = path.read_bytes().decode("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, an archive, or removed and not committed
    return texts


def mentions(text: str) -> list[Address]:
    """Every owner/name that the text links to, in whatever form."""
    pairs = re.findall(rf"(?:{_BEFORE})({_OWNER})/({_NAME})", text)
    pages = re.findall(rf"\b({_OWNER})\.github\.io/({_NAME})", text)
    return [
        Address(owner, name.rstrip(".").removesuffix(".git"))
        for owner, name in pairs + pages
    ]


def rewrite(text: str, old: Address, new: Address) -> tuple[str, int]:
    """The text with the old address replaced, and how often it was."""
    # Not a longer name that begins alike, such as selfattn-solutions.
    end = r"(?![A-Za-z0-9_-])"
    text, links = re.subn(
        rf"({_BEFORE}){re.escape(f'{old.owner}/{old.name}')}{end}",
        rf"\g<1>{new.owner}/{new.name}",
        text,
    )
    text, pages = re.subn(re.escape(old.pages) + end, new.pages, text)
    return text, links + pages


def retarget(new: Address, root: Path = ROOT) -> dict[Path, int]:
    """Write the new address everywhere; how often, by file."""
    old, changed = configured(root), {}
    if old == new:
        return {}
    for path, text in text_files(root).items():
        text, count = rewrite(text, old, new)
        if count:
            path.write_bytes(text.encode("utf-8"))
            changed[path] = count
    return changed


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0]:
        print(f"The address is {configured().url}")
        print("Set it with: make repo URL=https://github.com/owner/name")
        return 2
    try:
        new = parse(arguments[0])
        changed = retarget(new)
    except ValueError as error:
        print(f"make repo: {error}", file=sys.stderr)
        return 2
    for path, count in changed.items():
        print(f"  {path.relative_to(ROOT)}: {count}")
    if changed:
        print(f"{sum(changed.values())} places now name {new.url}.")
        print("Look at `git diff`, then commit it.")
    else:
        print(f"The address is {new.url} already.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
