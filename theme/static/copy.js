// A button in the corner of each input that copies its code.
(function () {
  if (!navigator.clipboard) return; // a page of plain http has none
  for (const code of document.querySelectorAll(
    "div.cell_input pre, div.notranslate:not(.output) > div.highlight > pre"
  )) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copybtn";
    button.title = "Copy this code";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not copied: the browser refused";
      }
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    code.before(button);
  }
})();
// KaTeX draws a large formula from parts in no order that can be read: what
// is copied has its source, between dollars.
document.addEventListener("copy", (event) => {
  const chosen = getSelection();
  if (chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0).cloneRange();
  const all = range.commonAncestorContainer;
  const around = (all.closest ? all : all.parentElement).closest("[data-tex]");
  if (around) range.selectNode(around);
  const box = document.createElement("div");
  box.append(range.cloneContents());
  const formulas = box.querySelectorAll("[data-tex]");
  if (!formulas.length) return;
  for (const formula of formulas)
    formula.replaceWith(`$${formula.dataset.tex}$`);
  for (const spoken of box.querySelectorAll("math")) spoken.remove();
  box.style = "position: fixed; left: -9999px";
  document.body.append(box); // only what is laid out has lines
  event.clipboardData.setData("text/plain", box.innerText);
  box.remove();
  event.preventDefault();
});
