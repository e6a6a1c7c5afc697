// A latitude-longitude map on a canvas: field, coast, graticule, isolines, the chosen place.

const WORLD = { west: -180, east: 180, south: -90, north: 90 };

/** Rings of longitude and latitude from TopoJSON (arcs are quantised and delta-encoded). */
const rings = (topology) => {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
  const ring = (indices) =>
    indices.flatMap((i, n) => (i < 0 ? [...arcs[~i]].reverse() : arcs[i]).slice(n ? 1 : 0));
  const all = [];
  for (const geometry of topology.objects.land.geometries) {
    for (const polygon of geometry.type === "Polygon" ? [geometry.arcs] : geometry.arcs) all.push(...polygon.map(ring));
  }
  return all;
};

const coasts = {};
const coast = (name, then) => {
  if (!coasts[name]) {
    coasts[name] = [];
    fetch(name).then((answer) => answer.json()).then((topology) => ((coasts[name] = rings(topology)), then()));
  }
  return coasts[name];
};

const degrees = (value) => `${+Math.abs(value).toFixed(2)}°`;
const northOf = (latitude) => degrees(latitude) + (latitude > 0 ? "N" : latitude < 0 ? "S" : "");
const eastOf = (longitude) => {
  const east = ((((longitude + 180) % 360) + 360) % 360) - 180;
  return degrees(east) + (east === 0 || east === -180 ? "" : east > 0 ? "E" : "W");
};

/** Where a grid lies: edges of its cells in degrees; a grid all around is shown from 180 W. */
const frameOf = (grid) => {
  const lats = grid.latitudes ?? d3.range(grid.rows).map((i) => grid.north - i * grid.rowStep);
  const half = grid.rowStep / 2;
  const box = {
    north: Math.min(90, lats[0] + half),
    south: Math.max(-90, lats[lats.length - 1] - half),
    west: grid.wraps ? WORLD.west : grid.west - grid.columnStep / 2,
    east: grid.wraps ? WORLD.east : grid.west + (grid.columns - 0.5) * grid.columnStep,
  };
  return { lats, box };
};

export class FieldMap {
  constructor(canvas, hover, choose) {
    this.canvas = canvas;
    this.smooth = true;
    this.chosen = null;
    canvas.addEventListener("pointermove", (event) => hover(this.cellAt(event)));
    canvas.addEventListener("pointerleave", () => hover(null));
    canvas.addEventListener("click", (event) => choose(this.cellAt(event)));
    new ResizeObserver(() => this.draw()).observe(canvas.parentElement);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  show(grid, values, colours) {
    if (grid !== this.grid) Object.assign(this, { grid, ...frameOf(grid) });
    this.values = values;
    this.colours = colours;
    this.draw();
  }

  clear() {
    this.grid = this.values = null;
    this.canvas.width = this.canvas.width; // which wipes it
  }

  /** Row and column of a pointer; null outside of the grid. */
  cellAt(event) {
    if (!this.grid) return null;
    const at = this.canvas.getBoundingClientRect();
    const longitude = this.box.west + ((event.clientX - at.left) / at.width) * (this.box.east - this.box.west);
    const latitude = this.box.north - ((event.clientY - at.top) / at.height) * (this.box.north - this.box.south);
    const row = Math.round(this.rowAt(latitude));
    const column = this.wrap(Math.round(this.columnAt(longitude)));
    return row < 0 || row >= this.grid.rows || column < 0 || column >= this.grid.columns ? null : { row, column };
  }

  position({ row, column }) {
    return { latitude: this.lats[row], longitude: this.grid.west + column * this.grid.columnStep };
  }

  rowAt(latitude) {
    if (!this.grid.latitudes) return (this.grid.north - latitude) / this.grid.rowStep;
    const next = d3.bisector((d) => -d).right(this.lats, -latitude);
    if (next === 0) return -0.49 * (latitude > this.lats[0]);
    if (next === this.lats.length) return next - 1;
    return next - 1 + (this.lats[next - 1] - latitude) / (this.lats[next - 1] - this.lats[next]);
  }

  columnAt(longitude) {
    const columns = (longitude - this.grid.west) / this.grid.columnStep;
    return this.grid.wraps ? ((columns % this.grid.columns) + this.grid.columns) % this.grid.columns : columns;
  }

  wrap(column) {
    return this.grid.wraps ? (column + this.grid.columns) % this.grid.columns : column;
  }

  draw() {
    if (!this.grid) return;
    const { canvas, box } = this;
    const shape = (box.north - box.south) / (box.east - box.west);
    // Away from the equator degrees of longitude are shorter; a region is shown in its own shape.
    const squeeze = this.grid.wraps ? 1 : Math.cos((Math.PI / 360) * (box.north + box.south));
    const whole = (canvas.parentElement.clientWidth * shape) / Math.max(0.3, squeeze);
    const height = Math.min(Math.max(260, innerHeight * 0.66), whole);
    const width = (canvas.parentElement.clientWidth * height) / whole;
    const ratio = Math.min(2, devicePixelRatio || 1);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    if (this.values) this.paint(context);
    this.lines(context, ratio);
  }

  /** Every pixel from the cells about it; {@code smooth} weighs four of them. */
  paint(context) {
    const { width, height } = this.canvas;
    const { grid, values, colours, box } = this;
    const style = getComputedStyle(document.documentElement);
    const gap = d3.rgb(style.getPropertyValue("--missing").trim());
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const packed = new Uint32Array(256);
    for (let i = 0; i < 256; i++) {
      const [r, g, b] = colours.table.subarray(3 * i, 3 * i + 3);
      packed[i] = (255 << 24) | (b << 16) | (g << 8) | r;
    }
    const missing = (255 << 24) | (gap.b << 16) | (gap.g << 8) | gap.r;
    const columns = new Float64Array(width);
    for (let x = 0; x < width; x++) columns[x] = this.columnAt(box.west + ((x + 0.5) / width) * (box.east - box.west));
    const last = grid.columns - 1;
    const edge = (column) => (grid.wraps ? (column + grid.columns) % grid.columns : Math.max(0, Math.min(last, column)));
    for (let y = 0; y < height; y++) {
      const row = Math.max(0, Math.min(grid.rows - 1, this.rowAt(box.north - ((y + 0.5) / height) * (box.north - box.south))));
      const above = Math.floor(row), below = Math.min(grid.rows - 1, above + 1), fy = row - above;
      const nearRow = Math.round(row) * grid.columns;
      for (let x = 0; x < width; x++) {
        const column = columns[x];
        let value = values[nearRow + edge(Math.round(column))];
        if (this.smooth) {
          const left = Math.floor(column), fx = column - left;
          const l = edge(left), r = edge(left + 1);
          const mixed =
            (values[above * grid.columns + l] * (1 - fx) + values[above * grid.columns + r] * fx) * (1 - fy) +
            (values[below * grid.columns + l] * (1 - fx) + values[below * grid.columns + r] * fx) * fy;
          if (mixed === mixed && value === value) value = mixed; // at a gap the nearest cell stands
        }
        pixels[y * width + x] = value === value ? packed[colours.of(value)] : missing;
      }
    }
    context.putImageData(image, 0, 0);
  }

  lines(context, ratio) {
    const { width, height } = this.canvas;
    const { box } = this;
    const style = getComputedStyle(document.documentElement);
    const x = (longitude) => ((longitude - box.west) / (box.east - box.west)) * width;
    const y = (latitude) => ((box.north - latitude) / (box.north - box.south)) * height;
    context.lineWidth = ratio * 0.6;
    context.strokeStyle = style.getPropertyValue("--graticule");
    const span = Math.max(box.east - box.west, box.north - box.south);
    const every = span > 120 ? 30 : span > 40 ? 10 : span > 12 ? 5 : span > 3 ? 1 : 0.25;
    context.beginPath();
    for (const longitude of d3.range(Math.ceil(box.west / every) * every, box.east, every)) {
      context.moveTo(x(longitude), 0);
      context.lineTo(x(longitude), height);
    }
    for (const latitude of d3.range(Math.ceil(box.south / every) * every, box.north, every)) {
      context.moveTo(0, y(latitude));
      context.lineTo(width, y(latitude));
    }
    context.stroke();
    this.isolines(context, x, y, ratio);
    context.lineJoin = "round";
    context.beginPath();
    for (const ring of coast(span > 130 ? "/land-110m.json" : "/land-50m.json", () => this.draw())) {
      for (const turn of [-360, 0, 360]) {
        if (!this.grid.wraps || turn === 0) {
          this.line(context, ring, turn, x, y);
        }
      }
    }
    for (const [wide, colour] of [[2.4, "--coast-halo"], [1.1, "--coast"]]) { // seen on dark colours and on light ones
      context.lineWidth = ratio * wide;
      context.strokeStyle = style.getPropertyValue(colour);
      context.stroke();
    }
    this.labels(context, every, x, y, ratio);
    if (this.chosen) {
      const at = this.position(this.chosen);
      let longitude = at.longitude;
      while (longitude > box.east) longitude -= 360;
      while (longitude < box.west) longitude += 360;
      context.lineWidth = ratio * 2;
      context.strokeStyle = "#fff";
      context.fillStyle = "#d01c48";
      context.beginPath();
      context.arc(x(longitude), y(at.latitude), 5 * ratio, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  /** Degrees beside the graticule, as many as there is room for. */
  labels(context, every, x, y, ratio) {
    const { width, height } = this.canvas;
    const { box } = this;
    context.font = `${10 * ratio}px system-ui, "DejaVu Sans", sans-serif`;
    context.lineWidth = 2.5 * ratio;
    context.strokeStyle = "rgba(255, 255, 255, .7)";
    context.fillStyle = "#17222b";
    const write = (text, at, from) => {
      context.strokeText(text, at, from);
      context.fillText(text, at, from);
    };
    const sparse = (lines, apart, room) => lines.filter((_, i) => i % Math.ceil((room * ratio) / Math.max(1, apart)) === 0);
    context.textAlign = "center";
    context.textBaseline = "top";
    const longitudes = d3.range(Math.ceil(box.west / every) * every, box.east, every);
    for (const longitude of sparse(longitudes, x(every) - x(0), 52)) {
      if (x(longitude) > 40 * ratio && x(longitude) < width - 20 * ratio) write(eastOf(longitude), x(longitude), 3 * ratio);
    }
    context.textAlign = "left";
    context.textBaseline = "middle";
    const latitudes = d3.range(Math.ceil(box.south / every) * every, box.north, every);
    for (const latitude of sparse(latitudes, y(0) - y(every), 24)) {
      if (y(latitude) > 18 * ratio && y(latitude) < height - 8 * ratio) write(northOf(latitude), 4 * ratio, y(latitude));
    }
  }

  /** The edge of the data at the date line and at the south pole is no coast. */
  line(context, ring, turn, x, y) {
    let pen = false;
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      const across = Math.abs(a[0] - b[0]) > 180 || (Math.abs(a[0]) > 179.9 && Math.abs(b[0]) > 179.9);
      const seam = across || (a[1] < -89.9 && b[1] < -89.9);
      if (seam) {
        pen = false;
        continue;
      }
      if (!pen) context.moveTo(x(a[0] + turn), y(a[1]));
      context.lineTo(x(b[0] + turn), y(b[1]));
      pen = true;
    }
  }

  /** Thin lines of equal value, for grids that are neither too fine nor too small for it. */
  isolines(context, x, y, ratio) {
    const { grid, values, colours } = this;
    if (!values || !this.smooth || colours.kind !== "value" || values.length > 150000 || Math.min(grid.rows, grid.columns) < 10) return;
    const wide = grid.columns + (grid.wraps ? 1 : 0); // around the world the first column follows the last
    const around = new Float64Array(grid.rows * wide);
    for (let i = 0; i < around.length; i++) {
      around[i] = values[Math.floor(i / wide) * grid.columns + ((i % wide) % grid.columns)];
    }
    const filled = around.map((value) => (value === value ? value : -1e9));
    const contours = d3.contours().size([wide, grid.rows]).smooth(true);
    context.lineWidth = ratio * 0.5;
    context.strokeStyle = "rgba(255, 255, 255, .5)";
    context.beginPath();
    for (const level of d3.ticks(colours.low, colours.high, 9)) {
      for (const polygon of contours.contour(filled, level).coordinates) {
        for (const ring of polygon) this.isoline(context, ring, around, wide, x, y);
      }
    }
    context.stroke();
  }

  isoline(context, ring, values, wide, x, y) {
    const { grid, box } = this;
    const inside = ([column, row]) => column > 0.49 && row > 0.49 && column < wide - 0.49 && row < grid.rows - 0.49;
    const along = (a, b) => // d3 closes its rings along the border
      [[0, wide], [1, grid.rows]].some(([i, n]) => (a[i] <= 0.5 && b[i] <= 0.5) || (a[i] >= n - 0.5 && b[i] >= n - 0.5));
    const known = ([column, row]) => {
      const r = Math.min(grid.rows - 2, Math.floor(row - 0.5)), c = Math.min(wide - 2, Math.floor(column - 0.5));
      return [0, 1].every((i) => [0, 1].every((j) => !Number.isNaN(values[(r + i) * wide + c + j])));
    };
    const point = ([column, row]) => {
      let longitude = grid.west + (column - 0.5) * grid.columnStep;
      if (grid.wraps && longitude > box.east) longitude -= 360;
      const above = Math.floor(row - 0.5);
      const f = row - 0.5 - above;
      return [x(longitude), y(this.lats[above] * (1 - f) + (this.lats[above + 1] ?? this.lats[above]) * f)];
    };
    for (let i = 1; i < ring.length; i++) {
      const [a, b] = [ring[i - 1], ring[i]];
      if (!inside(a) || !inside(b) || along(a, b) || !known(a) || !known(b)) continue;
      const [p, q] = [point(a), point(b)];
      if (Math.abs(p[0] - q[0]) > this.canvas.width / 2) continue; // across the date line
      context.moveTo(...p);
      context.lineTo(...q);
    }
  }
}
