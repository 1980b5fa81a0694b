const start = async () => {
  at("theme").addEventListener("click", setTheme);
  const data = await unpack();
  const hint = at("read").textContent;
  const panels = new Panels(data, at("panels"), (text, isWhole) => {
    at("read").textContent = text === null ? hint : text;
    at("whole").disabled = isWhole;
  });
  at("whole").addEventListener("click", () => panels.zoom(0, panels.last));
  for (const button of document.querySelectorAll(".show")) {
    const point = data.panels.flatMap((panel) => panel.points)
      .find((one) => one.text === button.dataset.text);
    if (!point) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      panels.zoomAround(point.at);
      at("picture").scrollIntoView();
    });
  }
  at("zoom").hidden = false;
  panels.draw();
  document.documentElement.dataset.ready = "";
};

start().catch((error) => {
  at("panels").textContent = `The picture could not be shown: ${error.message}`;
  throw error;
});
