/* Small helps: show a password, copy a key, print the page, pick a value that submits its form. */

document.addEventListener("click", async (event) => {
  const reveal = event.target.closest("[data-reveal]");
  if (reveal) showPassword(reveal);
  const copy = event.target.closest("[data-copy]");
  if (copy) await copyText(copy);
  if (event.target.closest("[data-print]")) print();
});

function showPassword(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  button.setAttribute("aria-label", shown ? "Afficher le mot de passe" : "Masquer le mot de passe");
}

/* data-copy is the text itself, or « #id » of a field or an element that holds it. */
async function copyText(button) {
  const source = button.dataset.copy.startsWith("#") && document.querySelector(button.dataset.copy);
  const text = source ? (source.value ?? source.textContent.trim()) : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
    say("Copié.", "done");
  } catch {
    source?.select?.();
    say("La copie est refusée par ce navigateur : sélectionnez le texte puis Ctrl + C.", "info");
  }
}

function say(text, tone) {
  document.dispatchEvent(new CustomEvent("jf:message", { detail: { text, tone } }));
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
});
