// Answers written and checked on the page: each exercise's editor, buttons,
// status line and report. The rules are in solve_rules.js, the order of
// checks in solve_python.js. Nothing that is typed leaves the browser.
(function () {
  const holder = document.getElementById("solve-data");
  if (!holder) return;
  const data = JSON.parse(holder.textContent);
  const rules = bookSolve;
  const { SAYS } = rules;
  const storage = () => window.localStorage;
  const boxes = new Map(); // exercise -> what its events do
  const said = new Set(); // sentences that are said once

  function make(tag, name, text = "") {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }

  const python = bookPython({
    start() {
      // A worker made here is held to this page's policy, so that nothing a
      // reader pastes can ask another site; one from an address is not.
      const { href } = new URL(data.worker, location.href);
      const source = `importScripts(${JSON.stringify(href)})`;
      const blob = new Blob([source], { type: "text/javascript" });
      const worker = new Worker(URL.createObjectURL(blob));
      const runtime = new URL(data.folder, location.href).href;
      worker.postMessage({ do: "start", runtime, files: data.files });
      return worker;
    },
    seconds: data.seconds,
    tell: (exercise, event) => boxes.get(exercise).event(event),
    later: (deed, after) => setTimeout(deed, after),
    cancel: (clock) => clearTimeout(clock),
  });

  // ------------------------------------------------- buttons and the line

  function bar(place, colab) {
    const buttons = {};
    const row = make("div", "solve-bar");
    const names = colab
      ? { colab: "Copy, and open Colab", reset: "Reset" }
      : { check: "Check", stop: "Stop", reset: "Reset" };
    for (const [name, text] of Object.entries(names)) {
      const button = make(name === "colab" ? "a" : "button",
        `solve-button solve-${name}`, text);
      if (name !== "colab") button.type = "button";
      buttons[name] = button;
      row.append(button);
    }
    if (buttons.stop) buttons.stop.hidden = true;
    const line = make("p", "solve-line");
    const says = make("span", "solve-says");
    says.setAttribute("role", "status");
    const numbers = make("span", "solve-numbers");
    numbers.setAttribute("aria-hidden", "true"); // they change all the time
    line.append(says, " ", numbers);
    row.append(line);
    const choice = make("p", "solve-choice");
    choice.hidden = true;
    const report = make("div", "solve-report");
    place.append(row, choice, report);
    return {
      buttons, choice, report,
      say(text, figures = "") {
        if (says.textContent !== text) says.textContent = text;
        numbers.textContent = figures;
      },
    };
  }

  // --------------------------------------------------------- the kept text

  // What is typed is kept a moment later. Where another tab wrote
  // meanwhile, the reader chooses.
  function keeper(exercise, starter, { shown, show, say, ask }) {
    let seen = rules.read(storage, exercise);
    let clock = 0, asked = false;

    function flush() {
      clearTimeout(clock);
      clock = 0;
      if (asked) return;
      const done = rules.keep(storage, exercise, shown(), starter, seen);
      if (done.other !== undefined) conflict(done.other);
      seen = done.seen;
      if (done.failed && !said.has(done.failed)) {
        said.add(done.failed);
        say(done.failed);
      }
    }

    function conflict(other) {
      asked = true;
      const decide = (mine) => {
        asked = false;
        seen = other;
        if (mine) flush();
        else show(other ?? starter);
      };
      ask(decide);
    }

    return {
      first: seen ?? starter,
      flush: () => clock && flush(),
      typed() {
        clearTimeout(clock);
        clock = setTimeout(flush, 300);
      },
      // Another tab wrote, or this page comes back.
      again() {
        const now = rules.read(storage, exercise);
        if (asked || now === seen) return;
        if (clock || shown() !== (seen ?? starter)) {
          clearTimeout(clock);
          clock = 0;
          conflict(now);
        } else {
          seen = now;
          show(now ?? starter);
          say(SAYS.followed);
        }
      },
    };
  }

  // ------------------------------------------------------------ an exercise

  function prepare(place, first) {
    const { solve: id, number, colab } = place.dataset;
    const cell = place.parentElement.querySelector(
      ".tag_starter .cell_input");
    const starter = cell.querySelector("pre").textContent.replace(/\n$/, "");
    const { buttons, choice, report, say } = bar(place, colab);
    let editor = null, before = null;

    const shown = () => (editor ? editor.value : kept.first);
    function show(text) {
      before = null;
      buttons.reset.textContent = "Reset";
      begin();
      editor.value = text;
    }
    const kept = keeper(id, starter, { shown, show, say, ask });

    function ask(decide) {
      const give = (text, mine) => {
        const button = make("button", "solve-button", text);
        button.type = "button";
        button.addEventListener("click", () => {
          choice.hidden = true;
          say("");
          decide(mine);
          editor.textarea.focus();
        });
        return button;
      };
      say(SAYS.other);
      choice.replaceChildren(give("Keep this text", true),
        give("Show the other", false));
      choice.hidden = false;
    }

    function begin() {
      editor ??= bookAnswer.begin(cell, {
        value: kept.first,
        label: `Your answer to exercise ${number}`,
        described: first ? "solve-keys" : "",
        typed() {
          if (before !== null) buttons.reset.textContent = "Reset";
          before = null;
          kept.typed();
        },
        leaves: () => say(SAYS.leaves),
      });
    }

    function reset() {
      begin();
      const back = before;
      before = back === null ? editor.value : null;
      editor.value = back ?? starter;
      buttons.reset.textContent = back === null ? "Undo reset" : "Reset";
      say(back === null ? SAYS.reset : SAYS.brought);
      kept.typed();
      kept.flush();
    }

    // One of the two buttons shows; the focus goes along.
    function busy(on) {
      const [shows, hides] = on
        ? [buttons.stop, buttons.check] : [buttons.check, buttons.stop];
      const focused = document.activeElement === hides;
      shows.hidden = false;
      hides.hidden = true;
      if (focused) shows.focus();
    }

    function check() {
      if (!buttons.check || buttons.check.hidden) return;
      begin();
      kept.flush();
      if (location.protocol === "file:") {
        say(SAYS.disk);
        return;
      }
      busy(true);
      say(SAYS.checking);
      python.check(id, editor.value);
    }

    function reported(status, diagnosis, content, words) {
      busy(false);
      report.replaceChildren(content);
      report.tabIndex = 0;
      report.setAttribute("role", "region");
      report.setAttribute("aria-label", `Report on exercise ${number}`);
      place.scrollIntoView({ block: "nearest" });
      const note = window.bookProgressNote?.(id, status, diagnosis) ?? "";
      say(`${words} ${note}`.trim());
    }

    function idle(text) {
      busy(false);
      say(text);
    }

    const own = (text, diagnosis) => reported("error", diagnosis,
      bookReport.own(`${id}: error`, text), rules.verdict("error"));

    const events = {
      loading: (event) => (event.of > 0 && event.bytes >= event.of
        ? say(SAYS.starting) : say(SAYS.loading, rules.loading(event))),
      waiting: () => say(SAYS.waiting),
      checking: () => say(SAYS.checking),
      time: () => own(data.time_up, null),
      stopped: () => idle(data.stopped),
      dropped: () => idle(data.stopped),
      failed({ started }) {
        if (started) own(data.ended, null);
        else idle(data.not_started);
      },
      report({ status, diagnosis, html }) {
        if (!rules.isStatus(status)) return;
        reported(status, typeof diagnosis === "string" ? diagnosis : null,
          bookReport.safe(html), rules.verdict(status));
      },
    };

    // What is copied is what is in the editor; the link opens by itself.
    function copy() {
      begin();
      const { textarea } = editor;
      const range = [textarea.selectionStart, textarea.selectionEnd];
      textarea.select();
      const done = document.execCommand("copy");
      textarea.setSelectionRange(...range);
      say(done ? SAYS.copied : SAYS.uncopied);
    }

    buttons.reset.addEventListener("click", reset);
    buttons.check?.addEventListener("click", check);
    buttons.stop?.addEventListener("click", () => python.stop(id));
    if (buttons.colab) {
      buttons.colab.href = colab;
      buttons.colab.target = "_blank";
      buttons.colab.rel = "noopener";
      buttons.colab.addEventListener("click", copy);
    }
    place.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      check();
    });
    boxes.set(id, {
      event: (event) => events[event.is]?.(event),
      begin,
      kept,
      changed: kept.first !== starter,
    });
    return cell;
  }

  const places = [...document.querySelectorAll(".solve")];
  const cells = places.map((place, n) => prepare(place, n === 0));
  const all = [...boxes.values()];

  // A text that was kept is shown at once; the other editors start when
  // they come near.
  all.forEach((box) => box.changed && box.begin());
  const near = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      all[cells.indexOf(target)].begin();
    }
  }, { rootMargin: "600px" });
  cells.forEach((cell) => near.observe(cell));

  window.addEventListener("storage", ({ key }) => {
    for (const [id, { kept }] of boxes) {
      if (key === null || key === rules.keyOf(id)) kept.again();
    }
  });
  window.addEventListener("pageshow", ({ persisted }) =>
    persisted && all.forEach(({ kept }) => kept.again()));
  const flush = () => all.forEach(({ kept }) => kept.flush());
  window.addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
  window.addEventListener("beforeprint", () =>
    all.forEach(({ begin }) => begin()));
})();
