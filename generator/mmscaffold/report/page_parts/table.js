const COLUMNS = [
  ["file", "Config", (tree, config) => tree.files[config.file]],
  ["model", "Model", (tree, config) => config.model],
  ["data", "Data", (tree, config) => config.data],
  ["length", "Length", (tree, config) => config.length],
  ["batch", "Batch", (tree, config) => config.batch],
  ["rate", "Rate", (tree, config) => config.rate],
  ["loop", "Loop", (tree, config) => config.loop],
  ["hooks", "Hooks", (tree, config) => config.hooks.join(", ")],
];

const PIECE = 60; // rows that are added at a time: laying out hundreds takes long

class ConfigTable {
  constructor(tree, open) {
    this.tree = tree;
    this.sorted = ["", 1];
    this.rows = tree.configs.map((config) => this.row(config, open));
    const head = COLUMNS.map(([name, label]) => made("th", { scope: "col", "data-name": name },
      made("button", { type: "button", onclick: () => this.sort(name) }, label)));
    at("table").tHead.append(made("tr", {}, ...head.slice(0, 1), made("th", {}, "Schedule"),
      ...head.slice(1), made("th", { scope: "col", "data-name": "found" },
        made("button", { type: "button", onclick: () => this.sort("found") }, "Findings"))));
    this.choose("by-model", (config) => config.model.split(" · ")[0]);
    this.choose("by-length", (config) => config.length);
    this.choose("by-loop", (config) => config.loop);
    for (const id of ["search", "by-model", "by-length", "by-loop", "with-findings"]) {
      at(id).addEventListener("input", () => this.filter());
    }
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.show(this.visible + PIECE);
    }, { rootMargin: "600px" }).observe(at("more"));
    addEventListener("beforeprint", () => this.show(this.matched.length));
    this.filter();
  }

  // The first of the rows that fit; the others come as one scrolls.
  show(number) {
    const body = at("table").tBodies[0];
    const stop = Math.min(number, this.matched.length);
    body.append(...this.matched.slice(this.visible, stop).map((row) => row.element));
    this.visible = stop;
  }

  row(config, open) {
    const texts = Object.fromEntries(
      COLUMNS.map(([name, , read]) => [name, read(this.tree, config)]));
    const found = (this.tree.foundIn.get(config.file) || []).length;
    const cells = COLUMNS.map(([name, label]) => made("td",
      { class: name === "rate" ? "number" : false, "data-label": texts[name] ? label : "" },
      name === "file" ? link(texts.file, () => open(config.file)) : texts[name]));
    const element = made("tr", {}, cells[0],
      made("td", {}, schedulePicture(this.tree, config)), ...cells.slice(1),
      made("td", { class: found ? "warning" : "faint", "data-label": "Findings" }, String(found)));
    const lower = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [name, text.toLowerCase()]));
    const all = `${Object.values(lower).join("\n")}\n${config.optimizer.toLowerCase()}`;
    return { config, element, texts, lower, all, found };
  }

  choose(id, read) {
    const counts = new Map();
    for (const config of this.tree.configs) {
      const value = read(config);
      if (value) counts.set(value, (counts.get(value) || 0) + 1);
    }
    const names = [...counts.keys()].sort((one, other) => one.localeCompare(other, "en",
      { numeric: true }));
    at(id).append(made("option", { value: "" }, "any"),
      ...names.map((name) => made("option", { value: name }, `${name} (${counts.get(name)})`)));
    this[id] = read;
  }

  filter() {
    const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean).map((word) => {
      const colon = word.indexOf(":");
      const column = word.slice(0, Math.max(colon, 0));
      return COLUMNS.some(([name]) => name === column) ? [column, word.slice(colon + 1)] : [null, word];
    });
    this.matched = this.rows.filter((row) => words.every(([column, word]) =>
        (column ? row.lower[column] : row.all).includes(word))
        && ["by-model", "by-length", "by-loop"].every((id) =>
          !at(id).value || this[id](row.config) === at(id).value)
        && (!at("with-findings").checked || row.found > 0));
    at("table").tBodies[0].replaceChildren();
    this.visible = 0;
    this.show(PIECE);
    at("shown").textContent = `${this.matched.length} of ${this.rows.length}`;
  }

  sort(name) {
    this.sorted = [name, this.sorted[0] === name ? -this.sorted[1] : 1];
    const [, direction] = this.sorted;
    const read = (row) => (name === "found" ? String(row.found) : row.texts[name]);
    const order = new Intl.Collator("en", { numeric: true });
    const numbers = name === "rate" || name === "batch";
    this.rows.sort((one, other) => direction * (numbers
      ? (Number(read(one)) || 0) - (Number(read(other)) || 0)
      : order.compare(read(one), read(other))));
    this.filter();
    for (const head of at("table").tHead.querySelectorAll("th[data-name]")) {
      if (head.dataset.name !== name) head.removeAttribute("aria-sort");
      else head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    }
  }
}
