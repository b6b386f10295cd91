// A reading line through the plots of a trial: move over them, or use the slider under them. The values come from the
// table of the same trial. Without this script everything else works.
"use strict";
for (const chart of document.querySelectorAll(".chart")) {
  const slider = chart.querySelector("input");
  const output = chart.querySelector("output");
  const plots = [...chart.querySelectorAll("svg.plot")];
  const table = chart.parentElement.querySelector("table.numbers");
  if (!slider || !table) continue;
  const head = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = table.tBodies[0].rows;
  const lines = plots.map((plot) => {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "reading");
    line.setAttribute("y1", "0");
    line.setAttribute("y2", "100%");
    plot.append(line);
    return line;
  });

  const values = (index) => {
    const cells = [...rows[index].cells].map((cell) => cell.textContent);
    return cells.map((value, i) => [head[i], value]).filter(([, value]) => value !== "");
  };

  const show = (index) => {
    const at = (100 * (index + 0.5)) / rows.length + "%";
    for (const line of lines) {
      line.setAttribute("x1", at);
      line.setAttribute("x2", at);
    }
    output.replaceChildren(
      ...values(index).map(([name, value]) => {
        const item = document.createElement("span");
        const strong = document.createElement("b");
        strong.textContent = value;
        item.append(name + " ", strong);
        return item;
      }),
    );
    slider.setAttribute("aria-valuetext", values(index).map((pair) => pair.join(" ")).join(", "));
    chart.classList.add("read");
  };

  slider.addEventListener("input", () => show(slider.valueAsNumber));
  slider.addEventListener("focus", () => show(slider.valueAsNumber));
  for (const plot of plots) {
    plot.addEventListener("pointermove", (event) => {
      const box = plot.getBoundingClientRect();
      const index = Math.floor(((event.clientX - box.left) / box.width) * rows.length);
      slider.value = Math.min(rows.length - 1, Math.max(0, index));
      show(slider.valueAsNumber);
    });
  }
  chart.querySelector(".scrub").hidden = false;
}

// A link to a trial opens it; printing opens the trials, not the logs.
const open = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
};
addEventListener("hashchange", open);
document.addEventListener("click", (event) => {
  if (event.target.closest("a[href^='#']")) setTimeout(open);
});
open();
addEventListener("beforeprint", () => {
  for (const trial of document.querySelectorAll("details.trial")) trial.open = true;
});
