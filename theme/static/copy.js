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
