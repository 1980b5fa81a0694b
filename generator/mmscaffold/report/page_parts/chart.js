// Panels below each other, over one axis of iterations.
const MARGIN = { left: 84, right: 12, top: 16, bottom: 6 };
const HIGH = 150;
const ROW = 22;
const AXIS = 20; // below the last panel

class Panels {
  constructor(data, place, onRead) {
    this.data = data;
    this.place = place;
    this.onRead = onRead;
    this.last = Math.max(1, ...data.panels.flatMap((panel) => panel.traces.flatMap((one) =>
      (one.at.length ? [one.at[one.at.length - 1]] : []))));
    this.range = [0, this.last];
    this.views = data.panels.map((panel, number) => this.view(panel, number));
    place.append(...this.views.map((one) => one.element));
    new ResizeObserver(() => {
      if (this.wide !== this.drawnWide) this.draw();
    }).observe(place);
  }

  view(panel, number) {
    const legend = made("div", { class: "legend" }, made("strong", {}, panel.name));
    const classes = this.classes(panel);
    if (panel.scale !== "rows") {
      panel.traces.forEach((trace, index) => {
        if (!trace.at.length) return;
        legend.append(made("span", {}, drawn("svg", { width: 28, height: 8, "aria-hidden": "true" },
          drawn("path", { class: classes[index], d: "M0 4 H28" })), trace.label));
      });
      if (!panel.traces.some((trace) => trace.at.length)) {
        legend.append(made("span", { class: "faint" }, "not in the log"));
      }
    }
    const picture = drawn("svg", { role: "img",
      "aria-label": panel.name || "validations and checkpoints" });
    const view = { panel, picture, classes, isLast: number === this.data.panels.length - 1,
      element: made("div", { class: "panel" }, legend, picture) };
    this.listen(picture);
    return view;
  }

  classes(panel) {
    let others = 0;
    return panel.traces.map((trace) => {
      if (trace.role !== "other") return `trace ${trace.role}`;
      others += 1;
      return `trace other-${others - 1}`;
    });
  }

  listen(picture) {
    const where = (event) => this.iterationAt(event.clientX - picture.getBoundingClientRect().left);
    picture.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button === 0) this.from = where(event);
    });
    picture.addEventListener("pointermove", (event) => this.point(where(event)));
    picture.addEventListener("pointerleave", () => this.point(null));
    picture.addEventListener("pointerup", (event) => {
      const from = this.from;
      this.from = undefined;
      if (from === undefined) return;
      const [low, high] = [from, where(event)].sort((one, other) => one - other);
      if (this.x(high) - this.x(low) > 8) this.zoom(low, high);
    });
    picture.addEventListener("dblclick", () => this.zoom(0, this.last));
  }

  get wide() {
    return Math.max(this.place.clientWidth, 240);
  }

  x(iteration) {
    const [low, high] = this.range;
    return MARGIN.left + (iteration - low) / (high - low) * (this.wide - MARGIN.left - MARGIN.right);
  }

  iterationAt(x) {
    const [low, high] = this.range;
    const inside = (x - MARGIN.left) / (this.wide - MARGIN.left - MARGIN.right);
    return Math.min(high, Math.max(low, low + inside * (high - low)));
  }

  zoom(low, high) {
    this.range = high - low < 1 ? [Math.max(0, low - 1), low + 1] : [low, high];
    this.draw();
  }

  // A few dozen iterations around one.
  zoomAround(iteration) {
    const half = Math.max(this.last / 20, 10);
    this.zoom(Math.max(0, iteration - half), Math.min(this.last, iteration + half));
  }

  get isWhole() {
    return this.range[0] <= 0 && this.range[1] >= this.last;
  }

  draw() {
    this.drawnWide = this.wide;
    for (const view of this.views) this.drawView(view);
    this.onRead(null, this.isWhole);
  }

  drawView(view) {
    const { panel, picture } = view;
    const isRows = panel.scale === "rows";
    const inner = isRows ? panel.traces.length * ROW : HIGH;
    const bottom = MARGIN.top + inner;
    const high = bottom + MARGIN.bottom + (view.isLast ? AXIS : 0);
    for (const [name, value] of [["width", this.wide], ["height", high]]) picture.setAttribute(name, value);
    picture.replaceChildren();
    const put = (name, attributes, text) => {
      const element = drawn(name, attributes);
      if (text !== undefined) element.textContent = text;
      picture.append(element);
      return element;
    };
    const right = this.wide - MARGIN.right;
    const clip = `clip-${this.views.indexOf(view)}`;
    picture.append(drawn("clipPath", { id: clip }, drawn("rect", { x: MARGIN.left - 3,
      y: MARGIN.top - 3, width: right - MARGIN.left + 6, height: inner + 6 })));
    const ticks = ticksOf(...this.range, Math.max(2, Math.floor(this.wide / 110)), "whole");
    for (const tick of ticks) {
      const x = this.x(tick);
      put("line", { class: "grid", x1: x, x2: x, y1: MARGIN.top, y2: bottom });
      if (view.isLast) {
        put("text", { x, y: bottom + 16, "text-anchor": "middle" }, tick.toLocaleString("en"));
      }
    }
    if (view.isLast) put("text", { x: 2, y: bottom + 16 }, "iteration");
    const points = () => {
      const taken = [];
      for (const point of panel.points) this.drawPoint(point, put, bottom, taken);
    };
    if (isRows) {
      // Their marks are seen in front of it.
      points();
      this.drawRows(view, put, clip);
    } else {
      this.drawCurves(view, put, clip, bottom);
      points();
    }
    for (const seam of this.data.seams) {
      if (this.isShown(seam)) {
        put("line", { class: "seam", x1: this.x(seam), x2: this.x(seam), y1: MARGIN.top, y2: bottom });
      }
    }
    view.cross = put("line", { class: "cross", y1: MARGIN.top, y2: bottom, visibility: "hidden" });
    view.chosen = put("rect", { class: "chosen", y: MARGIN.top, height: inner, visibility: "hidden" });
  }

  isShown(iteration) {
    return iteration >= this.range[0] && iteration <= this.range[1];
  }

  drawPoint(point, put, bottom, taken) {
    if (!this.isShown(point.at)) return;
    const x = this.x(point.at);
    put("line", { class: "mark", x1: x, x2: x, y1: MARGIN.top - 4, y2: bottom });
    const isLate = x > this.wide / 2;
    // Labels that would lie over each other lie below each other.
    const beside = taken.filter((one) => Math.abs(one - x) < 120).length;
    taken.push(x);
    const label = put("text", { class: "mark-label", x: x + (beside ? (isLate ? -4 : 4) : 0),
      y: MARGIN.top - 5 + beside * 14,
      "text-anchor": isLate ? "end" : "start" }, point.label);
    label.addEventListener("click", () => {
      const words = [...document.querySelectorAll(".show")].find((one) => one.dataset.text === point.text);
      if (words) words.closest(".parting").scrollIntoView({ block: "center" });
    });
  }

  drawRows({ panel }, put, clip) {
    panel.traces.forEach((trace, row) => {
      const y = MARGIN.top + row * ROW;
      put("text", { x: 2, y: y + 15 }, trace.label.replace("planned validation", "planned val.")
        .replace("planned checkpoint", "planned ckpt."));
      const at = trace.at.filter((one) => this.isShown(one));
      const step = Math.max(1, Math.ceil(at.length / 400));
      const ways = at.filter((one, index) => index % step === 0)
        .map((one) => `M${this.x(one).toFixed(1)} ${y + 4} v${ROW - 8}`);
      put("path", { class: `trace ${trace.role}`, style: "stroke-dasharray: none",
        "clip-path": `url(#${clip})`, d: ways.join("") });
    });
  }

  drawCurves(view, put, clip, bottom) {
    const { panel } = view;
    const [low, high] = this.limits(panel);
    const y = (value) => bottom - (value - low) / (high - low) * (bottom - MARGIN.top);
    for (const tick of ticksOf(low, high, 4, panel.scale)) {
      put("line", { class: "grid", x1: MARGIN.left, x2: this.wide - MARGIN.right, y1: y(tick), y2: y(tick) });
      put("text", { x: MARGIN.left - 6, y: y(tick) + 4, "text-anchor": "end" },
        shownNumber(tick, panel.scale));
    }
    // The dashes of what is planned are seen in front of the log.
    const order = panel.traces.map((trace, index) => index).reverse();
    for (const index of order) {
      put("path", { class: view.classes[index], "clip-path": `url(#${clip})`,
        d: this.way(panel.traces[index], y) });
    }
  }

  // From one point before what is shown to one behind it.
  way(trace, y) {
    const first = Math.max(0, lastAtMost(trace.at, this.range[0]));
    const parts = [];
    let isOn = false;
    for (let index = first; index < trace.at.length; index += 1) {
      const value = trace.values[index];
      if (value === null) isOn = false;
      else {
        const x = this.x(trace.at[index]).toFixed(1);
        const height = y(value).toFixed(1);
        if (!isOn) parts.push(`M${x} ${height}`, trace.step ? "" : "h0.01");
        else parts.push(trace.step ? `H${x}V${height}` : `L${x} ${height}`);
        isOn = true;
      }
      if (trace.at[index] > this.range[1]) break;
    }
    return parts.join("");
  }

  limits(panel) {
    let low = Infinity;
    let high = -Infinity;
    for (const trace of panel.traces) {
      const first = Math.max(0, lastAtMost(trace.at, this.range[0]));
      for (let index = first; index < trace.at.length; index += 1) {
        const value = trace.values[index];
        if (value !== null) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
        if (trace.at[index] > this.range[1]) break;
      }
    }
    if (low > high) return [0, 1];
    if (panel.scale === "from_zero") low = Math.min(0, low);
    const more = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
    return [panel.scale === "from_zero" && low === 0 ? 0 : low - more, high + more];
  }

  // The values at an iteration, and a line through all panels.
  point(iteration) {
    for (const view of this.views) {
      if (!view.cross) continue;
      view.cross.setAttribute("visibility", iteration === null ? "hidden" : "visible");
      const isChosen = iteration !== null && this.from !== undefined;
      view.chosen.setAttribute("visibility", isChosen ? "visible" : "hidden");
      if (iteration === null) continue;
      const x = this.x(iteration);
      view.cross.setAttribute("x1", x);
      view.cross.setAttribute("x2", x);
      if (isChosen) {
        const start = this.x(this.from);
        view.chosen.setAttribute("x", Math.min(start, x));
        view.chosen.setAttribute("width", Math.abs(x - start));
      }
    }
    if (iteration === null) {
      this.from = undefined;
      this.onRead(null, this.isWhole);
      return;
    }
    const whole = Math.round(iteration);
    const parts = this.data.panels.flatMap((panel) => (panel.scale === "rows" ? []
      : panel.traces.map((trace) => {
        const index = lastAtMost(trace.at, whole);
        const value = index < 0 ? null : trace.values[index];
        if (value === null || value === undefined) return null;
        const ends = index === trace.at.length - 1 && whole > trace.at[index] + this.last / 50;
        const whose = trace.label.startsWith("the ") ? `${panel.name} (${trace.label.slice(4)})`
          : `${trace.label === "what is left, at the pace of the log" ? "left" : trace.label}`;
        return ends ? null : `${whose} ${shownNumber(value, panel.scale)}`;
      }))).filter(Boolean);
    this.onRead(`iteration ${whole.toLocaleString("en")}: ${parts.join(", ")}`, this.isWhole);
  }
}
