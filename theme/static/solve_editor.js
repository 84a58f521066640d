// One editor: the starter's place becomes a textarea with coloured lines
// under it (theme/vendor/editor.min.js). Enter keeps the indentation, Tab
// and Shift+Tab change it, and Escape lets the next Tab leave.
const bookAnswer = (function () {
  "use strict";
  const { createEditor, addEditorHotkey, indentSelectedLines, insertTab,
    insertLineAndIndent, insertText, moveSelectedLines, toggleComment,
  } = bookEditor;
  const TAB = 4;
  const MOST = 200000; // characters: colours are made anew with each of them

  // Between the start of a line and the text, Backspace goes back a step.
  function backspace(editor) {
    const [start, end] = editor.getSelection();
    const line = editor.value.slice(
      editor.value.lastIndexOf("\n", start - 1) + 1, start);
    if (start !== end || line.length < 2 || /[^ ]/.test(line)) return false;
    insertText(editor, "", start - ((line.length - 1) % TAB + 1), start);
    return true;
  }

  function keys(editor, leaves) {
    let leaving = false;
    const tab = (step) => () => {
      if (leaving) return false;
      step();
      return true;
    };
    const hotkeys = {
      Tab: tab(() => {
        const [start, end] = editor.getSelection();
        if (start === end) insertTab(editor, start);
        else indentSelectedLines(editor);
      }),
      "Shift+Tab": tab(() => indentSelectedLines(editor, true)),
      Enter: () => insertLineAndIndent(editor),
      "Mod+/": () => toggleComment(editor),
      "Mod+]": () => indentSelectedLines(editor),
      "Mod+[": () => indentSelectedLines(editor, true),
      "Alt+ArrowUp": () => moveSelectedLines(editor, true),
      "Alt+ArrowDown": () => moveSelectedLines(editor),
      Backspace: () => backspace(editor),
    };
    for (const [key, command] of Object.entries(hotkeys)) {
      addEditorHotkey(editor, key, command);
    }
    editor.keyCommandMap.Escape = () => {
      leaving = true;
      leaves();
      return true;
    };
    editor.textarea.addEventListener("keydown", ({ key }) => {
      if (!["Tab", "Shift", "Escape"].includes(key)) leaving = false;
    });
    editor.textarea.addEventListener("blur", () => (leaving = false));
  }

  // `place` is the cell with the starter's code, which stays for the search
  // of words and is hidden; `label` names the editor; `leaves` hears Escape.
  function begin(place, { value, label, described, typed, leaves }) {
    let heard = false;
    const editor = createEditor(null, {
      value,
      language: "python",
      tabSize: TAB,
      wordWrap: true,
      onUpdate: (text) => heard && typed(text),
    });
    heard = true;
    const { textarea, container } = editor;
    textarea.setAttribute("aria-label", label);
    if (described) textarea.setAttribute("aria-describedby", described);
    textarea.setAttribute("autocorrect", "off");
    textarea.maxLength = MOST;
    textarea.removeAttribute("aria-readonly"); // it can be written in
    keys(editor, leaves);
    for (const old of place.children) old.hidden = true;
    place.append(container);
    place.classList.add("solve-editor");
    return {
      textarea,
      get value() {
        return editor.value;
      },
      // Another text, without calling it typed.
      set value(text) {
        heard = false;
        editor.setOptions({ value: text });
        heard = true;
      },
    };
  }

  return { begin };
})();
