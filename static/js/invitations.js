/* The dialog « Activer sur jefacture.com » comes with the page or by htmx: make it modal, and go away without it. */

function openNow() {
  const dialog = document.querySelector("dialog[data-open-now]");
  if (!dialog) return;
  dialog.removeAttribute("data-open-now");
  dialog.close();
  dialog.showModal();
}

openNow();
document.addEventListener("htmx:afterSwap", openNow);
