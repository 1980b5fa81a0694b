const showView = (name) => {
  for (const button of document.querySelectorAll("nav button")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
    at(button.dataset.view).hidden = button.dataset.view !== name;
  }
};

const start = async () => {
  for (const button of document.querySelectorAll("nav button")) {
    button.addEventListener("click", () => showView(button.dataset.view));
  }
  at("theme").addEventListener("click", setTheme);
  const tree = new Tree(await unpack());
  let bases = null;
  const details = new Details(tree, (file) => {
    showView("bases");
    bases.show(file);
  });
  const open = (file) => details.open(file);
  new ConfigTable(tree, open);
  bases = new Bases(tree, open);
  showFindings(tree, open);
  showChanges(tree, open);
  at("number-configs").textContent = tree.configs.length;
  at("state").remove();
  showView("configs");
  document.documentElement.dataset.ready = "";
};

start().catch((error) => {
  at("state").textContent = `This page could not be shown: ${error.message}`;
  throw error;
});
