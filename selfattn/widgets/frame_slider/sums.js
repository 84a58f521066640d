// Chapter 01's frames: how many there are, where they lie, and what is said.

// As selfattn.speech.n_frames.
export function countFrames(samples, width, hop, padding) {
  if (padding === "end") return Math.ceil(samples / hop);
  if (padding === "centre" && samples) samples += 2 * Math.floor(width / 2);
  return samples < width ? 0 : 1 + Math.floor((samples - width) / hop);
}

// Everything in samples; frame i starts at `first + i * hop`.
export function framing(s) {
  const width = Math.round(s.window_ms * s.rate_hz / 1000);
  const hop = Math.round(s.hop_ms * s.rate_hz / 1000);
  const first = s.padding === "centre" ? -Math.floor(width / 2) : 0;
  const of = (n) => countFrames(n, width, hop, s.padding);
  return { width, hop, first, count: of(s.n_samples), second: of(s.rate_hz),
    minute: of(60 * s.rate_hz) };
}

export function counting(s) {
  const { width, hop, count } = framing(s), n = s.n_samples;
  if (s.padding === "end") return `${n} / ${hop}, rounded up = ${count}`;
  const long = s.padding === "centre"
    ? `(${n} + ${2 * Math.floor(width / 2)} − ${width})`
    : `(${n} − ${width})`;
  return `1 + ${long} / ${hop}, rounded down = ${count}`;
}

export function describe(s) {
  const { count, second, minute } = framing(s);
  const shared = s.window_ms - s.hop_ms;
  const overlap = shared > 0
    ? `Neighbours share ${shared} ms, ` +
      `${Math.round(100 * shared / s.window_ms)}\u00a0% of a frame.`
    : shared === 0 ? "Frames touch and share nothing."
      : `${-shared} ms between frames are seen by none.`;
  return `${count} frames of ${s.window_ms} ms, one every ${s.hop_ms} ms. ` +
    `${overlap} One second of sound gives ${second} frames, one minute ` +
    `${minute}.`;
}
