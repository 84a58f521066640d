// How a quiz is graded, without a page: as selfattn/grading/quiz.py does it.
// The sentences come from there too, in the page's data. An answer is a list
// of texts, one for each line that is asked; "" is a blank.
const bookQuiz = (() => {
  // FNV-1a of 32 bits: enough that no answer meets the eye in the source.
  // Numbers are compared, not digits: 02 is 2.
  function mark(about, line, text) {
    const value = text.trim() && isFinite(text) ? Number(text) : text;
    let made = 0x811c9dc5;
    for (const letter of `${about} ${line} ${value}`) {
      made = Math.imul(made ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    }
    return made.toString(16);
  }

  const filled = (sentence, parts) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);

  function listed({ lines, say }, places) {
    const keys = places.slice(0, say.most).map((n) => lines[n]).join(", ");
    return keys + (places.length > say.most ? ", …" : "");
  }

  function grade(quiz, answer) {
    const { right, say, traps } = quiz, n = right.length;
    const where = (is) => [...answer.keys()].filter(is);
    const told = (status, text, diagnosis = null) =>
      ({ status, diagnosis, text });

    const blanks = where((i) => answer[i] === "");
    if (blanks.length) {
      const left = filled(say.left, { keys: listed(quiz, blanks) });
      const what = blanks.length < n ? left : say.blank;
      return told("todo", `${what}\n\n${say.hints}`);
    }
    const given = answer.map((text, i) => mark(quiz.id, i, text));
    const off = where((i) => given[i] !== right[i]);
    if (!off.length) return told("passed", say.right);
    const text = filled(say.tally,
      { right: n - off.length, n, keys: listed(quiz, off) });
    // The known wrong answer that this is, or that is a part of it.
    const parts = traps.filter((one) =>
      one[2].every((made) => given.includes(made)));
    const known =
      parts.find((one) => one[2].length === off.length) ?? parts[0];
    if (!known) return told("wrong", text);
    return told("wrong", `${known[1]}\n\n${text}`, known[0]);
  }

  const SIGNS = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#x27" };
  const escaped = (text) =>
    text.replace(/[&<>"']/g, (sign) => `&${SIGNS[sign]};`);

  // The report as the package renders it.
  function html({ id, say }, { status, text }) {
    const [word, bar] = say.looks[status];
    const blocks = text.split("\n\n").map((block) => filled(say.paragraph, {
      text: escaped(block).replace(/`([^`]+)`/g, "<code>$1</code>"),
    }));
    return filled(say.box,
      { title: `${id}: ${word}`, bar, blocks: blocks.join("") });
  }

  return { grade, html };
})();
