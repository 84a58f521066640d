// What is wider than the page scrolls inside itself; make it reachable by
// keyboard while, and only while, it does.
(function () {
  const WIDE = {
    ".formula": "wide formula",
    ".pst-scrollable-table-container": "wide table",
    ".cell_output:has(> img.too-wide)": "wide figure",
  };

  function mark() {
    for (const box of document.querySelectorAll(Object.keys(WIDE).join())) {
      if (box.scrollWidth > box.clientWidth + 1) {
        const kind = Object.keys(WIDE).find((wide) => box.matches(wide));
        box.tabIndex = 0;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", WIDE[kind]);
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  }

  const root = document.documentElement;

  // A printed page is light, and shows what is folded on the screen, but
  // for the code of claims: their line says what was checked.
  function unfold() {
    root.dataset.screen = root.dataset.theme;
    root.dataset.theme = "light";
    for (const picture of document.querySelectorAll("article img")) {
      picture.loading = "eager"; // also what no one has scrolled to
    }
    for (const fold of document.querySelectorAll("article details")) {
      if (!fold.open && !fold.closest(".tag_claim")) {
        fold.open = true;
        fold.dataset.folded = "";
      }
    }
  }

  function refold() {
    root.dataset.theme = root.dataset.screen;
    for (const fold of document.querySelectorAll("details[data-folded]")) {
      fold.open = false;
      delete fold.dataset.folded;
    }
  }

  // The switch says what it is set to, also to who cannot see its icon.
  function name() {
    const follows = { auto: "as the system", light: "light", dark: "dark" };
    const said = `Colour scheme: ${follows[root.dataset.mode] ?? "light"}`;
    for (const button of document.querySelectorAll(".theme-switch-button")) {
      button.setAttribute("aria-label", said);
      button.title = said;
    }
  }
  new MutationObserver(name).observe(root, { attributeFilter: ["data-mode"] });

  // The theme's drawers hear Escape only while the focus is inside them, and
  // forget the button that opened them.
  function drawers() {
    for (const side of ["primary", "secondary"]) {
      const drawer = document.getElementById(`pst-${side}-sidebar-modal`);
      const button = document.querySelector(`.${side}-toggle`);
      drawer?.addEventListener("close", () => button?.focus());
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && drawer?.open) drawer.close();
      });
    }
  }

  window.addEventListener("resize", mark);
  document.addEventListener("toggle", mark, true); // a fold has opened
  document.fonts.ready.then(mark);
  window.addEventListener("beforeprint", unfold);
  window.addEventListener("afterprint", refold);
  function begin() {
    document.querySelector(".btn-download-pdf-button")?.addEventListener(
      "click", () => window.print());
    mark();
    name();
    drawers();
  }
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();
