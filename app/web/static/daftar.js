/* Lists of the generated screens: filters, ticked rows, cells that are changed in place. */
"use strict";
(() => {
  const doc = document;
  const { one, all, make, teks, csrf, onClick } = window.bangkit;

  /* ---- Filters: what is empty is not sent, so that addresses stay short ---- */
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("saring" in form.dataset)) return;
    const empty = [...form.elements].filter((e) => e.name && e.value === "" && !e.disabled);
    empty.forEach((e) => (e.disabled = true));
    setTimeout(() => empty.forEach((e) => (e.disabled = false)), 500);
  });

  /* One way to compare a column at a time. */
  const compare = (choice) => all("[data-op]", choice.closest("[data-kolom]")).forEach((part) => {
    const on = part.dataset.op === choice.value;
    part.hidden = !on;
    all("[name]", part).forEach((e) => (e.disabled = !on));
  });

  /* ---- Ticked rows ---- */
  const count = () => {
    const boxes = all("[data-pilih]");
    const ticked = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest("tr").classList.toggle("terpilih", box.checked));
    doc.getElementById("massal").hidden = ticked === 0;
    one("[data-jumlah-pilih]").textContent = `${ticked} ${teks.terpilih}`;
    const whole = one("[data-pilih-semua]");
    whole.checked = ticked === boxes.length;
    whole.indeterminate = ticked > 0 && ticked < boxes.length;
    const rest = one("[data-semua]");
    if (!rest) return;
    rest.hidden = !whole.checked;
    if (rest.hidden) one("input", rest).checked = false;
  };
  const tick = (on) => { all("[data-pilih]").forEach((box) => (box.checked = on)); count(); };

  doc.addEventListener("change", ({ target }) => {
    if (target.matches("[data-banding]")) compare(target);
    if (target.matches("[data-pilih-semua]")) tick(target.checked);
    if (target.matches("[data-pilih]")) count();
  });
  onClick["[data-batal-pilih]"] = () => { tick(false); one("[data-pilih]").focus(); };

  /* ---- Change a cell in place: Enter stores, Escape takes back, Tab stores and goes on ---- */
  const cellButton = (cell) => {
    const text = one("span", cell);
    const button = make("button", { type: "button", class: "ubah-sel", "aria-label": `${cell.dataset.sebut}: ${cell.textContent.trim()}` });
    button.append(...text.childNodes);
    text.replaceWith(button);
  };
  const beside = (cell, step) => {
    const cells = all("[data-sel]");
    return cells[cells.indexOf(cell) + step];
  };
  const editCell = (cell) => {
    const row = cell.closest("tr");
    const button = one(".ubah-sel", cell);
    const control = one(`template[data-penyunting="${cell.dataset.sel}"]`).content.firstElementChild.cloneNode(true);
    let done = false, byKey = false;
    control.setAttribute("aria-label", cell.dataset.sebut);
    control.value = cell.dataset.nilai;
    button.hidden = true;
    cell.append(control);
    control.focus();
    control.select?.();
    const back = () => { done = true; control.remove(); one(".galat-isian", cell)?.remove(); button.hidden = false; };
    const send = async () => {
      const body = new URLSearchParams({ list_form_pk: row.dataset.id, revisi: row.dataset.revisi, [cell.dataset.sel]: control.value });
      const response = await fetch(row.closest("table").dataset.ubahUrl, {
        method: "POST", body, headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" },
      });
      const answer = await response.json().catch(() => ({}));
      if (!response.ok) throw new Error(Object.values(answer.fields || {})[0] || answer.message || teks.gagal);
      return answer;
    };
    const store = async (after) => {
      if (done) return;
      if (control.value === cell.dataset.nilai) { back(); return after?.(); }
      done = true;
      control.readOnly = true;
      one(".galat-isian", cell)?.remove();
      try {
        const answer = await send();
        if (answer.revisi !== undefined) row.dataset.revisi = answer.revisi;
        cell.dataset.nilai = control.value;
        (one(".lencana", button) || button).textContent = answer.text || "–";
        button.setAttribute("aria-label", `${cell.dataset.sebut}: ${answer.text}`);
        back();
        after?.();
      } catch (error) {
        control.readOnly = done = false;
        // A network that failed says so in English; a refusal of ours is an Indonesian sentence.
        const message = error instanceof TypeError ? teks.gagal : error.message;
        cell.append(make("span", { class: "galat-isian", role: "alert" }, message));
        control.focus();
      }
    };
    const stay = () => button.focus();
    control.addEventListener("blur", () => store());
    // The arrow keys change a choice at each press: only Enter or Tab says that it is meant.
    control.addEventListener("pointerdown", () => (byKey = false));
    if (control.tagName === "SELECT") control.addEventListener("change", () => { if (!byKey) store(stay); });
    control.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Enter") { event.preventDefault(); store(stay); }
      if (event.key === "Escape") { event.stopPropagation(); back(); stay(); }
      const next = event.key === "Tab" && beside(cell, event.shiftKey ? -1 : 1);
      if (next) { event.preventDefault(); store(() => editCell(next)); }
    });
  };
  onClick[".ubah-sel"] = (button) => editCell(button.closest("[data-sel]"));

  all("form[data-lipat]").forEach((form) => (form.hidden = true));
  all("[data-banding]").forEach(compare);
  all("[data-sel]").forEach(cellButton);
})();
