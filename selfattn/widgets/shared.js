// What all live figures share. Python joins this file with a figure's own
// into one ES module, which then imports nothing.

export const MARKS = ["¹", "²", "³", "⁴", "⁵", "⁶"];
const SVG = new Set(["svg", "g", "line", "circle", "rect", "path", "text"]);

// ------------------------------------------------------------ arithmetic

export function dot(a, b) {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

export function transpose(m) {
  return m[0].map((_, j) => m.map((row) => row[j]));
}

export function matmul(a, b) {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

// The largest score is taken away first: no exponential overflows. A score
// of -Infinity gets weight 0.
export function softmax(scores) {
  const top = Math.max(...scores);
  const e = scores.map((s) => Math.exp(s - top));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / total);
}

// ----------------------------------------------------------------- words

// At most `digits` decimals and a real minus sign; never "−0".
export function number(x, digits = 2, fixed = false) {
  let text = x.toFixed(digits);
  if (!fixed && digits) text = text.replace(/\.?0+$/, "");
  if (Number(text) === 0) text = text.replace("-", "");
  return text.replace("-", "−");
}

export function bracketed(x) {
  return x < 0 ? `(${number(x)})` : number(x);
}

export function vector(v, digits = 2, fixed = false) {
  return `(${v.map((x) => number(x, digits, fixed)).join(", ")})`;
}

export function percent(x) {
  const rounded = Math.round(x * 100);
  return `${x > 0 && !rounded ? "under 1" : rounded}\u00a0%`;
}

export function thousands(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function list(names) {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

// ------------------------------------------------------------- the state

// What a figure shows is its widget's traits, as Python lists them: read them
// all with `get()`, change some with `set({name: value})`.
export function stateOf(model) {
  const names = model.get("_state_names");
  return {
    get: () =>
      Object.fromEntries(names.map((name) => [name, model.get(name)])),
    set(changes) {
      for (const [name, x] of Object.entries(changes)) model.set(name, x);
      model.save_changes();
    },
  };
}

// Call `draw` once now, and once per picture after anything has changed.
export function follow(model, draw) {
  let waiting = false;
  const changed = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(); });
  };
  model.on("change", changed);
  draw();
  return { changed, stop: () => model.off("change", changed) };
}

// -------------------------------------------------------------- the page

// make("g", {class: "key"}, child, "text"): an element with its children.
export function make(tag, attributes = {}, ...children) {
  const element = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  put(element, attributes);
  element.append(...children);
  return element;
}

// The box of a figure; its style sheet starts every selector with the name.
// In a notebook its arrow keys are its own: without the mark JupyterLab takes
// them to move between cells.
export function figureBox(name, title, ...children) {
  return make("div", { class: `live ${name}`, role: "group",
    "aria-label": `Live figure: ${title}`,
    "data-lm-suppress-shortcuts": "true" }, ...children);
}

// Set attributes; undefined and false take one away.
export function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === undefined || value === false) {
      element.removeAttribute(name);
    } else element.setAttribute(name, value === true ? "" : value);
  }
}

// A name that nothing else on the page has, whichever module asks: each has
// its own copy of this file.
export function unique(name) {
  globalThis.selfattnNames = (globalThis.selfattnNames ?? 0) + 1;
  return `live-${name}-${globalThis.selfattnNames}`;
}

// One choice out of a few, as a row of radio buttons.
export function choice(legend, options, pick) {
  const name = unique("choice");
  const inputs = {};
  const box = make("fieldset", { class: "live-choice" });
  box.append(make("legend", {}, legend));
  for (const [value, label] of Object.entries(options)) {
    const input = make("input", {
      type: "radio", name, value, onchange: () => pick(value),
    });
    inputs[value] = input;
    box.append(make("label", {}, input, make("span", {}, label)));
  }
  return {
    box,
    show(value) { inputs[value].checked = true; },
    enable(on) { box.disabled = !on; },
  };
}

// A slider, its name before it and its value behind it.
export function slider(text, [min, max, step], move) {
  const shown = make("span");
  const input = make("input", { type: "range", min, max, step,
    "aria-label": text, oninput: () => move(Number(input.value)) });
  const box = make("label", { class: "live-slider" },
    make("span", {}, text), input, shown);
  // `said` stands behind it, and `read` is what a screen reader hears.
  function show(value, said, read = said) {
    input.value = value;
    shown.textContent = said;
    put(input, { "aria-valuetext": read });
  }
  return { box, input, show };
}

// A drawing whose lines are stretched to the figure's width. Letters must not
// be: text stands in HTML beside it.
export function stretched(name, height) {
  return make("svg", { class: name, preserveAspectRatio: "none",
    "aria-hidden": "true", style: `height: ${height}px` });
}

// Where a pressed pointer is on a box, as shares of its width and height.
export function onPress(box, meant) {
  const hear = (event) => {
    if (!event.buttons) return;
    const { left, top, width, height } = box.getBoundingClientRect();
    meant((event.clientX - left) / width, (event.clientY - top) / height);
  };
  put(box, { onpointerdown: hear, onpointermove: hear });
}

// A paragraph that is read out, but only once the figure has come to rest:
// a reader who drags does not want to hear every step.
export function announcer(box, rest = 400) {
  let timer;
  box.setAttribute("role", "status");
  return (text) => {
    clearTimeout(timer);
    if (!box.textContent) box.textContent = text;
    timer = setTimeout(() => { box.textContent = text; }, rest);
  };
}
