/*
 * The upload zone (components/upload_zone.html).
 *
 * data-upload="one": shows the chosen file's name and size; the form's own button sends it.
 * data-upload="many": each file goes by itself to the form's address, two at a time, with the form's other fields and
 * « Accept: application/json ». A good answer (2xx) may be JSON {"label", "tone", "detail", "url"}; a refused one
 * {"detail"} or {"errors": ["…"]}. After each, « deposits-changed » is dispatched on the body: the list of the latest
 * deposits shows it from then on, and the zone keeps only what did not arrive.
 *
 * A folder that is dropped or chosen is gone through to its end; what a system or a program leaves in one (.DS_Store,
 * Thumbs.db, ~$…) is named and not sent. What is taken in one gesture has one « batch », where the form has that field.
 */

const AT_ONCE = 2;
const LEFT_BY_PROGRAMS = /^(?:\.|~\$|thumbs\.db$|desktop\.ini$)/i;
const size = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1 });
const waiting = [];
let running = 0;

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("over");
  });
}

for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, (event) => event.target.closest?.("[data-drop]")?.classList.remove("over"));
}

document.addEventListener("drop", async (event) => {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone || !event.dataTransfer.files.length) return;
  event.preventDefault();
  const input = zone.querySelector('input[type="file"]');
  const files = await filesOf(event.dataTransfer, input.multiple);
  if (input.closest('[data-upload="many"]')) {
    take(files, input);
    return;
  }
  const chosen = new DataTransfer();
  for (const file of input.multiple ? files : files.slice(0, 1)) chosen.items.add(file);
  input.files = chosen.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const zone = event.target.matches('input[type="file"]') && event.target.closest("[data-upload]");
  if (!zone) return;
  if (zone.dataset.upload === "one") {
    zone.querySelector("[data-files]").replaceChildren(...[...event.target.files].map((file) => line(file).row));
    return;
  }
  take([...event.target.files], event.target);
  event.target.value = "";
});

function take(files, input) {
  const list = input.closest("[data-upload]").querySelector("[data-files]");
  const batch = newId();
  for (const file of files) {
    const entry = line(file);
    list.prepend(entry.row);
    if (LEFT_BY_PROGRAMS.test(file.name)) {
      mark(entry, "Ignoré", "idle");
      entry.detail.textContent = "Fichier technique, sans facture : il n'est pas envoyé.";
    } else {
      waiting.push({ file, form: input.form, name: input.name, batch, ...entry });
    }
  }
  next();
}

/* Entries must be asked for before the first pause: the browser forgets them afterwards. */
async function filesOf(transfer, folders) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!folders || !entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.isFile) {
    found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A hundred at most at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const inner of some) await walk(inner, found);
  }
}

/* crypto.randomUUID is there on https alone. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

function line(file) {
  const row = document.createElement("li");
  const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name, title: file.name });
  const state = Object.assign(document.createElement("span"), { className: "sub", textContent: octets(file.size) });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0, hidden: true });
  bar.setAttribute("aria-label", `Envoi de ${file.name}`);
  const detail = Object.assign(document.createElement("span"), { className: "detail" });
  row.append(name, state, bar, detail);
  return { row, state, bar, detail };
}

function octets(bytes) {
  if (bytes < 1e3) return `${bytes}\u00a0octets`;
  return bytes < 1e6 ? `${size.format(bytes / 1e3)}\u00a0Ko` : `${size.format(bytes / 1e6)}\u00a0Mo`;
}

function next() {
  while (running < AT_ONCE && waiting.length) send(waiting.shift());
}

function send(job) {
  running += 1;
  const body = new FormData(job.form);
  body.delete(job.name);
  body.append(job.name, job.file, job.file.name);
  if (body.has("batch")) body.set("batch", job.batch);
  const request = new XMLHttpRequest();
  request.open("POST", job.form.action);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  job.bar.hidden = false;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) job.bar.value = event.loaded / event.total;
  });
  request.addEventListener("load", () => settle(job, request));
  request.addEventListener("error", () => fail(job, "Connexion perdue : ce fichier n'est pas arrivé. Déposez-le à nouveau."));
  request.addEventListener("loadend", () => {
    running -= 1;
    next();
    document.body.dispatchEvent(new CustomEvent("deposits-changed", { bubbles: true }));
  });
  request.send(body);
}

function settle(job, request) {
  const answer = read(request);
  if (request.status < 200 || request.status > 299) {
    fail(job, answer.detail || answer.errors?.join(" ") || REASONS[request.status] || REASONS.other);
    return;
  }
  job.bar.hidden = true;
  mark(job, answer.label || "Reçu", answer.tone || "done");
  if (answer.tone === "live") job.row.dataset.followed = "";
  job.detail.textContent = answer.detail || "";
  if (answer.url) {
    const link = Object.assign(document.createElement("a"), { href: answer.url, textContent: job.file.name, className: "name" });
    job.row.querySelector(".name").replaceWith(link);
  }
}

document.addEventListener("htmx:afterSwap", () => {
  for (const row of document.querySelectorAll("[data-files] > [data-followed]")) row.remove();
});

const REASONS = {
  403: "Votre accès a changé : rechargez la page.",
  413: "Ce fichier est trop lourd.",
  429: "Trop d'envois à la fois : patientez une minute puis déposez-le à nouveau.",
  other: "Le service n'a pas pu recevoir ce fichier. Déposez-le à nouveau dans un instant.",
};

function read(request) {
  try {
    return JSON.parse(request.responseText) || {};
  } catch {
    return {}; // a page, not JSON: its status says enough
  }
}

function fail(job, why) {
  job.bar.hidden = true;
  mark(job, "Non reçu", "wrong");
  job.detail.textContent = why;
}

function mark(job, word, tone) {
  job.state.className = `state ${tone}`;
  job.state.textContent = word;
}

addEventListener("beforeunload", (event) => {
  if (running || waiting.length) event.preventDefault();
});
