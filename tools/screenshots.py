"""Draw every page of the built site in both schemes, on a desk and a phone.

    python tools/screenshots.py [PAGE …]

PAGE is a part of a page's name, such as 04; without one, all are drawn. The
pictures and a page that shows them all are in `_build/screenshots/`.
"""

from __future__ import annotations

import argparse
import html
import sys
from pathlib import Path

import chromium
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "screenshots"
WIDTHS = (1280, 360)
SCHEMES = ("light", "dark")
SLICE = 8000  # px; Chromium draws no picture of more than 16384 px
# Pictures wait until they come near the window; here all shall come.
READY = """() => document.fonts.ready.then(() => {
  const pictures = [...document.querySelectorAll('article img')];
  for (const picture of pictures) picture.loading = 'eager';
  return pictures.every((picture) => picture.complete) &&
    [...document.querySelectorAll('[data-live]')].every(
      (figure) => figure.classList.contains('live-on'));
})"""


def whole(page, target: Path) -> None:
    """One picture of the whole page, put together from slices."""
    width, height = page.evaluate(
        "[innerWidth, document.documentElement.scrollHeight]"
    )
    picture = Image.new("RGB", (width, height))
    part = target.with_suffix(".part.png")
    for top in range(0, height, SLICE):
        room = min(SLICE, height - top)
        clip = {"x": 0, "y": top, "width": width, "height": room}
        page.screenshot(path=part, full_page=True, clip=clip)
        with Image.open(part) as drawn:
            picture.paste(drawn, (0, top))
    part.unlink()
    picture.save(target)


def shoot(site: Path, target: Path, pages: list[Path]) -> list[str]:
    """Draw the pages; return the names of the pictures."""
    from playwright.sync_api import sync_playwright

    program, drawn = chromium.find(), []
    if program is None:
        raise SystemExit(chromium.MISSING)
    with sync_playwright() as driver:
        engine = driver.chromium.launch(
            executable_path=program, args=chromium.FLAGS
        )
        for scheme in SCHEMES:
            for width in WIDTHS:
                context = engine.new_context(
                    color_scheme=scheme,
                    reduced_motion="reduce",
                    viewport={"width": width, "height": 900},
                )
                page = context.new_page()
                for path in pages:
                    page.goto((site / path).as_uri())
                    while not page.evaluate(READY):
                        page.wait_for_timeout(50)
                    stem = "-".join(path.with_suffix("").parts)
                    name = f"{stem}-{width}-{scheme}.png"
                    whole(page, target / name)
                    drawn.append(name)
                context.close()
        engine.close()
    return drawn


def sheet(drawn: list[str]) -> str:
    """A page that shows all pictures, one row for each page of the book."""
    rows: dict[str, list[str]] = {}
    for name in drawn:
        rows.setdefault(name.rsplit("-", 2)[0], []).append(name)
    body = []
    for stem, names in rows.items():
        shown = "".join(
            f'<a href="{name}"><img src="{name}" alt="" loading="lazy">'
            f"{html.escape(name.removeprefix(stem + '-')[:-4])}</a>"
            for name in map(html.escape, names)
        )
        body.append(f"<h2>{html.escape(stem)}</h2><div>{shown}</div>")
    style = (
        "body{font:16px system-ui;margin:1rem}div{display:flex;gap:1rem}"
        "a{width:22%;height:20rem;overflow:hidden;border:1px solid #999}"
        "img{width:100%;display:block}"
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Every page</title><style>{style}</style>"
        f"<h1>Every page, in both schemes</h1>{''.join(body)}</html>"
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", metavar="PAGE")
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--target", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    pages = sorted(
        path.relative_to(given.site)
        for path in given.site.rglob("*.html")
        if "_static" not in path.parts
    )
    if given.pages:
        pages = [p for p in pages if any(n in str(p) for n in given.pages)]
    if not pages:
        print(
            f"no such page in {given.site}: run `make site` first, and "
            f"name a part of a page's name; got {given.pages or 'none'}",
            file=sys.stderr,
        )
        return 1
    given.target.mkdir(parents=True, exist_ok=True)
    for old in given.target.glob("*.png") if not given.pages else ():
        old.unlink()
    drawn = shoot(given.site, given.target, pages)
    (given.target / "index.html").write_text(sheet(drawn), "utf8")
    print(f"{len(drawn)} pictures of {len(pages)} pages.")
    print(f"Open {(given.target / 'index.html').as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
