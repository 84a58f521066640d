// Chapter 09's detector, in the page: it paints the scene, cuts it into
// patches, and runs the trained net. As selfattn.images and
// selfattn.detector do, to the last digits.

import { dot, list, number, percent, softmax, transpose }
  from "../shared.js";

export const KINDS = ["rectangle", "ellipse", "triangle"];
const SIDE = 32, SIZE = 4, HEADS = 4, CELLS = SIDE / SIZE;

// ----------------------------------------------------------- the picture

const soft = (inside) => Math.max(0, Math.min(1, inside + 0.5));

const COVER = [
  (dx, dy, w, h) => soft(w / 2 - Math.abs(dx)) * soft(h / 2 - Math.abs(dy)),
  (dx, dy, w, h) => soft((1 - Math.hypot(2 * dx / w, 2 * dy / h)) *
    Math.min(w, h) / 2),
  (dx, dy, w, h) => soft(w * (dy / h + 0.5) / 2 - Math.abs(dx)) *
    soft(h / 2 - Math.abs(dy)),
];

// Rows of grey values, 0 to 1. A shape is [kind, x, y, width, height, shade].
export function paint(shapes) {
  const along = [...Array(SIDE).keys()];
  return along.map((row) =>
    along.map((column) => {
      let grey = 0;
      for (const [kind, x, y, w, h, shade] of shapes) {
        const cover = COVER[kind](column + 0.5 - x * SIDE,
          row + 0.5 - y * SIDE, w * SIDE, h * SIDE);
        grey += cover * (shade - grey);
      }
      return grey;
    }));
}

// (64, 16): the patches row by row, and the pixels of each row by row.
function patches(picture) {
  const inside = [...Array(SIZE * SIZE).keys()];
  return Array.from({ length: CELLS * CELLS }, (_, n) =>
    inside.map((i) =>
      picture[SIZE * Math.floor(n / CELLS) + Math.floor(i / SIZE)]
        [SIZE * (n % CELLS) + i % SIZE]));
}

// Sine and cosine of the row, then of the column.
function places(d) {
  const waves = (at) => Array.from({ length: d / 4 }, (_, m) => {
    const angle = at / 10000 ** (4 * m / d);
    return [Math.sin(angle), Math.cos(angle)];
  }).flat();
  return Array.from({ length: CELLS * CELLS }, (_, n) =>
    [...waves(Math.floor(n / CELLS)), ...waves(n % CELLS)]);
}

// ----------------------------------------------------------- the weights

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" +
  "0123456789+/";

function bytes(text) {
  const found = new Uint8Array(Math.floor(text.replace(/=+$/, "").length *
    3 / 4));
  for (let i = 0, at = 0; at < found.length; i += 4) {
    const four = [0, 1, 2, 3].reduce((sum, j) => sum * 64 +
      Math.max(0, LETTERS.indexOf(text[i + j])), 0);
    for (let j = 2; j >= 0 && at < found.length; j--) {
      found[at++] = four >> (8 * j) & 255;
    }
  }
  return found.buffer;
}

// A matrix is stored as whole numbers, with a scale for each row.
export function unpacked(net) {
  return Object.fromEntries(Object.entries(net).map(([name, stored]) => {
    if (stored.length === 1) {
      return [name, [...new Float32Array(bytes(stored[0]))]];
    }
    const [columns, whole, scales] = stored;
    const all = new Int8Array(bytes(whole));
    return [name, [...new Float32Array(bytes(scales))].map((scale, row) =>
      [...all.subarray(row * columns, (row + 1) * columns)].map((n) =>
        n * scale))];
  }));
}

// --------------------------------------------------------------- the net

const add = (x, y) => x.map((row, i) => row.map((z, j) => z + y[i][j]));
const relu = (x) => x.map((row) => row.map((y) => Math.max(0, y)));

function linear(net, name, x) {
  const w = net[`${name}.weight`], b = net[`${name}.bias`];
  return x.map((row) => w.map((to, j) => dot(to, row) + (b ? b[j] : 0)));
}

function norm(net, name, x) {
  const w = net[`${name}.weight`], b = net[`${name}.bias`];
  return x.map((row) => {
    const mean = row.reduce((a, y) => a + y, 0) / row.length;
    const off = row.map((y) => y - mean);
    const spread = Math.sqrt(dot(off, off) / row.length + 1e-5);
    return off.map((y, j) => y / spread * w[j] + b[j]);
  });
}

// Attention in heads, merged again: [(L, d_model), (H, L, S)].
function attend(q, k, v) {
  const d = q[0].length / HEADS, out = q.map(() => []), weights = [];
  for (let h = 0; h < HEADS; h++) {
    const part = (x) => x.map((row) => row.slice(h * d, (h + 1) * d));
    const keys = part(k), columns = transpose(part(v));
    const looks = part(q).map((row) =>
      softmax(keys.map((key) => dot(row, key) / Math.sqrt(d))));
    looks.forEach((row, i) =>
      out[i].push(...columns.map((column) => dot(row, column))));
    weights.push(looks);
  }
  return [out, weights];
}

const cut = (x, parts) => Array.from({ length: parts }, (_, i) => {
  const d = x[0].length / parts;
  return x.map((row) => row.slice(i * d, (i + 1) * d));
});

function encode(net, name, x) {
  const seen = norm(net, `${name}.norm_attention`, x);
  const [mixed, weights] =
    attend(...cut(linear(net, `${name}.attention.qkv`, seen), 3));
  const y = add(x, linear(net, `${name}.attention.out`, mixed));
  const again = norm(net, `${name}.norm_net`, y);
  const hidden = linear(net, `${name}.net.0`, again);
  return [add(y, linear(net, `${name}.net.2`, relu(hidden))), weights];
}

function decode(net, name, x, memory) {
  const q = linear(net, `${name}.cross.q`, norm(net, `${name}.norm_cross`, x));
  const [mixed, weights] =
    attend(q, ...cut(linear(net, `${name}.cross.kv`, memory), 2));
  const y = add(x, linear(net, `${name}.cross.out`, mixed));
  return [encode(net, `${name}.among`, y)[0], weights];
}

function layers(net, stack) {
  return new Set(Object.keys(net).filter((name) => name.startsWith(stack))
    .map((name) => name.split(".")[1])).size;
}

// What the unpacked net finds: `kinds` (Q, 4), `boxes` (Q, 4), `looks`
// (H, 64, 64) of the first encoder layer, `searches` (H, Q, 64) of the last
// decoder layer.
export function detect(net, shapes) {
  const cells = patches(paint(shapes));
  let x = add(linear(net, "project", cells), places(net.queries[0].length));
  let looks, searches;
  for (let i = 0; i < layers(net, "encoder"); i++) {
    const [y, weights] = encode(net, `encoder.${i}`, x);
    x = y;
    looks ??= weights;
  }
  const memory = norm(net, "norm_memory", x);
  let found = net.queries;
  for (let i = 0; i < layers(net, "decoder"); i++) {
    [found, searches] = decode(net, `decoder.${i}`, found, memory);
  }
  found = norm(net, "norm", found);
  const boxes = linear(net, "box.2", relu(linear(net, "box.0", found)));
  return { looks, searches, kinds: linear(net, "kind", found).map(softmax),
    boxes: boxes.map((row) => row.map((y) => 1 / (1 + Math.exp(-y)))) };
}

// Straight from the stored form, for a test.
export const fromStored = (net, shapes) => detect(unpacked(net), shapes);

// ------------------------------------------------------------ what it says

export function iou(a, b) {
  const side = (i) => Math.max(0, Math.min(a[i] + a[i + 2] / 2,
    b[i] + b[i + 2] / 2) - Math.max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2));
  const shared = side(0) * side(1);
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

// The answers: kind, how sure, and the shape that the box covers best.
export function answers(s, found) {
  return found.kinds.map((shares, i) => {
    const sure = Math.max(...shares.slice(0, KINDS.length));
    const kind = shares.indexOf(sure), box = found.boxes[i];
    const near = s.shapes.map((shape) => iou(box, shape.slice(1, 5)));
    const best = Math.max(0, ...near);
    return { kind, sure, box, best, shape: near.indexOf(best),
      there: shares[KINDS.length] < 0.5 };
  });
}

// The weights to show over the patches, mean over the heads, (64).
export function shown(s, found) {
  const rows = s.shows === "patch" ? found.looks.map((h) => h[s.patch])
    : found.searches.map((h) => h[s.answer]);
  return transpose(rows).map((column) =>
    column.reduce((a, b) => a + b, 0) / column.length);
}

export function where(n) {
  return `row ${Math.floor(n / CELLS)}, column ${n % CELLS}`;
}

export function describe(s, found) {
  const all = answers(s, found), there = all.filter((a) => a.there);
  const named = there.map((a) => `${KINDS[a.kind]} (IoU ${number(a.best, 2,
    true)})`);
  const weights = shown(s, found), most = Math.max(...weights);
  const who = s.shows === "patch" ? `The patch in ${where(s.patch)}`
    : `Answer ${s.answer + 1}`;
  const n = there.length;
  return (n ? `${n} found: ${list(named)}. ` : "Nothing found. ") +
    `${who} looks most at ${where(weights.indexOf(most))}, ${percent(most)}.`;
}
