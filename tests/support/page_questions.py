"""What is asked of every page, each as a function: page in, faults out.

`make test` visits a page once and asks all of them; `make test-sweep` asks
again at every width, in each scheme, served and from disk.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from checkout import ROOT

CONTRAST = (ROOT / "tests/site/contrast.js").read_text("utf8")
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]
# Contrast is measured by contrast.js: axe takes a colour to be `color`, also
# where SVG paints `fill`, and gives up on “½” and on one letter alone. Nor
# does axe hear MathML: a table's head that is a formula is not empty.
RUN = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: rules,
    preload: false, // a page from disk may not ask for its style sheets
    rules: { 'color-contrast': { enabled: false } },
    resultTypes: ['violations', 'incomplete'],
  });
  const told = [];
  for (const { id, help, nodes } of
       [...found.violations, ...found.incomplete]) {
    const silent = id === 'empty-table-header' ? nodes.filter(
      ({ target }) => !document.querySelector(target).querySelector('math')
    ) : nodes;
    for (const node of silent.slice(0, 3)) {
      told.push(`${id}: ${help}: ${node.html.slice(0, 200)}`);
    }
  }
  return told;
}"""
# What sticks out of the window, unless a box around it scrolls or hides it.
# What only screen readers meet is one pixel wide and may lie anywhere.
OUTSIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const out = [...document.querySelectorAll('body *')].filter((e) => {
    const box = e.getBoundingClientRect();
    return box.right > room + 1 && box.width > 1;
  });
  return [`${document.documentElement.scrollWidth} px wide in ${room}`]
    .concat(out.slice(0, 5).map((e) => `${e.tagName}.${e.className}`));
}"""
# A box that scrolls sideways must be reached by the keyboard.
STUCK = """() => [...document.querySelectorAll('main *')].filter((e) => {
  const style = getComputedStyle(e);
  return /auto|scroll/.test(style.overflowX) &&
    e.scrollWidth > e.clientWidth + 1 && e.checkVisibility() &&
    e.tabIndex < 0 && !e.querySelector('a, button, input, [tabindex="0"]') &&
    !e.closest('[tabindex="0"]');
}).map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`)"""
# WCAG 2.5.8: 24 px, or as much room around; links in text are free.
SMALL = """() => {
  const all = [...document.querySelectorAll(
    'a[href], button, summary, select, [role=tab], [role=slider],' +
    'input:not([type=hidden])')].filter((e) => e.checkVisibility(
      { visibilityProperty: true, opacityProperty: true }));
  const box = (e) => (e.labels?.[0] ?? e).getBoundingClientRect();
  const centre = (b) => [b.x + b.width / 2, b.y + b.height / 2];
  return all.filter((e) => {
    const b = box(e);
    if (b.width < 2 || b.bottom < 0) return false;
    if (b.width >= 24 && b.height >= 24) return false;
    if (e.matches('.headerlink')) return false; // the heading's too
    if (e.matches('a') && e.closest('p, li, td, dd, figcaption'))
      return false;
    const [x, y] = centre(b);
    return all.some((other) => {
      if (other === e || other.contains(e) || e.contains(other) ||
          (e.name && e.labels?.[0] === other.labels?.[0]))
        return false;
      const [X, Y] = centre(box(other));
      return Math.hypot(X - x, Y - y) < 24;
    });
  }).map((e) => `${e.outerHTML.slice(0, 120)} ` +
    `${Math.round(box(e).width)} x ${Math.round(box(e).height)}`);
}"""
LEVELS = """() => [...document.querySelectorAll(
  'main h1, main h2, main h3, main h4, main h5, main h6')]
  .filter((e) => e.checkVisibility()).map((e) => Number(e.tagName[1]))"""
GLIDING = """() => document.getAnimations().filter((glide) =>
  glide.effect.getComputedTiming().duration > 0).length"""
TOUCH = """() => document.querySelectorAll(
  'main details, .live button').forEach((e) => e.click())"""


def axe(page) -> list[str]:
    """What axe-core finds, and what it cannot decide."""
    import axe_playwright_python

    if not page.evaluate("'axe' in window"):
        folder = Path(axe_playwright_python.__file__).parent
        page.evaluate((folder / "axe.min.js").read_text("utf8"))
    return page.evaluate(RUN, RULES)


def faint(page, alike: bool = False) -> list[str]:
    """Text that is too faint on its ground; `alike`: one of each kind."""
    seen, found = page.evaluate(CONTRAST, alike)
    return found if seen > 5 else [f"only {seen} texts are seen"]


def too_wide(page) -> list[str]:
    """What makes the page scroll sideways."""
    return _patiently(page, lambda: page.evaluate(OUTSIDE))


def unreachable(page) -> list[str]:
    """Boxes that scroll sideways, and that no key reaches."""
    return _patiently(page, lambda: page.evaluate(STUCK))


def too_small(page) -> list[str]:
    """Controls that a finger would miss."""
    return page.evaluate(SMALL)


def out_of_order(page) -> list[str]:
    """Headings that skip a level, landmarks that are missing or unnamed."""
    told = []
    levels = page.evaluate(LEVELS)
    if levels.count(1) != 1 or levels[0] != 1:
        told.append(f"the first heading, and only it, is an h1: {levels}")
    if any(low > high + 1 for high, low in pairwise(levels)):
        told.append(f"headings skip a level: {levels}")
    if page.evaluate("document.querySelectorAll('h1').length") != 1:
        told.append("a second h1 outside the text")
    for role in ("banner", "main", "contentinfo"):
        if (count := page.get_by_role(role).count()) != 1:
            told.append(f"{count} landmarks are {role}")
    names = [_name(spot) for spot in page.get_by_role("navigation").all()]
    if not all(names) or len(set(names)) < len(names):
        told.append(f"navigations need names of their own: {names}")
    return told


def gliding(page) -> list[str]:
    """What moves when everything is opened and pressed."""
    page.evaluate(TOUCH)
    count = page.evaluate(GLIDING)
    return [f"{count} animations"] if count else []


def _name(landmark) -> str:
    return landmark.evaluate(
        """e => (e.getAttribute('aria-label') ?? document.getElementById(
          e.getAttribute('aria-labelledby'))?.textContent ?? '').trim()"""
    )


def _patiently(page, ask) -> list[str]:
    """The theme waits a while before it looks at the width again."""
    for _ in range(10):
        if not (found := ask()):
            break
        page.wait_for_timeout(200)
    return found
