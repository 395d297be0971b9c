/* Light, dark or as the system says. Runs before the first paint: neither a module nor deferred. */
(() => {
  "use strict";
  const KEY = "theme";
  const root = document.documentElement;

  function read() {
    try {
      return localStorage.getItem(KEY) || "auto";
    } catch {
      return "auto"; // storage may be forbidden: the system decides
    }
  }

  function apply(choice) {
    if (choice === "auto") root.removeAttribute("data-bs-theme");
    else root.setAttribute("data-bs-theme", choice);
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  apply(read());
  document.addEventListener("DOMContentLoaded", () => apply(read()));
  addEventListener("storage", () => apply(read()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem(KEY, button.dataset.themeChoice);
    } catch {
      /* the choice lasts as long as the page */
    }
    apply(button.dataset.themeChoice);
    event.stopPropagation(); // the menu around the switch stays open
  }, true);
})();
