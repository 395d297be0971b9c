/*
 * A request of htmx was refused because ComptExpert must be asked again ("jf:access"): the window goes there by itself,
 * unless something typed would be lost with the page. Then a message offers to do it in another tab.
 */

document.addEventListener("jf:access", (event) => {
  const { url, aside } = event.detail;
  if (!isTyped()) {
    location.assign(url);
    return;
  }
  const link = { url: aside, label: "Se reconnecter dans un autre onglet" };
  const text = "Votre accès doit être confirmé. Ce que vous avez saisi reste sur cette page.";
  document.dispatchEvent(new CustomEvent("jf:message", { detail: { text, tone: "wrong", link } }));
});

function isTyped() {
  return [...document.querySelectorAll('form[method="post"] :is(input, textarea, select)')].some((field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "file") return field.files.length > 0;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  });
}
