/* A password while it is typed: which of its rules are met, and whether Caps Lock is on. Nothing leaves the page. */

for (const list of document.querySelectorAll("[data-password-rules]")) {
  const field = document.getElementById(list.dataset.passwordRules);
  field.addEventListener("input", () => tick(list, field.value));
  if (field.value) tick(list, field.value); // kept by the browser's « previous »
}

function tick(list, password) {
  const unlike = list.dataset.unlike.split("\n").filter(Boolean);
  const met = {
    length: [...password].length >= Number(list.dataset.length),
    digits: password !== "" && !/^\p{Nd}+$/u.test(password),
    unlike: password !== "" && !unlike.some((value) => resembles(password, value)),
  };
  const rules = Object.keys(met);
  for (const rule of rules) {
    const line = list.querySelector(`[data-rule="${rule}"]`);
    line.classList.toggle("met", met[rule]);
    line.querySelector("[data-met]").textContent = met[rule] ? " : rempli" : " : pas encore";
  }
  const said = `${rules.filter((rule) => met[rule]).length} règles sur ${rules.length} remplies`;
  const voice = list.parentElement.querySelector("[data-rules-said]");
  if (voice.textContent !== said) voice.textContent = said;
}

/* As the server judges it (Django's UserAttributeSimilarityValidator): by the letters that both have. */
function resembles(password, value) {
  const typed = password.toLowerCase();
  const whole = value.toLowerCase();
  return [...whole.split(/[^\p{L}\p{N}_]+/u), whole].filter(Boolean).some((part) => {
    const tooShort = typed.length >= 10 * part.length && part.length < 0.35 * typed.length;
    return !tooShort && likeness(typed, part) >= 0.7;
  });
}

function likeness(one, other) {
  const left = new Map();
  for (const letter of other) left.set(letter, (left.get(letter) ?? 0) + 1);
  let shared = 0;
  for (const letter of one) {
    const count = left.get(letter) ?? 0;
    if (count > 0) shared += 1;
    left.set(letter, count - 1);
  }
  return (2 * shared) / (one.length + other.length);
}

/* Caps Lock: said beside the field, for as long as it is on and the field is in use. */
for (const kind of ["keydown", "keyup"]) {
  document.addEventListener(kind, (event) => {
    const box = passwordBox(event.target);
    if (box) hintOf(box).hidden = !event.getModifierState?.("CapsLock");
  });
}

document.addEventListener("focusout", (event) => {
  const box = passwordBox(event.target);
  if (box) hintOf(box).hidden = true;
});

function passwordBox(target) {
  return target.matches?.(".jf-affix.inside > input") ? target.parentElement : null;
}

function hintOf(box) {
  const next = box.nextElementSibling;
  if (next?.matches(".jf-caps")) return next;
  const hint = document.createElement("p");
  hint.className = "jf-caps";
  hint.setAttribute("role", "status");
  hint.textContent = "Verrouillage des majuscules activé";
  hint.hidden = true;
  box.after(hint);
  return hint;
}
