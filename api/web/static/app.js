// What every page shares: notices for failed requests, printing, copying, asking first, busy forms, closing the menu, the service worker.
"use strict";

(() => {
  const notice = document.getElementById("notice");
  let hiding = 0;

  function say(message) {
    notice.textContent = message;
    notice.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => { notice.hidden = true; }, 8000);
  }
  window.chapiao = { say };

  document.body.addEventListener("htmx:responseError", (event) => {
    const answer = event.detail.xhr;
    say(answer.getResponseHeader("Content-Type")?.startsWith("text/plain") ? answer.responseText : String(answer.status));
  });
  document.body.addEventListener("htmx:sendError", () => say(document.documentElement.lang === "en" ? "No connection." : "网络不通，请稍后再试。"));
  notice.addEventListener("click", () => { notice.hidden = true; });

  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".more[open]");
    if (menu && !menu.contains(event.target)) menu.open = false;
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const words = button.textContent;
    if (!(await copied(button.dataset.copy))) { say(button.dataset.copy); return; }
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  });

  // The clipboard interface exists only over HTTPS and on this machine; over plain HTTP a selection is copied.
  async function copied(text) {
    if (navigator.clipboard) {
      try { await navigator.clipboard.writeText(text); return true; } catch { /* not permitted: the other way */ }
    }
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  document.addEventListener("submit", (event) => {
    const ask = event.submitter?.dataset.ask ?? event.target.dataset.ask;
    if (ask && !window.confirm(ask)) { event.preventDefault(); return; }
    const busy = event.target.dataset.busy;
    const button = busy && event.target.querySelector("button");
    if (button) { button.textContent = busy; button.disabled = true; }
  });

  if ("serviceWorker" in navigator && window.isSecureContext) navigator.serviceWorker.register("/service-worker.js");
})();
