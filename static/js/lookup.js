/*
 * « Nouveau client » (form[data-lookup]): what the company directory knows fills what the person has left blank.
 *
 * The number's answer (#annuaire) carries the values in data-company; a value that was filled in and is still as it was
 * (data-filled) follows the number, one that the person typed stays. The name's answer (#suggestions) is a listbox that
 * the name field commands as a combobox; choosing a company gives its number, whose answer does the rest.
 */

const FILLED = ["name", "street", "postal_code", "city", "country", "vat_number"];
const form = document.querySelector("form[data-lookup]");
const field = (name) => form.elements.namedItem(name);
const name = field("name");

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id === "annuaire") fill(JSON.parse(target.querySelector("[data-company]").dataset.company));
  if (target.id === "suggestions") show();
});

function fill(company) {
  for (const each of FILLED) {
    const input = field(each);
    if (input.value !== "" && input.value !== input.dataset.filled) continue;
    input.value = company[each] ?? input.defaultValue;
    input.dataset.filled = input.value;
  }
}

/* What was filled in for the former number goes at once: the new one's answer may be long in coming, or none. */
const number = field("siren");
let asked = number.value;
number.addEventListener("input", () => {
  if (number.value === asked) return;
  asked = number.value;
  fill({});
});

/* --- The list of names -------------------------------------------------------------------------------------------- */

const list = () => document.getElementById("entreprises");
const options = () => [...(list()?.querySelectorAll('[role="option"]') ?? [])];

name.setAttribute("role", "combobox");
name.setAttribute("aria-autocomplete", "list");
name.setAttribute("aria-expanded", "false");

function show() {
  form.querySelector("[data-lookup-count]").textContent = list()?.dataset.count ?? "";
  if (!list() || document.activeElement !== name) return close();
  name.setAttribute("aria-expanded", "true");
  name.setAttribute("aria-controls", list().id);
}

function close() {
  list()?.remove();
  name.setAttribute("aria-expanded", "false");
  name.removeAttribute("aria-controls");
  name.removeAttribute("aria-activedescendant");
}

function point(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  name.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose({ dataset }) {
  name.value = dataset.name;
  delete name.dataset.filled; // chosen, so it stays
  number.value = dataset.number;
  close();
  number.dispatchEvent(new Event("input", { bubbles: true }));
}

name.addEventListener("keydown", (event) => {
  const all = options();
  if (!all.length) return;
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) point(all[here < 0 ? (step > 0 ? 0 : all.length - 1) : (here + step + all.length) % all.length]);
  else if (event.key === "Enter" && here >= 0) choose(all[here]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});

/* The field keeps the focus while an entry is pressed. */
form.addEventListener("pointerdown", (event) => {
  if (event.target.closest('[role="option"]')) event.preventDefault();
});

form.addEventListener("click", (event) => {
  const option = event.target.closest('[role="option"]');
  if (option) choose(option);
});

name.addEventListener("blur", close);
