const MOST_BOXES = 30; // of a column of the graph
const BOX = { width: 230, height: 22, gap: 8, across: 70 };

class Bases {
  constructor(tree, open) {
    this.tree = tree;
    this.open = open;
    const files = Object.keys(tree.bases).map(Number);
    const reach = new Map(files.map((file) => [file, tree.allHeirs(file).size]));
    files.sort((one, other) => reach.get(other) - reach.get(one)
      || tree.files[one].localeCompare(tree.files[other]));
    this.items = files.map((file) => ({
      file,
      lower: tree.files[file].toLowerCase(),
      element: made("li", {}, link(tree.files[file], () => this.show(file)), " ",
        made("span", { class: "faint" }, reach.get(file) ? `${reach.get(file)} inherit` : "")),
    }));
    at("files").append(...this.items.map((item) => item.element));
    at("number-bases").textContent = files.filter((file) => reach.get(file)).length;
    at("search-bases").addEventListener("input", () => this.filter());
    this.filter();
    if (files.length) this.show(files[0]);
  }

  filter() {
    const word = at("search-bases").value.toLowerCase();
    let shown = 0;
    for (const item of this.items) {
      item.element.hidden = !item.lower.includes(word);
      shown += !item.element.hidden;
    }
    at("shown-bases").textContent = `${shown} of ${this.items.length}`;
  }

  show(file) {
    const { tree } = this;
    const all = tree.allHeirs(file);
    const parts = [made("h2", {}, tree.files[file])];
    if (tree.configOf.has(file)) {
      parts.push(made("p", {}, link("Its values", () => this.open(file))));
    }
    parts.push(made("div", { class: "scroll" }, this.graph(file)),
      made("p", {}, `${(tree.heirs.get(file) || []).length} inherit from it directly, `
        + `${all.size} in all.`),
      made("h3", {}, "If a value here changed"));
    const taken = [...tree.takenFrom(file)].sort((one, other) => other[1].size - one[1].size
      || tree.keys[one[0]].localeCompare(tree.keys[other[0]]));
    if (!taken.length) parts.push(made("p", {}, "No config takes a value from here."));
    for (const [key, configs] of taken) parts.push(this.key(tree.keys[key], configs));
    at("base").replaceChildren(...parts);
  }

  key(key, configs) {
    const row = made("div", {});
    const button = link(`${key}: ${configs.size} ${configs.size === 1 ? "config" : "configs"}`, () => {
      const old = row.querySelector("ul");
      if (old) old.remove();
      else {
        row.append(made("ul", { class: "origin" }, ...[...configs].map((file) =>
          made("li", {}, link(this.tree.files[file], () => this.open(file))))));
      }
    });
    button.classList.add("code");
    row.append(button);
    return row;
  }

  // Up to three columns: what it inherits from, the file, what inherits from it.
  graph(file) {
    const { tree } = this;
    const columns = [tree.bases[file] || [], [file], tree.heirs.get(file) || []];
    const most = Math.max(...columns.map((one) => Math.min(one.length, MOST_BOXES + 1)), 1);
    const high = most * (BOX.height + BOX.gap);
    const start = columns[0].length ? 0 : 1;
    const across = (columns[2].length ? 3 : 2) - start;
    const picture = drawn("svg", { class: "graph",
      width: across * BOX.width + (across - 1) * BOX.across + 4,
      height: high + 4, role: "img", "aria-label": "Who inherits from whom" });
    const middle = Math.min(high / 2, 170); // in sight
    columns.forEach((files, column) => {
      const shown = files.slice(0, MOST_BOXES);
      const rows = shown.length + (files.length > shown.length ? 1 : 0);
      const top = (high - rows * (BOX.height + BOX.gap)) / 2;
      const x = 2 + (column - start) * (BOX.width + BOX.across);
      shown.forEach((one, row) => {
        const y = top + row * (BOX.height + BOX.gap) + BOX.gap / 2 + 2;
        const centre = y + BOX.height / 2;
        if (column === 0) picture.append(this.edge(x + BOX.width, centre, x + BOX.width + BOX.across, middle));
        if (column === 2) picture.append(this.edge(x - BOX.across, middle, x, centre));
        picture.append(this.box(one, x, column === 1 ? middle - BOX.height / 2 : y, column === 1));
      });
      if (files.length > shown.length) {
        const more = drawn("text", { x, y: top + rows * (BOX.height + BOX.gap) - BOX.gap });
        more.textContent = `... and ${files.length - shown.length} more`;
        picture.append(more);
      }
    });
    return picture;
  }

  edge(x1, y1, x2, y2) {
    const half = (x1 + x2) / 2;
    return drawn("path", { d: `M${x1} ${y1} C${half} ${y1} ${half} ${y2} ${x2} ${y2}` });
  }

  box(file, x, y, isHere) {
    const name = this.tree.files[file];
    const short = name.split("/").slice(-1)[0];
    const text = drawn("text", { x: x + 6, y: y + 15 });
    text.textContent = short.length > 34 ? `${short.slice(0, 33)}…` : short;
    const title = drawn("title", {});
    title.textContent = name;
    const box = drawn("g", { class: isHere ? "here" : "", tabindex: 0, role: "button" }, title,
      drawn("rect", { x, y, width: BOX.width, height: BOX.height, rx: 4 }), text);
    box.addEventListener("click", () => this.show(file));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.show(file);
    });
    return box;
  }
}
