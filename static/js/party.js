/*
 * « Compléter une facture »: who has the number that was typed fills what the person has left blank.
 *
 * The answer (#tiers) carries the values in data-party; a value that was filled in and is still as it was (data-filled)
 * follows the number, one that the person typed stays.
 */

document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  if (target.id !== "tiers") return;
  const party = JSON.parse(target.querySelector("[data-party]").dataset.party);
  for (const id of ["id_other_name", "id_other_vat"]) {
    const input = document.getElementById(id);
    if (input.value !== "" && input.value !== input.dataset.filled) continue;
    input.value = party[id.slice(3)] ?? input.defaultValue;
    input.dataset.filled = input.value;
  }
});
