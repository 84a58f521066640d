// Chapter 04's playground: the plane of query and keys, the plane of values.

const REACH = 2.5; // the plane of query and keys goes from -2.5 to 2.5
const SIZE = 320, UNIT = 60, MIDDLE = SIZE / 2;

const same = (a, b) => a[0] === b[0] && a[1] === b[1];
const X = (x) => MIDDLE + UNIT * x, Y = (y) => MIDDLE - UNIT * y;

// k², or k²,⁴ where two lie in one place.
function label(letter, vectors, i) {
  const marks = vectors.map((v, j) => (same(v, vectors[i]) ? MARKS[j] : ""));
  return letter + marks.filter(Boolean).join(",");
}

// A drawing is 320 wide, whatever it measures on the page. What must not
// shrink with it, letters and handles, is told how long a pixel is.
function pixel(svg) {
  const width = svg.getBoundingClientRect().width || SIZE, px = SIZE / width;
  svg.style.setProperty("--letter",
    px * Math.max(14.2, Math.min(16.5, 0.055 * width)));
  return { px, width };
}

function plane(name) {
  return make("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`,
    class: `live-plane live-${name}` });
}

// Query and keys. The ground shows the score that a key would get there;
// `move(i, to)` and `pick(i)` are told what the reader does, i = -1 is q.
function matchPlane(placeOf, move, pick) {
  const field = make("g", { class: "live-field" }), cells = [];
  for (let x = -REACH + 0.25; x < REACH; x += 0.5) {
    for (let y = -REACH + 0.25; y < REACH; y += 0.5) {
      const cell = make("rect", { x: X(x - 0.25) + 0.5, y: Y(y + 0.25) + 0.5,
        width: UNIT / 2 - 1, height: UNIT / 2 - 1 });
      cells.push({ cell, at: [x, y] });
      field.append(cell);
    }
  }
  const svg = plane("match");
  // In the order of the words; the query lies on top and comes last.
  const handles = [0, 1, 2, 3, -1].map(handle);
  svg.append(field, make("g", { class: "live-axes" },
    make("line", { x1: X(-REACH), x2: X(REACH), y1: MIDDLE, y2: MIDDLE }),
    make("line", { x1: MIDDLE, x2: MIDDLE, y1: Y(-REACH), y2: Y(REACH) })),
  ...handles.map((h) => h.arrow), ...handles.map((h) => h.knob));

  function handle(i) {
    const arrow = make("line", { class: i < 0 ? "live-q" : "live-k",
      x1: MIDDLE, y1: MIDDLE });
    const text = make("text"), mark = make("text");
    const ring = make("circle", { class: "live-ring" });
    const circle = make("circle", { class: "live-knob" });
    const knob = make("g", { tabindex: 0, role: "slider",
      "aria-valuemin": -REACH, "aria-valuemax": REACH,
      onkeydown(event) {
        const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0],
          ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
        if (!by) return;
        event.preventDefault();
        const far = event.shiftKey ? 0.5 : 0.1, [x, y] = placeOf(i);
        to(i, [x + by[0] * far, y + by[1] * far]);
      },
      onfocus: () => pick(i),
      onpointerenter: () => held || pick(i),
    }, ring, circle, text, mark);
    return { i, arrow, knob, ring, circle, text, mark };
  }

  function to(i, at) {
    const place = at.map((c) =>
      Math.round(Math.max(-REACH, Math.min(REACH, c)) * 10) / 10);
    if (!same(place, placeOf(i))) move(i, place);
  }

  // The circles to grab are larger than those one sees and overlap: the
  // nearest is meant. It keeps its distance from the finger.
  let held;
  const pointed = (event) => {
    const box = svg.getBoundingClientRect(), step = box.width / SIZE;
    return [((event.clientX - box.left) / step - MIDDLE) / UNIT,
      (MIDDLE - (event.clientY - box.top) / step) / UNIT];
  };
  put(svg, {
    onpointerdown(event) {
      if (!event.target.closest(".live-handle")) return;
      event.preventDefault();
      const at = pointed(event);
      const far = ({ i }) => Math.hypot(placeOf(i)[0] - at[0],
        placeOf(i)[1] - at[1]);
      // Of keys in one place the first; the query before any key.
      const near = handles.reduce((a, b) =>
        (far(b) < far(a) || (b.i < 0 && far(b) === far(a)) ? b : a));
      const [x, y] = placeOf(near.i);
      held = { i: near.i, by: [x - at[0], y - at[1]] };
      svg.setPointerCapture(event.pointerId);
      near.knob.focus({ preventScroll: true });
      pick(near.i);
    },
    onpointermove(event) {
      if (!held) return;
      const at = pointed(event).map((c, j) => c + held.by[j]);
      to(held.i, Math.hypot(...at) < 0.2 ? [0, 0] : at); // easy to hit
    },
    onlostpointercapture() { held = undefined; },
  });

  // `wanted` is the handle that the reader is asked to drag.
  function draw(s, r, picked, wanted) {
    const { px, width } = pixel(svg);
    const radius = px * Math.max(13, Math.min(18, 0.062 * width));
    const strength = Math.max(2, ...cells.map(({ at }) =>
      Math.abs(scoreOf(r.q, at, s.score, s.scaled))));
    for (const { cell, at } of cells) {
      const x = scoreOf(r.q, at, s.score, s.scaled);
      put(cell, { class: x < 0 ? "negative" : "positive",
        "fill-opacity": (0.6 * Math.abs(x) / strength).toFixed(2) });
    }
    for (const { i, arrow, knob, ring, circle, text, mark } of handles) {
      const [x, y] = placeOf(i);
      // Keys in one place hide one another, so each shows for all of them.
      const here = s.k.map((_, j) => j)
        .filter((j) => i >= 0 && same(s.k[j], s.k[i]));
      const out = !s.own && here.length === 1 && i === s.asks;
      const share = Math.max(0, ...here.map((j) => r.weights[j]));
      put(arrow, { x2: X(x), y2: Y(y) });
      put(ring, { r: Math.max(radius * 1.35, 21 * px) });
      put(circle, { r: radius });
      put(knob, {
        transform: `translate(${X(x)} ${Y(y)})`,
        class: `live-handle ${i < 0 ? "is-q" : "is-k"}` +
          `${here.includes(picked) ? " is-picked" : ""}` +
          `${i === wanted ? " is-wanted" : ""}` +
          (out ? " is-out" : ""),
        "aria-label": i < 0 ? `query of ${s.words[s.asks]}, ${s.asks + 1}`
          : `key of ${s.words[i]}, ${i + 1}`,
        "aria-valuenow": x,
        "aria-valuetext": `${vector([x, y])}` + (i < 0 ? ""
          : `, score ${number(r.scores[i])}, weight ${number(r.weights[i])}`),
      });
      text.textContent = i < 0 ? `q${MARKS[s.asks]}` : label("k", s.k, i);
      if (i < 0) continue;
      // Its score, where there is room under it.
      mark.textContent = width < 300 ? "" : number(r.scores[i]);
      put(mark, { y: radius + 12 * px });
      knob.style.setProperty("--share",
        `${Math.round(100 * Math.sqrt(Math.min(1, share)))}%`);
    }
  }
  return { svg, draw };
}

// The values and their mix: every value a dot as large as its weight, tied
// to b by a line as thick.
function mixPlane() {
  const svg = plane("mix");
  put(svg, { role: "img" });

  function draw(s, r, picked) {
    const { px, width } = pixel(svg), grow = Math.min(1.5, px);
    const far = Math.max(...s.v.flat(), ...r.out.map(Math.abs)) * 1.05;
    const span = 4 * 2 ** Math.max(0, Math.ceil(Math.log2(far / 4)));
    const low = Math.min(0, ...r.out, ...s.v.flat()) < 0 ? -span : 0;
    const edge = 24 * px, unit = (SIZE - edge - 14 * px) / (span - low);
    const x = (v) => edge + unit * (v - low), y = (v) => SIZE - x(v);
    const grid = make("g", { class: "live-axes" });
    for (let i = 0; i <= 4; i++) {
      const at = low + i * (span - low) / 4;
      grid.append(
        make("line", { x1: x(at), x2: x(at), y1: y(span), y2: y(low) }),
        make("line", { y1: y(at), y2: y(at), x1: x(span), x2: x(low) }));
      if (width < 220 && i % 2) continue;
      grid.append(
        make("text", { x: x(at), y: SIZE - 5 * px }, number(at)),
        make("text", { x: edge / 2 - px, y: y(at) + 5 * px }, number(at)));
    }
    const ties = [], dots = [], texts = [];
    s.v.forEach((v, i) => {
      for (const u of s.v.slice(i + 1)) {
        grid.append(make("line", { class: "live-hull", x1: x(v[0]),
          y1: y(v[1]), x2: x(u[0]), y2: y(u[1]) }));
      }
      if (s.v.findIndex((u) => same(u, v)) < i) return; // drawn already
      const w = s.v.reduce(
        (sum, u, j) => sum + (same(u, v) ? r.weights[j] : 0), 0);
      ties.push(make("line", { class: "live-tie", x1: x(v[0]), y1: y(v[1]),
        x2: x(r.out[0]), y2: y(r.out[1]), "stroke-width":
          grow * Math.min(10, 0.5 + 12 * w) }));
      const radius = grow * (4 + 18 * Math.sqrt(Math.min(w, 1)));
      dots.push(make("circle", { cx: x(v[0]), cy: y(v[1]), r: radius,
        class: "live-value" + (same(v, s.v[picked]) ? " is-picked"
          : "") }));
      texts.push(make("text", { x: x(v[0]), y: y(v[1]) - radius - 5 * px },
        label("v", s.v, i)));
    });
    const [bx, by] = r.out.map((v, i) => (i ? y(v) : x(v)));
    const d = 9 * grow;
    svg.replaceChildren(grid, ...ties, ...dots, ...texts,
      make("path", { class: "live-diamond",
        d: `M${bx} ${by - d}l${d} ${d}l${-d} ${d}l${-d} ${-d}z` }),
      make("text", { class: "live-b", x: bx + 14 * px, y: by + 20 * px },
        `b${MARKS[s.asks]}`));
    put(svg, { "aria-label": "Values and their mix, b at " +
      vector(r.out, 2, true) });
  }
  return { svg, draw };
}
