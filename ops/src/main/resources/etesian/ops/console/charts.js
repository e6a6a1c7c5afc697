// Line charts: few marks, curves named where they end.

/** 06:00, 30 Sep, Oct, 2021: UTC, a day of 24 hours. */
const timeLabel = ([from, to]) => {
  const short = to - from < 60 * 24 * 3600e3;
  return (t) =>
    d3.utcFormat(t.getUTCHours() || t.getUTCMinutes() ? "%H:%M" : short || t.getUTCDate() > 1 ? "%-d %b" : t.getUTCMonth() ? "%b" : "%Y")(t);
};

/**
 * curves: [{name, colour, points: [[x, y]], dots, joined, dash}]; band: {colour, points: [[x, low, high]]}
 * top: what lies above is cut off; x: {time: true} or {label: fn}; y: how a value is written; cursor: an x; pick: called with the x of a click
 */
export const chart = (host, { curves, band, x: axis = {}, y: format, zero, top, domain, cursor, pick, names = true }) => {
  const drawn = curves.filter((curve) => curve.points.length > 0);
  if (drawn.length === 0) {
    const none = document.createElement("p");
    none.className = "none";
    none.textContent = host.dataset.none ?? "Nothing yet";
    host.replaceChildren(none);
    return;
  }
  const width = host.clientWidth || 300, height = host.clientHeight || 150;
  const box = { left: 40, right: names ? 92 : 10, top: 8, bottom: 20 };
  const all = drawn.flatMap((curve) => curve.points);
  const scaleX = (axis.time ? d3.scaleUtc() : d3.scaleLinear())
    .domain(axis.domain ?? d3.extent(all, (p) => p[0])).range([box.left, width - box.right]);
  const lows = all.map((p) => p[1]).concat(band?.points.flatMap((p) => [p[1], p[2]]) ?? []);
  const [low, most] = d3.extent(zero ? [0, ...lows] : lows);
  const high = Math.min(most, top ?? most);
  const scaleY = d3.scaleLinear(domain ?? [low, high], [height - box.bottom, box.top]);
  if (!domain) scaleY.nice(4);
  const svg = d3.create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("role", "img");
  const clip = host.id + "-clip";
  svg.append("clipPath").attr("id", clip).append("rect").attr("x", box.left - 3).attr("y", box.top - 2)
    .attr("width", width - box.left - box.right + 6).attr("height", height - box.top - box.bottom + 4);
  const grid = svg.append("g").attr("class", "axis");
  for (const tick of scaleY.ticks(4)) {
    grid.append("line").attr("x1", box.left).attr("x2", width - box.right).attr("y1", scaleY(tick)).attr("y2", scaleY(tick));
    grid.append("text").attr("x", box.left - 6).attr("y", scaleY(tick) + 4).attr("text-anchor", "end").text((format ?? scaleY.tickFormat(4))(tick));
  }
  if (domain && domain[0] < 0) {
    grid.append("line").attr("x1", box.left).attr("x2", width - box.right).attr("y1", scaleY(0)).attr("y2", scaleY(0)).style("stroke", "var(--soft)");
  }
  const ticks = axis.time ? scaleX.ticks(Math.max(2, width / 110)) : axis.ticks ?? scaleX.ticks(5);
  const label = axis.time ? timeLabel(scaleX.domain()) : axis.label ?? String;
  let free = Infinity; // from the right: the last one matters most
  for (const tick of [...ticks].reverse()) {
    const text = label(tick), half = 3.2 * text.length + 3;
    if (scaleX(tick) + half > free) continue;
    free = scaleX(tick) - half;
    grid.append("text").attr("x", scaleX(tick)).attr("y", height - 4).attr("text-anchor", "middle").text(text);
  }
  if (cursor != null) {
    svg.append("line").attr("class", "cursor").attr("x1", scaleX(cursor)).attr("x2", scaleX(cursor)).attr("y1", box.top).attr("y2", height - box.bottom);
  }
  if (band?.points.length) {
    svg.append("path").datum(band.points).attr("fill", band.colour).attr("opacity", 0.2)
      .attr("d", d3.area((p) => scaleX(p[0]), (p) => scaleY(p[1]), (p) => scaleY(p[2])));
  }
  const line = d3.line((p) => scaleX(p[0]), (p) => scaleY(p[1])).defined((p) => p[1] != null);
  for (const curve of drawn) {
    if (!curve.dots || curve.joined) {
      svg.append("path").datum(curve.points).attr("class", "curve").attr("clip-path", `url(#${clip})`).style("stroke", curve.colour)
        .attr("stroke-dasharray", curve.dash ?? null).attr("d", line);
    }
    if (curve.dots || curve.points.length === 1) {
      svg.append("g").selectAll("circle").data(curve.points).join("circle")
        .attr("cx", (p) => scaleX(p[0])).attr("cy", (p) => scaleY(p[1])).attr("r", 2.6).style("fill", curve.colour);
    }
  }
  if (names) {
    const ends = drawn.map((curve) => ({ curve, y: Math.max(box.top, scaleY(curve.points[curve.points.length - 1][1])) })).sort((a, b) => a.y - b.y);
    for (let i = 1; i < ends.length; i++) ends[i].y = Math.max(ends[i].y, ends[i - 1].y + 13);
    const over = ends[ends.length - 1].y - (height - box.bottom);
    if (over > 0) {
      ends[ends.length - 1].y -= over;
      for (let i = ends.length - 2; i >= 0; i--) ends[i].y = Math.min(ends[i].y, ends[i + 1].y - 13);
    }
    for (const { curve, y } of ends) {
      svg.append("text").attr("class", "name").attr("x", width - box.right + 6).attr("y", y + 4).style("fill", curve.colour).text(curve.name);
    }
  }
  if (pick) {
    svg.style("cursor", "pointer").on("click", (event) => pick(scaleX.invert(d3.pointer(event, svg.node())[0])));
  }
  host.replaceChildren(svg.node());
};
