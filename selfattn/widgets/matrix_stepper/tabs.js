// One tab a step, each with its matrix in small.

import { make, put, transpose } from "../shared.js";
import { largest, tint } from "./look.js";
import { ORDER, matrices, stepOf } from "./sums.js";

function showMini(mini, name, m, isWord) {
  const most = largest(name, m);
  mini.style.gridTemplateColumns = `repeat(${m[0].length}, 1fr)`;
  mini.replaceChildren(...m.flatMap((line, a) => line.map((x, b) => {
    const cell = make("i", { class: isWord(a, b) ? "is-word" : "" });
    tint(cell, x, most);
    return cell;
  })));
}

export function makeTabs(id, state, walk) {
  const tabs = ORDER.map((name, n) => {
    const mini = make("span", { class: "live-mini", "aria-hidden": "true" });
    const tab = make("button", { type: "button", role: "tab",
      id: `${id}-${n}`,
      "aria-controls": id, onclick: () => walk.go(n) },
    make("b", {}, name), mini);
    return { tab, mini };
  });
  const focus = (n, options) => tabs[n].tab.focus(options);

  function keys(event) {
    const now = state.get().step;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0,
      End: 6 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    walk.go(Math.max(0, Math.min(6, to)));
    focus(state.get().step);
  }

  function show(s, word) {
    const all = matrices(s), rows = s.convention === "rows";
    tabs.forEach(({ tab, mini }, n) => {
      put(tab, { "aria-selected": n === s.step ? "true" : "false",
        tabindex: n === s.step ? 0 : -1,
        "aria-label": stepOf(s, n).formula });
      const m = all[ORDER[n]];
      showMini(mini, ORDER[n], rows ? m : transpose(m),
        (a, b) => (rows ? a : b) === word);
    });
  }
  return { focus, show, box: make("div", { class: "live-tabs",
    role: "tablist", "aria-label": "Steps", onkeydown: keys },
  ...tabs.map(({ tab }) => tab)) };
}
