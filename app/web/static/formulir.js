/* Forms: rows inside a form, money, photos, drafts of what is not personal, loss of connection. */
"use strict";
(() => {
  const doc = document;
  const { one, all, make, dirty, combo, onClick } = window.bangkit;
  const form = one("form[data-jaga]");
  if (!form) return;
  const kata = form.dataset;

  /* ---- The box of errors leads to its fields ---- */
  onClick[".pesan.galat a[href^='#']"] = (link, event) => {
    const field = doc.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "center" });
    field.focus();
  };

  /* ---- Rows inside the form: added, removed, put in another order ---- */
  const order = (child) => one("[data-urutan]", child);
  const children = (list) => all("[data-anak]", list);
  const number = (list) => {
    const rows = children(list);
    rows.forEach((child, i) => {
      one("[data-nomor]", child).textContent = i + 1;
      const up = one("[data-geser='-1']", child), down = one("[data-geser='1']", child);
      if (up) { up.disabled = i === 0; down.disabled = i === rows.length - 1; }
    });
  };
  const addChild = (section) => {
    const list = one("[data-daftar-anak]", section);
    const used = all("[name]", list).map((e) => Number(e.name.slice(section.dataset.anakDari.length + 1).split("-")[0]) || 0);
    const n = Math.max(-1, ...used) + 1;
    const piece = one("template", section).content.cloneNode(true);
    for (const node of all("*", piece))
      for (const attr of [...node.attributes])
        if (attr.value.includes("__n__")) node.setAttribute(attr.name, attr.value.replaceAll("__n__", n));
    const child = one("[data-anak]", piece);
    const last = Math.max(0, ...children(list).map((c) => Number(order(c)?.value) || 0));
    if (order(child)) order(child).value = last + 1;
    one("[data-nihil]", list)?.remove();
    list.append(piece);
    all("select[data-cari]", child).forEach(combo);
    number(list);
    all("input:not([type=hidden]), select:not([hidden]), textarea", child).find((e) => !("urutan" in e.dataset))?.focus();
    dirty(form);
  };
  const move = (button) => {
    const child = button.closest("[data-anak]");
    const list = child.parentElement;
    const other = button.dataset.geser === "1" ? child.nextElementSibling : child.previousElementSibling;
    if (!other) return;
    const values = children(list).map((c) => order(c).value);
    if (button.dataset.geser === "1") other.after(child); else other.before(child);
    // The numbers stay where they are; the rows change places below them.
    const sorted = values.every((v) => v !== "") && new Set(values).size === values.length;
    children(list).forEach((c, i) => (order(c).value = sorted ? values[i] : i + 1));
    number(list);
    dirty(form);
    (button.disabled ? one(`[data-geser='${-button.dataset.geser}']`, child) : button).focus();
    tell(`${one("header b", child).textContent.trim()}: ${children(list).indexOf(child) + 1} / ${children(list).length}`);
  };
  onClick["[data-tambah-anak]"] = (button) => addChild(button.closest("[data-anak-dari]"));
  onClick["[data-geser]"] = move;
  onClick["[data-lepas]"] = (button) => {
    const child = button.closest("[data-anak]"), list = child.parentElement;
    const next = child.nextElementSibling || child.previousElementSibling;
    child.remove();
    number(list);
    dirty(form);
    (next && one("button:not(:disabled)", next) || one("[data-tambah-anak]", list.parentElement)).focus();
  };
  const voice = make("p", { class: "visually-hidden", role: "status" });
  const tell = (text) => (voice.textContent = text);
  form.append(voice);
  all("[data-daftar-anak]").forEach(number);

  /* ---- Amounts are written as they are read: 1.500.000,50 ---- */
  form.addEventListener("focusout", ({ target }) => {
    if (!("rupa" in target.dataset)) return;
    const [, sign, whole, rest] = /^(?:Rp)?\s*(-?)([\d.]+)(,\d*)?$/.exec(target.value.trim()) || [];
    if (whole === undefined) return;
    const digits = whole.replaceAll(".", "").replace(/^0+(?=\d)/, "");
    target.value = sign + digits.replace(/\B(?=(\d{3})+$)/g, ".") + (rest?.length > 1 ? rest : "");
  });

  /* ---- A chosen photo is shown small, so that a wrong one is seen before it is sent ---- */
  const preview = async (input) => {
    input.nextElementSibling?.matches(".pratinjau") && input.nextElementSibling.remove();
    const file = input.files[0];
    if (!file) return;
    const size = `${Math.max(1, Math.round(file.size / 1024)).toLocaleString("id-ID")} kB`;
    const remove = make("button", { class: "btn btn-biasa", type: "button" }, kata.teksBuang);
    const box = make("div", { class: "pratinjau" }, make("span", { class: "kecil" }, `${file.name} · ${size}`), remove);
    remove.addEventListener("click", () => {
      input.value = "";
      box.remove();
      input.focus();
    });
    input.after(box);
    if (!file.type.startsWith("image/")) return;
    try {
      const image = await createImageBitmap(file, { resizeWidth: 320, resizeQuality: "medium" });
      const canvas = make("canvas", { role: "img", "aria-label": `${kata.teksFoto} ${file.name}` });
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext("2d").drawImage(image, 0, 0);
      box.prepend(canvas);
    } catch { /* a kind of picture that this browser cannot draw is still sent */ }
  };
  onClick["[data-foto]"] = (button) => {
    const input = doc.getElementById(button.dataset.foto);
    input.setAttribute("capture", "environment");
    input.click();
    setTimeout(() => input.removeAttribute("capture"), 1000);
  };
  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-buang]")) target.closest("[data-anak]").classList.toggle("dibuang", target.checked);
    if (target.type === "file") preview(target);
    const box = target.dataset.centang && target.files.length && doc.getElementById(target.dataset.centang);
    if (box) box.checked = true;
  });

  /* ---- Drafts: only fields that the server marks as not personal, for a day, on this browser ---- */
  const DAY = 24 * 60 * 60 * 1000;
  const kept = () => all("[data-draf]", form).filter((e) => e.name && !e.disabled);
  const value = (e) => (e.type === "checkbox" ? e.checked : e.value);
  const read = () => Object.fromEntries(kept().map((e) => [e.name, value(e)]));
  const start = JSON.stringify(read());
  let pending = false;
  const forget = () => { try { localStorage.removeItem(kata.kunciDraf); } catch { /* keeps nothing */ } };
  const load = () => {
    try {
      const found = JSON.parse(localStorage.getItem(kata.kunciDraf));
      return found && Date.now() - found.pada < DAY ? found : forget();
    } catch { return null; }
  };
  const save = () => {
    const isi = read();
    const labels = Object.fromEntries(kept().filter((e) => e.matches("select[data-cari]") && e.value).map((e) => [e.name, e.selectedOptions[0].text]));
    if (JSON.stringify(isi) === start) return pending || forget();
    try { localStorage.setItem(kata.kunciDraf, JSON.stringify({ pada: Date.now(), isi, labels })); } catch { /* full, or refused */ }
  };
  const fill = ({ isi, labels }) => {
    for (const section of all("[data-anak-dari]", form)) {
      const missing = () => Object.keys(isi).some((name) => name.startsWith(`${section.dataset.anakDari}-`) && !form.elements[name]);
      for (let tries = 0; missing() && tries < 100; tries++) addChild(section);
    }
    for (const field of kept()) {
      if (!(field.name in isi)) continue;
      if (field.type === "checkbox") { field.checked = isi[field.name]; continue; }
      const label = labels[field.name];
      if (label && ![...field.options].some((o) => o.value === isi[field.name])) field.add(new Option(label, isi[field.name]));
      field.value = isi[field.name];
      const box = field.closest(".kombo");
      if (box) one("input", box).value = field.value ? field.selectedOptions[0].text : "";
    }
    dirty(form);
  };
  const offer = (draft) => {
    const clock = new Date(draft.pada).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
    const yes = make("button", { class: "btn btn-primary", type: "button" }, kata.pulihkan);
    const no = make("button", { class: "btn btn-biasa", type: "button" }, kata.abaikan);
    const box = make("div", { class: "pesan info", role: "status" }, make("div", {}, make("p", {}, `${kata.adaDraf} (${clock})`), make("div", { class: "bilah mt-2" }, yes, no)));
    pending = true;
    yes.addEventListener("click", () => { pending = false; fill(draft); box.remove(); one("input:not([type=hidden]), select, textarea", form)?.focus(); });
    no.addEventListener("click", () => { pending = false; forget(); box.remove(); });
    form.before(box);
  };
  if (kata.kunciDraf) {
    const draft = load();
    if (draft && kata.jaga !== "kotor" && JSON.stringify(draft.isi) !== start) offer(draft);
    let wait = 0, leaving = false;
    const later = () => { leaving = false; clearTimeout(wait); wait = setTimeout(save, 400); };
    for (const name of ["input", "change"]) form.addEventListener(name, later);
    // Who leaves by Batal wants no draft; who answers the browser's question with "stay" does.
    onClick["a[data-batal]"] = () => { leaving = true; };
    // Signing out leaves nothing behind.
    one("form[action$='/keluar/']")?.addEventListener("submit", () => clearTimeout(wait));
    addEventListener("pagehide", () => { if (leaving) { clearTimeout(wait); forget(); } });
  }

  /* ---- Without a connection nothing is sent: what was typed stays on the screen ---- */
  let said = null;
  doc.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    if (kata.kunciDraf) save();
    if (navigator.onLine) {
      try { if (kata.kunciDraf) sessionStorage.setItem("draf", kata.kunciDraf); } catch { /* keeps nothing */ }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    said?.remove();
    said = make("div", { class: "pesan peringatan", role: "alert", tabindex: "-1" }, make("div", {}, kata.luring));
    one(".bilah-simpan", form).before(said);
    said.focus();
  }, true);
  addEventListener("online", () => said?.remove());
})();
