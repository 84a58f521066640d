// The box that tells the reader what to try, and what then happened.

import { announcer, make, put } from "../shared.js";
import { ENOUGH, RULES, TOUR, toured } from "./tour.js";

export function makeGuide(state, changed) {
  let step = 0, asked = [], answer = "";
  const count = make("b"), task = make("span");
  const done = make("p", { class: "live-done" }), reply = announcer(done);
  const back = make("button", { type: "button", onclick: () => go(step - 1) },
    "← Back");
  const next = make("button", { type: "button",
    onclick: () => go((step + 1) % (TOUR.length + 1)) });
  const box = make("div", { class: "live-tour", role: "group",
    "aria-label": "What to try" }, make("p", {}, count, " ", task), done,
  make("div", { class: "live-buttons" }, back, next));

  function go(n) {
    [step, asked, answer] = [n, [], ""];
    done.textContent = "";
    if (n < TOUR.length) {
      state.set({ ...RULES, ...structuredClone(TOUR[n].start) });
    }
    changed();
  }

  // Returns the handle that the reader is asked to drag, if one is.
  function show(s) {
    const over = step === TOUR.length;
    if (!asked.includes(s.asks)) asked.push(s.asks);
    // What has been done once stays done.
    answer = over ? "" : toured(step, s, asked) || answer;
    count.textContent = over ? "Done." : `Try ${step + 1} of ${TOUR.length}.`;
    task.textContent = over ? ENOUGH : TOUR[step].task;
    box.classList.toggle("is-done", Boolean(answer));
    reply(answer && `✓ ${answer}`);
    put(back, { disabled: step === 0 });
    next.textContent = over ? "Start again" : answer ? "Next →" : "Skip →";
    return answer ? undefined : TOUR[step]?.wanted;
  }
  return { box, show };
}
