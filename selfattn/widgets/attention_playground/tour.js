// Chapter 04's playground: four things to try, in this order. Each has what
// to do, the handle to do it with (-1 is the query), how the figure knows
// that it is done, and what then happened.

import { percent, vector } from "../shared.js";
import { same } from "./plane.js";
import { PRESETS, attend } from "./sums.js";

export const RULES = { score: "dot", weight: "softmax", scaled: false,
  own: true };

// `asked` are the words that have asked since the step began.
export const TOUR = [
  {
    start: { asks: 0 },
    wanted: -1,
    task: "The word I¹ asks. The pink arrow q¹ is what it looks for. Drag " +
      "q¹ until a³ gets the largest weight.",
    done: (s, r) => s.asks === 0 && leads(r.weights, 2),
    says: (s, r) => `a³ leads with ${percent(r.weights[2])}: its key k³ ` +
      "lies where q¹ points. In the other plane b¹ went towards v³.",
  },
  {
    start: { asks: 0 },
    wanted: 2,
    task: "Now drag the key k³ farther out, the way q¹ points, until a³ " +
      "has at least 0.90.",
    done: (s, r) => s.asks === 0 && r.weights[2] >= 0.9,
    says: (s, r) => "A longer key scores more, and softmax turns the lead " +
      `into ${percent(r.weights[2])} of the weight. So b¹ is almost v³.`,
  },
  {
    start: { asks: 0 },
    wanted: -1,
    task: "Who wins when nobody is looked for? Drag q¹ into the centre.",
    done: (s, r) => s.asks === 0 && Math.hypot(...r.q) < 0.05,
    says: () => "An empty query matches no key better than another: every " +
      "word gets 25\u00a0%. So b¹ is the plain average of the values.",
  },
  {
    start: { asks: 0, q: PRESETS.sentence.q, k: PRESETS.sentence.k },
    task: "Let the others ask: choose saw², then saw⁴. Watch q and b.",
    done: (s, r, asked) => asked.includes(1) && asked.includes(3) &&
      same(s.q[1], s.q[3]) && (s.asks === 1 || s.asks === 3),
    says: (s, r) => "Another query, another mix. But both saws ask alike " +
      `and get the same b, ${vector(r.out)}: their places do not count.`,
  },
];
export const ENOUGH = "That is attention: a word asks with its query, the " +
  "keys decide how much each word counts, and the output is the values " +
  "mixed in these shares. Now break it: change the rules below.";

function leads(weights, i) {
  return weights.every((w, j) => j === i || w < weights[i] - 0.005);
}

// What step n says of state s once it is done; "" before.
export function toured(n, s, asked) {
  const r = attend(s);
  const plain = Object.entries(RULES).every(([name, x]) => s[name] === x);
  const { done, says } = TOUR[n];
  return plain && done(s, r, asked) ? says(s, r) : "";
}
