/* Looks how far a pekerjaan is, and loads the page anew once it has begun or ended. */
"use strict";
(() => {
  const box = document.querySelector("[data-pekerjaan]");
  const bar = document.querySelector("progress.kemajuan");
  let before = "";
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.pekerjaan, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw answer;
      const now = await answer.json();
      if (!now.terbuka || (before && now.status !== before)) return location.reload();
      before = now.status;
      box.querySelector("[data-teks]").textContent = now.teks;
      if (now.jumlah) { bar.max = now.jumlah; bar.value = now.kemajuan; }
    } catch { /* the server is away for a moment; the next look tells */ }
    setTimeout(look, 1500);
  };
  if (box) setTimeout(look, 1000);
})();
