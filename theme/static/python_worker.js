// Python for one page: loads Pyodide, NumPy and the package, then checks what
// the page sends. The page starts it, limits its time and ends it.
//
// page -> worker  {do: "start", runtime, files: {name: bytes}}
//                 {do: "check", number, exercise, text}
// worker -> page  {is: "progress", bytes, of, seconds}, {is: "ready", seconds}
//                 {is: "report", number, exercise, status, diagnosis, html,
//                  text}, {is: "failed", text}
"use strict";

const MOST = 2 ** 30; // bytes of memory; more could freeze the reader's machine
const PAGE = 2 ** 16; // bytes of a page of WebAssembly's memory
const STORE = "selfattn-python";
const PACKAGES = "/lib/python3.13/site-packages";
const EVERY = 100; // milliseconds between two words on progress

let python = null; // a promise of the function that checks
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
async function store(runtime) {
  try {
    const kept = await caches.open(STORE);
    for (const { url } of await kept.keys())
      if (!url.startsWith(runtime)) await kept.delete(url);
    return kept;
  } catch {
    return null; // refused, full, or no secure address: the network serves
  }
}

async function fetched(address, kept, count) {
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
  const type = address.endsWith(".wasm") ? "application/wasm" : "text/plain";
  return new Response(answer.body.pipeThrough(counted), {
    headers: { "Content-Type": type },
  });
}

// Pyodide asks for its files by address: it gets what is on its way already.
function handOut(files) {
  const real = self.fetch;
  self.fetch = (address) => {
    const name = String(address.url ?? address).split("/").pop();
    return files[name] ?? Promise.reject(new TypeError(`no file ${name}`));
  };
  return () => {
    self.fetch = real;
  };
}

// From here on nothing is asked of any server.
function closeDoors() {
  const refuse = () => {
    throw new TypeError("this page's Python sends nothing");
  };
  for (const name of [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "WebTransport",
    "importScripts",
    "Worker",
  ])
    if (name in self)
      Object.defineProperty(self, name, { value: refuse, writable: false });
}

async function start(runtime, files) {
  limitMemory();
  const kept = await store(runtime);
  const count = counter(files);
  const coming = {};
  for (const name of Object.keys(files))
    coming[name] = fetched(runtime + name, kept, count);
  // Scripts are run from their address; this only shows how far they are.
  const scripts = Object.keys(files).filter((name) => name.endsWith(".js"));
  for (const name of scripts) await (await coming[name]).arrayBuffer();
  self.importScripts(`${runtime}pyodide.js`);
  const done = handOut(coming);
  const pyodide = await self.loadPyodide({
    indexURL: runtime,
    lockFileContents: {
      info: {
        abi_version: "2025_0",
        arch: "wasm32",
        platform: "emscripten_4_0_9",
        python: "3.13.2",
        version: "0.28.3",
      },
      packages: {},
    },
  });
  done();
  const wheels = Object.keys(files).filter((name) => name.endsWith(".whl"));
  for (const name of wheels) {
    const bytes = await (await coming[name]).arrayBuffer();
    pyodide.unpackArchive(bytes, "zip", { extractDir: PACKAGES });
  }
  const check = pyodide.runPython(`
import json
from selfattn.grading.on_page import solve
lambda exercise, text, seed: json.dumps(solve(exercise, text, seed=seed))
`);
  closeDoors();
  return (...given) => JSON.parse(check(...given));
}

self.onmessage = async ({ data }) => {
  try {
    if (data.do === "start" && !python) {
      begun = performance.now();
      python = start(data.runtime, data.files);
      await python;
      postMessage({ is: "ready", seconds: seconds() });
    } else if (data.do === "check") {
      const check = await python;
      const { exercise, text, number, seed = null } = data;
      postMessage({ is: "report", number, ...check(exercise, text, seed) });
    }
  } catch (error) {
    postMessage({ is: "failed", text: String(error) });
  }
};
