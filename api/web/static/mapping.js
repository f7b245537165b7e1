// Which column is which: a field is chosen once, and what is still needed is said while choosing.
"use strict";

(() => {
  const table = document.getElementById("mapping");
  const told = document.getElementById("mapping-check");
  const button = document.getElementById("mapping-use");
  if (!table) return;
  const words = table.dataset;
  const selects = [...table.querySelectorAll("select")];

  function check() {
    const chosen = selects.map((select) => select.value).filter(Boolean);
    for (const select of selects) {
      const row = select.closest("tr");
      const twice = select.value && chosen.filter((name) => name === select.value).length > 1;
      row.classList.toggle("twice", Boolean(twice));
      row.classList.toggle("used", Boolean(select.value) && !twice);
      for (const option of select.options) {
        option.disabled = option.value !== "" && option.value !== select.value && chosen.includes(option.value);
      }
    }
    const has = (...names) => names.some((name) => chosen.includes(name));
    const missing = [];
    if (!has("invoice_number", "digital_invoice_number")) missing.push(words.number);
    if (!has("issue_date", "total_excl_tax", "total_incl_tax")) missing.push(words.date);
    if (words.grain === "line" && !has("item_name")) missing.push(words.item);
    const complete = !missing.length && new Set(chosen).size === chosen.length;
    told.textContent = missing.length ? words.missing.replace("{missing}", missing.join(document.documentElement.lang === "en" ? ", " : "、")) : words.complete;
    told.classList.toggle("good", complete);
    button.disabled = !complete;
  }

  table.addEventListener("change", check);
  check();
})();
