/*
 * Keys of an invoice's page: j and → for the next one, k and ← for the one before, v to validate, ? for help.
 * Each presses what carries data-key; a dialog is opened. Never while something is typed or a dialog is open.
 */

const same = { ArrowRight: "j", ArrowLeft: "k" };

function busy(target) {
  return target.isContentEditable || target.closest("input, textarea, select") || document.querySelector("dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || busy(event.target)) return;
  // An arrow scrolls what is wider than its place.
  if (same[event.key] && event.target.closest("[tabindex]:not(main)")) return;
  const key = same[event.key] || event.key;
  const found = [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key);
  if (!found) return;
  event.preventDefault();
  if (found.matches("dialog")) found.showModal();
  else found.click();
});
