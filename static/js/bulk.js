/*
 * The bar for ticked rows. <form data-bulk data-bulk-total="1248" data-bulk-word="client,clients"> holds the list,
 * boxes named « ids », a box [data-bulk-all] for the page, and components/bulk_bar.html.
 * « all » is posted as « 1 » when the person chose everything that the filter finds, beyond this page.
 */

const boxes = (form) => [...form.querySelectorAll('input[type="checkbox"][name="ids"]')];
const number = new Intl.NumberFormat("fr-FR");

function words(form, count) {
  const [one, several] = (form.dataset.bulkWord || "ligne,lignes").split(",");
  return `${number.format(count)}\u00a0${count < 2 ? one : several}`;
}

function draw(form) {
  const bar = form.querySelector("[data-bulk-bar]");
  if (!bar) return;
  const rows = boxes(form);
  const ticked = rows.filter((box) => box.checked).length;
  const total = Number(form.dataset.bulkTotal || rows.length);
  const flag = form.querySelector("[data-bulk-flag]");
  if (ticked < rows.length) flag.value = "";
  const everything = flag.value === "1";

  bar.hidden = !ticked;
  for (const count of form.querySelectorAll("[data-bulk-count]")) {
    count.textContent = words(form, everything ? total : ticked);
  }
  const more = bar.querySelector("[data-bulk-everything]");
  more.hidden = everything || ticked < rows.length || total <= rows.length;
  more.textContent = `Tout choisir (${number.format(total)})`;
  for (const head of form.querySelectorAll("[data-bulk-all]")) {
    head.checked = ticked > 0 && ticked === rows.length;
    head.indeterminate = ticked > 0 && ticked < rows.length;
  }
}

let last = null; // the box ticked before, for Shift

document.addEventListener("click", (event) => {
  const form = event.target.closest("form[data-bulk]");
  if (!form) return;
  if (event.target.matches("[data-bulk-all]")) {
    for (const box of boxes(form)) box.checked = event.target.checked;
  } else if (event.target.closest("[data-bulk-everything]")) {
    form.querySelector("[data-bulk-flag]").value = "1";
  } else if (event.target.closest("[data-bulk-clear]")) {
    for (const box of boxes(form)) box.checked = false;
    form.querySelector("[data-bulk-all]")?.focus();
  } else if (event.target.matches('input[name="ids"]')) {
    tickRange(form, event);
  } else {
    return;
  }
  draw(form);
});

/* Enter in a box would press the form's first button, whichever row's menu it is in. */
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches('form[data-bulk] input[type="checkbox"]')) event.preventDefault();
});

function tickRange(form, event) {
  const rows = boxes(form);
  const [from, to] = [rows.indexOf(last), rows.indexOf(event.target)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const box of rows.slice(from, to + 1)) box.checked = event.target.checked;
  last = event.target;
}

function drawAll() {
  for (const form of document.querySelectorAll("form[data-bulk]")) draw(form);
}

drawAll();
addEventListener("pageshow", drawAll);
document.addEventListener("htmx:afterSettle", drawAll);
