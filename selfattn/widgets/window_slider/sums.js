// Chapter 03's window: what it covers, what was measured there, what is said.

import { number, thousands } from "../shared.js";

export const REACH = 20;

// Places -20 … -1, 1 … 20 in the order in which they are stored.
export function rowOf(cue) {
  return cue < 0 ? cue + REACH : cue + REACH - 1;
}

export function cueOf(row) {
  return row < REACH ? row - REACH : row - REACH + 1;
}

// Has this net the cue before its eyes? Without a radius it sees everything.
export function covers(net, cue) {
  return net.radius === null || Math.abs(cue) <= net.radius;
}

// The accuracies of the chosen net at the place of the cue, as shares.
export function measuredAt(s, cue = s.cue) {
  const net = s.nets.find(({ name }) => name === s.net);
  const [mean, low, high] = net.right[rowOf(cue)].map((x) => x / 10000);
  return { net, mean, low, high, inside: covers(net, cue),
    ceiling: s.ceiling[rowOf(cue)] / 10000 };
}

// The sentence word by word; `seen` says what lies in the window.
export function sentence(s) {
  const { net } = measuredAt(s);
  const [text, at, tags] = s.sentences[rowOf(s.cue)];
  const words = text.split(" ").map((word, i) => ({ word, off: i - at,
    seen: covers(net, i - at) }));
  return { words, at, cues: words[at + s.cue].word.split("/"),
    target: words[at].word, tags: tags.split("/") };
}

export function share(x) {
  return `${number(100 * x, 1, true)}\u00a0%`;
}

export function where(cue) {
  const far = Math.abs(cue);
  return `${far} word${far > 1 ? "s" : ""} to the ` +
    (cue < 0 ? "left" : "right");
}

// What the net gets of the two sentences.
export function seeing(s) {
  const { net, inside } = measuredAt(s), { cues, tags } = sentence(s);
  const both = `“${cues[0]}” makes it ${tags[0]}, “${cues[1]}” ${tags[1]}. `;
  if (!inside) {
    return `${both}Neither is in the window: the net sees two equal inputs ` +
      "and gives one answer, wrong in one of the sentences.";
  }
  if (net.name === "attention_none") {
    return `${both}The net sees every word of both, but not where it ` +
      "stands.";
  }
  return `${both}The net sees two different inputs and can tell them apart.`;
}

const KINDS = {
  window_whole: "The window over the whole sentence",
  attention_rotary: "Self-attention with positions",
  attention_none: "Self-attention without positions",
};

export function describe(s) {
  const { net, mean, low, high, inside, ceiling } = measuredAt(s);
  const size = `${thousands(net.parameters)} parameters`;
  const said = [net.name in KINDS ? `${KINDS[net.name]}: ${size}.`
    : `Radius ${net.radius}: ${2 * net.radius + 1} ` +
      `word${net.radius ? "s" : ""} at a time, ${size}.`];
  const spread = net.seeds === 1 ? "in one seed"
    : low === high ? `in each of ${net.seeds} seeds`
    : `${net.seeds} seeds from ${share(low)} to ${share(high)}`;
  said.push(`The cue stands ${where(s.cue)}, ${inside ? "where the net sees it"
    : "outside the window"}: right in ${share(mean)}, ${spread}; one word ` +
    `alone allows ${share(ceiling)}.`);
  if (net.radius === null) {
    const means = net.right.map(([x]) => x), least = Math.min(...means);
    said.push(`Its lowest bar is ${share(least / 10000)}, ` +
      `${where(cueOf(means.indexOf(least)))}.`);
  }
  said.push(`All ambiguous test words: ${share(net.overall[0] / 10000)}.`);
  return said.join(" ");
}
