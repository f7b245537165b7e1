// Lets the phone page open without a network. Keeps only that page and static files, never documents or answers.
"use strict";

const CACHE = "chapiao-1";
const PAGE = "/phone";

self.addEventListener("install", (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(lasting(event.request));
  else if (address.pathname === PAGE && event.request.mode === "navigate") event.respondWith(page(event.request));
});

// Static addresses carry a hash of the file, so what is kept is never stale.
async function lasting(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) (await caches.open(CACHE)).put(request, fresh.clone());
  return fresh;
}

// The network first; the kept page only when there is none.
async function page(request) {
  try {
    const fresh = await fetch(request);
    if (fresh.ok && !fresh.redirected) (await caches.open(CACHE)).put(PAGE, fresh.clone());
    return fresh;
  } catch (offline) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw offline;
  }
}
