// Scores and weights of the four words, and how the picked one came about.

import { MARKS, make, number, vector } from "../shared.js";
import { arithmetic } from "./sums.js";

function makeLine(word, i, pick) {
  const score = make("span"), weight = make("span"), bar = make("i");
  const scoreCell = make("td", { class: "live-score" }, score);
  const tr = make("tr", { onpointerenter: () => pick(i),
    onclick: () => pick(i) },
  make("th", { scope: "row" }, word + MARKS[i]), scoreCell,
  make("td", {}, bar, weight));
  return { tr, score, weight, bar, scoreCell };
}

function showLine(line, [score, weight], [most, heaviest]) {
  line.score.textContent = number(score);
  line.scoreCell.className = `live-score ${score < 0 ? "negative"
    : "positive"}`;
  line.scoreCell.style.setProperty("--share",
    `${Math.round(60 * Math.abs(score) / most)}%`);
  line.weight.textContent = number(weight, 2, true);
  line.bar.style.width = `${100 * weight / heaviest}%`;
}

export function makeTable(words, pick) {
  const lines = words.map((word, i) => makeLine(word, i, pick));
  const box = make("table", { class: "live-table" },
    make("thead", {}, make("tr", {}, make("td"),
      make("th", { scope: "col" }, "score α"),
      make("th", { scope: "col" }, "weight α′"))),
    make("tbody", {}, ...lines.map((line) => line.tr)));

  function show(s, r, picked) {
    const largest = [Math.max(2, ...r.scores.map(Math.abs)),
      Math.max(1, ...r.weights)];
    lines.forEach((line, i) => {
      line.tr.className = (i === picked ? "is-picked" : "") +
        (!s.own && i === s.asks ? " is-out" : "");
      showLine(line, [r.scores[i], r.weights[i]], largest);
    });
  }
  return { box, show };
}

// One weight worked out, and all of them mixing the values.
export function makeArithmetic() {
  const one = make("div", { class: "live-sums" });
  const total = make("div", { class: "live-sums" });

  function show(s, r, picked) {
    one.replaceChildren(...arithmetic(s, picked)
      .map((line) => make("div", {}, line)));
    total.replaceChildren(
      make("div", {}, `b${MARKS[s.asks]} = α′₁v¹ + α′₂v² + α′₃v³ + α′₄v⁴`),
      ...s.v.map((v, i) => make("div", {
        class: `live-term${i === picked ? " is-picked" : ""}` },
      `${i ? "+" : "="} ${number(r.weights[i], 2, true)} · ${vector(v)}`)),
      make("div", { class: "live-b" }, `= ${vector(r.out, 2, true)}`));
  }
  return { show, box: make("div", { class: "live-pair" }, one, total) };
}
