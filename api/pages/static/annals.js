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
