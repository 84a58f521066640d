// Query and keys in their plane, to drag or to move by the arrow keys.

import { MARKS, make, number, put, vector } from "../shared.js";
import { MIDDLE, REACH, UNIT, X, Y, makeAxes, makeField } from "./field.js";
import { SIZE, label, pixel, plane, same } from "./plane.js";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1],
  ArrowDown: [0, -1] };

// A key, or the query (i = -1): an arrow, and a knob at its end.
function makeHandle(i, hears) {
  const arrow = make("line", { class: i < 0 ? "live-q" : "live-k",
    x1: MIDDLE, y1: MIDDLE });
  const text = make("text"), mark = make("text");
  const ring = make("circle", { class: "live-ring" });
  const circle = make("circle", { class: "live-knob" });
  const knob = make("g", { tabindex: 0, role: "slider",
    "aria-valuemin": -REACH, "aria-valuemax": REACH, ...hears(i) },
  ring, circle, text, mark);
  return { i, arrow, knob, ring, circle, text, mark };
}

// What a handle is called, and what a screen reader says of its place.
function named(i, [x, y], s, r) {
  const said = i < 0 ? "" : `, score ${number(r.scores[i])}, weight ` +
    number(r.weights[i]);
  return { "aria-label": i < 0 ? `query of ${s.words[s.asks]}, ${s.asks + 1}`
    : `key of ${s.words[i]}, ${i + 1}`,
  "aria-valuenow": x, "aria-valuetext": vector([x, y]) + said };
}

// Keys in one place hide one another, so each shows for all of them.
function together(i, s) {
  return s.k.map((_, j) => j).filter((j) => i >= 0 && same(s.k[j], s.k[i]));
}

function showHandle({ i, arrow, knob, ring, circle, text, mark }, at, s, r,
  { picked, wanted, px, width }) {
  const [x, y] = [X(at[0]), Y(at[1])], here = together(i, s);
  const radius = px * Math.max(13, Math.min(18, 0.062 * width));
  const out = !s.own && here.length === 1 && i === s.asks;
  const share = Math.max(0, ...here.map((j) => r.weights[j]));
  put(arrow, { x2: x, y2: y });
  put(ring, { r: Math.max(radius * 1.35, 21 * px) });
  put(circle, { r: radius });
  put(knob, { transform: `translate(${x} ${y})`,
    class: `live-handle ${i < 0 ? "is-q" : "is-k"}` +
      (here.includes(picked) ? " is-picked" : "") +
      (i === wanted ? " is-wanted" : "") + (out ? " is-out" : ""),
    ...named(i, at, s, r) });
  text.textContent = i < 0 ? `q${MARKS[s.asks]}` : label("k", s.k, i);
  if (i < 0) return;
  // Its score, where there is room under it.
  mark.textContent = width < 300 ? "" : number(r.scores[i]);
  put(mark, { y: radius + 12 * px });
  knob.style.setProperty("--share",
    `${Math.round(100 * Math.sqrt(Math.min(1, share)))}%`);
}

// The circles to grab are larger than those one sees and overlap: the
// nearest is meant. It keeps its distance from the finger.
function dragging(svg, handles, placeOf, to, pick) {
  let held;
  const pointed = (event) => {
    const box = svg.getBoundingClientRect(), step = box.width / SIZE;
    return [((event.clientX - box.left) / step - MIDDLE) / UNIT,
      (MIDDLE - (event.clientY - box.top) / step) / UNIT];
  };
  // Of keys in one place the first; the query before any key.
  function nearest(at) {
    const far = ({ i }) => Math.hypot(placeOf(i)[0] - at[0],
      placeOf(i)[1] - at[1]);
    return handles.reduce((a, b) =>
      (far(b) < far(a) || (b.i < 0 && far(b) === far(a)) ? b : a));
  }
  put(svg, {
    onpointerdown(event) {
      if (!event.target.closest(".live-handle")) return;
      event.preventDefault();
      const at = pointed(event), { i, knob } = nearest(at);
      const [x, y] = placeOf(i);
      held = { i, by: [x - at[0], y - at[1]] };
      svg.setPointerCapture(event.pointerId);
      knob.focus({ preventScroll: true });
      pick(i);
    },
    onpointermove(event) {
      if (!held) return;
      const at = pointed(event).map((c, j) => c + held.by[j]);
      to(held.i, Math.hypot(...at) < 0.2 ? [0, 0] : at); // easy to hit
    },
    onlostpointercapture() { held = undefined; },
  });
  return () => Boolean(held);
}

// `placeOf(i)` is where handle i stands, i = -1 is the query; `move(i, to)`
// and `pick(i)` are told what the reader does.
export function makeMatch(placeOf, move, pick) {
  const svg = plane("match"), field = makeField();

  function to(i, at) {
    const place = at.map((c) =>
      Math.round(Math.max(-REACH, Math.min(REACH, c)) * 10) / 10);
    if (!same(place, placeOf(i))) move(i, place);
  }
  const hears = (i) => ({
    onkeydown(event) {
      const by = STEPS[event.key];
      if (!by) return;
      event.preventDefault();
      const far = event.shiftKey ? 0.5 : 0.1, [x, y] = placeOf(i);
      to(i, [x + by[0] * far, y + by[1] * far]);
    },
    onfocus: () => pick(i),
    onpointerenter: () => isHeld() || pick(i),
  });
  // In the order of the words; the query lies on top and comes last.
  const handles = [0, 1, 2, 3, -1].map((i) => makeHandle(i, hears));
  svg.append(field.group, makeAxes(), ...handles.map((h) => h.arrow),
    ...handles.map((h) => h.knob));
  const isHeld = dragging(svg, handles, placeOf, to, pick);

  // `wanted` is the handle that the reader is asked to drag.
  function show(s, r, picked, wanted) {
    const look = { picked, wanted, ...pixel(svg) };
    field.show(s, r);
    for (const handle of handles) {
      showHandle(handle, placeOf(handle.i), s, r, look);
    }
  }
  return { svg, show };
}
