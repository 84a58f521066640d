// The rules of answers that are written on the page, without a page: how a
// text is kept in the browser, and the sentences beside an editor.
const bookSolve = (function () {
  "use strict";
  const KEY = "selfattn-typed."; // and the exercise's id
  const MOST = 200000; // characters of one answer

  const keyOf = (id) => KEY + id;
  const plain = (problem) => String(problem?.name ?? problem).slice(0, 60);
  const KEEPS_NOT = (why) =>
    `This browser could not store your text (${why}). It lasts until you ` +
    "leave this page.";

  // The text that is kept, or null. `storage` is a function, because a
  // browser may refuse already to name its storage.
  function read(storage, id) {
    try {
      return storage().getItem(keyOf(id));
    } catch {
      return null; // it is said when something is to be kept
    }
  }

  // Keep a text; the starter itself is not kept. `seen` is what was last
  // read or written here: where another tab has written since, nothing is,
  // and `other` is its text (null: it went back to the starter).
  function keep(storage, id, text, starter, seen) {
    const wanted = text === starter ? null : text;
    const after = { seen, failed: "", other: undefined };
    if (text.length > MOST) {
      return { ...after, failed: KEEPS_NOT("it is very long") };
    }
    try {
      const there = storage().getItem(keyOf(id));
      if (there !== seen && there !== wanted) return { ...after, other: there };
      if (wanted === null) storage().removeItem(keyOf(id));
      else storage().setItem(keyOf(id), wanted);
      return { ...after, seen: wanted };
    } catch (problem) {
      return { ...after, failed: KEEPS_NOT(plain(problem)) };
    }
  }

  // ------------------------------------------------------ what is said

  const MB = (bytes) => (bytes / 1e6).toFixed(1);

  function loading({ bytes, of, seconds }) {
    if (!(of > 0)) return "…";
    return `${MB(bytes)} of ${MB(of)} MB, ${Math.round(seconds)} s`;
  }

  const VERDICTS = {
    passed: "Passed.",
    wrong: "Not right yet: see the report.",
    error: "Error: see the report.",
    todo: "Nothing to check yet.",
  };
  const isStatus = (status) => Object.hasOwn(VERDICTS, status);
  const verdict = (status) => (isStatus(status) ? VERDICTS[status] : "");

  const SAYS = {
    loading: "Loading Python:",
    starting: "Starting Python …",
    checking: "Checking …",
    waiting: "Waiting for the check before this one …",
    leaves: "Tab now leaves the editor.",
    other: "Another tab changed this answer.",
    followed: "Changed in another tab.",
    reset: "Back to the starter.",
    brought: "Your text is back.",
    copied: "Your text is copied: paste it into its cell in Colab.",
    uncopied: "The browser did not copy your text: copy it by hand.",
    disk: "Python does not start on a page opened from disk. Open the site " +
      "from a server (make serve), or the chapter in Colab.",
  };

  return { keyOf, read, keep, loading, verdict, isStatus, SAYS, MOST };
})();
