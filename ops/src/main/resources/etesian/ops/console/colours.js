// Colour scales that are even to the eye: one hue direction for values, two about zero for differences.

const STEPS = 256;

const table = (interpolate) => {
  const colours = new Uint8Array(3 * STEPS);
  for (let i = 0; i < STEPS; i++) {
    const c = d3.rgb(interpolate(i / (STEPS - 1)));
    colours.set([c.r, c.g, c.b], 3 * i);
  }
  return colours;
};

const tables = {};
const make = {
  value: () => table(d3.interpolateViridis),
  spread: () => table(d3.interpolateCividis),
  difference: () => table((t) => d3.interpolateRdBu(1 - t)),
};

/** A scale between two values; {@code of(value)} is the index of a colour. */
export const scale = (kind, low, high) => {
  tables[kind] ??= make[kind]();
  const span = high > low ? high - low : 1;
  return {
    kind, low, high: low + span, table: tables[kind],
    of: (value) => Math.max(0, Math.min(STEPS - 1, Math.round(((value - low) / span) * (STEPS - 1)))),
  };
};

/** Ends that are pleasant to read. */
export const nice = (low, high) => d3.scaleLinear().domain([low, high]).nice(12).domain();

export const drawBar = (host, colours, units) => {
  const canvas = document.createElement("canvas");
  canvas.width = STEPS;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  const image = context.createImageData(STEPS, 1);
  for (let i = 0; i < STEPS; i++) {
    image.data.set(colours.table.subarray(3 * i, 3 * i + 3), 4 * i);
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  const width = host.clientWidth || 300;
  const x = d3.scaleLinear([colours.low, colours.high], [0, width]);
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} 20`).attr("aria-hidden", "true");
  const ticks = x.ticks(Math.max(3, Math.min(9, Math.floor(width / 80))));
  const format = x.tickFormat(ticks.length, colours.kind === "difference" ? "+" : undefined);
  const text = svg.append("g").attr("class", "axis").selectAll("text").data(ticks).join("text")
    .attr("y", 14)
    .attr("x", (d) => x(d))
    .attr("text-anchor", (d) => (x(d) < 14 ? "start" : x(d) > width - 34 ? "end" : "middle"));
  text.text((d, i) => (d === 0 ? "0" : format(d)) + (i === ticks.length - 1 ? " " + units : ""));
  host.replaceChildren(canvas, svg.node());
};
