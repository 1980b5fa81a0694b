class Tree {
  constructor(data) {
    Object.assign(this, data);
    this.configOf = new Map(this.configs.map((config) => [config.file, config]));
    this.heirs = new Map();
    for (const [file, bases] of Object.entries(this.bases)) {
      for (const base of bases) {
        if (!this.heirs.has(base)) this.heirs.set(base, []);
        this.heirs.get(base).push(Number(file));
      }
    }
    this.foundIn = new Map();
    for (const one of this.found) {
      for (const file of new Set([one.file, ...one.seen])) {
        if (!this.foundIn.has(file)) this.foundIn.set(file, []);
        this.foundIn.get(file).push(one);
      }
    }
  }

  * entriesOf(config) {
    for (let index = 0; index < config.runs.length; index += 2) {
      const stop = config.runs[index] + config.runs[index + 1];
      for (let entry = config.runs[index]; entry < stop; entry += 1) yield entry;
    }
  }

  place(number) {
    if (number < 0) return null;
    const [file, line, text] = this.places.slice(3 * number, 3 * number + 3);
    return { file, line, text: this.texts[text], name: `${this.files[file]}:${line}` };
  }

  entry(number) {
    const { keys, texts, places, replaced } = this.entries;
    return {
      key: this.keys[keys[number]],
      value: this.texts[texts[number]],
      place: this.place(places[number]),
      replaced: (replaced[number] || []).map((one) => this.place(one)),
    };
  }

  // For each key that is written in a file: the configs that take their value from there.
  takenFrom(file) {
    const { keys, places } = this.entries;
    const found = new Map();
    for (const config of this.configs) {
      for (const entry of this.entriesOf(config)) {
        const place = places[entry];
        if (place < 0 || this.places[3 * place] !== file) continue;
        const key = keys[entry];
        if (!found.has(key)) found.set(key, new Set());
        found.get(key).add(config.file);
      }
    }
    return found;
  }

  // All that inherits from a file, however far away.
  allHeirs(file) {
    const found = new Set();
    const pending = [file];
    while (pending.length) {
      for (const heir of this.heirs.get(pending.pop()) || []) {
        if (!found.has(heir)) {
          found.add(heir);
          pending.push(heir);
        }
      }
    }
    return found;
  }
}

const schedulePicture = (tree, config, scale = 1) => {
  const [width, height] = tree.size;
  if (!config.line.length) {
    return made("span", { class: "faint", title: config.schedule }, scale === 1 ? "–" : "");
  }
  const picture = drawn("svg", {
    class: scale === 1 ? "small" : "", viewBox: `0 0 ${width} ${height}`, role: "img",
    width: width * scale, height: height * scale, "aria-label": config.schedule,
  });
  for (const kind of ["milestone", "switch"]) {
    for (const x of config[kind === "switch" ? "switches" : "milestones"]) {
      picture.append(drawn("line", { class: kind, x1: x, x2: x, y1: 0, y2: height }));
    }
  }
  picture.append(drawn("polyline", { class: "rate", points: config.line.join(" ") }));
  const title = drawn("title", {});
  title.textContent = config.schedule;
  picture.prepend(title);
  return picture;
};
