// Dragging a word: the words in between make way at once.

import { put } from "../shared.js";

// The chip whose middle is nearest to the pointer.
function nearest(chips, box, event) {
  const far = chips.map(({ item }) => Math.hypot(
    item.offsetLeft + item.offsetWidth / 2 - event.clientX + box.left,
    item.offsetTop + item.offsetHeight / 2 - event.clientY + box.top));
  return far.indexOf(Math.min(...far));
}

export function dragging(stage, { box, chips }, state, edits, view) {
  const focus = (i) => chips[i].button.focus({ preventScroll: true });

  function start(event) {
    const at = chips.findIndex((c) => c.button.contains(event.target));
    if (at < 0 || event.button) return;
    view.held = { at, x: event.clientX, y: event.clientY, moving: false };
  }

  // A press that hardly moves is no drag.
  function begins(event, held) {
    if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < 6) {
      return false;
    }
    held.moving = true;
    box.setPointerCapture(event.pointerId);
    focus(held.at);
    return true;
  }

  function go(event) {
    const { held } = view;
    if (!held || !(held.moving || begins(event, held))) return;
    const there = chips.slice(0, state.get().words.length);
    const to = nearest(there, box.getBoundingClientRect(), event);
    if (to !== held.at) {
      held.x += chips[to].item.offsetLeft - chips[held.at].item.offsetLeft;
      held.y += chips[to].item.offsetTop - chips[held.at].item.offsetTop;
      edits.move(held.at, to);
      held.at = to;
      focus(to);
    }
    held.by = [event.clientX - held.x, event.clientY - held.y];
    view.changed();
  }

  function drop() {
    view.held = null;
    view.changed();
  }
  put(box, { onpointerdown: start, onpointermove: go });
  put(stage, { onpointerup: drop, onpointercancel: drop });
}
