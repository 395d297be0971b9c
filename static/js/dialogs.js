/* Native dialogs: opening by name, and one question before what cannot be taken back. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog")?.close();
  // A press on the backdrop lands on the dialog itself, outside its box.
  if (event.target.matches("dialog.jf-dialog") && outside(event.target, event)) event.target.close();
});

function outside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** Asks with the page's one confirmation dialog; resolves to whether the person agreed. */
function ask({ confirm, confirmAct, confirmTitle, confirmTone }) {
  const dialog = document.getElementById("confirmation");
  const slot = (name) => dialog.querySelector(`[data-confirm-slot="${name}"]`);
  slot("title").textContent = confirmTitle || "Confirmer";
  slot("text").textContent = confirm;
  slot("act").textContent = confirmAct || "Confirmer";
  slot("act").classList.toggle("btn-wrong", confirmTone === "wrong");
  slot("act").classList.toggle("btn-primary", confirmTone !== "wrong");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const agreed = new WeakSet();

document.addEventListener("submit", (event) => {
  const asking = [event.submitter, event.target].find((element) => element?.dataset.confirm);
  if (!asking || agreed.delete(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(asking.dataset).then((yes) => {
    if (!yes) return;
    agreed.add(event.target);
    event.target.requestSubmit(event.submitter);
  });
}, true);

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const { dataset } = event.target;
  ask({ ...dataset, confirm: event.detail.question }).then((yes) => yes && event.detail.issueRequest(true));
});
