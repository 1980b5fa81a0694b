// Of a plan: what there is to tell, and the files that would be written.
const diffElement = (text) => made("pre", { class: "diff" }, ...text.split("\n").map((line) => {
  const isHead = line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@");
  const kind = isHead ? "faint" : { "+": "added", "-": "removed" }[line[0]];
  return made("span", { class: kind || false }, `${line}\n`);
}));

const noteHead = (note) => [made("strong", { class: note.decide ? "error" : "" },
  note.decide ? "decide " : "", note.code), " ", note.message];

// What is told of one config, and its own lines before and after.
const planParts = (tree, file) => {
  const notes = tree.changes.notes.filter((note) => note.file === file);
  const diff = tree.changes.diffs.find(([one]) => one === file);
  return [
    ...notes.map((note) => made("div", { class: "note" }, ...noteHead(note),
      note.line || note.key ? made("span", { class: "faint" },
        ` ${[note.line && `line ${note.line}`, note.key].filter(Boolean).join(", ")}`) : null,
      note.help ? made("div", { class: "faint" }, note.help) : null)),
    diff ? made("details", {}, made("summary", {}, "Its lines before and after"),
      diffElement(diff[1])) : null,
  ].filter(Boolean);
};

const showNotes = (tree, open) => {
  const groups = new Map();
  for (const note of tree.changes.notes) {
    const key = JSON.stringify([note.code, note.message, note.help]);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(note);
  }
  const sorted = [...groups.values()].sort(([one], [other]) => other.decide - one.decide
    || (one.code || "~").localeCompare(other.code || "~"));
  const parts = sorted.map((notes) => made("details", {},
    made("summary", {}, ...noteHead(notes[0]), ` (${notes.length})`),
    notes[0].help ? made("p", { class: "lines" }, notes[0].help) : null,
    made("ul", { class: "origin" }, ...notes.map((note) => {
      const name = `${tree.files[note.file]}${note.line ? `:${note.line}` : ""}`;
      return made("li", {}, tree.configOf.has(note.file)
        ? link(name, () => open(note.file)) : name, note.key ? ` ${note.key}` : "");
    }))));
  return parts.length ? [made("h3", {}, "Notes"), ...parts] : [];
};

const showDiffs = (tree, folded) => {
  const { diffs } = tree.changes;
  if (!diffs.length) return [];
  return [folded(`Files that would be written (${diffs.length})`, () => made("div", {},
    ...diffs.map(([file, text]) => folded(tree.files[file], () => diffElement(text)))))];
};
