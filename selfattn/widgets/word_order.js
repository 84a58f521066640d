// Chapter 04 and the front page: move words; a small trained net tags them
// again, and arcs show where the chosen word looks.

const TRY = ["I saw a saw", "a saw saw I", "they duck under a duck"];
const ARCS = 76; // height of the arcs, in pixels

function render({ model, el }) {
  const names = ["words", "net", "asks", "vocabulary", "tags", "unit",
    "longest", "nets"];
  const state = () =>
    Object.fromEntries(names.map((name) => [name, model.get(name)]));
  const set = (changes) => {
    for (const [name, x] of Object.entries(changes)) model.set(name, x);
    model.save_changes();
  };
  const count = () => model.get("words").length;
  let over = null; // the word under the pointer
  let held = null; // the word that is dragged

  // Every change goes through here; the chosen word stays chosen.
  function rewrite(words, asks) {
    over = null;
    set({ words, asks: Math.max(0, Math.min(words.length - 1, asks)) });
  }
  function move(from, to) {
    if (to < 0 || to >= count() || to === from) return;
    rewrite(moved(model.get("words"), from, to), to);
  }
  function remove() {
    const at = model.get("asks");
    if (count() > 1) {
      rewrite(model.get("words").filter((_, i) => i !== at), at);
    }
  }

  // One button a word. They keep their places, and the words move through
  // them: so the focus is never lost.
  const chips = Array.from({ length: model.get("longest") }, (_, i) => {
    const word = make("b", {}), tag = make("span", { class: "live-tag" });
    const bar = make("i", {}), share = make("span", {});
    const button = make("button", { type: "button", class: "live-chip",
      onclick: () => choose(i),
      onfocus: () => choose(i),
      onpointerenter: (event) => point(event, i),
      onkeydown: (event) => keys(event, i) },
    make("span", { class: "live-share" }, bar, share), word, tag);
    return { button, word, tag, bar, share,
      item: make("li", {}, button) };
  });
  const arcs = make("svg", { class: "live-arcs", "aria-hidden": "true" });
  const paths = chips.map(() => make("path", {}));
  arcs.append(...paths);
  const row = make("ol", { class: "live-row" }, ...chips.map((c) => c.item));
  const stage = make("div", { class: "live-stage",
    onpointerleave: () => { over = null; draws.changed(); } }, arcs, row);

  function choose(i) {
    if (i !== model.get("asks") && i < count()) set({ asks: i });
  }
  function point(event, i) {
    if (event.pointerType !== "mouse" || held) return;
    over = i;
    draws.changed();
  }
  function keys(event, i) {
    const to = { ArrowLeft: i - 1, ArrowRight: i + 1, Home: 0,
      End: count() - 1 }[event.key];
    if (event.key === "Delete" || event.key === "Backspace") remove();
    else if (to === undefined) return;
    else move(i, to);
    event.preventDefault();
    chips[model.get("asks")].button.focus();
  }

  // Dragging: the words in between make way at once.
  put(row, { onpointerdown(event) {
    const at = chips.findIndex((c) => c.button.contains(event.target));
    if (at < 0 || event.button) return;
    held = { at, x: event.clientX, y: event.clientY, moving: false };
  }, onpointermove(event) {
    if (!held) return;
    const by = event.clientX - held.x;
    if (!held.moving) {
      if (Math.hypot(by, event.clientY - held.y) < 6) return;
      held.moving = true;
      row.setPointerCapture(event.pointerId);
      chips[held.at].button.focus({ preventScroll: true });
    }
    const box = row.getBoundingClientRect();
    const far = chips.slice(0, count()).map(({ item }) => Math.hypot(
      item.offsetLeft + item.offsetWidth / 2 - event.clientX + box.left,
      item.offsetTop + item.offsetHeight / 2 - event.clientY + box.top));
    const to = far.indexOf(Math.min(...far));
    if (to !== held.at) {
      held.x += chips[to].item.offsetLeft - chips[held.at].item.offsetLeft;
      held.y += chips[to].item.offsetTop - chips[held.at].item.offsetTop;
      move(held.at, to);
      held.at = to;
      chips[to].button.focus({ preventScroll: true });
    }
    held.by = [event.clientX - held.x, event.clientY - held.y];
    draws.changed();
  } });
  const drop = () => { held = null; draws.changed(); };
  for (const end of ["pointerup", "pointercancel"]) put(stage, { [`on${end}`]:
    drop });

  // The tools work on the chosen word.
  const button = (text, label, onclick) =>
    make("button", { type: "button", "aria-label": label, onclick }, text);
  const left = button("← move", "move left",
    () => move(model.get("asks"), model.get("asks") - 1));
  const right = button("move →", "move right",
    () => move(model.get("asks"), model.get("asks") + 1));
  const swap = make("select", { onchange: () => {
    const words = [...model.get("words")];
    words[model.get("asks")] = swap.value;
    rewrite(words, model.get("asks"));
  } });
  const groups = {};
  for (const [word, ...tags] of model.get("vocabulary")) {
    const group = tags.map(nameOf).join(" or ");
    groups[group] ??= make("optgroup", { label: group });
    groups[group].append(make("option", { value: word }, word));
  }
  swap.append(...Object.values(groups));
  const less = button("remove", "remove the word", remove);
  const more = button("add", "add a word after it, the same at first", () => {
    const words = [...model.get("words")], at = model.get("asks");
    if (words.length === chips.length) return;
    words.splice(at + 1, 0, words[at]);
    rewrite(words, at + 1);
  });
  const who = make("span", {});
  const tools = make("div", { class: "live-tools", role: "group",
    "aria-label": "The chosen word" },
  make("label", {}, who, swap), left, right, more, less);

  const net = choice("The net", { order: "knows the order",
    bag: "does not" }, (x) => set({ net: x }));
  const shuffle = () => {
    const words = [...model.get("words")];
    for (let i = words.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [words[i], words[j]] = [words[j], words[i]];
    }
    rewrite(words, model.get("asks"));
  };
  const known = new Set(model.get("vocabulary").map(([word]) => word));
  const presets = make("div", { class: "live-presets", role: "group",
    "aria-label": "Sentences to try" },
  ...TRY.filter((text) => text.split(" ").every((word) => known.has(word)))
    .map((text) => button(text, undefined,
      () => rewrite(text.split(" "), text.split(" ").length - 1))),
  button("shuffle", "shuffle the words", shuffle));
  const title = make("p", { class: "live-title" });
  const summary = make("p", { class: "live-says" }), say = announcer(summary);
  el.append(figureBox("order", "a net that tags words",
    title, stage, summary, tools,
    make("div", { class: "live-more" }, presets, net.box)));

  // Arcs from word i to every word, as wide as its share of attention.
  function bend(i, weights) {
    const flat = chips.slice(0, weights.length).every((c) =>
      c.item.offsetTop === chips[0].item.offsetTop);
    arcs.style.display = flat ? "" : "none";
    const x = chips.map(({ item }) => item.offsetLeft + item.offsetWidth / 2);
    const widest = Math.max(1, x[weights.length - 1] - x[0]);
    const arc = (a, b, top) =>
      `M${a} ${ARCS}C${a} ${top} ${b} ${top} ${b} ${ARCS}`;
    paths.forEach((path, j) => {
      const w = weights[j] ?? 0, gap = Math.abs(x[j] - x[i]) / widest;
      const top = ARCS - 24 - 55 * Math.sqrt(gap);
      put(path, { class: j === i ? "is-own" : "", "stroke-width": 1 + 9 * w,
        visibility: flat && w >= 0.01 ? "visible" : "hidden",
        d: j === i ? arc(x[i] - 12, x[i] + 12, ARCS - 44)
          : arc(x[i], x[j], top) });
    });
  }

  function draw() {
    const s = state(), found = answer(s), truth = parse(s);
    s.asks = Math.min(s.asks, s.words.length - 1);
    const i = over !== null && over < s.words.length ? over : s.asks;
    const mark = (j) => s.words[j] + ("¹²³⁴⁵⁶⁷⁸"[j] ?? ` (${j + 1})`);
    title.replaceChildren("Where ", make("b", {}, mark(i)),
      " looks, and what the net calls each word");
    chips.forEach((c, j) => {
      c.item.hidden = j >= s.words.length;
      if (c.item.hidden) return;
      const tag = s.tags[best(found.chances[j])], word = s.words[j];
      const wrong = truth && truth[j] !== tag, w = found.weights[i][j];
      c.word.textContent = word;
      c.tag.textContent = (tag === "ADP" ? "prep." : nameOf(tag)) +
        (wrong ? " ✗" : "");
      c.share.textContent = percent(w).replace("under ", "<");
      c.bar.style.width = `${100 * w}%`;
      put(c.button, { "data-tag": tag, "aria-pressed": String(j === s.asks),
        "aria-label": `${word}, word ${j + 1} of ${s.words.length}: ` +
          `${nameOf(tag)}${wrong ? ", which is wrong" : ""}. It gets ` +
          `${percent(w)} of the attention of ${mark(i)}.` });
      c.button.classList.toggle("is-shown", j === i);
      const lifted = held?.moving && held.at === j && held.by;
      c.button.classList.toggle("is-held", Boolean(lifted));
      c.button.style.transform = lifted
        ? `translate(${held.by[0]}px, ${held.by[1]}px)` : "";
    });
    net.show(s.net);
    who.textContent = `Word ${s.asks + 1}`;
    put(swap, { "aria-label": `Word ${s.asks + 1}, change it to` });
    swap.value = s.words[s.asks];
    for (const [tool, off] of [[left, s.asks === 0],
      [right, s.asks === s.words.length - 1], [less, s.words.length === 1],
      [more, s.words.length === chips.length]]) {
      put(tool, { "aria-disabled": String(off) });
    }
    bend(i, found.weights[i]);
    say(describe(s, i, found));
  }

  const draws = follow(model, draw);
  const watcher = new ResizeObserver(() => draws.changed());
  watcher.observe(stage);
  return () => { watcher.disconnect(); draws.stop(); };
}

export default { render };
