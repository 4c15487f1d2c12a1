/* Draws the API page from its OpenAPI text: one card a tag, one line a route. */
"use strict";
(() => {
  const root = document.getElementById("api");
  if (!root) return;
  const t = root.dataset;
  const make = (tag, attrs = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [k, v] of Object.entries(attrs)) node.setAttribute(k, v);
    node.append(...children.filter((c) => c !== null));
    return node;
  };
  const typeOf = (s = {}) =>
    s.$ref ? s.$ref.split("/").pop()
      : s.type === "array" ? `[${typeOf(s.items)}]`
      : s.enum ? s.enum.join(" | ")
      : [s.type || "object", s.format && `(${s.format})`].filter(Boolean).join(" ");
  const name = (method, path) =>
    path.endsWith("/_info") ? t.info
      : method === "get" && !path.includes("{") ? t.daftar
      : t[method] || "";
  const tone = { get: "biru", post: "hijau", put: "kuning", delete: "merah" };

  const table = (caption, head, rows) => rows.length === 0 ? null : make("div", { class: "gulung mb-3" },
    make("table", { class: "tabel" },
      make("caption", { class: "tebal" }, caption),
      make("thead", {}, make("tr", {}, ...head.map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, ...rows.map((r) => make("tr", {}, ...r.map((c) => make("td", { class: "kode" }, String(c))))))));

  const properties = (spec, schema, depth = 0) => {
    if (!schema) return [];
    if (schema.$ref) {
      const found = schema.$ref.slice(2).split("/").reduce((o, k) => o && o[k], spec);
      return depth > 2 ? [] : properties(spec, found, depth + 1);
    }
    const required = schema.required || [];
    return Object.entries(schema.properties || {}).map(([k, v]) => [k, typeOf(v), required.includes(k) ? t.ya : "–"]);
  };

  const route = (spec, path, method, op) => {
    const body = op.requestBody && Object.values(op.requestBody.content || {})[0];
    const parameters = (op.parameters || []).map((p) => {
      const schema = p.schema || (p.content && Object.values(p.content)[0].schema);
      return [p.name || "–", p.in || "–", typeOf(schema), p.required ? t.ya : "–"];
    });
    return make("details", { class: "bagian" },
      make("summary", { class: "api-jalur" },
        make("span", { class: `lencana ${tone[method] || ""}` }, method.toUpperCase()),
        make("code", {}, path), make("span", { class: "redup" }, name(method, path))),
      table(t.parameter, [t.nama, t.letak, t.jenis, t.wajib], parameters),
      table(t.isi, [t.nama, t.jenis, t.wajib], properties(spec, body && body.schema)),
      make("p", {}, `${t.jawaban}: `, make("span", { class: "kode" }, Object.keys(op.responses || {}).join(", "))));
  };

  const draw = (spec) => {
    const groups = new Map();
    for (const [path, methods] of Object.entries(spec.paths || {}))
      for (const [method, op] of Object.entries(methods)) {
        if (!tone[method]) continue;
        const tag = (op.tags || [t.lain])[0];
        if (!groups.has(tag)) groups.set(tag, []);
        groups.get(tag).push(route(spec, path, method, op));
      }
    root.replaceChildren(...[...groups].map(([tag, routes]) =>
      make("section", { class: "kartu", "aria-label": tag }, make("header", {}, make("h2", {}, tag)), ...routes)));
  };

  fetch(t.sumber, { headers: { Accept: "application/json" } })
    .then((r) => (r.ok ? r.json() : Promise.reject(r)))
    .then(draw)
    .catch(() => root.replaceChildren(make("p", { class: "pesan galat", role: "alert" }, t.gagal)));
})();
