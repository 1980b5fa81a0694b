const MOST_VALUES = 3000; // that are shown at once

class Details {
  constructor(tree, openBase) {
    this.tree = tree;
    this.openBase = openBase;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  close() {
    at("details").hidden = true;
  }

  open(file) {
    const { tree } = this;
    const config = tree.configOf.get(file);
    const panel = at("details");
    const list = made("div", {});
    const search = made("input", { type: "search", placeholder: "Search keys and values",
      "aria-label": "Search values", oninput: () => this.fill(list, config, search.value) });
    const found = tree.foundIn.get(file) || [];
    panel.replaceChildren(...[
      made("button", { type: "button", class: "close", onclick: () => this.close() }, "Close"),
      made("h2", {}, tree.files[file]),
      made("p", {}, config.old ? "Of MMDetection 2.x. " : "",
        link("Who inherits from it, and from whom it does", () => {
          this.close();
          this.openBase(file);
        })),
      schedulePicture(tree, config, 4),
      made("p", { class: "faint" }, config.schedule),
      tree.changeOf?.has(file) ? changedElement(tree, tree.changeOf.get(file)) : null,
      ...found.map((one) => findingElement(tree, one)),
      made("h3", {}, "Values"), search, list].filter(Boolean));
    this.fill(list, config, "");
    panel.hidden = false;
    panel.scrollTop = 0;
    search.focus({ preventScroll: true });
  }

  fill(list, config, words) {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [];
    let left = 0;
    for (const number of this.tree.entriesOf(config)) {
      const one = this.tree.entry(number);
      const text = `${one.key} = ${one.value}`;
      const lower = text.toLowerCase();
      if (!wanted.every((word) => lower.includes(word))) continue;
      if (rows.length < MOST_VALUES) rows.push(this.row(one, text));
      else left += 1;
    }
    list.replaceChildren(...rows, left ? `... and ${left} more: search for them.` : "");
  }

  row(one, text) {
    const row = made("div", { class: "value" });
    const button = link("", () => this.origin(row, one));
    button.classList.add("code");
    button.textContent = text;
    row.append(button);
    return row;
  }

  origin(row, one) {
    const old = row.querySelector(".origin");
    if (old) {
      old.remove();
      return;
    }
    const line = (before, place) => made("p", {}, before,
      link(place.name, () => {
        this.close();
        this.openBase(place.file);
      }), ": ", made("code", {}, place.text));
    row.append(made("div", { class: "origin" },
      one.place ? line("written in ", one.place) : made("p", {}, "its place is not known"),
      ...one.replaced.map((place) => line("overrides ", place))));
  }
}
