const findingElement = (tree, one, open = null) => {
  const lines = one.excerpt.map((text, index) => made("span",
    { class: one.first + index === one.line ? "marked" : false },
    `${String(one.first + index).padStart(4)}  ${text}\n`));
  const others = one.seen.filter((file) => file !== one.file);
  return made("div", { class: "finding" },
    made("div", {}, made("span", { class: one.severity }, `${one.rule} ${one.name}`), " ",
      made("span", { class: "faint" }, `${tree.files[one.file]}:${one.line}`)),
    made("div", {}, one.message),
    made("pre", {}, ...lines),
    made("div", { class: "faint" }, `Help: ${one.hint}`),
    others.length ? made("details", {},
      made("summary", {}, `seen in ${others.length} more`),
      made("ul", {}, ...others.map((file) => made("li", {},
        open && tree.configOf.has(file) ? link(tree.files[file], () => open(file))
          : tree.files[file])))) : null);
};

const showFindings = (tree, open) => {
  const byRule = new Map();
  for (const one of tree.found) {
    if (!byRule.has(one.rule)) byRule.set(one.rule, []);
    byRule.get(one.rule).push(one);
  }
  const rules = [...byRule.entries()].sort((one, other) => other[1].length - one[1].length);
  const parts = rules.map(([rule, found]) => made("details", { open: rules.length < 8 ? "" : false },
    made("summary", {}, made("strong", {}, `${rule} ${found[0].name}`), ` (${found.length})`),
    ...found.map((one) => findingElement(tree, one, open))));
  if (!parts.length) parts.push(made("p", {}, "No findings."));
  if (tree.failed.length) {
    parts.push(made("h2", {}, "Could not be read"),
      ...tree.failed.map(([file, message]) => made("div", { class: "finding" },
        made("strong", {}, tree.files[file]), made("div", { class: "lines" }, message))));
  }
  at("findings").append(...parts);
  at("number-findings").textContent = tree.found.length;
};
