"use strict";
(() => {
  document.documentElement.classList.add("scripted");

  const chosen = (form, name) =>
    new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));
  const word = (form) => form.querySelector("input[type=search]").value.trim().toLowerCase();

  const filterMatrix = (form) => {
    const states = chosen(form, "state");
    const targets = chosen(form, "target");
    const wanted = word(form);
    const table = document.getElementById("matrix-table");
    for (const cell of table.querySelectorAll("[data-target]")) {
      cell.hidden = !targets.has(cell.dataset.target);
    }
    let shown = 0;
    let all = 0;
    for (const body of table.tBodies) {
      let left = 0;
      for (const row of body.querySelectorAll("tr[data-check]")) {
        const cells = [...row.querySelectorAll("td:not([hidden])")];
        row.hidden = !(
          row.dataset.check.includes(wanted) && cells.some((cell) => states.has(cell.dataset.state))
        );
        all += 1;
        left += row.hidden ? 0 : 1;
      }
      body.hidden = left === 0;
      shown += left;
    }
    form.querySelector("output").textContent = `${shown} of ${all} promises shown`;
  };

  const filterFindings = (form) => {
    const severities = chosen(form, "severity");
    const wanted = word(form);
    const all = [...document.querySelectorAll("article[data-severity]")];
    for (const one of all) {
      one.hidden = !(severities.has(one.dataset.severity) && one.dataset.words.includes(wanted));
    }
    const shown = all.filter((one) => !one.hidden).length;
    form.querySelector("output").textContent = `${shown} of ${all.length} findings shown`;
  };

  for (const [id, filter] of [["matrix-filters", filterMatrix], ["finding-filters", filterFindings]]) {
    const form = document.getElementById(id);
    if (form === null) continue;
    form.addEventListener("input", () => filter(form));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => filter(form)));
    filter(form);
  }

  const byHand = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };
  for (const button of document.querySelectorAll("button.copy")) {
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copies);
      let done = true;
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        done = byHand(text);
      }
      button.textContent = done ? "Copied" : "Selected: copy it by hand";
    });
  }

  const reveal = () => {
    const named = document.getElementById(location.hash.slice(1));
    if (named === null) return;
    named.hidden = false;
    for (const one of named.querySelectorAll(":scope > details")) one.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details")) one.open = true;
  });
})();
