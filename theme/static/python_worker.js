// Python for one page: loads Pyodide, NumPy and the package, then checks what
// the page sends. The page starts it, limits its time and ends it.
//
// page -> worker  {do: "start", runtime, files: {name: bytes}}
//                 {do: "check", number, exercise, text}
// worker -> page  {is: "progress", bytes, of, seconds}, {is: "ready", seconds}
//                 {is: "report", number, exercise, status, diagnosis, html,
//                  text}
//                 {is: "failed", started, text}: Python is of no more use;
//                  `started` tells whether it ever was, `text` is for experts
"use strict";

const MOST = 2 ** 30; // bytes of memory; more could freeze the reader's machine
const PAGE = 2 ** 16; // bytes of a page of WebAssembly's memory
const STORE = "selfattn-python";
const PACKAGES = "/lib/python3.13/site-packages";
const LOCK = {
  info: {
    abi_version: "2025_0",
    arch: "wasm32",
    platform: "emscripten_4_0_9",
    python: "3.13.2",
    version: "0.28.3",
  },
  packages: {}, // what is not here is not to be had
};
const CHECK = `
import json
from selfattn.grading.on_page import solve
lambda exercise, text, seed: json.dumps(solve(exercise, text, seed=seed))
`;
const EVERY = 100; // milliseconds between two words on progress

let python = null; // a promise of the function that checks
let started = false;
let begun = 0;

const seconds = () => (performance.now() - begun) / 1000;

// Python then meets a MemoryError, as where a computer has no more.
function limitMemory() {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function limited(pages) {
    if (this.buffer.byteLength + pages * PAGE > MOST)
      throw new RangeError("no more memory for this page");
    return grow.call(this, pages);
  };
}

// What tells the page how far the download is.
function counter(files) {
  const of = Object.values(files).reduce((a, b) => a + b, 0);
  let bytes = 0;
  let said = -EVERY;
  return (more) => {
    bytes += more;
    const now = performance.now();
    if (now - said < EVERY && bytes < of) return;
    said = now;
    postMessage({ is: "progress", bytes, of, seconds: seconds() });
  };
}

// The files of an earlier release are of no more use.
async function cached(runtime) {
  try {
    const kept = await caches.open(STORE);
    for (const { url } of await kept.keys())
      if (!url.startsWith(runtime)) await kept.delete(url);
    return kept;
  } catch {
    return null; // refused, full, or no secure address: the network serves
  }
}

const isScript = (name) => name.endsWith(".js");

// One file on its way: its answer, and a promise that all of it has come.
async function fetched(address, chest, count) {
  const kept = isScript(address) ? null : chest;
  let answer = await kept?.match(address);
  if (!answer) {
    answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    if (kept) kept.put(address, answer.clone()).catch(() => {});
  }
  const counted = new TransformStream({
    transform(chunk, out) {
      count(chunk.byteLength);
      out.enqueue(chunk);
    },
  });
  const whole = answer.body.pipeTo(counted.writable);
  const type = address.endsWith(".wasm") ? "application/wasm" : "text/plain";
  const headers = { "Content-Type": type };
  return { answer: new Response(counted.readable, { headers }), whole };
}

// Pyodide asks for its files by address: it gets what is on its way already.
function handOut(files) {
  self.fetch = async (address) => {
    const name = String(address.url ?? address)
      .split("/")
      .pop();
    if (!(name in files)) throw new TypeError(`no file ${name}`);
    return files[name].answer;
  };
}

// From here on nothing is asked of any server, nor is what the browser keeps
// of Python touched; and that Python ends is told to the page, not to its
// console.
function closeDoors() {
  function refuse() {
    throw new TypeError("this page's Python sends nothing");
  }
  for (const name of [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "WebTransport",
    "importScripts",
    "Worker",
    "caches",
    "indexedDB",
  ])
    if (name in self) Reflect.defineProperty(self, name, { value: refuse });
  for (const name of ["log", "warn", "error"]) console[name] = () => {};
}

async function load(runtime, files) {
  const bytes = async (name) => (await files[name].answer).arrayBuffer();
  // Scripts are run from their address, out of the browser's own cache.
  for (const name of Object.keys(files).filter(isScript)) await bytes(name);
  self.importScripts(`${runtime}pyodide.js`);
  handOut(files);
  const pyodide = await self.loadPyodide({
    indexURL: runtime,
    lockFileContents: LOCK,
  });
  for (const name of Object.keys(files).filter((n) => n.endsWith(".whl")))
    pyodide.unpackArchive(await bytes(name), "zip", { extractDir: PACKAGES });
  const check = pyodide.runPython(CHECK);
  closeDoors();
  return (...given) => JSON.parse(check(...given));
}

async function start(runtime, sizes) {
  limitMemory();
  const chest = await cached(runtime);
  const count = counter(sizes);
  const names = Object.keys(sizes);
  const parts = await Promise.all(
    names.map((name) => fetched(runtime + name, chest, count)),
  );
  const files = Object.fromEntries(names.map((name, i) => [name, parts[i]]));
  const loaded = load(runtime, files);
  // Pyodide waits for ever for a file that breaks off.
  const whole = Promise.all(parts.map((part) => part.whole));
  return Promise.race([loaded, whole.then(() => loaded)]);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.do === "start" && !python) {
      begun = performance.now();
      python = start(data.runtime, data.files);
      await python;
      started = true;
      postMessage({ is: "ready", seconds: seconds() });
    } else if (data.do === "check") {
      const check = await python;
      const { exercise, text, number, seed } = data;
      const report = check(exercise, text, seed ?? undefined); // null is no None
      postMessage({ is: "report", number, ...report });
    }
  } catch (error) {
    postMessage({ is: "failed", started, text: String(error) });
  }
};
