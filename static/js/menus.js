/* Menus that open without script (<details data-menu>): a press elsewhere or Escape closes them. */

const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

/* Before Bootstrap, which takes these keys in any .dropdown-menu and fails where no button of its own has opened it. */
window.addEventListener("keydown", (event) => {
  const taken = ["Escape", "ArrowUp", "ArrowDown"].includes(event.key);
  if (taken && event.target.closest?.("details[data-menu]")) event.stopPropagation();
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
}, true);
