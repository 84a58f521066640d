// Buttons that work on the chosen word, and sentences to try.

import { make, put } from "../shared.js";
import { nameOf } from "./sums.js";

const SENTENCES = ["I saw a saw", "a saw saw I", "they duck under a duck"];

const button = (text, label, onclick) =>
  make("button", { type: "button", "aria-label": label, onclick }, text);

// All words of the net, grouped by what they can be.
function makeMenu({ vocabulary }, edits) {
  const menu = make("select", { onchange: () => edits.replace(menu.value) });
  const groups = {};
  for (const [word, ...tags] of vocabulary) {
    const group = tags.map(nameOf).join(" or ");
    groups[group] ??= make("optgroup", { label: group });
    groups[group].append(make("option", { value: word }, word));
  }
  menu.append(...Object.values(groups));
  return menu;
}

export function makeTools(state, edits) {
  const by = (n) => () => {
    const { asks } = state.get();
    edits.move(asks, asks + n);
  };
  const who = make("span"), menu = makeMenu(state.get(), edits);
  const left = button("← move", "move left", by(-1));
  const right = button("move →", "move right", by(1));
  const less = button("remove", "remove the word", edits.remove);
  const more = button("add", "add a word after it, the same at first",
    edits.add);

  function show({ words, asks, longest }) {
    who.textContent = `Word ${asks + 1}`;
    put(menu, { "aria-label": `Word ${asks + 1}, change it to` });
    menu.value = words[asks];
    for (const [tool, off] of [[left, asks === 0],
      [right, asks === words.length - 1], [less, words.length === 1],
      [more, words.length === longest]]) {
      put(tool, { "aria-disabled": String(off) });
    }
  }
  return { show, box: make("div", { class: "live-tools", role: "group",
    "aria-label": "The chosen word" },
  make("label", {}, who, menu), left, right, more, less) };
}

// Only sentences whose words the net knows.
export function makePresets(state, edits) {
  const known = new Set(state.get().vocabulary.map(([word]) => word));
  const sentences = SENTENCES.map((text) => text.split(" "))
    .filter((words) => words.every((word) => known.has(word)));
  return make("div", { class: "live-presets", role: "group",
    "aria-label": "Sentences to try" },
  ...sentences.map((words) => button(words.join(" "), undefined,
    () => edits.write(words, words.length - 1))),
  button("shuffle", "shuffle the words", edits.shuffle));
}
