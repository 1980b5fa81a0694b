const changeText = (tree, [before, after, why]) => {
  const old = before < 0 ? null : tree.entry(before);
  const now = after < 0 ? null : tree.entry(after);
  if (!old) return `${now.key} = ${now.value} is new`;
  if (!now) return `${old.key} = ${old.value} ${why < 0 ? "is gone" : tree.texts[why]}`;
  if (now.key !== old.key) return `${old.key} = ${old.value} → ${now.key} = ${now.value}`;
  return `${now.key}: ${old.value} → ${now.value}`;
};

// The changes of one config, with both schedules and both places.
const changedElement = (tree, one) => {
  const before = schedulePicture(tree, one.before, 2);
  const after = schedulePicture(tree, one.after, 2);
  return made("div", { class: "finding" },
    made("h3", {}, tree.changes.title),
    made("div", { class: "pair" }, made("div", {}, "before", before), made("div", {}, "after", after)),
    ...planParts(tree, one.file),
    ...one.pairs.map((pair) => {
      const row = made("div", { class: "value" });
      const button = link(changeText(tree, pair), () => {
        const old = row.querySelector(".origin");
        if (old) {
          old.remove();
          return;
        }
        const lines = pair.slice(0, 2).map((number, index) => {
          const place = number < 0 ? null : tree.entry(number).place;
          return place && made("p", {}, index ? "after: " : "before: ", place.name, ": ",
            made("code", {}, place.text));
        });
        row.append(made("div", { class: "origin" }, ...lines.filter(Boolean)));
      });
      button.classList.add("code");
      row.append(button);
      return row;
    }));
};

const showChanges = (tree, open) => {
  const { changes } = tree;
  if (!changes) return;
  tree.changeOf = new Map(changes.changed.map((one) => [one.file, one]));
  const groups = new Map();
  for (const one of changes.changed) {
    for (const pair of one.pairs) {
      const text = changeText(tree, pair);
      if (!groups.has(text)) groups.set(text, []);
      groups.get(text).push(one.file);
    }
  }
  const files = (numbers) => made("ul", { class: "origin" }, ...numbers.map((file) =>
    made("li", {}, tree.configOf.has(file) ? link(tree.files[file], () => open(file))
      : tree.files[file])));
  const folded = (text, fill) => {
    const element = made("details", {}, made("summary", {}, text));
    element.addEventListener("toggle", () => {
      if (element.open && element.children.length === 1) element.append(fill());
    });
    return element;
  };
  const sorted = [...groups].sort((one, other) => other[1].length - one[1].length
    || (one[0] < other[0] ? -1 : 1));
  const list = made("div", { id: "change-list" });
  const fill = () => {
    const word = at("search-changes").value.toLowerCase();
    const fitting = sorted.filter(([text]) => text.toLowerCase().includes(word));
    list.replaceChildren(...fitting.slice(0, 500).map(([text, numbers]) =>
      folded(`${text} (${numbers.length})`, () => files(numbers))),
    fitting.length > 500 ? `... and ${fitting.length - 500} more: search for them.` : "");
  };
  const configs = (number) => `${number} ${number === 1 ? "config" : "configs"}`;
  at("changes").append(
    made("h2", {}, changes.title),
    made("p", {}, `${configs(changes.changed.length)} would be different, ${changes.same} not.`
      .replace("would be", changes.diffs.length ? "would be" : "are")),
    ...changes.failed.map(([file, message]) => made("div", { class: "finding" },
      made("strong", { class: "error" }, tree.files[file]), made("div", { class: "lines" }, message))),
    ...showNotes(tree, open),
    ...[["Configs that are different", changes.changed.map((one) => one.file)],
      ["Configs that were not there", changes.added], ["Configs that are gone", changes.gone]]
      .filter(([, numbers]) => numbers.length)
      .map(([text, numbers]) => folded(`${text} (${numbers.length})`, () => files(numbers))),
    ...showDiffs(tree, folded),
    made("h3", {}, "Value by value"),
    made("div", { class: "bar" }, made("input", { type: "search", id: "search-changes",
      placeholder: "Search changes", "aria-label": "Search changes", oninput: fill })),
    list);
  fill();
  at("number-changes").textContent = changes.changed.length;
  document.querySelector("nav button[data-view=changes]").hidden = false;
};
