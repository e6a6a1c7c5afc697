// How times, leads and numbers are written. All times are UTC.

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const two = (n) => String(n).padStart(2, "0");

/** Mon 2026-01-31 06:00 UTC */
export const longTime = (text) => {
  const t = new Date(text);
  return `${DAYS[t.getUTCDay()]} ${day(t)} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())} UTC`;
};

/** 2026-01-31 06:00 */
export const time = (text) => {
  const t = new Date(text);
  return `${day(t)} ${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
};

export const clock = (t) => `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}:${two(t.getUTCSeconds())} UTC`;

const day = (t) => `${t.getUTCFullYear()}-${two(t.getUTCMonth() + 1)}-${two(t.getUTCDate())}`;

/** +6 h up to four days, +9 d beyond; months are told in days. */
export const lead = (issue, valid) => {
  const hours = (new Date(valid) - new Date(issue)) / 3600e3;
  return hours <= 96 ? `+${+hours.toFixed(1)} h` : `+${+(hours / 24).toFixed(1)} d`;
};

/** ISO 8601 duration, as scores carry it: in hours. */
export const hoursOf = (duration) => {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration ?? "");
  return match ? (+match[1] || 0) + (+match[2] || 0) / 60 + (+match[3] || 0) / 3600 : NaN;
};

export const number = (value, digits = 3) =>
  value == null || !Number.isFinite(value) ? "–" : Number(value.toPrecision(digits)).toString().replace("-", "−");

export const signed = (value, digits = 2) =>
  value == null || !Number.isFinite(value) ? "–" : (+value.toFixed(digits) > 0 ? "+" : +value.toFixed(digits) < 0 ? "−" : "") + Math.abs(value).toFixed(digits);

/** Degree signs and superscripts for the units of files. */
export const units = (text) =>
  ({ degree_C: "°C", degC: "°C", celsius: "°C", "m s**-1": "m s⁻¹", "m s-1": "m s⁻¹", "m**2 s**-2": "m² s⁻²", "kg kg**-1": "kg kg⁻¹" })[text] ?? text;

export const place = (latitude, longitude) => {
  const east = ((longitude + 540) % 360) - 180;
  return `${Math.abs(latitude).toFixed(1)}°${latitude < 0 ? "S" : "N"} ${Math.abs(east).toFixed(1)}°${east < 0 ? "W" : "E"}`;
};

export const short = (sha) => (sha ? sha.slice(0, 8) : "–");

/** Elements without markup in their text: what comes from a topic is never taken for HTML. */
export const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else if (key === "onclick") made.addEventListener("click", value);
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.map((child) => child ?? ""));
  return made;
};
