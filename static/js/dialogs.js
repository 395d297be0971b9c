/* Native dialogs: opening by name, and one question before what cannot be taken back. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer?.closest("dialog")) {
    event.preventDefault(); // it may be a link, which leads back where its form stands in a page of its own
    closer.closest("dialog").close();
    return;
  }
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

/*
 * A link with data-dialog-page opens its page's part [data-dialog-part="its title"] in a dialog.
 * Its form posts as it would there; where anything is unusual (signed out, no network), the page itself opens.
 */
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog-page]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    openPart(page.querySelector("[data-dialog-part]"));
  } catch {
    location.assign(link.href);
  }
});

function openPart(part) {
  const title = part.dataset.dialogPart;
  const dialog = document.createElement("dialog");
  dialog.className = "jf-dialog";
  dialog.setAttribute("aria-label", title);
  const [head, heading, close] = ["header", "h2", "button"].map((name) => document.createElement(name));
  heading.textContent = title;
  close.type = "button";
  close.className = "btn btn-icon";
  close.textContent = "×";
  close.setAttribute("aria-label", "Fermer");
  close.dataset.dialogClose = "";
  head.append(heading, close);
  dialog.append(head, document.adoptNode(part));
  dialog.addEventListener("close", () => {
    for (const form of dialog.querySelectorAll("form.htmx-request")) leave(form);
    dialog.remove();
  });
  document.querySelector("main").append(dialog);
  htmx.process(dialog);
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden]), button.btn-primary")?.focus();
}

/* Left while its answer is waited for: what may still arrive leads nowhere, and data-left says what becomes of it. */
function leave(form) {
  form.addEventListener("htmx:beforeOnLoad", (event) => event.preventDefault());
  if (form.dataset.left) document.dispatchEvent(new CustomEvent("jf:message", { detail: { text: form.dataset.left } }));
}

/* A part that posts by itself (hx-post) is replaced by what it answers; any other page, the sign-in say, takes the window. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (!event.detail.shouldSwap || !target.matches("[data-dialog-part]")) return;
  if (xhr.responseText.includes("data-dialog-part")) return;
  event.detail.shouldSwap = false;
  location.assign(xhr.responseURL);
});
