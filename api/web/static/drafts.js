// The list of drafts: choosing all of the page, and how many are chosen.
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll("input[name=chosen]")];
  const all = document.querySelector("[data-choose-all]");
  const form = document.getElementById("batch");
  if (!form) return;

  function count() {
    const chosen = boxes().filter((box) => box.checked).length;
    form.querySelector("[data-chosen]").textContent = chosen;
    for (const button of form.querySelectorAll("button")) button.disabled = chosen === 0;
    if (all) { all.checked = chosen > 0 && chosen === boxes().length; all.indeterminate = chosen > 0 && !all.checked; }
  }

  all?.addEventListener("change", () => { for (const box of boxes()) box.checked = all.checked; count(); });
  document.addEventListener("change", (event) => { if (event.target.name === "chosen") count(); });
  count();
})();
