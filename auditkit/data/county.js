"use strict";
(() => {
  const D = JSON.parse(document.getElementById("data").textContent);
  const W = D.words, PAGE = 100;
  const main = document.querySelector("main"), live = document.getElementById("live");
  // Everything a paper says reaches the page as text, never as markup.
  const el = (tag, attributes, ...children) => {
    const node = tag === "svg" || tag === "rect" || tag === "text" || tag === "line" || tag === "path" || tag === "circle" || tag === "title" && attributes === null
      ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter(c => c !== null && c !== undefined).map(c => typeof c === "object" ? c : String(c)));
    return node;
  };
  const yuan = fen => {
    if (fen === null || fen === undefined) return "";
    const whole = Math.abs(fen), text = String(Math.floor(whole / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
    return (fen < 0 ? "-" : "") + text + "." + String(whole % 100).padStart(2, "0");
  };
  const range = f => f.low === null ? "" : f.low === f.high ? yuan(f.high) : `${yuan(f.low)}~${yuan(f.high)}`;
  const F = D.findings.map(([c, rule, subject, severity, kind, low, high, message, basis, id, where]) =>
    ({ c, rule, subject, severity, kind, low, high, message, basis, id, where, compound: D.compounds[c] }));
  F.forEach(f => { f.text = [f.compound.name, f.compound.id, f.compound.company, f.compound.county, f.rule, D.rules[f.rule].title, f.subject, f.message].join("\u0001").toLowerCase(); });
  const link = (target, text) => el("a", { href: "#" + target }, text);
  const grade = s => el("span", { class: "g " + s }, s + " " + W.severity[s]);
  const read = () => {
    // The parts are decoded one by one: «&», «%» or «?» in what was searched for is not the address's own.
    const [view, ...query] = location.hash.slice(1).split("?");
    let name = view;
    try { name = decodeURIComponent(view); } catch { /* a bare % in a compound's number */ }
    return { view: name || "findings", q: Object.fromEntries(new URLSearchParams(query.join("?"))) };
  };
  const write = (view, q) => {
    const kept = Object.entries(q).filter(([, v]) => v !== "" && v !== undefined && v !== null);
    const hash = "#" + view + (kept.length ? "?" + new URLSearchParams(kept) : "");
    if (hash !== location.hash) history.replaceState(null, "", hash);
  };

  const COLUMNS = [
    ["severity", W.severity_head, f => f.severity], ["county", W.county, f => f.compound.county],
    ["compound", W.compound, f => f.compound.name], ["company", W.company, f => f.compound.company],
    ["rule", W.rule, f => f.rule], ["subject", W.subject, f => f.subject], ["amount", W.amount, f => f.high === null ? -1 : f.high],
    ["message", W.says, f => f.message],
  ];
  const compare = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b, "zh");
  const selected = (q, findings) => {
    const words = (q.q || "").toLowerCase().split(/\s+/).filter(Boolean);
    const least = q.least ? Math.round(parseFloat(q.least) * 100) : null;
    const rows = findings.filter(f => words.every(w => f.text.includes(w)) && (!q.county || f.compound.county === q.county)
      && (!q.company || f.compound.company === q.company) && (!q.rule || f.rule === q.rule)
      && (!q.severity || f.severity === q.severity) && (!q.kind || f.kind === q.kind)
      && (least === null || (f.high !== null && f.high >= least)));
    const column = COLUMNS.find(c => c[0] === (q.sort || "").replace("-", ""));
    if (column) {
      const sign = q.sort.startsWith("-") ? -1 : 1;
      rows.sort((a, b) => sign * compare(column[2](a), column[2](b)));
    }
    return rows;
  };
  const findingTable = (view, q, findings, again) => {
    const rows = selected(q, findings), pages = Math.max(1, Math.ceil(rows.length / PAGE));
    const page = Math.min(pages, Math.max(1, parseInt(q.page || "1", 10)));
    const head = COLUMNS.map(([key, word]) => {
      const state = q.sort === key ? "ascending" : q.sort === "-" + key ? "descending" : "none";
      const next = q.sort === key ? "-" + key : key;
      return el("th", { scope: "col", class: key === "amount" ? "n" : null, "aria-sort": state },
        el("button", { type: "button", "data-sort": key, onclick: () => again({ ...q, sort: next, page: "" }) }, word + (state === "ascending" ? " ▲" : state === "descending" ? " ▼" : "")));
    });
    const line = f => el("tr", { id: f.id }, el("td", null, grade(f.severity)), el("td", { class: "k" }, f.compound.county),
      el("td", null, link("compound/" + f.compound.id, f.compound.name)), el("td", null, f.compound.company),
      el("td", null, f.rule + " " + D.rules[f.rule].title), el("td", null, f.subject), el("td", { class: "n" }, range(f), f.kind === "indicator" && f.low !== null ? el("div", { class: "sub" }, W.indicator) : null),
      el("td", { class: "m" }, f.message, f.where ? el("div", { class: "sub" }, f.where) : null, f.basis ? el("div", { class: "sub" }, f.basis) : null));
    const body = el("tbody", null, rows.slice((page - 1) * PAGE, page * PAGE).map(line));
    const money = (kind) => rows.reduce((sum, f) => sum + (f.kind === kind && f.severity < "S3" && f.high !== null ? f.high : 0), 0);
    const count = W.shown.replace("{n}", rows.length).replace("{all}", findings.length);
    live.textContent = count;
    const pager = el("p", { class: "pager" }, el("button", { type: "button", disabled: page <= 1 ? "" : null, onclick: () => again({ ...q, page: page - 1 }) }, W.before), ` ${page} / ${pages} `,
      el("button", { type: "button", disabled: page >= pages ? "" : null, onclick: () => again({ ...q, page: page + 1 }) }, W.after));
    const table = el("div", { class: "wide" }, el("table", null, el("caption", { class: "visually-hidden" }, W.findings), el("thead", null, el("tr", null, head)), body));
    table.fill = () => body.replaceChildren(...rows.map(line));
    return [el("p", { class: "sub", id: "count" }, count + " · " + W.sums.replace("{a}", yuan(money("exception"))).replace("{b}", yuan(money("indicator")))), table, pages > 1 ? pager : null];
  };
  const choice = (name, word, values, q, again) => el("label", null, word, el("select", { name, onchange: e => again({ ...q, [name]: e.target.value, page: "" }) },
    el("option", { value: "" }, W.all), values.map(([value, text]) => el("option", { value, selected: q[name] === value ? "" : null }, text))));
  const unique = values => [...new Set(values)].filter(Boolean).sort((a, b) => a.localeCompare(b, "zh")).map(v => [v, v]);

  let printing = null;
  const showFindings = (view, q, findings, place) => {
    const target = place || el("div", null), result = el("div", { id: "result" });
    const again = next => { write(view, next); Object.keys(q).forEach(k => delete q[k]); Object.assign(q, next); draw(); };
    let waiting = 0;
    const search = el("input", { type: "search", name: "q", value: q.q || "", placeholder: W.search_hint, oninput: e => { clearTimeout(waiting); waiting = setTimeout(() => again({ ...q, q: e.target.value, page: "" }), 120); } });
    const least = el("input", { type: "number", name: "least", min: "0", step: "any", value: q.least || "", onchange: e => again({ ...q, least: e.target.value, page: "" }) });
    target.append(el("form", { class: "tools", role: "search", onsubmit: e => e.preventDefault() }, el("label", null, W.search, search),
      choice("county", W.county, unique(findings.map(f => f.compound.county)), q, n => again(n)), choice("company", W.company, unique(findings.map(f => f.compound.company)), q, n => again(n)),
      choice("rule", W.rule, [...new Set(findings.map(f => f.rule))].sort().map(r => [r, r + " " + D.rules[r].title]), q, n => again(n)),
      choice("severity", W.severity_head, Object.entries(W.severity).map(([s, t]) => [s, s + " " + t]), q, n => again(n)),
      choice("kind", W.kind, [["exception", W.exception], ["indicator", W.indicator]], q, n => again(n)), el("label", null, W.least, least),
      el("button", { type: "button", id: "clear", onclick: () => { write(view, {}); render(); } }, W.clear)), result);
    const draw = () => {
      const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.sort : null;
      const parts = findingTable(view, q, findings, again).filter(Boolean);
      printing = parts[1].fill;
      result.replaceChildren(...parts);
      if (focus) { const same = result.querySelector(`[data-sort="${focus}"]`); if (same) same.focus(); }
    };
    draw();
    return target;
  };

  const SHADES = ["#0072b2", "#e69f00", "#56b4e9", "#d55e00", "#009e73", "#f0e442", "#bbbbbb"];
  const bars = (title, months, all) => {
    const sum = list => list.reduce((a, b) => a + b, 0);
    const order = Object.keys(all).sort((a, b) => sum(all[b]) - sum(all[a]) || a.localeCompare(b, "zh"));
    const series = Object.fromEntries(order.slice(0, 6).map(n => [n, all[n]]));
    if (order.length > 6) series[W.other] = months.map((_, i) => sum(order.slice(6).map(n => all[n][i])));
    const names = Object.keys(series), width = 720, height = 190, left = 70, bottom = 26, step = (width - left) / Math.max(1, months.length);
    const totals = months.map((_, i) => names.reduce((s, n) => s + Math.max(0, series[n][i]), 0)), top = Math.max(1, ...totals);
    const svg = el("svg", { viewBox: `0 0 ${width} ${height + bottom}`, role: "img", "aria-label": title });
    months.forEach((m, i) => {
      let y = height;
      names.forEach((n, k) => {
        const value = Math.max(0, series[n][i]), h = value / top * (height - 18);
        if (!h) return;
        y -= h;
        const bar = el("rect", { x: left + i * step + step * 0.15, y, width: step * 0.7, height: h, fill: SHADES[k], stroke: "#1b1f24", "stroke-width": 0.6 });
        bar.append(el("title", null, `${m} ${n} ${yuan(value)}`));
        svg.append(bar);
      });
      svg.append(el("text", { x: left + (i + 0.5) * step, y: height + 16, "text-anchor": "middle" }, m.slice(2)));
    });
    svg.append(el("line", { x1: left, x2: width, y1: height, y2: height, stroke: "#57606a" }), el("text", { x: left - 6, y: 22, "text-anchor": "end" }, yuan(top)), el("text", { x: left - 6, y: height, "text-anchor": "end" }, "0"));
    const table = el("table", null, el("thead", null, el("tr", null, el("th", { scope: "col" }, W.category), months.map(m => el("th", { scope: "col", class: "n" }, m)), el("th", { scope: "col", class: "n" }, W.total))),
      el("tbody", null, order.map(n => el("tr", null, el("th", { scope: "row" }, n), all[n].map(v => el("td", { class: "n" }, yuan(v))), el("td", { class: "n" }, yuan(sum(all[n])))))));
    const legend = el("p", null, names.map((n, k) => { const key = el("svg", { width: 12, height: 12, "aria-hidden": "true" }); key.style.display = "inline-block"; key.append(el("rect", { width: 12, height: 12, fill: SHADES[k] })); return [key, " " + n + "　"]; }));
    return [el("h3", null, title), el("div", { class: "wide" }, svg), legend, el("details", null, el("summary", null, W.figures), el("div", { class: "wide" }, table))];
  };
  const prices = (rows, found) => {
    if (!rows.length) return [el("p", { class: "note" }, W.no_prices)];
    const banded = rows.filter(r => r[6]), width = 720, left = 250, high = 26, foot = 22;
    // Twice the median and a half more: what lies beyond is drawn at the edge, its figure stands beside it.
    const x = share => left + Math.min(share, 2.5) / 2.5 * (width - left - 20);
    const svg = el("svg", { viewBox: `0 0 ${width} ${banded.length * high + foot}`, role: "img", "aria-label": W.prices });
    banded.forEach(([number, category, price, peers, low, q1, median, q3, most], i) => {
      const y = (i + 0.5) * high, at = x(price / median), bad = found.has(number);
      const line = (a, b, w) => el("line", { x1: x(a / median), x2: x(b / median), y1: y, y2: y, stroke: "#57606a", "stroke-width": w });
      const dot = bad ? el("path", { d: `M${at - 6} ${y}L${at} ${y - 6}L${at + 6} ${y}L${at} ${y + 6}Z`, fill: "#d55e00", stroke: "#1b1f24" }) : el("circle", { cx: at, cy: y, r: 5, fill: "#0072b2", stroke: "#1b1f24" });
      dot.append(el("title", null, `${number} ${category} ${yuan(price)} / ${yuan(median)} (${peers})`));
      svg.append(el("text", { x: left - 8, y: y + 4, "text-anchor": "end" }, number + " " + category), line(low, most, 1.5), line(q1, q3, 7),
        el("line", { x1: x(1), x2: x(1), y1: y - 8, y2: y + 8, stroke: "#1b1f24", "stroke-width": 2 }), dot);
    });
    [0, 0.5, 1, 1.5, 2].forEach(v => svg.append(el("text", { x: x(v), y: banded.length * high + 14, "text-anchor": "middle" }, v * 100 + "%")));
    const heads = [[W.contract], [W.category], [W.price, "n"], [W.peers, "n"], [W.median, "n"]];
    const table = el("table", null, el("thead", null, el("tr", null, heads.map(([w, k]) => el("th", { scope: "col", class: k }, w)))), el("tbody", null, rows.map(r =>
      el("tr", null, el("th", { scope: "row" }, r[0]), el("td", null, r[1]), el("td", { class: "n" }, yuan(r[2])), el("td", { class: "n" }, r[3]), el("td", { class: "n" }, r[6] ? yuan(r[6]) : W.few)))));
    return [el("h3", null, W.prices), banded.length ? el("div", { class: "wide" }, svg) : el("p", { class: "note" }, W.few), banded.length ? el("p", { class: "sub" }, W.prices_hint) : null,
      el("details", null, el("summary", null, W.figures), el("div", { class: "wide" }, table))].filter(Boolean);
  };
  const showCompound = id => {
    const c = D.compounds.find(x => x.id === id);
    if (!c) return el("p", { class: "note bad" }, W.nowhere + id);
    const own = F.filter(f => f.compound === c), made = Object.entries(c.tests);
    const states = state => made.filter(([, s]) => s === state).map(([r]) => r);
    const untested = [...states("untested"), ...states("partial")].sort();
    const box = el("div", null, el("h2", { tabindex: "-1", id: "top" }, c.name), el("dl", null, el("dt", null, W.number), el("dd", null, c.id), el("dt", null, W.county), el("dd", null, c.county), el("dt", null, W.company), el("dd", null, c.company),
      el("dt", null, W.period), el("dd", null, c.period.join(" ~ ")), el("dt", null, W.files), el("dd", null, c.files.map(f => [el("a", { href: encodeURIComponent(c.folder) + "/" + encodeURIComponent(f) }, f), "　"]))),
      untested.length ? el("p", { class: "note" }, W.untested.replace("{n}", untested.length) + untested.map(r => r + " " + D.rules[r].title).join("、")) : null,
      c.pack_loaded ? null : el("p", { class: "note" }, W.no_pack));
    if (c.months.length && Object.keys(c.income).length) box.append(...bars(W.income_by_month, c.months, c.income));
    box.append(...prices(c.prices, new Set(own.filter(f => f.rule === "CTR02").map(f => f.subject))));
    box.append(el("h3", null, W.findings));
    return showFindings("compound/" + id, read().q, own, box);
  };
  const showCompounds = () => {
    const rows = D.compounds.map(c => { const own = F.filter(f => f.compound === c), made = Object.values(c.tests); return { c, n: own.length, s1: own.filter(f => f.severity === "S1").length, high: c.established, lead: c.indicator, untested: made.filter(s => s === "untested" || s === "partial").length }; });
    rows.sort((a, b) => b.s1 - a.s1 || b.high - a.high || a.c.name.localeCompare(b.c.name, "zh"));
    return el("div", null, el("h2", null, W.compounds), el("div", { class: "wide" }, el("table", null, el("thead", null, el("tr", null, [W.compound, W.county, W.company].map(w => el("th", { scope: "col" }, w)), [W.findings, "S1", W.established, W.leads, W.untested_short].map(w => el("th", { scope: "col", class: "n" }, w)))),
      el("tbody", null, rows.map(r => el("tr", null, el("td", null, link("compound/" + r.c.id, r.c.name)), el("td", null, r.c.county), el("td", null, r.c.company), [r.n, r.s1, yuan(r.high), yuan(r.lead), r.untested].map(v => el("td", { class: "n" }, v))))))));
  };
  const showPapers = () => el("div", null, el("h2", null, W.papers), el("p", { class: "sub" }, W.papers_sub), el("div", { class: "wide" }, el("table", { class: "map" }, el("thead", null, el("tr", null, el("th", { scope: "col" }, W.compound), D.tables.map(([, zh]) => el("th", { scope: "col" }, zh)))),
    el("tbody", null, D.compounds.map(c => el("tr", null, el("th", { scope: "row" }, link("compound/" + c.id, c.name)), D.tables.map(([name]) => c.given.includes(name) ? el("td", { class: "yes" }, W.yes) : el("td", { class: "no" }, W.no))))),
    el("tfoot", null, el("tr", null, el("th", { scope: "row" }, W.total), D.tables.map(([name]) => el("td", null, D.compounds.filter(c => c.given.includes(name)).length + "/" + D.compounds.length)))))));
  const card = (word, value) => el("div", { class: "card" }, word, el("b", null, value));
  const showAll = () => {
    const box = el("div", null, el("div", { class: "cards" }, card(W.compounds, D.compounds.length), card(W.findings, F.length), card(W.established, yuan(D.established)), card(W.leads, yuan(D.indicator)), card(W.failed, D.failed.length)),
      el("p", { class: "sub" }, W.apart), D.failed.length ? el("div", { class: "note bad" }, el("strong", null, W.failed_long), el("ul", null, D.failed.map(([name, why]) => el("li", null, name + "：" + why)))) : null,
      D.fire.length ? el("div", { class: "note" }, el("strong", null, W.fire), el("ul", null, D.fire.map(t => el("li", null, t)))) : null);
    return showFindings("findings", read().q, F, box);
  };
  const render = () => {
    const { view } = read();
    printing = null;
    document.querySelectorAll("nav a").forEach(a => a.getAttribute("href") === "#" + view.split("/")[0] || view.startsWith("compound/") && a.getAttribute("href") === "#compounds" ? a.setAttribute("aria-current", "page") : a.removeAttribute("aria-current"));
    main.replaceChildren(view.startsWith("compound/") ? showCompound(view.slice(9)) : view === "compounds" ? showCompounds() : view === "papers" ? showPapers() : showAll());
    const top = document.getElementById("top");
    if (top) top.focus({ preventScroll: false }); else window.scrollTo(0, 0);
  };
  window.addEventListener("hashchange", render);
  window.addEventListener("beforeprint", () => { if (printing) printing(); });
  window.addEventListener("afterprint", render);
  render();
})();
