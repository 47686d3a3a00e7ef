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

// A form that was changed is previewed again while somebody types in it.
const form = document.querySelector("form[data-previews]");
const preview = document.getElementById("preview");
let waiting = 0;
async function look() {
  const typed = new URLSearchParams(new FormData(form));
  typed.set("step", "preview");
  const answer = await fetch(form.action || location.href, { method: "POST", body: typed, headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("preview");
  if (fresh && answer.ok) preview.replaceChildren(...fresh.childNodes);
}
if (form && preview) {
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 600); });
}
