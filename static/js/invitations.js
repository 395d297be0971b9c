/* The dialogs « Activer sur jefacture.com » and « Renvoyer des invitations » come with the page or by htmx: make it modal, and go away without it. */

function openNow() {
  const dialog = document.querySelector("dialog[data-open-now]");
  if (!dialog) return;
  dialog.removeAttribute("data-open-now");
  dialog.close();
  dialog.showModal();
}

openNow();
document.addEventListener("htmx:afterSwap", openNow);

/* The preview of the e-mail is drawn when it is opened; « toggle » does not bubble. */
document.addEventListener("toggle", ({ target }) => {
  if (target.open && target.matches("[data-mail-preview]")) target.querySelector("[formtarget]").click();
}, true);
