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
    if (form.method === "get") return trim(form);
    if (form.sent) return event.preventDefault();
    form.sent = true;
    setTimeout(() => all("button[type=submit], button:not([type])", form).forEach((b) => b.classList.add("sibuk")));
  });

  /* A filter form sends only what was filled in, so that addresses stay short. */
  const trim = (form) => {
    if (!("saring" in form.dataset)) return;
    const empty = [...form.elements].filter((e) => e.name && e.value === "" && !e.disabled);
    empty.forEach((e) => (e.disabled = true));
    setTimeout(() => empty.forEach((e) => (e.disabled = false)), 500);
  };

  addEventListener("pageshow", () => all("form").forEach((form) => {
    form.sent = false;
    all(".sibuk", form).forEach((b) => b.classList.remove("sibuk"));
  }));

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
    "[data-foto]": (button) => {
      const input = doc.getElementById(button.dataset.foto);
      input.capture = "environment";
      input.click();
      setTimeout(() => input.removeAttribute("capture"), 1000);
    },
    "[data-mundur]": () => history.back(),
    "[data-cetak]": () => print(),
    "[data-tambah-anak]": (button) => addChild(button.closest("[data-anak-dari]")),
    "[data-lepas]": (button) => { button.closest("[data-anak]").remove(); dirty(button.form); },
    ".ubah-sel": (button) => editCell(button.closest("[data-sel]")),
  };
  doc.addEventListener("click", (event) => {
    for (const [selector, act] of Object.entries(onClick)) {
      const found = event.target.closest(selector);
      if (found) act(found, event);
    }
    all("details.akun[open]").forEach((d) => { if (!d.contains(event.target)) d.open = false; });
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
    const account = one("details.akun[open]");
    if (account) { account.open = false; one("summary", account).focus(); }
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
      if (!words || words === shown()) return fill(first);
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

  /* ---- Children inside their parent's form ---- */
  const addChild = (section) => {
    const list = one("[data-daftar-anak]", section);
    const used = all("[name]", list).map((e) => Number(e.name.slice(section.dataset.anakDari.length + 1).split("-")[0]) || 0);
    const n = Math.max(-1, ...used) + 1;
    const piece = one("template", section).content.cloneNode(true);
    for (const node of all("*", piece))
      for (const attr of [...node.attributes])
        if (attr.value.includes("__n__")) node.setAttribute(attr.name, attr.value.replaceAll("__n__", n));
    const child = one("[data-anak]", piece);
    one("header b", child).append(String(all("[data-anak]", list).length + 1));
    one("[data-nihil]", list)?.remove();
    list.append(piece);
    all("select[data-cari]", child).forEach(combo);
    one("input:not([type=hidden]), select:not([hidden]), textarea", child)?.focus();
    dirty(section.closest("form"));
  };

  doc.addEventListener("change", (event) => {
    const target = event.target;
    if (target.matches("[data-buang]")) target.closest("[data-anak]").classList.toggle("dibuang", target.checked);
    if (target.matches("[data-banding]")) compare(target);
    if (target.matches("[data-pilih-semua]")) all("[data-pilih]").forEach((box) => (box.checked = target.checked));
    if (target.matches("[data-pilih], [data-pilih-semua]")) count();
    if (target.matches("[data-centang]") && target.files.length) doc.getElementById(target.dataset.centang).checked = true;
  });

  /* ---- Filters: one way to compare a column at a time ---- */
  const compare = (choice) => all("[data-op]", choice.closest("[data-kolom]")).forEach((part) => {
    const on = part.dataset.op === choice.value;
    part.hidden = !on;
    all("[name]", part).forEach((e) => (e.disabled = !on));
  });

  /* ---- Ticked rows ---- */
  const count = () => {
    const boxes = all("[data-pilih]");
    const ticked = boxes.filter((box) => box.checked).length;
    const bar = doc.getElementById("massal");
    boxes.forEach((box) => box.closest("tr").classList.toggle("terpilih", box.checked));
    bar.hidden = ticked === 0;
    one("[data-jumlah-pilih]").textContent = `${ticked} ${teks.terpilih}`;
    const whole = one("[data-pilih-semua]");
    whole.checked = ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
  };

  /* ---- Change a cell in the list ---- */
  const cellButton = (cell) => {
    const button = make("button", { type: "button", class: "ubah-sel", "aria-label": `${cell.dataset.sebut}: ${cell.textContent.trim()}` });
    button.append(...one("span", cell).childNodes);
    one("span", cell).replaceWith(button);
  };
  const editCell = (cell) => {
    const row = cell.closest("tr");
    const button = one(".ubah-sel", cell);
    const control = one(`template[data-penyunting="${cell.dataset.sel}"]`).content.firstElementChild.cloneNode(true);
    control.setAttribute("aria-label", cell.dataset.sebut);
    control.value = cell.dataset.nilai;
    button.hidden = true;
    cell.append(control);
    control.focus();
    let done = false;
    const back = () => { done = true; control.remove(); button.hidden = false; };
    const store = async () => {
      if (done) return;
      if (control.value === cell.dataset.nilai) return back();
      done = true;
      control.disabled = true;
      one(".galat-isian", cell)?.remove();
      const body = new URLSearchParams({ list_form_pk: row.dataset.id, revisi: row.dataset.revisi, [cell.dataset.sel]: control.value });
      try {
        const response = await fetch(row.closest("table").dataset.ubahUrl, {
          method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" },
        });
        const answer = await response.json().catch(() => ({}));
        if (!response.ok) throw new Error(Object.values(answer.fields || {})[0] || answer.message || teks.gagal);
        if (answer.revisi !== undefined) row.dataset.revisi = answer.revisi;
        cell.dataset.nilai = control.value;
        const text = answer.text;
        (one(".lencana", button) || button).textContent = text || "–";
        button.setAttribute("aria-label", `${cell.dataset.sebut}: ${text}`);
        back();
        button.focus();
      } catch (error) {
        control.disabled = false;
        done = false;
        cell.append(make("span", { class: "galat-isian", role: "alert" }, error.message || teks.gagal));
        control.focus();
      }
    };
    control.addEventListener("blur", () => { if (control.value === cell.dataset.nilai) back(); else store(); });
    if (control.tagName === "SELECT") control.addEventListener("change", store);
    control.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); store(); }
      if (event.key === "Escape") { back(); button.focus(); }
    });
  };

  /* ---- A long list on the page, narrowed while typing ---- */
  const narrow = (input) => input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const items = all("li", doc.getElementById(input.dataset.saringLokal));
    items.forEach((item) => (item.hidden = !words.every((w) => item.textContent.toLowerCase().includes(w))));
    one("[data-nihil]", input.closest("section")).hidden = items.some((item) => !item.hidden);
  });

  all("form[data-lipat]").forEach((form) => (form.hidden = true));
  all("[data-banding]").forEach(compare);
  all("select[data-cari]").forEach(combo);
  all("[data-sel]").forEach(cellButton);
  all("[data-saring-lokal]").forEach(narrow);
  one("[data-fokus]")?.focus();
  navigator.serviceWorker?.register("/sw.js");
})();
