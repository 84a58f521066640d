// Python in a worker, one for the page: which answer is checked when, and
// when the worker is ended. `start` makes a worker, `tell(exercise, event)`
// hears what happens, `later` and `cancel` are a clock. No page is needed.
function bookPython({ start, seconds, tell, later, cancel }) {
  let worker = null;
  let ready = false;
  let loaded = null; // how far the start is
  let number = 0;
  let running = null; // { exercise, text, number, clock }
  let waiting = []; // [{ exercise, text }], the first comes first

  const told = (event) =>
    waiting.forEach(({ exercise }) => tell(exercise, event));

  function end() {
    worker?.terminate();
    worker = null;
    ready = false;
    if (running) cancel(running.clock);
    running = null;
  }

  function boot() {
    const made = start();
    worker = made;
    loaded = { is: "loading", bytes: 0, of: 0, seconds: 0 };
    // What an ended worker still says is not heard.
    made.onmessage = ({ data }) => worker === made && hear(data ?? {});
    made.onerror = (event) => {
      event?.preventDefault?.();
      if (worker === made) fail("");
    };
  }

  // Everything that waits gets the sentence; the next check starts anew.
  function fail(text) {
    const event = { is: "failed", started: ready, text: String(text) };
    const hit = running;
    end();
    if (hit) {
      tell(hit.exercise, event);
      next(); // what waits has done nothing wrong
    } else {
      told(event);
      waiting = [];
    }
  }

  function next() {
    if (running || !waiting.length) return;
    if (!worker) boot();
    if (!ready) {
      told(loaded);
      return;
    }
    const { exercise, text } = waiting.shift();
    number += 1;
    running = { exercise, number, clock: later(late, seconds * 1000) };
    tell(exercise, { is: "checking" });
    told({ is: "waiting" });
    worker.postMessage({ do: "check", number, exercise, text });
  }

  // Ended, and started again at once: the next check need not wait long.
  function cut(event) {
    const { exercise } = running;
    end();
    tell(exercise, event);
    boot();
    next();
  }

  const late = () => running && cut({ is: "time" });

  function hear(data) {
    if (data.is === "progress" && !ready) {
      loaded = { ...data, is: "loading" };
      told(loaded);
    } else if (data.is === "ready") {
      ready = true;
      next();
    } else if (data.is === "report" && data.number === running?.number) {
      const { exercise } = running;
      cancel(running.clock);
      running = null;
      tell(exercise, data);
      next();
    } else if (data.is === "failed") {
      fail(data.text);
    }
  }

  return {
    check(exercise, text) {
      if (running?.exercise === exercise) return;
      waiting = waiting.filter((job) => job.exercise !== exercise);
      waiting.push({ exercise, text });
      if (running) tell(exercise, { is: "waiting" });
      next();
    },
    stop(exercise) {
      if (running?.exercise === exercise) {
        cut({ is: "stopped" });
        return;
      }
      const before = waiting.length;
      waiting = waiting.filter((job) => job.exercise !== exercise);
      if (waiting.length === before) return;
      tell(exercise, { is: "dropped" });
      if (!running && !ready && !waiting.length) end(); // nobody waits for it
    },
  };
}
