/* Search by « / », the phone's search field, and keys inside menus that Bootstrap leaves out. */

const search = () => document.querySelector("[data-search] input");

function typing(target) {
  return target.isContentEditable || target.closest("input, textarea, select, dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!search()) return;
  event.preventDefault();
  openSearch();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-search-open]")) openSearch();
});

function openSearch() {
  search().closest("[data-search]").classList.add("open");
  search().focus();
  search().select();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target === search()) event.target.blur();
});

document.addEventListener("focusout", (event) => {
  if (event.target === search()) event.target.closest("[data-search]").classList.remove("open");
});

/* Menus: Home, End and the first letter of an entry. Arrows and Escape are Bootstrap's. */
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest(".dropdown-menu");
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  const items = [...menu.querySelectorAll(".dropdown-item:not(:disabled, .disabled)")];
  const here = items.indexOf(document.activeElement);
  let next;
  if (event.key === "Home") next = items[0];
  else if (event.key === "End") next = items.at(-1);
  else if (event.key.length === 1 && /\S/.test(event.key)) {
    const letter = event.key.toLocaleLowerCase("fr");
    next = [...items.slice(here + 1), ...items.slice(0, here + 1)].find((item) =>
      item.textContent.trim().toLocaleLowerCase("fr").startsWith(letter),
    );
  }
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
