// The document page: a field and its box on the picture light up together, whichever is pointed at or tapped.
"use strict";

(() => {
  const NAMED = "[data-field]";

  function light(name, scroll) {
    for (const each of document.querySelectorAll(NAMED)) each.classList.toggle("is-active", each.dataset.field === name);
    if (!name || !scroll) return;
    const selector = scroll === "picture" ? `rect[data-field="${CSS.escape(name)}"]` : `.field[data-field="${CSS.escape(name)}"]`;
    const target = document.querySelector(selector);
    if (!target) return;
    if (scroll === "picture") {
      const frame = document.querySelector(".scroller");
      const box = target.getBoundingClientRect();
      const seen = frame.getBoundingClientRect();
      if (frame.scrollHeight > frame.clientHeight || frame.scrollWidth > frame.clientWidth) {
        frame.scrollBy({ top: box.top - seen.top - seen.height / 2, left: box.left - seen.left - seen.width / 2, behavior: "smooth" });
      }
    } else {
      target.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }
  }

  function nameOf(event) {
    return event.target.closest?.(NAMED)?.dataset.field;
  }

  let held = null;
  document.addEventListener("mouseover", (event) => { if (!held) light(nameOf(event) || null); });
  document.addEventListener("focusin", (event) => { const name = nameOf(event); if (name) light(name, "picture"); });
  document.addEventListener("click", (event) => {
    const name = nameOf(event);
    if (event.target.closest("button, a, input, textarea, label, summary")) return;
    held = name && name !== held ? name : null;
    light(held, event.target.closest("svg") ? "field" : "picture");
  });

  document.getElementById("boxes")?.addEventListener("change", (event) => {
    document.querySelector(".sheets").classList.toggle("no-boxes", !event.target.checked);
  });

  let zoom = 1;
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => {
      zoom = Math.max(1, Math.min(4, zoom + (button.dataset.zoom === "in" ? 1 : -1)));
      document.querySelector(".scroller").dataset.scale = String(zoom);
    });
  }

  // After a correction the panel is new: boxes take the fields' new status.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    held = null;
    for (const field of document.querySelectorAll(".field[data-status]")) {
      for (const box of document.querySelectorAll(`rect[data-field="${CSS.escape(field.dataset.field)}"]`)) {
        box.setAttribute("class", `box ${field.dataset.status}`);
      }
    }
  });
})();
