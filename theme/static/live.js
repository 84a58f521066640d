// Live figures on a page without a kernel. A figure's output stores its state
// as JSON; its ES module is in the page once. Modules are imported from a
// Blob: a page opened from disk may not import files.
(function () {
  // What a module knows as its model: anywidget's front-end interface.
  function modelOf(stored) {
    const state = { ...stored, _state_names: Object.keys(stored) };
    const heard = {}; // event -> the functions that listen
    const tell = (event) =>
      (heard[event] ?? []).slice().forEach((listener) => listener());
    return {
      get: (name) => state[name],
      set(name, value) {
        state[name] = value;
        tell(`change:${name}`);
        tell("change");
      },
      save_changes() {}, // there is no kernel to tell
      send() {},
      on(event, listener) {
        (heard[event] ??= []).push(listener);
      },
      off(event, listener) {
        heard[event] = listener
          ? (heard[event] ?? []).filter((other) => other !== listener)
          : [];
      },
    };
  }

  const modules = {};
  function load(name) {
    return (modules[name] ??= (async () => {
      const read = (part) => JSON.parse(
        document.getElementById(`live-module-${part}`).textContent);
      const source = [read("shared"), "\n", read(name)];
      const blob = new Blob(source, { type: "text/javascript" });
      const address = URL.createObjectURL(blob);
      const { default: figure } = await import(address);
      URL.revokeObjectURL(address);
      return figure;
    })());
  }

  async function start(box) {
    const state = JSON.parse(
      box.querySelector('script[type="application/json"]').textContent
    );
    const figure = await load(box.dataset.live);
    const mount = document.createElement("div");
    mount.className = "live-mount";
    box.append(mount);
    box.classList.add("live-on");
    try {
      await figure.render({ model: modelOf(state), el: mount });
    } catch (error) {
      // The static picture is better than half a figure.
      box.classList.remove("live-on");
      mount.remove();
      throw error;
    }
  }

  document.querySelectorAll("[data-live]").forEach(start);
})();
