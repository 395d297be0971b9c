/* Forms: go to the summary of errors, send once, and warn before typed work is lost where the form asks for it. */

const summary = document.querySelector("[data-error-summary]");
summary?.focus();

document.addEventListener("htmx:load", ({ detail }) => detail.elt.querySelector("[data-error-summary]")?.focus());

const dirty = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) dirty.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (event.submitter?.formTarget) return; // answered in a frame: the page and what was typed stay
  dirty.delete(form);
  const byHtmx = ["hx-post", "hx-get", "hx-put", "hx-delete"].some((name) => form.hasAttribute(name));
  if (byHtmx || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault(); // a second press on a slow day must not send it twice
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.dataset.busy = "";
});

/* Coming back by the browser's « previous » finds the page as it was left: let it be sent again. */
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[data-busy]")) delete button.dataset.busy;
});

addEventListener("beforeunload", (event) => {
  for (const form of dirty) if (!form.isConnected) dirty.delete(form);
  if (dirty.size) event.preventDefault();
});
