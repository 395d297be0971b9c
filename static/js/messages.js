/* Messages: closing one, and showing one that came with an htmx answer or that tells of a lost connection. */

const ICON = {
  done: "m4.5 12.75 6 6 9-13.5",
  wrong: "M12 9v3.75m0 3.75h.008M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  info: "M12 11.25v4.5m0-7.5h.008M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  const note = button.closest(".note");
  const next = note.nextElementSibling?.querySelector?.("[data-dismiss]") || document.querySelector("main");
  note.remove();
  next?.focus({ preventScroll: true });
});

/* `link`, optional: { url, label }, opened in another tab, so that what is typed here stays. */
function toast(text, tone = "info", link = null) {
  const box = document.querySelector("[data-toasts]");
  if (!box || [...box.children].some((note) => note.dataset.text === text)) return;
  const note = document.createElement("div");
  note.className = `note ${tone}`;
  note.dataset.text = text;
  const words = document.createElement("div");
  words.textContent = text;
  if (link) {
    const anchor = Object.assign(document.createElement("a"), { href: link.url, textContent: link.label, target: "_blank" });
    words.append(" ", anchor);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn btn-icon";
  close.dataset.dismiss = "";
  close.setAttribute("aria-label", "Fermer ce message");
  close.append(drawing("M6 18 18 6M6 6l12 12"));
  note.append(drawing(ICON[tone] || ICON.info), words, close);
  box.append(note);
  if (tone === "done") setTimeout(() => note.remove(), 6000); // good news leaves by itself, the rest is closed by hand
}

function drawing(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("fill", "none");
  svg.setAttribute("stroke", "currentColor");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  line.setAttribute("stroke-linecap", "round");
  line.setAttribute("stroke-linejoin", "round");
  svg.append(line);
  return svg;
}

/* A server answers with HX-Trigger: {"jf:message": {"text": "…", "tone": "done"}}; our own scripts dispatch the same. */
document.addEventListener("jf:message", (event) => toast(event.detail.text, event.detail.tone, event.detail.link));

document.addEventListener("htmx:sendError", () =>
  toast("Connexion perdue. Rien n'est effacé : la page reprendra d'elle-même.", "wrong"),
);

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (event.detail.xhr.getResponseHeader("HX-Trigger")?.includes("jf:access")) return; // access.js goes on from there
  if (status === 401 || status === 403) toast("Votre accès a changé. Rechargez la page pour continuer.", "wrong");
  else if (status === 429) toast("Trop de demandes à la fois. Patientez une minute.", "wrong");
  else if (status >= 500) toast("Le service n'a pas pu répondre. Rien n'est effacé : réessayez dans un instant.", "wrong");
});
