// The rules of progress, without a page: what a file may hold, how two
// records become one, what is kept in the browser, and how it is said. They
// are those of selfattn's own progress file (selfattn/progress).
//
// The page adds two keys that the package ignores, so that a tick never
// passes for a result: "ticks" (exercises) and "read" (chapters), each with
// the time of the tick.
const bookProgress = (function () {
  "use strict";
  const VERSION = 1;
  const MAX_BYTES = 1000000;
  const MAX_ENTRIES = 2000;
  const MAX_ATTEMPTS = 1000000;
  const KEY = "selfattn-progress";
  const ASIDE = `${KEY}.set-aside-`;
  const RANK = ["error", "wrong", "passed"];
  const MONTHS = ["January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December"];

  // Exercises by their ids of former times (selfattn/exercises/find.py).
  const RENAMED = {
    "04.dominance": "04.lead_for_share",
    "06.module": "06.multi_head_layer",
  };

  const fresh = () => ({ exercises: {}, ticks: {}, read: {} });
  const isObject = (it) =>
    typeof it === "object" && it !== null && !Array.isArray(it);
  const own = (object, name) =>
    Object.hasOwn(object, name) ? object[name] : undefined;
  const isId = (name) =>
    typeof name === "string" && /^[0-9]{2}\.[a-z][a-z0-9_]{0,60}$/.test(name);
  const today = (name) => own(RENAMED, name) ?? name;
  const isChapter = (name) => /^[0-9]{2}$/.test(name);
  const sorted = (object) =>
    Object.fromEntries(Object.keys(object).sort().map((k) => [k, object[k]]));

  function isTime(text) {
    const found = typeof text === "string" && text.match(
      /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
    );
    if (!found) return false;
    const [year, month, day] = found.slice(1, 4).map(Number);
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year >= 1 && day >= 1 && day <= days[month - 1];
  }

  // A valid entry with nothing else in it, or null.
  function entryOf(raw) {
    if (!isObject(raw)) return null;
    const status = own(raw, "status");
    const attempts = own(raw, "attempts");
    const last = own(raw, "last_at");
    const passed = own(raw, "passed_at") ?? null;
    const diagnosis = own(raw, "last_diagnosis") ?? null;
    const good =
      RANK.includes(status) &&
      Number.isInteger(attempts) &&
      attempts >= 1 && attempts <= MAX_ATTEMPTS &&
      isTime(last) &&
      (status === "passed" ? isTime(passed) : passed === null) &&
      (diagnosis === null ||
        (typeof diagnosis === "string" && [...diagnosis].length <= 200));
    return good ? { status, attempts, passed_at: passed, last_at: last,
      last_diagnosis: diagnosis } : null;
  }

  // As Python compares strings: by code points.
  function above(a, b) {
    const [x, y] = [[...a], [...b]].map((s) => s.map((c) => c.codePointAt(0)));
    const i = x.findIndex((code, n) => code !== y[n]);
    return i >= 0 && (i >= y.length || x[i] > y[i]);
  }

  // Two records of one exercise as one, whichever comes first.
  function best(first, second) {
    if (!first) return second;
    const newer = first.last_at !== second.last_at
      ? second.last_at > first.last_at
      : above(second.last_diagnosis ?? "", first.last_diagnosis ?? "");
    const { last_at, last_diagnosis } = newer ? second : first;
    const passes = [first.passed_at, second.passed_at].filter(Boolean).sort();
    return {
      status: RANK[Math.max(
        ...[first, second].map((e) => RANK.indexOf(e.status)))],
      attempts: Math.max(first.attempts, second.attempts),
      passed_at: passes[0] ?? null,
      last_at,
      last_diagnosis,
    };
  }

  // The entry after one more attempt; a pass is never taken back.
  function added(entry, attempt) {
    if (!entry) return attempt;
    return {
      ...best(entry, attempt),
      status: entry.status === "passed" ? "passed" : attempt.status,
      attempts: Math.min(entry.attempts + attempt.attempts, MAX_ATTEMPTS),
      last_at: attempt.last_at,
      last_diagnosis: attempt.last_diagnosis,
    };
  }

  // Progress after a check on the page; what counts nowhere changes nothing.
  function noted(state, name, status, diagnosis, at) {
    const attempt = entryOf({ status, attempts: 1, last_at: at,
      passed_at: status === "passed" ? at : null, last_diagnosis: diagnosis });
    if (!attempt || !isId(name)) return state;
    const entry = added(own(state.exercises, name), attempt);
    return { ...state, exercises: { ...state.exercises, [name]: entry } };
  }

  // The times of ticks; what is no tick is named in `refused`.
  function ticksOf(data, kind, isName, refused) {
    const raw = own(data, kind);
    if (raw === undefined) return {};
    if (!isObject(raw) || Object.keys(raw).length > MAX_ENTRIES) {
      refused.push(kind);
      return {};
    }
    const good = Object.entries(raw).filter(([name, at]) => {
      const fine = isName(name) && isTime(at);
      if (!fine) refused.push(`${kind}: ${[...name].slice(0, 60).join("")}`);
      return fine;
    });
    return Object.fromEntries(good.map(([name, at]) => [today(name), at]));
  }

  // What a file's text holds, and the names of what is malformed in it.
  // Throws an Error that says why the whole is not progress.
  function parse(text) {
    if (text.length > MAX_BYTES) throw new Error("it is far too large");
    let data;
    try {
      data = JSON.parse(text);
    } catch {
      throw new Error("it is not JSON");
    }
    if (!isObject(data) || !Object.hasOwn(data, "version")) {
      throw new Error("it is not a progress file");
    }
    const version = data.version;
    if (!Number.isInteger(version) || version < 1) {
      throw new Error("its version is not a number");
    }
    if (version > VERSION) {
      throw new Error("it was written by a newer version of selfattn");
    }
    const exercises = own(data, "exercises");
    if (!isObject(exercises)) throw new Error("it lists no exercises");
    if (Object.keys(exercises).length > MAX_ENTRIES) {
      throw new Error(`it lists more than ${MAX_ENTRIES} exercises`);
    }
    const state = fresh(), refused = [];
    for (const [name, raw] of Object.entries(exercises)) {
      const entry = isId(name) ? entryOf(raw) : null;
      const now = today(name);
      if (entry) state.exercises[now] = best(own(state.exercises, now), entry);
      else refused.push([...name].slice(0, 60).join(""));
    }
    state.ticks = ticksOf(data, "ticks", isId, refused);
    state.read = ticksOf(data, "read", isChapter, refused);
    return { state, refused };
  }

  // The text of a file or of what the browser keeps, as Python writes it.
  function write(state) {
    const data = { version: VERSION, exercises: sorted(state.exercises) };
    for (const kind of ["ticks", "read"]) {
      if (Object.keys(state[kind]).length) data[kind] = sorted(state[kind]);
    }
    return JSON.stringify(data, null, 1).replace(/[^\n -~]/g, (c) =>
      `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`) + "\n";
  }

  // Both as one. Throws when that would be more than a file may hold.
  function merge(state, incoming) {
    const after = fresh(), changed = [];
    after.exercises = { ...state.exercises };
    for (const [name, entry] of Object.entries(incoming.exercises)) {
      after.exercises[name] = best(state.exercises[name], entry);
      const [old, now] = [state, after].map((s) =>
        JSON.stringify(s.exercises[name]));
      if (old !== now) changed.push(name);
    }
    let ticks = 0;
    for (const kind of ["ticks", "read"]) {
      after[kind] = { ...incoming[kind], ...state[kind] };
      ticks += Object.keys(after[kind]).length;
      ticks -= Object.keys(state[kind]).length;
    }
    if (Object.values(after).some((kind) =>
      Object.keys(kind).length > MAX_ENTRIES)) {
      throw new Error(`with what is here, it lists more than ${MAX_ENTRIES} ` +
        "exercises");
    }
    if (write(after).length > MAX_BYTES) {
      throw new Error("with what is here, it is far too large");
    }
    return { state: after, changed: changed.sort(), ticks };
  }

  // ------------------------------------------------- kept in the browser

  const plain = (problem) => String(problem?.name ?? problem).slice(0, 60);
  const KEEPS_NOT = (problem) =>
    `This browser could not store your progress (${plain(problem)}). It ` +
    "lasts until you leave this page; Export writes it to a file.";

  // What is kept, and what the reader should know. `storage` is a function,
  // because a browser may refuse already to name its storage. What is not
  // understood is set aside.
  function load(storage, stamp) {
    let text;
    try {
      text = storage().getItem(KEY);
    } catch (problem) {
      return { state: fresh(), note: KEEPS_NOT(problem), keeps: false };
    }
    if (text === null) return { state: fresh(), note: "", keeps: true };
    let state = fresh(), why = "", rest = "You start afresh";
    try {
      const found = parse(text);
      const n = found.refused.length;
      if (!n) return { state: found.state, note: "", keeps: true };
      why = `${n} of its entries ${n === 1 ? "is" : "are"} damaged`;
      rest = "The other entries were kept";
      state = found.state;
    } catch (problem) {
      why = problem.message;
    }
    const note = "The progress in this browser could not be used as it " +
      `stood: ${why}.`;
    const kept = `${ASIDE}${stamp}`;
    try {
      storage().setItem(kept, text);
      storage().setItem(KEY, write(state));
    } catch (problem) {
      return { state, keeps: false,
        note: `${note} It is left as it is. ${KEEPS_NOT(problem)}` };
    }
    return { state, keeps: true,
      note: `${note} It was set aside as ${kept}. ${rest}.` };
  }

  // Keep it; returns what went wrong, usually "".
  function save(storage, state) {
    try {
      storage().setItem(KEY, write(state));
      return "";
    } catch (problem) {
      return KEEPS_NOT(problem);
    }
  }

  const isAside = (name) => name.startsWith(ASIDE);

  // How often progress was set aside.
  function aside(storage) {
    try {
      return Object.keys(storage()).filter(isAside).length;
    } catch {
      return 0;
    }
  }

  // Remove all of it, also what was set aside.
  function forget(storage) {
    for (const name of Object.keys(storage())) {
      if (name === KEY || isAside(name)) storage().removeItem(name);
    }
  }

  // ------------------------------------------------------ what is said

  const many = (n, one, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;
  // A name from a file, which may hold anything: plain letters only.
  const shown = (name) => `“${[...name].map((c) => c >= " " && c <= "~" ? c
    : `\\u{${c.codePointAt(0).toString(16)}}`).join("")}”`;
  const date = (at) =>
    `${Number(at.slice(8, 10))} ${MONTHS[at.slice(5, 7) - 1]} ` +
    at.slice(0, 4).replace(/^0+/, "");

  // Of these exercises: passed in the grader; ticked, but not passed.
  function count(state, ids) {
    const passed = (id) => state.exercises[id]?.status === "passed";
    return {
      graded: ids.filter(passed).length,
      ticked: ids.filter((id) => state.ticks[id] && !passed(id)).length,
      total: ids.length,
    };
  }

  function graded(entry) {
    if (!entry) return "";
    const tries = many(entry.attempts, "attempt");
    if (entry.status === "passed") {
      return `✓ graded: passed on ${date(entry.passed_at)}, ${tries}`;
    }
    const why = entry.last_diagnosis
      ? `, last diagnosis ${entry.last_diagnosis}` : "";
    return `✗ graded: not yet, ${tries}${why}`;
  }

  function imported(made, given, refused) {
    const n = made.changed.length;
    let text = `${n} of ${many(given, "exercise")} brought something new`;
    if (n) text += `: ${made.changed.slice(0, 12).join(", ")}`;
    text += n > 12 ? `, and ${n - 12} more.` : ".";
    if (made.ticks) text += ` ${many(made.ticks, "tick")} came too.`;
    if (refused.length) {
      const names = refused.slice(0, 5).map(shown).join(", ");
      text += ` ${refused.length} malformed, left out: ${names}` +
        `${refused.length > 5 ? ", …" : ""}.`;
    }
    return text;
  }

  return { KEY, MAX_BYTES, RENAMED, fresh, isId, isTime, entryOf, best, added,
    noted, parse, write, merge, load, save, aside, forget, many, shown, count, graded, imported };
})();
