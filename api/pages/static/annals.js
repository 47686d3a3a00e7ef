// Makes the pages smoother; every page works without it.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const field = document.querySelector('[data-key="/"]');
    if (field) { event.preventDefault(); field.focus(); }
  }
  if (event.key === "Escape") {
    document.querySelectorAll("details[data-closes][open]").forEach((each) => { each.open = false; });
  }
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details[data-closes][open]").forEach((each) => {
    if (!each.contains(event.target)) each.open = false;
  });
  if (event.target.closest("[data-prints]")) window.print();
});
const summary = document.querySelector(".summary[tabindex]");
if (summary) summary.focus();

// A table of scores: totals as somebody types, arrow keys, Enter down, a block pasted from Excel.
const scores = document.querySelector("form[data-scores]");
function cellsOf(row) { return [...row.querySelectorAll("input:not([type=hidden])")]; }
function rowsOf() { return [...scores.querySelectorAll("tbody tr")].filter((row) => cellsOf(row).length); }
function pointsOf(input) {
  const text = input.value.trim().replace(/^[０-９．]+$/, (wide) => wide.normalize("NFKC"));
  const fits = /^\d+(\.\d{1,2})?$/.test(text) && Number(text) <= Number(input.dataset.most);
  return fits ? Number(text) : null;
}
function tally() {
  let ready = 0;
  for (const row of rowsOf()) {
    const items = cellsOf(row).filter((each) => each.dataset.most);
    let wrong = "";
    for (const each of items) {
      const bad = each.value.trim() !== "" && pointsOf(each) === null;
      each.parentElement.classList.toggle("bad", bad);
      if (bad) each.setAttribute("aria-invalid", "true"); else each.removeAttribute("aria-invalid");
      if (bad && !wrong) {
        wrong = scores.dataset.range.replaceAll("{item}", each.dataset.item)
          .replaceAll("{most}", each.dataset.most).replaceAll("{value}", each.value.trim());
      }
    }
    const whole = items.every((each) => pointsOf(each) !== null);
    const sum = items.reduce((total, each) => total + Math.round(100 * (pointsOf(each) ?? 0)), 0);
    row.querySelector("[data-total]").textContent = whole ? String(sum / 100) : "—";
    ready += whole ? 1 : 0;
    let after = row.nextElementSibling;
    while (after?.classList.contains("message")) { after.remove(); after = row.nextElementSibling; }
    if (wrong) {
      const message = row.parentElement.insertRow(row.sectionRowIndex + 1);
      message.className = "message";
      const cell = message.insertCell();
      cell.colSpan = row.closest("table").tHead.rows[0].cells.length;
      cell.textContent = wrong;
    }
  }
  const button = scores.querySelector("[data-submits]");
  if (button) button.textContent = scores.dataset.submit.replace("{count}", ready);
}
function go(event, input) {
  const rows = rowsOf();
  const at = rows.findIndex((row) => row.contains(input));
  const place = cellsOf(rows[at]).indexOf(input);
  const atStart = input.selectionStart === 0, atEnd = input.selectionEnd === input.value.length;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!step || (event.key === "ArrowLeft" && !atStart) || (event.key === "ArrowRight" && !atEnd)) return;
  event.preventDefault();
  const next = rows[at + step[0]] && cellsOf(rows[at + step[0]])[place + step[1]];
  if (next) { next.focus(); next.select(); }
}
function paste(event, input) {
  const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  if (lines.length < 2 && lines[0].length < 2) return;
  event.preventDefault();
  const rows = rowsOf();
  const at = rows.findIndex((row) => row.contains(input));
  const place = cellsOf(rows[at]).indexOf(input);
  const before = [];
  lines.forEach((line, down) => line.forEach((text, along) => {
    const target = rows[at + down] && cellsOf(rows[at + down])[place + along];
    if (!target) return;
    before.push([target, target.value]);
    target.value = text.trim();
    target.parentElement.classList.add("pasted");
  }));
  const undo = scores.querySelector("[data-undo]");
  scores.querySelector("[data-told]").textContent = scores.dataset.pasted
    .replace("{rows}", lines.length).replace("{columns}", lines[0].length);
  undo.hidden = false;
  undo.onclick = () => {
    before.forEach(([target, was]) => { target.value = was; target.parentElement.classList.remove("pasted"); });
    undo.hidden = true;
    scores.querySelector("[data-told]").textContent = "";
    tally();
  };
  tally();
}
if (scores) {
  scores.addEventListener("input", tally);
  scores.addEventListener("keydown", (event) => { if (event.target.matches(".grid input")) go(event, event.target); });
  scores.addEventListener("paste", (event) => { if (event.target.matches(".grid input")) paste(event, event.target); });
}
