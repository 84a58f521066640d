// What the pages use of prism-code-editor: a textarea with coloured lines
// under it, commands for its keys, and the grammar of Python.
export { createEditor } from "prism-code-editor";
export {
  addEditorHotkey,
  indentSelectedLines,
  insertLineAndIndent,
  insertTab,
  moveSelectedLines,
  toggleComment,
} from "prism-code-editor/commands";
export { insertText } from "prism-code-editor/utils";
import "prism-code-editor/prism/languages/python";
import "prism-code-editor/languages/python";
import "prism-code-editor/layout.css";
