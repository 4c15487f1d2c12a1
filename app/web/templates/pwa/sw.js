// Keeps the look and one page for the moment without a connection. Pages of the portal hold data
// of residents, so they always come from the server and are never kept.
const BERKAS = {{ berkas|safe }};
const LURING = "{{ luring }}";
const SIMPANAN = "bangkit-" + BERKAS.join("|").split("").reduce((h, c) => (h * 31 + c.charCodeAt(0)) | 0, 7);

self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(SIMPANAN).then((c) => c.addAll(BERKAS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (e) => {
  const lama = (names) => names.filter((n) => n.startsWith("bangkit-") && n !== SIMPANAN);
  e.waitUntil(caches.keys().then((n) => Promise.all(lama(n).map((x) => caches.delete(x)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (e) => {
  if (e.request.method !== "GET") return;
  if (e.request.mode === "navigate") {
    e.respondWith(fetch(e.request).catch(() => caches.match(LURING)));
  } else if (BERKAS.includes(new URL(e.request.url).pathname)) {
    e.respondWith(caches.match(e.request).then((r) => r || fetch(e.request)));
  }
});
