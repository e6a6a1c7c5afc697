// The page: what is chosen, what is asked for, what is shown.

import { field, json, live } from "./api.js";
import { chart } from "./charts.js";
import { drawBar, nice, scale } from "./colours.js";
import { FieldMap } from "./map.js";
import { mechanismMap, showLetters, showMechanism, showModels } from "./models.js";
import * as words from "./words.js";

const { element } = words;
const id = (name) => document.getElementById(name);
const VIEWS = [
  { name: "forecast", title: "Forecast", why: "" },
  { name: "observed", title: "Observed", why: "not observed yet" },
  { name: "error", title: "Error", why: "not observed yet; error is forecast − observation" },
  { name: "change", title: "Change", why: "the issue time itself has not been observed; change is forecast − observation at issue time" },
  { name: "mechanism", title: "Mechanism", why: "these weights hold one law for all cells, or none" },
];
const BETWEEN_STEPS = 450; // milliseconds

let state = null;
let scores = [];
let models = { champions: [], events: [], mechanisms: [] };
let asked = 0; // counts requests, so that an answer that comes late is not shown
const chosen = { stream: 0, variable: 0, issue: null, follow: true, lead: null, view: "forecast", product: "forecast", quantity: 0, place: null, byHand: false };
let playing = null;
let hovered = null;
let shown = null; // what is on the map: values and what they are

const map = new FieldMap(id("map"), hover, (cell) => {
  chosen.place = cell;
  map.chosen = cell;
  map.draw();
  showPlace();
  showCards();
});

// ---- what is chosen

const stream = () => state.streams[chosen.stream];
const series = () => stream().variables[chosen.variable];
const issue = () => series().issues.find((one) => one.issue === chosen.issue);
const lead = () => issue()?.leads.find((one) => one.lead === chosen.lead);
const units = () => words.units(series().units);
const unitsShown = () => (shown?.view === "mechanism" ? quantity().units : units());
const query = (more) => ({ stream: stream().name, variable: series().name, ...more });

/** Keeps the choice possible: issue times come and go. */
const settle = () => {
  chosen.stream = Math.min(chosen.stream, state.streams.length - 1);
  chosen.variable = Math.min(chosen.variable, stream().variables.length - 1);
  const { issues } = series();
  if (issues.length === 0) return;
  if (chosen.follow || !issue()) chosen.issue = newestWhole(issues).issue;
  if (!lead()) {
    const { leads } = issue();
    chosen.lead = (leads.find((one) => one.lead >= (chosen.lead ?? 1)) ?? leads[leads.length - 1]).lead;
  }
  if (!issue().products.includes(chosen.product)) chosen.product = "forecast";
};

/** The newest issue time with as many leads as any: the next may just be coming in. */
const newestWhole = (issues) => {
  const most = Math.max(...issues.map((one) => one.leads.length));
  return issues.findLast((one) => one.leads.length === most);
};

const possible = (view) =>
  ({ forecast: true, change: issue()?.analysed, mechanism: Boolean(law()?.maps.length) })[view] ?? lead()?.observed;

/** Not of every model. */
const offered = (view) => view.name !== "mechanism" || chosen.view === "mechanism" || possible("mechanism");

const quantity = () => {
  const { maps } = law();
  chosen.quantity %= maps.length;
  return mechanismMap(maps[chosen.quantity], stepHours());
};

// ---- fields

const valuesOf = async (view, at) => {
  const { issue: time, revision } = issue();
  const forecast = (product) => field(query({ product, issue: time, lead: at.lead, revision }));
  const observed = (when) => field(query({ product: "observed", time: when }));
  if (view === "forecast") return forecast(chosen.product);
  if (view === "mechanism") {
    const all = await mechanismValues();
    const cells = series().grid.rows * series().grid.columns;
    const { factor } = quantity();
    return all && all.slice(chosen.quantity * cells, (chosen.quantity + 1) * cells).map((value) => factor * value);
  }
  if (view === "observed") return observed(at.valid);
  const [one, other] = await Promise.all([forecast("forecast"), observed(view === "error" ? at.valid : time)]);
  return one && other && one.map((value, i) => value - other[i]);
};

/** The same for every lead, so that colours can be compared while it plays. */
const coloursOf = (view, values) => {
  if (view === "forecast" && chosen.product === "spread") {
    return scale("spread", 0, nice(0, greatest(values))[1]);
  }
  if (view === "forecast" || view === "observed") {
    return scale("value", ...nice(...(series().range ?? d3.extent(values))));
  }
  if (view === "mechanism") {
    const sorted = Float32Array.from(values.filter((value) => value === value)).sort();
    const [low, high] = [0.02, 0.98].map((p) => d3.quantileSorted(sorted, p)); // a few cells would take all colours
    const end = nice(0, Math.max(Math.abs(low), Math.abs(high)) || 1)[1];
    return quantity().signed ? scale("difference", -end, end) : scale("spread", ...nice(low, high));
  }
  const known = curve("rmse_" + (view === "change" ? "persistence" : "climatology")).concat(curve("rmse"));
  const end = known.length ? nice(0, 2.5 * d3.max(known, (p) => p[1]))[1] : nice(0, greatest(values.map(Math.abs)) || 1)[1];
  return scale("difference", -end, end);
};

/** Before anybody has chosen a place: one with a value, in mid-latitudes or in the middle of a region. */
const choosePlace = (values) => {
  const { grid, box } = map;
  const centre = grid.wraps ? { latitude: 48, longitude: -20 } : { latitude: (box.north + box.south) / 2, longitude: (box.west + box.east) / 2 };
  const far = (i) => {
    const at = map.position({ row: Math.floor(i / grid.columns), column: i % grid.columns });
    const east = ((((at.longitude - centre.longitude) % 360) + 540) % 360) - 180;
    return Number.isNaN(values[i]) ? Infinity : Math.hypot(at.latitude - centre.latitude, east);
  };
  const nearest = d3.leastIndex(Array.from(values.keys()), (i, j) => far(i) - far(j));
  chosen.place = map.chosen = { row: Math.floor(nearest / grid.columns), column: nearest % grid.columns };
  chosen.placed = stream().name;
};

const greatest = (values) => values.reduce((most, value) => (value > most ? value : most), 0);

// ---- scores

/** Of these weights, or else of the newest that were scored. */
const ours = () => {
  const all = scores.filter((one) => one.stream === stream().name && one.variable === series().name);
  const weights = issue()?.weights;
  const same = all.filter((one) => one.weights_sha256 === weights);
  const newest = all.length ? all[all.length - 1].weights_sha256 : null;
  return (same.length ? same : all.filter((one) => one.weights_sha256 === newest)).sort((a, b) => a.lead - b.lead);
};

const curve = (name) => ours().filter((one) => one[name] != null).map((one) => [words.hoursOf(one.lead_time), one[name]]);

const REFERENCES = [
  ["persistence", "persistence"],
  ["climatology", "climatology"],
  ["damped", "damped"],
];

/** The reference that is beaten least: skill against an easier one says little. */
const hardest = (score) =>
  d3.least(REFERENCES.filter(([name]) => score?.["skill_" + name] != null), ([name]) => score["skill_" + name]) ?? REFERENCES[0];

const scoreNow = () => ours().find((one) => one.lead === chosen.lead);

/** Area-weighted over the cells that are present in both. */
const rmseOf = (values) => {
  const { lats } = map;
  const { columns } = series().grid;
  let sum = 0, weights = 0;
  values.forEach((value, i) => {
    if (value === value) {
      const weight = Math.max(0, Math.cos((lats[Math.floor(i / columns)] * Math.PI) / 180));
      sum += weight * value * value;
      weights += weight;
    }
  });
  return weights ? Math.sqrt(sum / weights) : null;
};

// ---- what is shown

const show = () => {
  if (!state) return;
  const any = state.streams.some((one) => one.variables.some((v) => v.issues.length));
  id("main").hidden = !any;
  id("empty").hidden = any;
  id("empty-why").textContent = state.trouble || `Following ${state.streams.map((one) => one.name).join(", ")}; forecasts appear here as they are issued.`;
  id("notice").hidden = !state.notice;
  id("notice").textContent = state.notice ?? "";
  showStreams();
  if (!any) return;
  if (!series().issues.length && chosen.lead == null && !chosen.byHand) {
    chosen.stream = state.streams.findIndex((one) => one.variables.some((v) => v.issues.length));
    chosen.variable = stream().variables.findIndex((v) => v.issues.length);
    showStreams();
  }
  settle();
  showChoices();
  showLeads();
  showHeadline();
  showMap();
  showCharts();
  showPlace();
  showCards();
};

/** In the place of those before; what had the focus keeps it. */
const replace = (host, ...children) => {
  const focused = [...host.children].indexOf(document.activeElement);
  host.replaceChildren(...children);
  host.children[focused]?.focus();
};

const showStreams = () => {
  replace(id("streams"),
    ...state.streams.map((one, i) =>
      element("button", { type: "button", "aria-current": String(i === chosen.stream), onclick: () => chooseStream(i) },
        one.name, " ", element("span", {}, one.model))));
};

const options = (select, values, now) => {
  const same = select.options.length === values.length && values.every(([value, text], i) => select.options[i].value === value && select.options[i].text === text);
  if (!same) select.replaceChildren(...values.map(([value, text]) => element("option", { value }, text)));
  select.value = now;
};

const showChoices = () => {
  const { issues } = series();
  id("variable-pick").hidden = stream().variables.length < 2;
  options(id("variable"), stream().variables.map((v, i) => [String(i), v.name]), String(chosen.variable));
  options(id("issue"), [...issues].reverse().map((one) => [one.issue, words.time(one.issue) + (one.revision ? ` r${one.revision}` : "")]), chosen.issue);
  id("follow").checked = chosen.follow;
  const products = issue()?.products ?? ["forecast"];
  id("product-pick").hidden = products.length < 2;
  options(id("product"), products.map((p) => [p, productName(p, products)]), chosen.product);
  const maps = chosen.view === "mechanism" && possible("mechanism") ? law().maps : [];
  id("quantity-pick").hidden = id("quantity-hint").hidden = maps.length === 0;
  id("views-last").textContent = VIEWS.filter(offered).length;
  options(id("quantity"), maps.map((name, i) => [String(i), mechanismMap(name, stepHours()).title]), String(chosen.quantity));
  replace(id("views"),
    ...VIEWS.filter(offered).map((view, i) => {
      const can = issue() && lead() && possible(view.name);
      return element("button", {
        type: "button", "aria-pressed": String(chosen.view === view.name), disabled: !can && chosen.view !== view.name,
        title: can ? `${view.title} (${i + 1})` : view.why, onclick: () => chooseView(view.name),
      }, view.title);
    }));
};

const productName = (product, all) => {
  if (product === "forecast") return all.length > 1 ? "mean" : "forecast";
  if (product.startsWith("q")) return `${+(100 * product.slice(1)).toFixed(1)} % quantile`;
  return product.replace("member", "member ");
};

const showLeads = () => {
  const leads = issue()?.leads ?? [];
  const every = Math.ceil(leads.length / 12);
  replace(id("leads"),
    ...leads.map((one, i) => {
      const text = words.lead(chosen.issue, one.valid);
      const now = one.lead === chosen.lead;
      return element("button", {
        type: "button", role: "option", "aria-selected": String(now), class: one.observed ? "observed" : "", tabindex: now ? 0 : -1,
        title: `${text}, valid ${words.longTime(one.valid)}${one.observed ? ", observed" : ""}`, onclick: () => chooseLead(one.lead),
      }, now || (i % every === every - 1 && Math.abs(i - leads.indexOf(lead())) > (leads.length > 12 ? 1 : 0)) ? text : "");
    }));
};

const showHeadline = () => {
  const at = lead();
  id("variable-name").textContent = `${series().long_name || series().name} (${stream().name})`;
  if (!at) {
    for (const number of ["valid", "lead", "skill", "rmse", "acc"]) id(number).textContent = "–";
    for (const sub of ["issued", "lead-count", "skill-sub", "rmse-sub", "acc-sub"]) id(sub).textContent = "";
    return;
  }
  const score = scoreNow();
  const of = issue();
  id("valid").textContent = words.longTime(at.valid);
  id("issued").textContent = `issued ${words.longTime(of.issue)}${of.revision ? `, revision ${of.revision}` : ""} by ${of.model} ${words.short(of.weights)}`;
  id("lead").textContent = words.lead(of.issue, at.valid);
  id("lead-count").textContent = `step ${at.lead} of ${stream().horizon}`;
  const [reference, title] = hardest(score);
  const skill = score?.["skill_" + reference];
  id("skill-name").textContent = `Skill vs ${title}`;
  id("skill").textContent = skill == null ? "–" : `${words.signed(100 * skill, 0)} %`;
  id("skill").className = "big " + (skill == null ? "" : skill > 0 ? "good" : "bad");
  id("skill-sub").textContent = score
    ? `the hardest reference, ${score.n} verified`
    : ours().length ? "this lead is not verified" : "no forecast verified yet";
  id("rmse").textContent = score ? `${words.number(score.rmse)} ${units()}` : "–";
  id("rmse-sub").textContent = score?.["rmse_" + reference] != null ? `${title} ${words.number(score["rmse_" + reference])}` : "";
  id("acc").textContent = score?.acc == null ? "–" : score.acc.toFixed(3).replace("-", "−");
  id("acc-sub").textContent = score ? `bias ${words.signed(score.bias)} ${units()}` : "";
  document.title = `${words.lead(of.issue, at.valid)} ${series().name} – Etesian`;
};

const showMap = async () => {
  const mine = ++asked; // first: what is on its way belongs to the choice before
  const at = lead();
  const { grid } = series();
  if (!at || !grid) {
    map.clear();
    id("colourbar").replaceChildren();
    shown = null;
    message(`No forecast of ${stream().name} among the newest records`);
    return;
  }
  const view = possible(chosen.view) ? chosen.view : null;
  if (!view) {
    map.show(keepGrid(grid), null, null);
    id("colourbar").replaceChildren();
    shown = null;
    message(`${VIEWS.find((one) => one.name === chosen.view).title}: ${VIEWS.find((one) => one.name === chosen.view).why}`);
    return;
  }
  try {
    const values = await valuesOf(view, at);
    if (mine !== asked) return;
    const colours = coloursOf(view, values);
    shown = { view, values, at };
    map.show(keepGrid(grid), values, colours);
    if (!chosen.place && chosen.placed !== stream().name) {
      choosePlace(values);
      map.draw();
      showPlace();
    }
    drawBar(id("colourbar"), colours, unitsShown());
    id("map").setAttribute("aria-label",
      view === "mechanism" ? `${quantity().title}, of the forecast issued ${words.longTime(chosen.issue)}` :
      `${VIEWS.find((one) => one.name === view).title} of ${series().name}, valid ${words.longTime(at.valid)}, lead ${words.lead(chosen.issue, at.valid)}`);
    message(null);
    readout();
    prefetch(view);
  } catch (problem) {
    if (mine === asked) message(problem.message);
  }
};

// The state is read again and again; a grid that is the same stays the same object.
let grids = new Map();
const keepGrid = (grid) => {
  const key = JSON.stringify(grid);
  if (!grids.has(key)) grids.set(key, grid);
  return grids.get(key);
};

const prefetch = (view) => {
  const leads = issue()?.leads ?? [];
  const i = leads.indexOf(lead());
  for (const one of [leads[i + 1], leads[i - 1], playing ? leads[i + 2] : null]) {
    if (one && view !== "mechanism" && (view === "forecast" || view === "change" || one.observed)) valuesOf(view, one).catch(() => {});
  }
};

const message = (text) => {
  id("message").hidden = !text;
  id("message").replaceChildren(text ? element("span", {}, text) : "");
};

function hover(cell) {
  hovered = cell;
  readout();
}

const readout = () => {
  const cell = hovered;
  if (!shown || !cell) {
    const error = shown?.view === "error" ? rmseOf(shown.values) : null;
    id("readout").textContent = error == null ? "" : `this forecast: RMSE ${words.number(error)} ${units()}`;
    return;
  }
  const { latitude, longitude } = map.position(cell);
  const value = shown.values[cell.row * series().grid.columns + cell.column];
  const sign = shown.view === "error" || shown.view === "change" || (shown.view === "mechanism" && quantity().signed);
  id("readout").textContent = `${words.place(latitude, longitude)}  ${Number.isNaN(value) ? "missing" : `${sign ? words.signed(value) : words.number(value, shown.view === "mechanism" ? 3 : 4)} ${unitsShown()}`}`;
};

const showCharts = () => {
  id("rmse-units").textContent = units();
  const at = lead();
  const cursor = at ? (new Date(at.valid) - new Date(chosen.issue)) / 3600e3 : null;
  const model = issue()?.model ?? "model";
  const days = (curve("rmse").at(-1)?.[0] ?? 0) > 96;
  const x = { label: (h) => (days ? `${+(h / 24).toFixed(0)} d` : `${h} h`), ticks: ticksOf(curve("rmse").map((p) => p[0])) };
  const pick = (hours) => {
    const leads = issue()?.leads ?? [];
    if (leads.length) chooseLead(d3.least(leads, (one) => Math.abs((new Date(one.valid) - new Date(chosen.issue)) / 3600e3 - hours)).lead);
  };
  // Persistence misses the seasons: what it is not to do is press the others flat.
  const others = ["rmse", "rmse_climatology", "rmse_damped"].flatMap((name) => curve(name).map((p) => p[1]));
  chart(id("rmse-chart"), {
    x, cursor, pick, zero: true, top: others.length ? 1.8 * d3.max(others) : undefined,
    curves: [
      ...REFERENCES.map(([name, title]) => ({ name: title, colour: `var(--${name})`, points: curve("rmse_" + name), dash: "5 3" })),
      { name: model, colour: "var(--model)", points: curve("rmse") },
    ],
  });
  chart(id("skill-chart"), {
    x, cursor, pick, domain: [Math.min(0, Math.max(-1, d3.min(REFERENCES.flatMap(([name]) => curve("skill_" + name)), (p) => p[1]) ?? 0)), 1],
    curves: [
      ...REFERENCES.map(([name, title]) => ({ name: "vs " + title, colour: `var(--${name})`, points: curve("skill_" + name).map(([h, v]) => [h, Math.max(-1, v)]) })),
      { name: "ACC", colour: "var(--model)", points: curve("acc") },
    ],
  });
};

const ticksOf = (hours) => {
  const every = Math.ceil(hours.length / 5);
  return hours.filter((_, i) => i % every === every - 1);
};

const showPlace = async () => {
  id("place-units").textContent = units();
  if (!chosen.place || !issue()) {
    id("place").textContent = "Place";
    id("place-chart").dataset.none = "Click the map: forecast and observations of that cell through time";
    chart(id("place-chart"), { curves: [] });
    return;
  }
  const { latitude, longitude } = map.position(chosen.place);
  id("place").textContent = words.place(latitude, longitude);
  try {
    const point = await json("/api/point", query({ issue: chosen.issue, ...chosen.place }));
    const leads = point.leads.map((one) => ({ ...one, date: new Date(one.time) }));
    const end = leads[leads.length - 1].date;
    const start = new Date(new Date(chosen.issue) - 0.6 * (end - new Date(chosen.issue)));
    const observed = Object.entries(point.observed).map(([at, value]) => [new Date(at), value])
      .filter(([at, value]) => value != null && at >= start && at <= end);
    const quantiles = Object.keys(leads[0]).filter((key) => /^q[\d.]+$/.test(key)).sort((a, b) => a.slice(1) - b.slice(1));
    const points = leads.filter((one) => one.forecast != null).map((one) => [one.date, one.forecast]);
    chart(id("place-chart"), {
      x: { time: true, domain: [start, end] },
      cursor: lead() ? new Date(lead().valid) : null,
      band: quantiles.length > 1 ? { colour: "var(--model)", points: leads.map((one) => [one.date, one[quantiles[0]], one[quantiles.at(-1)]]) } : null,
      curves: [
        { name: "observed", colour: "var(--observed)", points: observed, dots: true },
        { name: issue().model, colour: "var(--model)", points },
      ],
    });
  } catch (problem) {
    id("place-chart").dataset.none = problem.message;
    chart(id("place-chart"), { curves: [] });
  }
};

// ---- models, mechanism

/** Hours between two steps, from two leads of a forecast; null while there are none. */
const stepHours = () => {
  const leads = issue()?.leads ?? [];
  return leads.length > 1 ? (new Date(leads[1].valid) - new Date(leads[0].valid)) / 3600e3 / (leads[1].lead - leads[0].lead) : null;
};

/** What the weights behind the forecast believe; undefined for other architectures. */
const law = () => models.mechanisms.find((one) => one.weights === issue()?.weights);

/** Map after map; null when there are none. */
const mechanismValues = () => field(query({ issue: chosen.issue, revision: issue().revision }), "/api/mechanism");

const showCards = async () => {
  const of = law();
  const at = { hours: stepHours(), horizon: stream().horizon };
  showMechanism(of, at); // first: whether it is there decides how wide the others are
  showModels(models, stream());
  if (!of?.maps.length || !chosen.place || !issue()) return;
  const asked = chosen.issue;
  const values = await mechanismValues().catch(() => null);
  if (!values || asked !== chosen.issue || !chosen.place) return;
  const { columns, rows } = series().grid;
  const cell = chosen.place.row * columns + chosen.place.column;
  const here = Object.fromEntries(of.maps.map((name, i) => [name, values[i * rows * columns + cell]]));
  const { latitude, longitude } = map.position(chosen.place);
  showMechanism(of, { ...at, here, place: words.place(latitude, longitude) });
};

// ---- choosing

const chooseStream = (i) => {
  Object.assign(chosen, { byHand: true, stream: i, variable: 0, issue: null, lead: null, follow: true, place: null, placed: null, product: "forecast", quantity: 0 });
  if (chosen.view === "mechanism") chosen.view = "forecast";
  map.chosen = null;
  map.values = null;
  shown = null;
  stop();
  show();
};

const chooseLead = (number) => {
  chosen.lead = number;
  show();
};

const chooseView = (name) => {
  chosen.view = name;
  show();
};

const chooseQuantity = (i) => {
  chosen.quantity = i;
  chooseView("mechanism");
};

const chooseIssue = (time, follow = false) => {
  Object.assign(chosen, { issue: time, follow });
  show();
};

const step = (by, around = false) => {
  const leads = issue()?.leads ?? [];
  const next = leads.indexOf(lead()) + by;
  if (leads[next]) chooseLead(leads[next].lead);
  else if (around && leads.length) chooseLead(leads[0].lead);
};

const stepIssue = (by) => {
  const { issues } = series();
  const next = issues[issues.indexOf(issue()) + by];
  if (next) chooseIssue(next.issue, false);
};

const stop = () => {
  clearInterval(playing);
  playing = null;
  id("play").textContent = "▶";
  id("play").setAttribute("aria-label", "Play");
};

const play = () => {
  if (playing) {
    stop();
    return;
  }
  playing = setInterval(() => step(1, true), BETWEEN_STEPS);
  id("play").textContent = "❚❚";
  id("play").setAttribute("aria-label", "Pause");
};

id("back").onclick = () => step(-1);
id("next").onclick = () => step(1, true);
id("play").onclick = play;
id("issue").onchange = (event) => chooseIssue(event.target.value);
id("follow").onchange = (event) => chooseIssue(chosen.issue, event.target.checked);
id("product").onchange = (event) => {
  chosen.product = event.target.value;
  chooseView("forecast");
};
id("quantity").onchange = (event) => chooseQuantity(+event.target.value);
id("variable").onchange = (event) => {
  chosen.variable = +event.target.value;
  show();
};

const KEYS = {
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  ArrowUp: () => stepIssue(1),
  ArrowDown: () => stepIssue(-1),
  " ": play,
  s: () => chooseStream((chosen.stream + 1) % state.streams.length),
  m: () => {
    if (law()?.maps.length) chooseQuantity(chosen.view === "mechanism" ? chosen.quantity + 1 : chosen.quantity);
  },
  c: () => {
    map.smooth = !map.smooth;
    map.draw();
  },
  Escape: () => {
    chosen.place = map.chosen = null;
    map.draw();
    showPlace();
  },
};

addEventListener("keydown", (event) => {
  if (!state || event.ctrlKey || event.metaKey || event.altKey || /^(SELECT|INPUT)$/.test(event.target.tagName)) return;
  if (event.key === " " && event.target.tagName === "BUTTON") return; // presses it
  const view = VIEWS[+event.key - 1];
  const act = view && issue() && offered(view) ? () => chooseView(view.name) : KEYS[event.key];
  if (act && !id("main").hidden) {
    event.preventDefault();
    act();
  }
});

addEventListener("resize", () => state && series().issues.length && (showCharts(), showPlace(), showCards(), shown && drawBar(id("colourbar"), map.colours, unitsShown())));

// ---- live

const status = (text, kind) => {
  id("status").textContent = text;
  id("dot").className = "dot " + kind;
};

let reading = false;
let again = false;
const read = async () => {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const [newState, newScores, newModels, letters] = await Promise.all(["state", "scores", "models", "deadletters"].map((name) => json("/api/" + name)));
    state = newState;
    scores = newScores;
    models = newModels;
    show();
    showLetters(letters);
    if (state.trouble) status(state.trouble, "lost");
    else {
      status("live", "live beat");
      setTimeout(() => id("dot").classList.remove("beat"), 100);
    }
  } catch (problem) {
    status("no answer: " + problem.message, "lost");
  }
  reading = false;
  if (again) {
    again = false;
    read();
  }
};

setInterval(() => (id("clock").textContent = words.clock(new Date())), 1000);
live(read, () => status("connection lost, trying again", "lost"));
