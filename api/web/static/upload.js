// The upload page: several files, dropped or chosen, two at a time, each with its progress and outcome.
"use strict";

(() => {
  const form = document.getElementById("upload");
  const list = document.getElementById("uploads");
  const words = form.dataset;
  const waiting = [];
  let sending = 0;
  const AT_ONCE = 2;

  form.querySelector("input[type=file]").addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); form.classList.add("over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    document.addEventListener(kind, (event) => { event.preventDefault(); if (kind === "drop" || !event.relatedTarget) form.classList.remove("over"); });
  }
  document.addEventListener("drop", (event) => add(event.dataTransfer.files));
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

  function add(files) {
    for (const file of files) {
      const item = document.createElement("li");
      item.append(part("span", "name", file.name), document.createElement("progress"), part("span", "outcome", ""));
      item.querySelector("progress").max = 1;
      item.querySelector("progress").value = 0;
      list.prepend(item);
      waiting.push({ file, item });
    }
    next();
  }

  function next() {
    while (sending < AT_ONCE && waiting.length) send(waiting.shift());
  }

  function send(job) {
    const { file, item } = job;
    const bar = item.querySelector("progress");
    const outcome = item.querySelector(".outcome");
    const body = new FormData();
    body.append("files", file, file.name);
    const request = new XMLHttpRequest();
    sending += 1;
    item.className = "";
    bar.hidden = false;
    outcome.textContent = words.sending;
    request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = () => show(job, request);
    request.onerror = () => failed(job, words.lost);
    request.onloadend = () => { sending -= 1; bar.hidden = true; next(); };
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  }

  function show(job, request) {
    let answer;
    try { answer = JSON.parse(request.responseText); } catch { return failed(job, String(request.status)); }
    const result = answer.results && answer.results[0];
    if (!result || result.error) return failed(job, (result || answer).error.message, request.status >= 500, result);
    const { item } = job;
    item.className = "safe";
    const outcome = item.querySelector(".outcome");
    outcome.textContent = result.duplicate_of ? words.duplicate : result.members ? words.members.replace("{count}", result.members) : words.safe;
    for (const advice of result.advice ?? []) item.append(part("span", "advice", advice.message));
    if (result.advice?.length) item.append(part("span", "quiet advice-kept", words.kept));
    if (!result.duplicate_of && !result.members) {
      const progress = part("span", "progress", "");
      item.append(progress);
      htmx.ajax("GET", `/documents/${result.document_id}/progress`, { source: progress, target: progress, swap: "outerHTML" });
    }
    item.append(open(result));
  }

  function open(result) {
    const link = part("a", "", words.open);
    link.href = "/documents/" + result.document_id;
    return link;
  }

  function failed(job, message, again = true, result = null) {
    job.item.className = "refused";
    job.item.querySelector(".outcome").textContent = message;
    job.item.querySelector("button")?.remove();
    if (result?.document_id) job.item.append(open(result));
    if (!again) return;
    const button = part("button", "small", words.retry);
    button.type = "button";
    button.onclick = () => { button.remove(); waiting.push(job); next(); };
    job.item.append(button);
  }

  function part(tag, name, text) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = text;
    return made;
  }
})();
