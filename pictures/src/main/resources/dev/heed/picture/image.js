(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const cells = [...document.getElementById("cells").children];
  const buttons = [...document.querySelectorAll("button.token")];
  const name = place => `row ${Math.floor(place / data.columns)}, column ${place % data.columns}`;

  function show(token) {
    const { heading, explanation, row } = data.tokens[token];
    const largest = Math.max(...row);
    document.getElementById("heading").textContent = heading;
    document.getElementById("explanation").textContent = explanation;
    document.getElementById("largest").textContent = (largest / 10000).toFixed(4);
    cells.forEach((cell, place) => {
      const share = largest === 0 ? 0 : row[place] / largest;
      cell.className = "cell w" + Math.round(Math.sqrt(share) * data.levels);
      cell.title = `${name(place)}: ${(row[place] / 10000).toFixed(4)}`;
    });
    const strongest = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, data.most);
    document.getElementById("places").replaceChildren(
      ...strongest.map(place => {
        const line = document.createElement("tr");
        const label = document.createElement("th");
        const weight = document.createElement("td");
        label.scope = "row";
        label.textContent = name(place);
        weight.textContent = (row[place] / 10000).toFixed(4);
        line.append(label, weight);
        return line;
      }));
    buttons.forEach(button => button.classList.toggle("chosen", +button.dataset.token === token));
  }

  buttons.forEach(button => button.addEventListener("click", () => show(+button.dataset.token)));
})();
