// Every text that one can see, with its colour and the ground on which it
// is painted; what falls short of WCAG 2.2 AA (1.4.3) is returned. A ground
// that is a picture cannot be told and is left to the eye. With `alike`, one
// text stands for all whose elements have the same names and classes.
(alike) => {
  const xhtml = "http://www.w3.org/1999/xhtml"; // a drawing's own is SVG
  const still = document.createElementNS(xhtml, "style");
  still.textContent = "* { pointer-events: auto !important; }" +
    ".copybtn { opacity: 1 !important; transition: none !important; }";
  document.documentElement.append(still);
  for (const glide of document.getAnimations()) glide.finish();

  // Any CSS colour as [r, g, b, a]: the canvas knows all ways to write one.
  const brush = document.createElementNS(xhtml, "canvas").getContext("2d", {
    willReadFrequently: true,
  });
  const known = new Map();
  function rgba(colour) {
    if (!known.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  }
  const over = ([r, g, b, a], [R, G, B]) =>
    [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  function light([r, g, b]) {
    const part = (c) => (c <= 0.04045 * 255 ?
      c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  }
  function ratio(a, b) {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + 0.05) / (dark + 0.05);
  }
  function opacity(element) {
    let all = 1;
    for (let e = element; e; e = e.parentElement) {
      all *= Number(getComputedStyle(e).opacity);
    }
    return all;
  }

  // What an element paints under text that is not its own: null is a picture.
  function paint(element, style) {
    if (/^(IMG|CANVAS|IMAGE)$/i.test(element.tagName)) return null;
    const shape = element instanceof SVGElement && element.tagName !== "svg";
    if (!shape) return style.backgroundColor;
    if (!element.getTotalLength || style.fill === "none" ||
        element.tagName === "line") return "transparent";
    return style.fill.startsWith("url") ? null : style.fill;
  }
  function ground(element, box) {
    const x = Math.min(Math.max(box.x + box.width / 2, 1), innerWidth - 2);
    const y = box.y + box.height / 2;
    const stack = document.elementsFromPoint(x, y);
    const at = stack.findIndex((e) => e === element || e.contains(element));
    if (at < 0) return null;
    const layers = [];
    for (const e of stack.slice(at)) {
      const style = getComputedStyle(e);
      const colour = paint(e, style);
      if (colour === null) return null;
      let [r, g, b, a] = rgba(colour);
      a *= e instanceof SVGElement ? Number(style.fillOpacity) : 1;
      if (e instanceof SVGElement && e.contains(element) &&
          e.tagName !== "svg") continue;
      a *= Number(style.opacity);
      layers.push([r, g, b, a]);
      if (a > 0.999) break;
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const paper = scheme === "dark" ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reduceRight((below, layer) => over(layer, below), paper);
  }

  // Where a text stands, once it is where nothing sticky lies over it.
  function place(text, element, moved) {
    if (moved) {
      element.scrollIntoView({ block: "center", inline: "nearest",
        behavior: "instant" });
    }
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getClientRects()[0];
    if (!box || box.width < 2 || box.height < 2) return null;
    const free = box.top > innerHeight / 5 && box.bottom < innerHeight * 0.8;
    return { box, under: moved || free ? ground(element, box) : null };
  }
  // One text of a kind is enough: in code, and in the formulas of a block.
  function kind(element, style) {
    const code = element.closest(".highlight");
    if (code) return `${element.className} ${style.color}`;
    if (element instanceof SVGElement) return null;
    if (alike) return `${path(element)} ${style.color}`;
    const formula = element.closest(".m, .katex")?.parentElement;
    if (!formula) return null;
    if (!numbers.has(formula)) numbers.set(formula, numbers.size);
    return `${numbers.get(formula)} ${style.color}`;
  }
  const path = (element) => element && path(element.parentElement) +
    `>${element.nodeName}.${element.className} ` +
    (element.getAttribute("style") ?? "");

  const found = new Map();
  const numbers = new Map();
  let seen = 0;
  const all = document.querySelector(":modal") ?? document.body ??
    document.documentElement;
  const walk = document.createTreeWalker(all, NodeFilter.SHOW_TEXT);
  const kinds = new Set();
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim()) continue;
    if (element.closest("script, style, noscript, title, desc, defs, " +
        "math, select, [disabled], [aria-disabled=true]")) continue;
    const style = getComputedStyle(element);
    const key = kind(element, style);
    if (key && kinds.has(key)) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    let at = place(walk.currentNode, element, false);
    if (at && !at.under) at = place(walk.currentNode, element, true);
    if (!at?.under) continue; // hidden behind something, or on a picture
    const under = at.under;
    if (key) kinds.add(key);
    seen += 1;
    const svg = element instanceof SVGElement;
    let [r, g, b, a] = rgba(svg ? style.fill : style.color);
    a *= opacity(element);
    const have = ratio(over([r, g, b, a], under), under);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (have < (large ? 3 : 4.5) - 0.005) {
      const text = walk.currentNode.textContent.trim().slice(0, 30);
      found.set(
        `${have.toFixed(2)} ${svg ? style.fill : style.color} on ` +
          `${under.slice(0, 3).map(Math.round)}: ${element.tagName}.` +
          `${element.getAttribute("class") ?? ""}`,
        text);
    }
  }
  still.remove();
  return [seen, [...found].map(([what, text]) => `${what} “${text}”`)];
}
