// A report into the page. Its HTML comes from the package, which escapes
// what the reader's code made. But that code runs beside the package and can
// change it, so only what a report is made of reaches the page.
const bookReport = (function () {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const TAGS = new Set(["div", "p", "strong", "code", "pre", "details",
    "summary", "figure", "figcaption", "svg", "rect", "text", "path"]);
  const ATTRIBUTES = new Set(["role", "aria-label", "aria-hidden", "tabindex",
    "style", "x", "y", "d", "width", "height", "viewBox", "font-size",
    "text-anchor", "fill", "fill-opacity", "stroke", "stroke-width",
    "stroke-opacity", "stroke-dasharray"]);
  const ROLES = new Set(["status", "group", "img"]);
  // The styles that reports have: nothing that loads, floats or covers.
  const STYLE = /^(?:margin|padding|border|background|color|font|line-height|max-width|height|white-space|overflow|display|flex|gap)(?:-[a-z-]+)?:(?!.*(?:url|image|\\|expression|-[\d.]))[^;]*$/;

  function style(text) {
    const kept = text.split(";").filter((one) => STYLE.test(one.trim()));
    return kept.join(";");
  }

  function copy(from, to) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(node.data);
      const tag = node.localName;
      if (!TAGS.has(tag)) continue;
      const made = node.namespaceURI === SVG
        ? document.createElementNS(SVG, tag) : document.createElement(tag);
      for (const { name, value } of node.attributes) {
        if (!ATTRIBUTES.has(name)) continue;
        if (name === "role" && !ROLES.has(value)) continue;
        if (name === "style") made.style.cssText = style(value);
        else made.setAttribute(name, value);
      }
      copy(node, made);
      to.append(made);
    }
  }

  // The report's HTML as elements of this page.
  function safe(html) {
    const place = document.createDocumentFragment();
    const text = String(html).slice(0, 300000);
    copy(new DOMParser().parseFromString(text, "text/html").body, place);
    return place;
  }

  // The page's own report, for what ended the worker.
  function own(title, text) {
    const box = document.createElement("div");
    box.className = "solve-own";
    const head = document.createElement("strong");
    head.textContent = title;
    box.append(head);
    for (const part of text.split("\n\n")) {
      const line = document.createElement("p");
      line.textContent = part;
      box.append(line);
    }
    return box;
  }

  return { safe, own };
})();
