"use strict";
// The square to draw in: two networks, whose numbers are in the page, classify a drawing while it is drawn.
{
  const SIDE = 28; // pixels of an image
  const BOX = 20; // pixels that the digit is fitted into; pen and edge are those of the library's Rasterizer
  const RADIUS = 1.2;
  const EDGE = 1.2;
  const square = document.querySelector(".square");
  const [canvas, seen] = square.querySelectorAll("canvas");
  const chosen = square.querySelector("select");
  const said = square.querySelector("[role=status]");
  const rows = square.querySelectorAll("tbody tr");
  const names = [...square.querySelectorAll("thead b")].map((name) => name.textContent);
  const drawing = JSON.parse(square.querySelector("[type='application/json']").textContent);
  const pixels = bytes(drawing.pixels);
  const networks = drawing.networks.map(({ layers }) =>
    layers.map(({ activation, weights, bias }) => ({
      activation,
      weights: numbers(weights),
      bias: bias ? numbers(bias) : new Float64Array(weights.columns),
    })),
  );
  let strokes = []; // lists of points [x, y] of the canvas

  function bytes(base64) {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }

  /** A matrix of an int8 file, row by row: one scale for each row or column, whichever are fewer. */
  function numbers({ rows, columns, scales, integers }) {
    const scale = (i) => scales[rows < columns ? Math.floor(i / columns) : i % columns];
    return Float64Array.from(new Int8Array(bytes(integers).buffer), (integer, i) => integer * scale(i));
  }

  function output(layers, image) {
    return layers.reduce((x, { activation, weights, bias }) => {
      const z = bias.map((b, j) => x.reduce((sum, value, row) => sum + value * weights[row * bias.length + j], b));
      if (activation === "identity") return z;
      if (activation === "relu") return z.map((value) => Math.max(value, 0));
      const powers = z.map((value) => Math.exp(value - Math.max(...z)));
      return powers.map((power) => power / total(powers)); // softmax
    }, image);
  }

  function total(values) {
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** The strokes as MNIST has its digits: the longer side fills the box, the centre of mass is in the middle. */
  function fitted() {
    const range = (axis) => {
      const values = strokes.flat().map((point) => point[axis]);
      return [Math.min(...values), Math.max(...values)];
    };
    const [[left, right], [top, bottom]] = [range(0), range(1)];
    const scale = (BOX - 2 * RADIUS) / Math.max(right - left, bottom - top, canvas.width / 5); // a dot stays small
    const at = (x, y) =>
      inked(strokes.map((stroke) => stroke.map((p) => [x + scale * (p[0] - left), y + scale * (p[1] - top)])));
    const once = at(SIDE / 4, SIDE / 4);
    const mean = (axis) => total(once.map((ink, i) => ink * (axis(i) + 0.5))) / total(once);
    return at(SIDE * 0.75 - mean((i) => i % SIDE), SIDE * 0.75 - mean((i) => Math.floor(i / SIDE)));
  }

  /** Ink of each pixel, 0 to 1, by its distance from the nearest line; points are in pixels. */
  function inked(lines) {
    const piece = ([x, y], before = [x, y]) => [x, y, before[0] - x, before[1] - y];
    const pieces = lines.flatMap((line) => line.map((point, k) => piece(point, line[k - 1])));
    return Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
      let nearest = Infinity; // squared
      for (const [left, top, dx, dy] of pieces) {
        const [x, y] = [(i % SIDE) + 0.5 - left, Math.floor(i / SIDE) + 0.5 - top];
        const along = Math.min(1, Math.max(0, (x * dx + y * dy) / (dx * dx + dy * dy || 1)));
        nearest = Math.min(nearest, (x - along * dx) ** 2 + (y - along * dy) ** 2);
      }
      return Math.min(1, Math.max(0, 0.5 + (RADIUS - Math.sqrt(nearest)) / EDGE));
    });
  }

  function percent(share) {
    return `${(100 * share).toFixed(1)}\u00a0%`;
  }

  /** Shows what is in the square, and what both networks make of it. */
  function show() {
    const drawn = strokes.length > 0;
    const image = drawn ? fitted() : new Float64Array(SIDE * SIDE);
    if (chosen.value) image.forEach((_, i) => (image[i] = pixels[chosen.value * SIDE * SIDE + i] / 255));
    const grey = new ImageData(SIDE, SIDE);
    image.forEach((ink, i) => grey.data.set([255 - 255 * ink, 255 - 255 * ink, 255 - 255 * ink, 255], 4 * i));
    seen.getContext("2d").putImageData(grey, 0, 0);
    const pen = canvas.getContext("2d");
    const round = { lineWidth: canvas.width / 14, lineCap: "round", lineJoin: "round" };
    Object.assign(pen, round, { imageSmoothingEnabled: false });
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (chosen.value) pen.drawImage(seen, 0, 0, canvas.width, canvas.height);
    pen.beginPath();
    for (const stroke of strokes) {
      pen.moveTo(...stroke[0]);
      stroke.forEach((point) => pen.lineTo(...point));
    }
    pen.stroke();
    const found = networks.map((layers, column) => {
      const shares = drawn || chosen.value ? output(layers, image) : new Float64Array(rows.length);
      const most = shares.indexOf(Math.max(...shares));
      rows.forEach((row, i) => {
        const cell = row.cells[column + 1];
        cell.style.setProperty("--share", shares[i]);
        cell.textContent = total(shares) ? percent(shares[i]) : "";
        cell.classList.toggle("most", total(shares) > 0 && i === most);
      });
      return `${names[column]}: ${most} (${percent(shares[most])}).`;
    });
    said.textContent = drawn || chosen.value ? found.join("\n") : "Nothing is drawn.";
  }

  function start(digit) {
    strokes = [];
    chosen.value = digit;
    show();
  }

  function extend(event) {
    const frame = canvas.getBoundingClientRect();
    const scale = canvas.width / frame.width;
    strokes.at(-1).push([(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale]);
    show();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (!event.isPrimary || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    chosen.value = "";
    strokes.push([]);
    extend(event);
  });
  canvas.addEventListener("pointermove", (event) => canvas.hasPointerCapture(event.pointerId) && extend(event));
  chosen.addEventListener("change", () => start(chosen.value));
  square.querySelector("button").addEventListener("click", () => start(""));
  square.hidden = false; // without a script there would be nothing to see
  start("");
}
