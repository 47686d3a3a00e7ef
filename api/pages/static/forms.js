// What helps to fill in a form; every form works without it.

// A field of a name suggests what is on the register: the ARIA pattern of a combobox.
const SUGGEST_AFTER_MS = 150;
let lists = 0;
function combobox(input, pick) {
  const list = document.createElement("ul");
  list.id = `suggested-${(lists += 1)}`;
  list.className = "suggested";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") || document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.firstChild.textContent.trim() || "");
  document.body.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
  let at = -1, asked = 0, waits = 0;
  const options = () => [...list.children];
  function close() {
    clearTimeout(waits);
    asked += 1;
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function move(to) {
    const all = options();
    if (!all.length) return;
    all[at]?.removeAttribute("aria-selected");
    at = (to + all.length) % all.length;
    all[at].setAttribute("aria-selected", "true");
    all[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[at].id);
  }
  function show(found) {
    list.replaceChildren(...found.map((each, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.append(each.name);
      if (each.within) {
        const within = document.createElement("small");
        within.textContent = each.within;
        option.append(within);
      }
      option.addEventListener("mousedown", (event) => { event.preventDefault(); pick(each); close(); });
      option.found = each;
      return option;
    }));
    if (!found.length) { close(); return; }
    const box = input.getBoundingClientRect();
    const above = window.innerHeight - box.bottom < 240 && box.top > 240;
    Object.assign(list.style, {
      left: `${box.left}px`, minWidth: `${box.width}px`,
      top: above ? "auto" : `${box.bottom + 2}px`, bottom: above ? `${window.innerHeight - box.top + 2}px` : "auto",
    });
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
  }
  async function suggest() {
    const mine = (asked += 1);
    const query = new URLSearchParams({ q: input.value.trim() });
    const day = new URLSearchParams(location.search).get("effective");
    if (day) query.set("effective", day);
    const answer = await fetch(`/choices/${input.dataset.names}?${query}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : [];
    if (mine === asked && document.activeElement === input) show(found);
  }
  input.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(suggest, SUGGEST_AFTER_MS); });
  input.addEventListener("blur", close);
  window.addEventListener("scroll", (event) => { if (!list.hidden && event.target !== list) close(); }, true);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      if (open) move(at + (event.key === "ArrowDown" ? 1 : -1)); else suggest();
    } else if (open && event.key === "Enter" && at >= 0) {
      event.preventDefault();
      pick(options()[at].found);
      close();
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
}
function means(field, each) {
  const was = field.form.elements.namedItem(`${field.name}.was`);
  if (was) was.value = `${field.matches("textarea") ? `${was.value}\n` : ""}${each.id} ${each.label}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
for (const input of document.querySelectorAll("input[data-names]")) {
  combobox(input, (each) => { input.value = each.label; means(input, each); });
  input.addEventListener("input", () => {
    for (const radio of input.closest("form").querySelectorAll(`input[type=radio][name="${CSS.escape(input.name)}"]`)) radio.checked = false;
  });
}
// A list of names, one a line, has an input beside it that adds one.
for (const area of document.querySelectorAll("textarea[data-names]")) {
  const adds = document.createElement("input");
  adds.type = "text";
  adds.className = "wide";
  adds.dataset.names = area.dataset.names;
  adds.setAttribute("aria-label", area.dataset.adds);
  adds.placeholder = area.dataset.adds;
  adds.autocomplete = "off";
  area.after(adds);
  combobox(adds, (each) => {
    area.value = `${area.value.trimEnd()}${area.value.trim() ? "\n" : ""}${each.label}\n`;
    adds.value = "";
    means(area, each);
  });
}

// What is typed is kept as a draft, and what it would record is shown, while somebody types.
const KEEP_AFTER_MS = 600;
for (const form of document.querySelectorAll("form[data-previews], form[data-keeps]")) {
  const preview = form.matches("[data-previews]") && document.getElementById("preview");
  let waits = 0, under_way = new AbortController();
  async function keep() {
    const typed = new URLSearchParams(new FormData(form));
    typed.set("step", preview ? "preview" : "keep");
    const sent = { method: "POST", body: typed, headers: { Accept: "text/html" }, signal: under_way.signal };
    // A field may be called `action`: the attribute is the address.
    const answer = await fetch(form.getAttribute("action") || location.href, sent).catch(() => null);
    if (!preview || !answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("preview");
    if (fresh) preview.replaceChildren(...fresh.childNodes);
  }
  form.addEventListener("input", () => { clearTimeout(waits); waits = setTimeout(keep, KEEP_AFTER_MS); });
  form.addEventListener("submit", () => { clearTimeout(waits); under_way.abort(); under_way = new AbortController(); });
}

// A second click while a form is on its way sends nothing more.
const SENDS_AGAIN_AFTER_MS = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || (form.getAttribute("method") || "get").toLowerCase() !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, SENDS_AGAIN_AFTER_MS);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});
