// Chapter 06's words: who asks, where each head looks, and every word's tag.

import { make, number, percent, unique } from "../shared.js";
import { rows } from "./sums.js";

// Radio buttons, so that the arrow keys walk from word to word.
function makeLine(state, sentence, j, group) {
  const input = make("input", { type: "radio", name: group,
    onchange: () => state.set({ asks: j }) });
  const bars = sentence.weights.map((_, h) => make("i", { "data-term": h }));
  const figure = make("span", { class: "live-weight" });
  const tag = make("td", { class: "live-tag" });
  const tr = make("tr", { onclick: () => input.click() },
    make("th", { scope: "row" }, make("label", {
      onclick: (event) => event.stopPropagation() }, input,
    make("small", {}, j + 1), " ", make("span", {}, sentence.words[j]))),
    make("td", {}, make("div", { class: "live-bars" }, ...bars), figure),
    tag);
  return { tr, input, bars, figure, tag };
}

// What the asking word gives this one: bars to see, numbers to hear.
function showWeights({ bars, figure }, row, s) {
  bars.forEach((bar, h) => {
    bar.hidden = s.shown >= 0 && s.shown !== h;
    bar.style.width = `${100 * row.weights[h]}%`;
    bar.classList.toggle("is-silent", s.gone.includes(h));
  });
  const all = row.weights.map((w, h) => `head ${h} ${number(w, 2, true)}`);
  figure.textContent = s.shown < 0 ? all.join(", ")
    : number(row.weights[s.shown], 2, true);
  figure.classList.toggle("live-hidden", s.shown < 0);
}

function showTag({ tag }, row) {
  tag.replaceChildren(make("b", {}, `${row.tag} `),
    make("span", { "aria-hidden": "true" }, row.right ? "✓" : "✗"),
    make("span", { class: "live-hidden" }, row.right ? "right" : "wrong"),
    make("small", {}, row.changed ? `was ${row.was}`
      : ` ${percent(row.sure)}`));
}

export function makeLooks(state) {
  const body = make("tbody");
  const table = make("table", { class: "live-looks" },
    make("thead", {}, make("tr", {},
      make("th", { scope: "col" }, "who asks"),
      make("th", { scope: "col" }, "where it looks"),
      make("th", { scope: "col" }, "tag"))), body);
  const box = make("div", { role: "radiogroup", "aria-label": "Who asks?" },
    table);
  let lines = [], built = -1;

  function build(s) {
    const sentence = s.sentences[s.sentence], group = unique("asks");
    lines = sentence.words.map((_, j) => makeLine(state, sentence, j, group));
    body.replaceChildren(...lines.map(({ tr }) => tr));
    built = s.sentence;
  }

  function show(s) {
    if (built !== s.sentence) build(s);
    table.classList.toggle("is-one", s.shown >= 0);
    rows(s).forEach((row, j) => {
      lines[j].input.checked = j === s.asks;
      lines[j].tr.className = (j === s.asks ? "is-picked" : "") +
        (row.changed ? " is-changed" : "");
      showWeights(lines[j], row, s);
      showTag(lines[j], row);
    });
  }
  return { box, show };
}
