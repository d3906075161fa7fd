(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const text = document.getElementById("text");
  const arcs = document.getElementById("arcs");
  const buttons = [...text.querySelectorAll("[data-unit]")];
  const keys = [...text.querySelectorAll("[data-key]")];
  let focus = data.focus;

  const shade = weight => "w" + Math.round(Math.sqrt(Math.min(1, Math.max(0, weight))) * data.levels);
  const figure = weight => weight.toFixed(3);

  /** Curves from the word in focus to those it attends to, wherever the lines break. */
  function draw() {
    arcs.replaceChildren();
    const from = buttons.find(button => +button.dataset.unit === focus);
    const frame = text.getBoundingClientRect();
    const place = button => {
      const box = button.getBoundingClientRect();
      return [box.left + box.width / 2 - frame.left, box.top - frame.top];
    };
    const [x, y] = place(from);
    for (const key of keys) {
      const weight = data.words[focus].row[+key.dataset.key] / 1000;
      if (key === from || weight < 0.02) continue;
      const [toX, toY] = place(key);
      const rise = 16 + Math.min(44, Math.abs(toX - x) / 7);
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", `M${x} ${y}Q${(x + toX) / 2} ${Math.min(y, toY) - rise} ${toX} ${toY}`);
      path.setAttribute("stroke-width", 1 + 6 * weight);
      path.setAttribute("opacity", 0.35 + 0.65 * weight);
      arcs.append(path);
    }
  }

  function row(key, here, mean) {
    const line = document.createElement("tr");
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = data.keys[key];
    line.append(name);
    for (const weight of [here, mean]) {
      const cell = document.createElement("td");
      cell.textContent = figure(weight);
      line.append(cell);
    }
    const drawn = document.createElement("td");
    drawn.className = "drawn";
    for (const [kind, weight] of [["here", here], ["mean", mean]]) {
      const bar = document.createElement("i");
      bar.className = kind;
      bar.style.width = 100 * weight + "%";
      drawn.append(bar);
    }
    line.append(drawn);
    return line;
  }

  function show(unit) {
    focus = unit;
    const word = data.words[unit];
    document.getElementById("heading").textContent = word.heading;
    document.getElementById("explanation").textContent = word.explanation;
    for (const key of keys) {
      key.className = "word " + shade(word.row[+key.dataset.key] / 1000);
    }
    for (const button of buttons) {
      const chosen = +button.dataset.unit === unit;
      if (chosen || !button.dataset.key) button.className = chosen ? "word focus" : "word";
      button.setAttribute("aria-pressed", chosen);
    }
    const order = keys.map(key => +key.dataset.key).sort((a, b) => word.row[b] - word.row[a]);
    document.getElementById("bars").replaceChildren(
      ...order.slice(0, data.most).map(key => row(key, word.row[key] / 1000, word.mean[key] / 1000)));
    draw();
  }

  buttons.forEach(button => button.addEventListener("click", () => show(+button.dataset.unit)));
  addEventListener("resize", draw);
  document.fonts.ready.then(draw);
  draw();
})();
