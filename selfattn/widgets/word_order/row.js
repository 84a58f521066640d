// The words as buttons. They keep their places, and the words move through
// them: so the focus is never lost.

import { make, percent, put } from "../shared.js";
import { best, marked, nameOf, parse } from "./sums.js";

function makeChip(i, hears) {
  const word = make("b"), tag = make("span", { class: "live-tag" });
  const bar = make("i"), share = make("span");
  const button = make("button", { type: "button", class: "live-chip",
    ...hears(i) },
  make("span", { class: "live-share" }, bar, share), word, tag);
  return { button, word, tag, bar, share, item: make("li", {}, button) };
}

// What one word's button shows and says. `i` is the word that looks.
function showChip(chip, j, s, i, found, truth) {
  const tag = s.tags[best(found.chances[j])], word = s.words[j];
  const wrong = truth && truth[j] !== tag, w = found.weights[i][j];
  chip.word.textContent = word;
  chip.tag.textContent = (tag === "ADP" ? "prep." : nameOf(tag)) +
    (wrong ? " ✗" : "");
  chip.share.textContent = percent(w).replace("under ", "<");
  chip.bar.style.width = `${100 * w}%`;
  put(chip.button, { "data-tag": tag, "aria-pressed": String(j === s.asks),
    "aria-label": `${word}, word ${j + 1} of ${s.words.length}: ` +
      `${nameOf(tag)}${wrong ? ", which is wrong" : ""}. It gets ` +
      `${percent(w)} of the attention of ${marked(s, i)}.` });
  chip.button.classList.toggle("is-shown", j === i);
}

// A word that is dragged lies over the others.
function lift(chip, held) {
  chip.button.classList.toggle("is-held", Boolean(held));
  chip.button.style.transform = held
    ? `translate(${held.by[0]}px, ${held.by[1]}px)` : "";
}

export function makeRow(state, edits, view) {
  function point(event, i) {
    if (event.pointerType !== "mouse" || view.held) return;
    view.over = i;
    view.changed();
  }
  function keys(event, i) {
    const last = state.get().words.length - 1;
    const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0,
      End: last }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") edits.remove();
    else if (to === undefined) return;
    else edits.move(i, to);
    event.preventDefault();
    chips[state.get().asks].button.focus();
  }
  const hears = (i) => ({
    onclick: () => edits.choose(i),
    onfocus: () => edits.choose(i),
    onpointerenter: (event) => point(event, i),
    onkeydown: (event) => keys(event, i),
  });
  const chips = Array.from({ length: state.get().longest }, (_, i) =>
    makeChip(i, hears));
  const box = make("ol", { class: "live-row" }, ...chips.map((c) => c.item));

  function show(s, i, found) {
    const truth = parse(s), { held } = view;
    chips.forEach((chip, j) => {
      chip.item.hidden = j >= s.words.length;
      if (chip.item.hidden) return;
      showChip(chip, j, s, i, found, truth);
      lift(chip, held?.moving && held.at === j && held.by && held);
    });
  }
  return { box, chips, show };
}
