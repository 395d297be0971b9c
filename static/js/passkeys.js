/*
 * Passkeys (WebAuthn). A form with data-passkey="create" or "get" takes its options from the page (#passkey-options);
 * with "login" it asks its own address for them. What the key answers is posted in the form's field « credential ».
 */

const SENTENCES = {
  NotAllowedError: "Aucune clé n'a répondu, ou vous avez annulé. Vous pouvez recommencer.",
  InvalidStateError: "Cet appareil a déjà une clé pour ce compte.",
  SecurityError: "Les clés d'accès ne servent pas à cette adresse. Ouvrez le site par son nom habituel.",
  NotSupportedError: "Cet appareil ne sait pas créer la clé demandée.",
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!("PublicKeyCredential" in window)) {
    say(form, "Ce navigateur ne connaît pas les clés d'accès.");
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    continue;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    try {
      form.elements.credential.value = JSON.stringify(await answer(form));
      form.submit();
    } catch (error) {
      say(form, SENTENCES[error.name] ?? "La clé d'accès n'a pas pu servir. Rien n'a changé : recommencez.");
    }
  });
}

async function answer(form) {
  if (form.dataset.passkey === "create") return create(pageOptions().creation_options.publicKey);
  if (form.dataset.passkey === "get") return get(pageOptions().request_options.publicKey);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return get((await response.json()).request_options.publicKey);
}

function pageOptions() {
  return JSON.parse(document.getElementById("passkey-options").textContent);
}

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  };
  const credential = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = credential.response;
  return described(credential, {
    clientDataJSON: text(clientDataJSON),
    attestationObject: text(attestationObject),
    transports: credential.response.getTransports?.() ?? [],
  });
}

async function get(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: named(options.allowCredentials),
  };
  const credential = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return described(credential, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle && text(userHandle),
  });
}

function described(credential, response) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function named(credentials = []) {
  return credentials.map((credential) => ({ ...credential, id: bytes(credential.id) }));
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function say(form, sentence) {
  const place = form.querySelector("[data-passkey-said]");
  place.hidden = !sentence;
  place.querySelector("[data-sentence]").textContent = sentence;
}
