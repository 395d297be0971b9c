/* Lists that follow their filters as they are set (components/live_filter.html): what is left empty stays out of the address. */

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("form[data-live-filter]")) return;
  const { parameters } = event.detail;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});

/* Words are followed as they are typed: asking once more as the field is left would untick what was just ticked. */
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches('form[data-live-filter] input[type="search"]')) event.stopPropagation();
  },
  true,
);

/* A chip that is a box shows at once that it is on. */
document.addEventListener("change", (event) => {
  const chip = event.target.matches('form[data-live-filter] [type="checkbox"]') && event.target.closest(".chip");
  if (chip) chip.classList.toggle("on", event.target.checked);
});
