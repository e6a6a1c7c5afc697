// What the console's server says; fields are kept while they are likely to be asked for again.

const KEPT = 160;
const kept = new Map();

export const json = async (path, query = {}) => {
  const answer = await fetch(path + "?" + new URLSearchParams(query));
  if (!answer.ok) throw new Error((await answer.json()).problem ?? answer.statusText);
  return answer.json();
};

/** Float32Array of rows from the north, NaN where missing. */
export const field = (query, path = "/api/field") => {
  const key = path + "?" + new URLSearchParams(query);
  let known = kept.get(key);
  if (known) {
    kept.delete(key);
  } else {
    known = load(key).catch((problem) => (kept.delete(key), Promise.reject(problem)));
  }
  kept.set(key, known);
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  return known;
};

const load = async (key) => {
  const answer = await fetch(key);
  if (answer.status === 404) {
    kept.delete(key);
    throw new Error((await answer.json()).problem);
  }
  if (!answer.ok) throw new Error(answer.statusText);
  const bytes = new DataView(await answer.arrayBuffer());
  const values = new Float32Array(bytes.byteLength / 4);
  for (let i = 0; i < values.length; i++) values[i] = bytes.getFloat32(4 * i, true);
  return values;
};

/** Calls back at every change; the browser connects again by itself. */
export const live = (changed, lost) => {
  const events = new EventSource("/api/live");
  events.onmessage = (event) => changed(JSON.parse(event.data).version);
  events.onerror = () => lost();
};
