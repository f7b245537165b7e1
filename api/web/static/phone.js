// The phone page: pictures go into IndexedDB first, then to the server; nothing is removed before the server has it.
// Each picture remembers who took it, so that another person's login on the same phone never sends it as theirs.
"use strict";

(() => {
  const here = document.getElementById("phone");
  const words = here.dataset;
  const list = document.getElementById("queue");
  const line = document.getElementById("line");
  const items = new Map();
  let draining = false;
  let pause = 0;
  let timer = 0;

  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("chapiao", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pictures", { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  async function store(mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("pictures", mode, { durability: "strict" });
      const request = work(transaction.objectStore("pictures"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  for (const id of ["camera", "album"]) {
    document.getElementById(id).addEventListener("change", async (event) => {
      const files = [...event.target.files];
      event.target.value = "";
      navigator.storage?.persist?.();
      for (const file of files) await keep(file);
      pause = 0;
      drain();
    });
  }

  async function keep(file) {
    const picture = { id: `${Date.now()}-${crypto.getRandomValues(new Uint32Array(1))[0]}`, user: words.user, name: named(file), blob: file, taken: Date.now() };
    try {
      await store("readwrite", (pictures) => pictures.put(picture));
    } catch {
      chapiao.say(words.full);
      return;
    }
    show(picture, words.waiting, "");
  }

  // Phones call every picture image.jpg: the time tells them apart.
  function named(file) {
    if (!/^image\.\w+$/i.test(file.name)) return file.name;
    const stamp = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    return `${stamp}.${file.name.split(".").pop()}`;
  }

  async function drain() {
    clearTimeout(timer);
    if (draining) return;
    draining = true;
    try {
      const pictures = (await store("readonly", (kept) => kept.getAll())).filter((picture) => picture.user === words.user);
      for (const picture of pictures) {
        if (!items.has(picture.id)) show(picture, words.waiting, "");
        if (picture.refused) { show(picture, picture.refused, "refused"); continue; }
        if (!(await send(picture))) break;
      }
    } finally {
      draining = false;
      await count();
    }
  }

  // True to go on with the next, false to wait and try again.
  async function send(picture) {
    show(picture, words.sending, "busy");
    const body = new FormData();
    body.append("channel", "phone");
    body.append("files", picture.blob, picture.name);
    let answer;
    try {
      const response = await fetch("/upload", { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
      if (response.status === 401 || response.status === 403) {
        show(picture, words.login, "refused");
        return false;
      }
      if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
      answer = await response.json();
    } catch {
      show(picture, words.offline, "");
      later();
      return false;
    }
    const result = answer.results ? answer.results[0] : answer;
    if (result.error) {
      picture.refused = result.error.message;
      await store("readwrite", (pictures) => pictures.put(picture));
      show(picture, result.error.message, "refused");
      return true;
    }
    await store("readwrite", (pictures) => pictures.delete(picture.id));
    pause = 0;
    show(picture, result.duplicate_of ? words.duplicate : words.safe, "safe", result);
    return true;
  }

  function later() {
    pause = Math.min(pause ? pause * 2 : 3000, 60000);
    timer = setTimeout(drain, pause);
  }

  function show(picture, message, state, result) {
    let item = items.get(picture.id);
    if (!item) {
      item = document.createElement("li");
      const thumb = document.createElement("img");
      thumb.alt = "";
      if (picture.blob.type.startsWith("image/") && !/hei[cf]/.test(picture.blob.type)) thumb.src = URL.createObjectURL(picture.blob);
      else thumb.hidden = true;
      item.append(thumb, part("span", "name", picture.name), part("span", "outcome", ""));
      list.prepend(item);
      items.set(picture.id, item);
    }
    document.getElementById("queue-title").hidden = false;
    item.className = state;
    item.querySelector(".outcome").textContent = message;
    item.querySelector("button")?.remove();
    if (state === "refused" && picture.refused) {
      const button = part("button", "small", words.remove);
      button.onclick = async () => {
        await store("readwrite", (pictures) => pictures.delete(picture.id));
        item.remove();
        items.delete(picture.id);
        count();
      };
      item.append(button);
    }
    for (const advice of result?.advice ?? []) item.append(part("span", "advice", advice.message));
    if (result?.advice?.length) {
      const again = part("label", "button small", words.again);
      again.htmlFor = "camera";
      item.append(again, part("span", "quiet advice-kept", words.kept));
    }
    if (result) {
      const progress = part("span", "progress", "");
      const link = part("a", "", words.open);
      link.href = "/documents/" + result.document_id;
      item.append(progress, link);
      if (!result.duplicate_of) htmx.ajax("GET", `/documents/${result.document_id}/progress`, { source: progress, target: progress, swap: "outerHTML" });
    }
    count();
  }

  async function count() {
    const left = (await store("readonly", (pictures) => pictures.getAll())).filter((picture) => picture.user === words.user && !picture.refused).length;
    document.getElementById("left").textContent = left ? words.queued.replace("{count}", left) : "";
  }

  function online() {
    line.textContent = navigator.onLine ? line.dataset.online : line.dataset.offline;
    line.classList.toggle("good", navigator.onLine);
    line.classList.toggle("warn", !navigator.onLine);
    if (navigator.onLine) { pause = 0; drain(); }
  }

  function part(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }

  window.addEventListener("online", online);
  window.addEventListener("offline", online);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
  online();
  drain();
})();
