// Progress on the page: ticks, counts in the contents, and the panel below
// them. The rules are in progress_rules.js. What comes from a file is only
// ever text here, never markup.
(function () {
  const rules = bookProgress;
  const panel = document.querySelector(".book-progress");
  if (!panel) return;

  const part = (name) => panel.querySelector(`.book-progress-${name}`);
  const button = (name) => panel.querySelector(`[data-do="${name}"]`);
  const picker = panel.querySelector("input[type=file]");
  const storage = () => window.localStorage;
  const now = () => `${new Date().toISOString().slice(0, 19)}Z`;
  const boxes = [...document.querySelectorAll(".book-tick")].map((row) => ({
    kind: row.dataset.exercise ? "ticks" : "read",
    id: row.dataset.exercise ?? row.dataset.read,
    input: row.querySelector("input"),
    graded: row.querySelector(".book-graded"),
  }));
  const chapters = [...document.querySelectorAll(".book-count")].map(
    (place) => ({
      place,
      chapter: place.dataset.chapter,
      ids: place.dataset.exercises.split(" ").map(
        (name) => `${place.dataset.chapter}.${name}`),
    }));

  let state = rules.fresh();
  let unsaved = false; // what is in memory is newer than what is kept
  let barred = ""; // why nothing may be written over what is kept

  function span(name, text) {
    const made = document.createElement("span");
    made.className = name;
    made.textContent = text;
    return made;
  }

  // Two lengths, which the words beside it say too.
  function bar({ graded, ticked, total }) {
    const made = span("book-bar", "");
    made.setAttribute("aria-hidden", "true");
    // Names in full: the build drops styles whose names no script has.
    for (const [name, n] of [
      ["book-bar-graded", graded],
      ["book-bar-ticked", ticked],
    ]) {
      const length = span(name, "");
      length.style.width = `${(100 * n) / total}%`;
      made.append(length);
    }
    return made;
  }

  const marks = ({ graded, ticked }) =>
    [graded && `✓${graded}`, ticked && `○${ticked}`].filter(Boolean).join(" ");

  function drawCount({ place, chapter, ids }) {
    const count = rules.count(state, ids);
    const read = Boolean(state.read[chapter]);
    const figures = span("book-figures",
      `${marks(count) || 0}/${count.total}`);
    figures.setAttribute("aria-hidden", "true");
    const words = `${rules.many(count.total, "exercise")}: ` +
      `${count.graded} graded as passed, ${count.ticked} more ticked by you` +
      (read ? "; chapter read" : "");
    const below = span("book-below", "");
    if (read) {
      below.append(span("book-read", "read"));
      below.firstChild.setAttribute("aria-hidden", "true");
    }
    below.append(bar(count));
    place.replaceChildren(figures, below, span("book-unseen", words));
  }

  function drawPanel() {
    const count = rules.count(state, chapters.flatMap(({ ids }) => ids));
    const read = chapters.filter(({ chapter }) => state.read[chapter]).length;
    part("total").replaceChildren(
      bar(count),
      span("book-line",
        `✓ ${count.graded} of ${count.total} graded as passed`),
      span("book-line", `○ ${count.ticked} more ticked by you`),
      span("book-line",
        `${read} of ${rules.many(chapters.length, "chapter")} read`));
    part("aside").hidden = !rules.aside(storage);
  }

  function draw() {
    chapters.forEach(drawCount);
    drawPanel();
    for (const { kind, id, input, graded } of boxes) {
      input.checked = Boolean(state[kind][id]);
      if (graded) graded.textContent = rules.graded(state.exercises[id]);
    }
    document.documentElement.classList.add("book-progress-on");
  }

  // An empty region first: a sentence said twice is heard twice.
  function say(text) {
    part("says").textContent = "";
    if (text) setTimeout(() => (part("says").textContent = text), 50);
  }

  // What the browser keeps, which another page may have changed meanwhile.
  function refresh() {
    if (unsaved || barred) return barred;
    const found = rules.load(storage, now());
    state = found.state;
    if (!found.keeps) barred = found.note;
    return found.note;
  }

  function keep(change) {
    const before = refresh();
    state = change(state) ?? state;
    const failed = barred || rules.save(storage, state);
    unsaved = failed !== "";
    draw();
    return failed || before;
  }

  // An exercise was checked on the page: `status` and `diagnosis` are its
  // report's. Returns what the reader should know, usually "", and once only.
  const told = new Set();
  window.bookProgressNote = (name, status, diagnosis = null) => {
    const note = keep((mine) =>
      rules.noted(mine, name, status, diagnosis, now()));
    if (!note || told.has(note)) return "";
    told.add(note);
    return note;
  };

  async function importFile(file) {
    try {
      if (file.size > rules.MAX_BYTES) throw new Error("it is far too large");
      let text;
      try {
        text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
          .decode(await file.arrayBuffer());
      } catch {
        throw new Error("it is not text");
      }
      const { state: incoming, refused } = rules.parse(text);
      let made;
      const note = keep((mine) => (made = rules.merge(mine, incoming)).state);
      const given = Object.keys(incoming.exercises).length;
      say(`${rules.imported(made, given, refused)} ${note}`.trim());
    } catch (problem) {
      say("Progress to import must be a file that an export wrote: " +
        `got ${rules.shown(file.name.slice(0, 60))} (${problem.message}); ` +
        "export it again.");
    }
  }

  function exportFile() {
    const note = refresh();
    draw();
    const file = new Blob([rules.write(state)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = "selfattn-progress.json";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    const results = Object.keys(state.exercises).length;
    const ticks = [state.ticks, state.read].flatMap(Object.keys).length;
    say(`Exported ${rules.many(results, "result")} and ` +
      `${rules.many(ticks, "tick")}. In a notebook, ` +
      "progress.load(\"selfattn-progress.json\") reads " +
      `the results. ${note}`.trim());
  }

  // First the question, then the deed; the focus goes along.
  function ask(open) {
    part("sure").hidden = !open;
    part("buttons").hidden = open;
    button(open ? "keep" : "forget").focus();
  }

  function forget() {
    let note = "Every tick and result is forgotten here.";
    try {
      rules.forget(storage);
      unsaved = false;
      barred = "";
    } catch {
      note = "What this page knew is forgotten; this browser keeps nothing.";
    }
    state = rules.fresh();
    draw();
    ask(false);
    say(note);
  }

  const deeds = {
    import: () => picker.click(),
    export: exportFile,
    forget: () => ask(true),
    sure: forget,
    keep: () => ask(false),
  };
  panel.addEventListener("click", (event) =>
    deeds[event.target.closest("button")?.dataset.do]?.());
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    if (file) importFile(file).then(() => (picker.value = ""));
  });
  for (const { kind, id, input } of boxes) {
    input.addEventListener("change", () => say(keep((mine) => {
      if (input.checked) mine[kind][id] = now();
      else delete mine[kind][id];
    })));
  }
  function again() {
    const note = refresh();
    draw();
    if (note) say(note);
  }
  // Another tab wrote, or this page comes back from the browser's memory.
  window.addEventListener("storage", ({ key }) => {
    if (key === null || key === rules.KEY) again();
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) again();
  });
  again();
})();
