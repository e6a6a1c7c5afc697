// Cards below the map: which weights serve and why, what S-MNN believes, what was refused.

import { chart } from "./charts.js";
import * as words from "./words.js";

const { element } = words;
const id = (name) => document.getElementById(name);

const table = (heads, rows) =>
  element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": heads.filter((head) => typeof head === "string" && head).join(", ") },
    element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", {}, head)))),
      element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell, i) => element("td", { class: i < row.length - 1 ? "fixed" : "" }, cell)))))));

const quiet = (text) => element("p", { class: "quiet" }, text);
const tag = (kind) => element("span", { class: "tag " + kind }, kind.replaceAll("_", " "));
const sha = (text) => element("code", { title: text ?? "" }, words.short(text));
const from = (at) => (!at || at.startsWith("0001") ? "the first issue time" : words.time(at));
const numbers = (evidence) =>
  Object.entries(evidence ?? {}).filter(([, value]) => Number.isFinite(value)).map(([name, value]) => `${name.replaceAll("_", " ")} ${words.number(value)}`).join(", ");

// ---- lineage

const SEVERAL = ["var(--model)", "var(--persistence)", "var(--damped)", "var(--good)", "var(--climatology)"];

/** What a bet must grow to before it promotes. */
const needed = ({ false_promotion_rate: rate }) => (rate ? 1 / rate : null);
const hasWon = (evidence) => needed(evidence) != null && evidence.e_value >= needed(evidence);

/** What became of weights, newest first: a row for each that the events of a stream name. */
const lineage = (events, champion) => {
  const all = new Map();
  for (const one of [...events].reverse()) {
    if (!one.weights_sha256) continue;
    const known = all.get(one.weights_sha256) ?? { sha256: one.weights_sha256, parent: null, fate: one.event };
    if (one.event !== "drift") known.fate = one.event;
    if (one.event === "trained" || (one.event === "promoted" && !known.parent)) known.parent = one.parent ?? known.parent;
    if (one.effective_from) known.from = one.effective_from;
    if (one.evidence?.e_value != null) {
      known.evidence = one.evidence;
      known.trusted = one.event === "promoted" && !hasWon(one.evidence);
    }
    all.set(one.weights_sha256, known);
  }
  if (champion && !all.has(champion.weights_sha256)) {
    all.set(champion.weights_sha256, { sha256: champion.weights_sha256, parent: champion.parent, from: champion.effective_from, fate: "promoted" });
  }
  return [...all.values()].reverse();
};

const fateOf = (one, champion) => {
  if (one.sha256 === champion?.weights_sha256) return "champion";
  if (["trained", "candidate"].includes(one.fate)) return "challenger";
  return ["promoted", "rolled_back", "adopted"].includes(one.fate) ? "former" : one.fate;
};

const percent = (gain) => `${words.signed(100 * gain, 1)} %`;
const counted = (count, what) => `${count} ${what}${count === 1 ? "" : "s"}`;

/**
 * How far a bet on the challenger has grown, against what promotes it; on a logarithmic scale. Weights promoted because
 * lessons are trusted won no bet: what they did in windows of their own is what speaks for them.
 */
const wealth = ({ evidence, trusted }) => {
  if (!evidence) return "";
  const { e_value: e, blocks, relative_gain: gain, own_relative_gain: ownGain, own_windows: own } = evidence;
  const most = needed(evidence);
  const text = trusted
    ? ["trusted", ownGain != null && own != null ? `own ${percent(ownGain)} over ${counted(own, "window")}` : ""]
    : [`${words.number(e)}${most ? ` of ${words.number(most)}` : ""}`, blocks != null ? counted(blocks, "block") : "", gain != null ? percent(gain) : ""];
  return element("span", { class: "wealth", title: numbers(evidence) },
    most && !trusted ? element("meter", { min: 0, max: 1, value: Math.max(0, Math.min(1, Math.log(Math.max(e, 1)) / Math.log(most))), "aria-label": "evidence" }) : "",
    text.filter(Boolean).join(", "));
};

/** As many contests as there are colours, in their order: the newest, then those that were won, then what is new. */
const chosen = (contests) => {
  const rank = ([, points], i) => (i === contests.length - 1 ? 2 : points.some(([, e, rate]) => rate && e * rate >= 1) ? 1 : 0);
  const ranked = contests.map((contest, i) => [rank(contest, i), i]).sort(([a, i], [b, j]) => b - a || j - i);
  const kept = new Set(ranked.slice(0, SEVERAL.length).map(([, i]) => i));
  return contests.filter((_, i) => kept.has(i));
};

/** Bets are against a champion: a curve for each, from 1 on, whoever the challengers were. */
const showEvidence = (events) => {
  const contests = new Map();
  for (const one of [...events].reverse()) {
    if (!one.parent || one.event === "rolled_back") continue;
    if (one.event === "candidate" && !contests.has(one.parent)) contests.set(one.parent, [[new Date(one.issue_time ?? one.at), 1, null]]);
    const { e_value: e, false_promotion_rate: rate } = one.evidence ?? {};
    if (e != null) contests.set(one.parent, [...(contests.get(one.parent) ?? []), [new Date(one.issue_time ?? one.at), e, rate]]);
  }
  const judged = chosen([...contests].filter(([, points]) => points.length > 1));
  id("evidence").hidden = judged.length === 0;
  if (judged.length === 0) return;
  const curves = judged.map(([champion, points], i) => ({
    name: "vs " + words.short(champion), colour: SEVERAL[i], dots: true, joined: true,
    points: points.map(([at, e]) => [at, Math.log10(Math.max(1e-3, e))]),
  }));
  const rate = judged.flatMap(([, points]) => points).findLast((point) => point[2])?.[2];
  const ends = d3.extent(curves.flatMap((curve) => curve.points), (p) => p[0]);
  if (rate) curves.push({ name: "promotes", colour: "var(--soft)", dash: "5 3", points: ends.map((at) => [at, -Math.log10(rate)]) });
  chart(id("evidence-chart"), { x: { time: true, domain: ends }, y: (l) => words.number(10 ** l, 2), curves });
};

/** The stream's weights with what became of them, evidence through time, and all that happened to any stream. */
export const showModels = ({ champions, events }, stream) => {
  const champion = champions.find((one) => one.stream === stream.name);
  const own = events.filter((one) => one.stream === stream.name);
  const rows = lineage(own, champion);
  id("models-stream").textContent = `${stream.name}, ${stream.model}`;
  id("models").replaceChildren(
    rows.length
      ? table(["weights", "", "made from", "serves from", "evidence"],
        rows.map((one) => [sha(one.sha256), tag(fateOf(one, champion)), one.parent ? sha(one.parent) : "–",
          one.from ? from(one.from) : "–", wealth(one)]))
      : quiet("No champion has been named yet."));
  showEvidence(own);
  id("events").hidden = events.length === 0;
  id("events-table").replaceChildren(
    table(["at", "stream", "event", "weights", ""],
      events.map((one) => [words.time(one.at), one.stream, tag(one.event), sha(one.weights_sha256), [one.reason, numbers(one.evidence)].filter(Boolean).join(" · ")])));
};

// ---- mechanism

const QUANTITIES = {
  e_folding_steps: "decays to 1/e in",
  period_steps: "period",
  damping_ratio: "damping",
  target: "drawn to",
};

/** Days, or steps where nobody knows how long one is. */
const span = (steps, hours) =>
  steps == null ? "none" : hours ? `${words.number((steps * hours) / 24)} d` : `${words.number(steps)} steps`;

/** A map of a mechanism by the name it has in the weights, such as relaxation_1.e_folding_steps. */
export const mechanismMap = (name, hours) => {
  const [mode, quantity] = name.split(".");
  const [law, number] = mode.split("_");
  const time = quantity.endsWith("_steps");
  return {
    title: `${law} ${number}: ${QUANTITIES[quantity] ?? quantity.replaceAll("_", " ")}`,
    signed: quantity === "target",
    factor: time && hours ? hours / 24 : 1,
    units: time ? (hours ? "d" : "steps") : quantity === "target" ? "σ" : "",
  };
};

/**
 * law: of the weights behind the forecast that is shown; here: the values of its maps at the chosen place, by name;
 * hours: between two steps; horizon: in steps
 */
export const showMechanism = (law, { here, place, hours, horizon }) => {
  id("mechanism-card").hidden = !law;
  if (!law) return;
  id("mechanism-of").textContent = words.short(law.weights);
  id("mechanism-where").textContent = law.maps.length
    ? "Each cell has numbers of its own, read from the fields before the issue time: the map shows them (5)."
    : "One law for every cell of the field, so there is nothing to map: these numbers hold everywhere.";
  const rows = law.modes.map((mode, i) => {
    const local = (quantity) => here?.[`${mode.law}_${i + 1}.${quantity}`];
    const both = (field, at) => (at == null || Number.isNaN(at) ? field : `${field} · ${at}`);
    const days = (value, quantity) => {
      const at = local(quantity);
      return both(span(value, hours), at == null || Number.isNaN(at) ? null : span(at, hours));
    };
    const damping = local("damping_ratio");
    return [`${mode.law} ${i + 1}`, days(mode.eFolding, "e_folding_steps"), days(mode.period, "period_steps"),
      both(words.number(mode.damping), damping == null ? null : words.number(damping)), words.number(mode.gain)];
  });
  id("mechanism").replaceChildren(table([here ? `field · ${place}` : "mode", "decays to 1/e in", "period", "damping", "gain"], rows));
  const leads = d3.range(0, horizon + 1e-9, Math.max(0.25, horizon / 120));
  const x = hours ? { label: (step) => `${words.number((step * hours) / 24)} d` } : {};
  id("mechanism-chart").setAttribute("aria-label", "how each mode fades by itself");
  chart(id("mechanism-chart"), {
    x, zero: true, domain: [law.modes.some((mode) => mode.period) ? -1 : 0, 1],
    curves: law.modes.map((mode, i) => ({
      name: `${mode.law} ${i + 1}`, colour: SEVERAL[i % SEVERAL.length],
      points: leads.map((step) => [step, Math.exp(-step / mode.eFolding) * (mode.period ? Math.cos((2 * Math.PI * step) / mode.period) : 1)]),
    })),
  });
};

// ---- dead letters

export const showLetters = ({ seen, newest }) => {
  id("letters-count").textContent = seen ? `${seen} seen` : "";
  id("letters").replaceChildren(newest.length
    ? table(["at", "class", "record", "reason"], newest.map((one) => [words.time(one.at), one.reasonClass, element("code", {}, one.place), one.reason]))
    : quiet("None. What cannot be read or used comes here with its reason."));
};
