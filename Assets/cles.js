// Passkeys: what only the browser can do of adding one (« Mon compte ») and of entering with one (« Se connecter »).
const form = document.querySelector('form[data-cle]'), bytes = t => Uint8Array.from(atob(t.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = b => b ? btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '') : '';

// What is wrong, in one sentence, beside its field when it has one.
const trouble = form?.querySelector('[role=alert]');
const tell = sentence => { trouble.textContent = sentence; trouble.hidden = !sentence; };
const point = name => { const field = form.elements[name]; if (field) { field.setAttribute('aria-invalid', 'true'); field.focus(); } };

// The question for the authenticator; null when the server has something else to say.
async function ask(isQuiet) {
  const answer = await fetch(`${form.getAttribute('action')}/defi`, { method: 'POST', body: new URLSearchParams(new FormData(form)) }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (answer?.ok && said) return said;
  if (!isQuiet) { tell(said?.erreur ?? 'Le site ne répond pas\u00a0: rechargez la page, puis recommencez.'); if (said?.champ) point(said.champ); }
  return null;
}
const send = values => { for (const [name, value] of Object.entries(values)) form.elements[name].value = value; form.submit(); };

let offer;
async function enter(mediation) {
  const isQuiet = mediation === 'conditional';
  const asked = await ask(isQuiet);
  if (!asked) return;
  offer?.abort();
  offer = new AbortController();
  const key = await navigator.credentials.get({ mediation, signal: offer.signal, publicKey: { ...asked, challenge: bytes(asked.challenge) } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  send({ cle: text(key.rawId), donnees: text(clientDataJSON), preuve: text(authenticatorData), signature: text(signature), titulaire: text(userHandle) });
}

async function add() {
  const asked = await ask();
  if (!asked) return;
  const key = await navigator.credentials.create({ publicKey: { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: asked.excludeCredentials.map(k => ({ ...k, id: bytes(k.id) })) } });
  send({ donnees: text(key.response.clientDataJSON), preuve: text(key.response.attestationObject) });
}

// Whoever closes the browser's own dialog knows why.
const say = fault => {
  if (fault.name === 'InvalidStateError') tell('Cet appareil a déjà une clé d’accès pour votre compte.');
  else if (!['NotAllowedError', 'AbortError'].includes(fault.name)) tell('Votre appareil n’a pas pu répondre\u00a0: essayez-en un autre, ou votre mot de passe.');
};

if (form && window.PublicKeyCredential && location.hostname === form.dataset.site) {
  form.hidden = false;
  const without = document.querySelector('[data-sans-cle]');
  if (without) without.hidden = true;
  if (form.dataset.cle === 'ajouter') form.addEventListener('submit', e => {
    e.preventDefault(); tell('');
    for (const field of form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
    add().catch(say);
  });
  else {
    // The browser also proposes them in the field of the address, where it can; a question lives ten minutes.
    let chosen = false;
    const propose = () => { if (!chosen) enter('conditional').catch(() => {}); };
    form.querySelector('button').addEventListener('click', () => {
      chosen = true; tell('');
      enter('optional').catch(say).finally(() => { chosen = false; });
    });
    PublicKeyCredential.isConditionalMediationAvailable?.().then(can => { if (can) { propose(); setInterval(propose, 9 * 60_000); } });
  }
}
