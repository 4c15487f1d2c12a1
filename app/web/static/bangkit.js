/* Makes pages quicker and safer to use; every page also works without it, except where it says so. */
"use strict";
(() => {
  const doc = document;
  const one = (selector, root = doc) => root.querySelector(selector);
  const all = (selector, root = doc) => [...root.querySelectorAll(selector)];
  const tanya = doc.getElementById("tanya");
  const teks = tanya ? tanya.dataset : {};
  const csrf = () => one("meta[name=csrf-token]")?.content || "";
  const make = (tag, attrs = {}, ...children) => {
    const node = doc.createElement(tag);
    for (const [name, value] of Object.entries(attrs)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  doc.documentElement.classList.add("js");

  /* ---- Ask before an act: data-confirm on a form, a button or a link ---- */
  const ask = (message, isDelete) => new Promise((answer) => {
    const yes = one("[value=ya]", tanya);
    yes.textContent = isDelete ? yes.dataset.hapus : yes.dataset.ya;
    yes.className = isDelete ? "btn btn-bahaya penuh" : "btn btn-primary";
    one("#tanya-pesan").textContent = message;
    tanya.returnValue = "";
    tanya.addEventListener("close", () => answer(tanya.returnValue === "ya"), { once: true });
    tanya.showModal();
  });

  doc.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    const question = button?.dataset.confirm || form.dataset.confirm;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (question && !form.sure) {
      event.preventDefault();
      if (await ask(question, button?.classList.contains("btn-bahaya"))) {
        form.sure = true;
        form.requestSubmit(button);
      }
      return;
    }
    form.sure = false;
    if (form.method === "get" || "unduh" in form.dataset) return;  // the page of a download stays
    if (form.sent) return event.preventDefault();
    form.sent = true;
    setTimeout(() => all("button[type=submit], button:not([type])", form).forEach((b) => b.classList.add("sibuk")));
  });

  addEventListener("pageshow", () => all("form").forEach((form) => {
    form.sent = false;
    all(".sibuk", form).forEach((b) => b.classList.remove("sibuk"));
  }));

  /* ---- One box that ticks all persyaratan; taking one back takes it back too ---- */
  doc.addEventListener("change", ({ target }) => {
    const master = one("[data-centang-semua]");
    if (!master || target.type !== "checkbox") return;
    const boxes = all(master.dataset.centangSemua);
    if (target === master) boxes.forEach((box) => { box.checked = master.checked; });
    else master.checked = boxes.every((box) => box.checked);
  });

  /* ---- One listener for all clicks ---- */
  const onClick = {
    "[data-hapus]": async (link, event) => {
      if (link.tagName !== "A") return;
      event.preventDefault();
      if (!await ask(link.dataset.confirm, true)) return;
      const fields = { csrf_token: csrf(), id: link.dataset.id, url: link.dataset.kembali || "" };
      const form = make("form", { method: "post", action: link.dataset.hapus });
      for (const [name, value] of Object.entries(fields)) form.append(make("input", { type: "hidden", name, value }));
      doc.body.append(form);
      form.submit();
    },
    "[data-buka]": (button) => {
      const panel = doc.getElementById(button.dataset.buka);
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
      if (!panel.hidden) one("select, input:not([type=hidden])", panel)?.focus();
    },
    ".tombol-menu": (link, event) => { event.preventDefault(); menu(true); },
    "[data-tutup-menu]": (link, event) => { event.preventDefault(); menu(false); },
    "[data-lihat-sandi]": (button) => {
      const input = doc.getElementById(button.dataset.lihatSandi);
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    },
    "[data-mundur]": () => history.back(),
    "[data-cetak]": () => print(),
  };
  doc.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(onClick)) {
      const found = event.target.closest(selector);
      if (found) act(found, event);
    }
    all("details:is(.akun, .lembar)[open]").forEach((d) => { if (!d.contains(event.target)) d.open = false; });
    const nav = one("#menu.terbuka");
    if (nav && !nav.contains(event.target) && !event.target.closest(".tombol-menu")) menu(false);
  });
  doc.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const search = one("[data-cari-global]");
    if (search && ((event.key === "/" && !typing) || (event.key === "k" && event.ctrlKey))) {
      event.preventDefault();
      search.click();
    }
    if (event.key !== "Escape") return;
    if (one("#menu.terbuka")) menu(false);
    const sheet = one("details:is(.akun, .lembar)[open]");
    if (sheet) { sheet.open = false; one("summary", sheet).focus(); }
  });

  const menu = (open) => {
    const nav = one("#menu");
    nav.classList.toggle("terbuka", open);
    const button = one(".tombol-menu");
    button.setAttribute("aria-expanded", String(open));
    (open ? one("a", nav) : button).focus();
  };

  /* ---- Leaving a form with unsaved changes ---- */
  const dirty = (form) => { if (form && "jaga" in form.dataset) form.changed = true; };
  doc.addEventListener("input", (event) => dirty(event.target.form));
  addEventListener("beforeunload", (event) => {
    if (all("form[data-jaga]").some((f) => (f.changed || f.dataset.jaga === "kotor") && !f.sent)) event.preventDefault();
  });

  /* ---- The last five picks of a field, of reference data only (the server marks which) ---- */
  const recall = (field) => {
    try { return (field && JSON.parse(localStorage.getItem(`pilihan:${field}`))) || []; } catch { return []; }
  };
  const remember = (field, value, label) => {
    if (!field) return;
    const rest = recall(field).filter(([v]) => v !== value);
    try { localStorage.setItem(`pilihan:${field}`, JSON.stringify([[value, label], ...rest].slice(0, 5))); } catch { /* full, or refused */ }
  };

  /* ---- A form that was stored needs no draft; who signs out leaves nothing behind ---- */
  try {
    const sent = sessionStorage.getItem("draf");
    if (sent && one(".pesan.berhasil")) { localStorage.removeItem(sent); sessionStorage.removeItem("draf"); }
    one("form[action$='/keluar/']")?.addEventListener("submit", () => Object.keys(localStorage)
      .filter((key) => /^(draf|pilihan):/.test(key)).forEach((key) => localStorage.removeItem(key)));
  } catch { /* a browser that keeps nothing */ }

  /* ---- Relation look-up: a select with the first choices becomes a search box ---- */
  let serial = 0;
  const combo = (select) => {
    const id = `kombo-${++serial}`;
    const list = make("ul", { role: "listbox", id, hidden: "" });
    const input = make("input", {
      class: "form-control", type: "text", role: "combobox", autocomplete: "off", placeholder: teks.ketik,
      "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
    });
    for (const name of ["aria-label", "aria-describedby", "aria-invalid"])
      if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
    list.setAttribute("aria-label", select.getAttribute("aria-label") || select.labels[0]?.textContent.trim() || teks.ketik);
    input.id = select.id;
    select.removeAttribute("id");
    select.hidden = true;
    if (select.required) { select.required = false; input.setAttribute("aria-required", "true"); }
    const first = [...select.options].filter((o) => o.value).map((o) => [o.value, o.text]);
    const shown = () => (select.value ? select.selectedOptions[0].text : "");
    input.value = shown();
    let active = -1, wait = 0, turn = 0;

    const options = () => all("[role=option]", list);
    const close = () => { clearTimeout(wait); turn++; list.hidden = true; active = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (n) => {
      const items = options();
      if (!items.length) return;
      active = (n + items.length) % items.length;
      items.forEach((o, i) => o.setAttribute("aria-selected", String(i === active)));
      items[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[active].id);
    };
    const choose = (value, label) => {
      if (value) remember(select.dataset.ingat, value, label);
      if (![...select.options].some((o) => o.value === value)) select.add(new Option(label, value));
      select.value = value;
      input.value = value ? label : "";
      dirty(select.form);
      select.dispatchEvent(new Event("change", { bubbles: true }));
      close();
    };
    const note = (text) => list.replaceChildren(make("li", { class: "catatan" }, text));
    const fill = (rows) => {
      if (!rows.length) note(teks.nihil);
      else list.replaceChildren(...rows.map(([value, label], i) => {
        const item = make("li", { role: "option", id: `${id}-${i}`, "aria-selected": "false" }, label);
        item.addEventListener("mousedown", (e) => { e.preventDefault(); choose(String(value), label); });
        return item;
      }));
      active = -1;
    };
    const open = () => { list.hidden = false; input.setAttribute("aria-expanded", "true"); };
    const search = async () => {
      const words = input.value.trim();
      open();
      if (!words || words === shown()) {
        const recent = recall(select.dataset.ingat);
        const known = new Set(recent.map(([value]) => value));
        fill([...recent, ...first.filter(([value]) => !known.has(value))]);
        if (recent.length) list.prepend(make("li", { class: "catatan", role: "presentation" }, teks.terakhir));
        return;
      }
      const mine = ++turn;
      note(teks.memuat);
      try {
        const address = new URL(select.dataset.cari, location.href);
        address.searchParams.set("query", words);
        const response = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
        if (!response.ok) throw response;
        const rows = await response.json();
        if (mine === turn) fill(rows);
      } catch { if (mine === turn) note(teks.gagal); }
    };
    input.addEventListener("input", () => { clearTimeout(wait); open(); note(teks.memuat); wait = setTimeout(search, 200); });
    input.addEventListener("focus", () => { input.select(); search(); });
    input.addEventListener("blur", () => {
      if (!input.value.trim()) { if (select.value) choose("", ""); } else input.value = shown();
      close();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) search(); else mark(active + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && !list.hidden) {
        event.preventDefault();
        options()[Math.max(active, 0)]?.dispatchEvent(new Event("mousedown"));
      } else if (event.key === "Escape") close();
    });
    const box = make("div", { class: "kombo" });
    select.replaceWith(box);
    box.append(select, input, list);
  };

  /* ---- A long list on the page, narrowed while typing ---- */
  const narrow = (input) => input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const items = all("li", doc.getElementById(input.dataset.saringLokal));
    items.forEach((item) => (item.hidden = !words.every((w) => item.textContent.toLowerCase().includes(w))));
    one("[data-nihil]", input.closest("section")).hidden = items.some((item) => !item.hidden);
  });

  all("select[data-cari]").forEach(combo);
  all("[data-saring-lokal]").forEach(narrow);
  one("[data-fokus]")?.focus();
  window.bangkit = { one, all, make, teks, csrf, dirty, combo, onClick };
  navigator.serviceWorker?.register("/sw.js");
})();
