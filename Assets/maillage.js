// Maillage: progressive enhancement. Without this file everything still works (links, forms, <details>).
const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];

// Dialogs: <a href="/fallback-page" data-ouvre="id"> opens <dialog id>, <button data-ferme> closes it.
addEventListener('click', e => {
  const a = e.target.closest('a[data-dialogue]');
  if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); openForm(a.href); return; }
  const o = e.target.closest('[data-ouvre]'), d = o && document.getElementById(o.dataset.ouvre);
  if (d?.showModal && !e.ctrlKey && !e.metaKey) { e.preventDefault(); d.showModal(); }
  if (e.target.closest('[data-ferme]') || e.target.matches('dialog')) leave(e.target.closest('dialog'), e);
  for (const m of $$('details.menu[open]')) if (!m.contains(e.target)) m.open = false;
  if (e.target.closest('a')) for (const f of $$('form[data-change]')) delete f.dataset.change;
});

// A dialog is left by its button, by Escape or beside it: what was typed in it is not lost without a question.
function leave(dialog, e) {
  const typed = dialog && $('[data-saisi]', dialog);
  if (typed && !confirm('Fermer sans enregistrer ce que vous avez saisi ?')) { e.preventDefault(); return; }
  if (typed) delete typed.dataset.saisi;
  dialog?.close();
}

// The form of a page, over this one: it is sent as from its own page, and comes back here.
async function openForm(href) {
  const answer = await fetch(href), page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const form = $('main form[data-garde]', page);
  if (!answer.ok || !form) { location.href = href; return; }
  const dialog = document.createElement('dialog'), header = document.createElement('header'), close = document.createElement('button');
  const title = document.createElement('h2'), back = document.createElement('input');
  title.id = 't-dialogue'; title.textContent = $('h1', page).textContent;
  close.type = 'button'; close.className = 'bouton carre petit discret'; close.dataset.ferme = ''; close.ariaLabel = 'Fermer'; close.textContent = '✕';
  const acts = document.createElement('div'), whole = document.createElement('a');
  acts.className = 'rangee serre'; whole.href = href; whole.className = 'note cache-mobile'; whole.textContent = 'Ouvrir en pleine page';
  whole.onclick = e => { if (e.ctrlKey || e.metaKey || e.shiftKey) return; sessionStorage.setItem('saisie', JSON.stringify(noted(form))); delete form.dataset.saisi; };
  acts.append(whole, close); header.append(title, acts);
  back.type = 'hidden'; back.name = 'retour'; back.value = location.pathname + location.search;
  form.classList.remove('carte'); form.prepend(header);
  // What answers a form has no address of its own to come back to.
  if (!$('[data-envoyee]')) form.append(back);
  dialog.className = 'large'; dialog.setAttribute('aria-labelledby', title.id); dialog.append(form);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('cancel', e => leave(dialog, e));
  document.body.append(dialog); dialog.showModal(); $('[autofocus]', form)?.focus();
}

// Names from the server, as one types, in the list of the field at hand.
let asked;
const names = async (i, words) => {
  const answer = await fetch(`${i.dataset.source}?q=${encodeURIComponent(words)}`).catch(() => null);
  return answer?.ok ? answer.json() : null;
};
addEventListener('input', e => {
  const i = e.target;
  if (!i.dataset?.source || i.value.trim().length < 2) return;
  clearTimeout(asked);
  asked = setTimeout(async () => {
    const found = await names(i, i.value);
    if (found) i.list.replaceChildren(...found.map(n => Object.assign(document.createElement('option'), { value: n })));
  }, 150);
});

// A file may be dropped anywhere on the frame of its field.
addEventListener('dragover', e => { if (e.target.closest('.depot')) e.preventDefault(); });
addEventListener('drop', e => {
  const frame = e.target.closest('.depot');
  if (frame) { e.preventDefault(); $('input', frame).files = e.dataTransfer.files; }
});

// What is typed and not sent is not lost without a word. A form is sent once.
addEventListener('input', e => { const f = e.target.closest('form[data-garde]'); if (f) f.dataset.saisi = ''; });
addEventListener('submit', e => {
  if (!e.target.matches('[data-garde]')) return;
  if ('envoi' in e.target.dataset) e.preventDefault();
  e.target.dataset.envoi = ''; delete e.target.dataset.saisi;
});
addEventListener('beforeunload', e => { if ($('[data-saisi]')) e.preventDefault(); });
addEventListener('pageshow', e => { if (e.persisted) for (const f of $$('[data-envoi]')) delete f.dataset.envoi; });

// What is held says how long it still is.
for (const e of $$('[data-decompte]')) {
  const end = Date.now() + e.dataset.decompte * 1000, tick = setInterval(() => {
    const s = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    e.textContent = `${s > 59 ? `${Math.floor(s / 60)}\u00a0min ` : ''}${s % 60}\u00a0s`;
    if (!s) clearInterval(tick);
  }, 1000);
}

// Keyboard: Escape closes menus.
addEventListener('keydown', e => { if (e.key === 'Escape') for (const m of $$('details.menu[open]')) { m.open = false; $('summary', m).focus(); } });

// The palette (Ctrl K): what was opened last, what one may do, and what the server finds as one types. The focus stays in its field.
const flat = t => t.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim(), palette = $('#palette');
const opened = () => JSON.parse(sessionStorage.getItem('fiches') ?? '[]');
if (!palette) sessionStorage.removeItem('fiches');
else if (/^\/\w+\/[0-9A-Z]{13}$/.test(location.pathname) && $('main .ariane')) {
  const here = { titre: $('main h1').textContent.trim(), lien: location.pathname };
  sessionStorage.setItem('fiches', JSON.stringify([here, ...opened().filter(f => f.lien !== here.lien)].slice(0, 6)));
}
if (palette) {
  const input = $('input', palette), list = $('[role=listbox]', palette), field = $('.cherche input');
  const make = (tag, properties, ...content) => { const e = Object.assign(document.createElement(tag), properties); e.append(...content); return e; };
  let at = -1, wait, request, found, offered, ask, waiting;

  const open = words => {
    input.value = words; palette.showModal(); refresh();
    if (words === field.value) input.select();
    field.value = field.defaultValue;
  };
  const choose = to => {
    const options = $$('[role=option]', list);
    at = options.length && to !== -1 ? (to + options.length) % options.length : -1;
    options.forEach((o, i) => { o.ariaSelected = i === at; });
    if (at < 0) input.removeAttribute('aria-activedescendant'); else input.setAttribute('aria-activedescendant', options[at].id);
    options[at]?.scrollIntoView({ block: 'nearest' });
  };
  const show = (groups, words) => {
    let n = 0;
    const option = ({ titre, detail, type, forme, lien, exacte, dialogue }) => {
      const a = make('a', { role: 'option', id: `palette-${n++}`, href: lien, tabIndex: -1 });
      if (type && !titre.startsWith(`${type} `)) a.append(make('span', { className: forme }, type));
      a.append(titre);
      if (detail) a.append(make('span', { className: 'compte' }, detail));
      if (dialogue) a.dataset.dialogue = '';
      if (/^\/\w+\/[0-9A-Z]{13}/.test(lien)) a.dataset.nom = exacte ? input.value.trim() : titre;
      return a;
    };
    list.replaceChildren(...groups.filter(g => g.fiches.length).map(g => make('div', { role: 'group', ariaLabel: g.titre },
      make('h3', { ariaHidden: 'true' }, g.nombre ? `${g.titre} (${g.nombre})` : g.titre), ...g.fiches.map(option),
      ...(g.tout ? [option({ titre: `Tout voir\u00a0: ${g.titre.toLowerCase()}`, lien: g.tout })] : []))));
    found = words; list.hidden = !n; input.ariaExpanded = n > 0; choose(-1);
    offered = groups.reduce((sum, g) => sum + g.fiches.length, 0);
    $('[role=status]', palette).textContent = !words ? '' : n ? `${offered} proposition${offered > 1 ? 's' : ''}` : 'Rien ne correspond.';
  };
  // The only proposal, the record that is called so, or the only one of which the name begins so: Enter opens it. Else it asks the page.
  const named = () => {
    const words = input.value.trim(), is = t => o => t(flat(o.dataset.nom ?? ''), flat(words));
    const all = words && found === words ? $$('[data-nom]', list) : [], exact = all.filter(is((a, b) => a === b));
    const near = exact.length ? exact : offered === 1 && found === words ? $$('[role=option]', list).slice(0, 1) : all.filter(is((a, b) => a.startsWith(b)));
    return near.length === 1 ? near[0] : undefined;
  };
  const refresh = () => {
    const words = input.value.trim(), asked = flat(words).split(/\s+/);
    const agir = { titre: 'Agir', fiches: $$('.haut .menu .choisir a').map(a => ({ titre: a.textContent.trim(), lien: a.href, dialogue: 'dialogue' in a.dataset }))
      .filter(a => asked.every(w => flat(a.titre).includes(w))) };
    clearTimeout(wait); request?.abort();
    if (!words) { show([{ titre: 'Ouvert récemment', fiches: opened() }, agir]); return; }
    ask = async () => {
      clearTimeout(wait); request?.abort(); request = new AbortController();
      try {
        const answer = await fetch(`/recherche.json?q=${encodeURIComponent(words)}`, { signal: request.signal });
        if (answer.ok && !answer.redirected) show([agir, ...await answer.json()], words);
      } catch { /* A newer question, or no network: Enter asks the page. */ }
    };
    wait = setTimeout(ask, 120);
  };
  // Whoever types fast and presses Enter waits for the answer to what was typed.
  const enter = async chosen => {
    const words = input.value.trim();
    if (waiting || !chosen && !words) return;
    if (!chosen && found !== words) { waiting = true; await ask(); waiting = false; }
    if (!palette.open || input.value.trim() !== words) return;
    const to = chosen ?? named();
    if (to) to.click(); else input.form.submit();
  };
  input.addEventListener('input', refresh);
  field.addEventListener('click', () => open(field.value));
  field.addEventListener('input', () => { if (field.value) { const words = field.value; open(words); input.setSelectionRange(words.length, words.length); } });
  palette.addEventListener('click', e => { if (e.target.closest('[role=option]') && !e.ctrlKey && !e.metaKey) palette.close(); });
  palette.addEventListener('close', () => { clearTimeout(wait); request?.abort(); });
  palette.addEventListener('keydown', e => {
    if (e.isComposing) return;
    if (/^Arrow(Up|Down)$/.test(e.key)) { e.preventDefault(); choose(e.key === 'ArrowDown' ? at + 1 : at < 1 ? $$('[role=option]', list).length - 1 : at - 1); }
    if (e.key === 'Escape') { e.preventDefault(); palette.close(); }
    if (e.key === 'Enter') { e.preventDefault(); enter($$('[role=option]', list)[at]); }
  });
  addEventListener('keydown', e => {
    const isCall = (e.ctrlKey || e.metaKey) && !e.shiftKey && e.key.toLowerCase() === 'k';
    if (!isCall) return;
    e.preventDefault();
    if (palette.open) palette.close(); else if (!$('dialog[open]')) open(field.value);
  });
}

// Filters send themselves: the search at once, boxes when their menu closes, so that several are ticked at a time.
// The list comes back with the focus on the filter that was at hand.
addEventListener('toggle', e => {
  const f = e.target.matches('.filtres .menu') && e.target.closest('form[data-change]');
  if (f && !$('.menu[open]', f)) f.requestSubmit();
}, true);
addEventListener('submit', e => {
  const at = e.target.matches('[data-auto]') && document.activeElement.closest('.filtres > *');
  if (at) sessionStorage.setItem('filtre', `${location.pathname} ${$('input', at)?.name ?? ''}`);
});
const [list, filter] = (sessionStorage.getItem('filtre') ?? '').split(' ');
sessionStorage.removeItem('filtre');
if (filter && list === location.pathname) {
  const i = $(`.filtres [name="${CSS.escape(filter)}"]`);
  ($('summary', i?.closest('.menu') ?? document.createElement('p')) ?? i)?.focus();
}

// Selection: "tick all" and its announced count.
addEventListener('change', e => {
  if (e.target.closest('form[data-auto] .filtres'))
    if (e.target.closest('.menu')) e.target.form.dataset.change = ''; else e.target.form.requestSubmit();
  const f = e.target.form, boxes = f && [...(e.target.closest('fieldset') ?? f).elements], all = boxes?.find(x => 'tout' in x.dataset);
  if (!(all || boxes?.some(x => x.matches('[name=fiche]'))) || !e.target.matches('[type=checkbox]')) return;
  const c = boxes.filter(x => x !== all && x.matches('[type=checkbox]') && (x.name === 'fiche' || x.closest('fieldset')));
  if (e.target === all) for (const x of c) x.checked = all.checked;
  const n = c.filter(x => x.checked).length;
  if (all) { all.indeterminate = n > 0 && n < c.length; all.checked = n > 0 && n === c.length; }
  const s = $('[data-compte]', f); if (s) s.textContent = f.elements.tout?.checked ? 'Toute la liste' : n > 1 ? `${n} sélectionnées` : `${n} sélectionnée`;
});

// A value of a list is changed where it stands: Enter or the button saves it, Escape leaves it, Tab saves it and goes on to the next one.
addEventListener('click', e => {
  const a = e.target.closest('a[data-cellule]');
  if (a && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); openCell(a); }
});
const told = Object.assign(document.createElement('output'), { className: 'sr' });
if ($('[data-cellule]')) document.body.append(told);
async function openCell(a) {
  if (a.ariaBusy) return;
  a.ariaBusy = 'true';
  const answer = await fetch(a.href), page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const form = $('main form[data-garde]', page), i = form && $('[id^="c-"]', form);
  if (!answer.ok || !i) { location.href = a.href; return; }
  const was = i.value, names = i.list, box = document.createElement('span'), fault = document.createElement('small');
  let busy = false, ended = false;
  const button = (text, done) => Object.assign(document.createElement('button'), { type: 'button', className: 'bouton petit', textContent: text, onclick: done });
  const acts = document.createElement('span'); acts.className = 'rangee';
  acts.append(button('Enregistrer', () => finish()), button('Annuler', () => leave()));
  i.ariaLabel = $('label', form).textContent; box.className = 'cellule'; box.append(i, names ?? '', acts, fault);
  i.addEventListener('input', () => { box.dataset.saisi = ''; });
  a.hidden = true; a.after(box); i.focus(); i.select?.();
  const say = t => { fault.textContent = told.textContent = t; }, leave = () => { box.remove(); a.hidden = false; a.ariaBusy = null; a.focus(); };
  const save = async () => {
    if (i.value === was) return true;
    say('Enregistrement…');
    // Whoever has signed in again meanwhile sends with the token of that session.
    if (ended) { const again = await read(a.href), csrf = again && $('main form[data-garde] [name=csrf]', again); if (csrf) form.elements.csrf.value = csrf.value; }
    const body = new URLSearchParams(new FormData(form)); body.set(i.name, i.value);
    const r = await fetch(form.getAttribute('action'), { method: 'POST', body, headers: { Accept: 'application/json' } }).catch(() => null);
    const d = r?.headers.get('content-type')?.includes('json') ? await r.json() : { faute: 'Rien n’est enregistré : rechargez la page.' };
    ended = r?.status === 401 || r?.status === 403;
    say(d.faute ?? `${d.texte}\u00a0: enregistré`);
    if (d.faute) {
      const l = Object.assign(document.createElement('a'), { href: d.lien, textContent: d.mot ?? 'Ouvrir la fiche' });
      if (r.status === 401) { l.target = '_blank'; l.rel = 'noopener'; }
      if (d.lien) fault.append(' ', l);
      i.focus(); return false;
    }
    a.firstChild.data = d.texte; a.dataset.cellule = 'ok'; return true;
  };
  // The step to another cell, backwards or on, when there is one.
  const finish = async step => {
    if (busy) return;
    busy = true; const saved = await save(); busy = false;
    if (!saved) return;
    const all = $$('a[data-cellule]'), next = step && all[all.indexOf(a) + step];
    leave();
    if (i.value !== was) await renew(a);
    if (next) openCell(same(document, next) ?? next);
  };
  i.addEventListener('keydown', e => {
    if (e.isComposing || busy || !['Escape', 'Enter', 'Tab'].includes(e.key)) return;
    e.preventDefault(); e.stopPropagation();
    if (e.key === 'Escape') leave(); else finish(e.key === 'Tab' ? (e.shiftKey ? -1 : 1) : 0);
  });
}

const read = async address => { const r = await fetch(address).catch(() => null); return r?.ok ? new DOMParser().parseFromString(await r.text(), 'text/html') : null; };
const same = (page, a) => $$('a[data-cellule]', page).find(x => x.getAttribute('href') === a.getAttribute('href'));
// What follows from the value (a day that is no longer late) comes anew with its row, or with the whole card where rows go from one group to another.
async function renew(a) {
  const part = a.closest('[data-renouvelle]') ?? a.closest('tr'), page = part && !$('[data-envoyee]') && await read(location.href);
  const fresh = page && (part.id ? page.getElementById(part.id) : same(page, a)?.closest('tr'));
  if (!fresh || $('.cellule', part)) return;
  const ticked = $$(':checked', part).map(x => x.value);
  part.replaceChildren(...fresh.childNodes);
  for (const x of $$('[type=checkbox]', part)) x.checked = ticked.includes(x.value);
  const there = same(part, a);
  if (there) { there.dataset.cellule = 'ok'; there.focus(); }
}

// Empty answers stay out of the address of a list.
addEventListener('formdata', e => {
  if (!e.target.matches('[data-auto]')) return;
  for (const [name, value] of [...e.formData]) if (value === '' && e.formData.getAll(name).length === 1) e.formData.delete(name);
});

// Theme: follows the system, or the choice kept in a cookie, which the server reads to write the page without a flash.
$('[data-theme-bascule]')?.addEventListener('click', () => {
  const r = document.documentElement, s = r.dataset.theme ? r.dataset.theme === 'sombre' : matchMedia('(prefers-color-scheme: dark)').matches;
  r.dataset.theme = s ? 'clair' : 'sombre';
  document.cookie = `theme=${r.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
});

// An address that ends in #id of a dialog opens it. Ctrl Enter sends the form at hand.
const target = location.hash && document.getElementById(location.hash.slice(1));
if (target?.showModal) target.showModal();
addEventListener('keydown', e => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.target.form?.requestSubmit(); });

// What was said of a token is over once one types on.
addEventListener('input', e => { if (e.target.matches('.saisie [list]')) e.target.setCustomValidity(''); });

// Token field: comma, Enter or Tab makes a token; its cross, or Backspace in the empty field, takes it out. Without script the text is sent as it is.
function token(i, value, text, on = true) {
  const l = document.createElement('label'), c = document.createElement('input');
  l.className = 'jeton'; c.type = 'checkbox'; c.name = i.dataset.nom ?? i.name; c.value = value; c.checked = on;
  l.append(c, text); i.before(l);
  return l;
}
// Those that are named whole, or that have words which begin so, as the server finds them.
const meant = (all, text) => {
  const n = flat(text), bare = v => flat(v).replace(/ \([^()]*\)$/, ''), words = v => flat(v).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const whole = all.filter(v => flat(v) === n || bare(v) === n), asked = words(text);
  return whole.length ? whole : all.filter(v => asked.length && asked.every(w => words(v).some(x => x.startsWith(w))));
};
// A name that the list at hand does not have: the server knows more of them, or it stays in question.
async function recognise(i, l, words) {
  const found = meant(i.dataset.source ? await names(i, words) ?? [] : [], words), isOne = found.length === 1;
  if (isOne) l.firstChild.value = found[0];
  l.lastChild.data = isOne ? found[0] : `${words} ?`;
  l.title = isOne ? '' : found.length ? `Plusieurs répondent\u00a0: ${some(found)}` : 'Ce nom n’est pas connu.';
  keep();
}
const some = found => `${found.slice(0, 3).join(', ')}${found.length > 3 ? '…' : ''}`;
addEventListener('keydown', e => {
  const b = e.target.closest('.saisie'), i = e.target, goesOn = e.key === 'Tab';
  if (!b || !i.matches('[list]') || e.ctrlKey || e.metaKey || e.isComposing) return;
  if ([',', 'Enter', 'Tab'].includes(e.key) && i.value.trim()) {
    // Nobody's choice is guessed. Whoever goes on is not held back: the server asks which one is meant.
    // A word of one's own is another than the one that it begins.
    const own = 'libre' in i.dataset, all = [...i.list.options].map(x => x.value);
    const found = own ? all.filter(v => flat(v) === flat(i.value.trim())) : meant(all, i.value);
    if (goesOn) {
      if (found.length > 1) return;
    } else {
      e.preventDefault();
      i.setCustomValidity(found.length > 1 ? `Plusieurs répondent à ces lettres\u00a0: ${some(found)}. Précisez, ou choisissez dans la liste.` : '');
      if (!i.reportValidity()) return;
    }
    const o = found[0] ?? i.value.trim();
    i.value = '';
    const l = $$('.jeton :checked', b).some(x => x.value === o) ? null : token(i, o, o);
    if (l && !found.length && !own) recognise(i, l, o);
    keep();
  } else if (e.key === 'Backspace' && !i.value) { $$('.jeton:has(:checked)', b).at(-1)?.remove(); keep(); }
});
addEventListener('change', e => {
  const l = e.target.closest('.saisie .jeton');
  if (!l || e.target.checked) return;
  const i = $('[list]', l.closest('.saisie'));
  l.remove(); i.focus(); keep();
});

// What is typed stays with its page in the browser's history, tokens and the record's identifier with it: who comes back finds the form as it was,
// and saving it again is a change of the same record. Only the session's token is always the new page's.
const forms = () => $$('main form.ordre[data-garde]'), kept = f => [...f.elements].filter(x => x.name && x.type !== 'file' && x.type !== 'submit' && !['csrf', 'accepte'].includes(x.name));
const noted = f => ({ action: f.getAttribute('action'), session: f.elements.csrf.value, saisi: 'saisi' in f.dataset, envoyee: 'envoi' in f.dataset,
  champs: kept(f).map(x => ({ nom: x.name, valeur: x.value, coche: x.checked, jeton: x.closest('.jeton')?.lastChild.data })) });
let later;
function keep() {
  clearTimeout(later);
  const saisies = forms().map(noted);
  // A browser may refuse to note so much, or so often: the form is then an ordinary one.
  if (saisies.length) try { history.replaceState({ ...history.state, saisies }, ''); } catch { }
}
for (const name of ['input', 'change']) addEventListener(name, e => { if (e.target.form?.matches('main form.ordre[data-garde]')) { clearTimeout(later); later = setTimeout(keep, 300); } });
addEventListener('submit', e => { if (e.target.matches('main form.ordre[data-garde]')) keep(); });
addEventListener('beforeunload', () => { if (later) keep(); });
// From a dialog to its own page, what was typed comes along.
const moved = sessionStorage.getItem('saisie');
sessionStorage.removeItem('saisie');
const back = /back|reload/.test(performance.getEntriesByType('navigation')[0]?.type) ? history.state?.saisies ?? [] : [];
for (const { action, session, saisi, envoyee, champs } of moved ? [JSON.parse(moved)] : back) {
  const f = forms().find(x => x.getAttribute('action') === action);
  // Of another session it may be somebody else's.
  if (f?.elements.csrf.value !== session) continue;
  for (const t of $$('.jeton', f)) t.remove();
  for (const { nom, valeur, coche, jeton } of champs) {
    if (jeton !== undefined) { const i = $(`[data-nom="${CSS.escape(nom)}"]`, f); if (i) token(i, valeur, jeton, coche); continue; }
    const x = kept(f).find(x => x.name === nom && (!/^(radio|checkbox)$/.test(x.type) || x.value === valeur));
    if (x && /^(radio|checkbox)$/.test(x.type)) x.checked = coche; else if (x) x.value = valeur;
  }
  if (saisi) f.dataset.saisi = '';
  if (envoyee && action.endsWith('/nouveau')) {
    const p = document.createElement('p');
    p.className = 'message attention'; p.role = 'status'; p.textContent = 'Vous avez déjà envoyé ce formulaire\u00a0: s’il est enregistré, l’enregistrer de nouveau change la même fiche.';
    f.before(p);
  }
}

// Year slider: the printed value follows the gesture; the button remains the way without script.
addEventListener('input', e => { const o = e.target.matches('[type=range]') && e.target.form && $('output', e.target.form); if (o) o.textContent = e.target.value; });

// Settings start folded on a small screen (open without script).
if (matchMedia('(width < 75rem)').matches) for (const v of $$('details.volet')) v.open = false;

// A code that stands for a number, put where one was writing.
let written;
addEventListener('focusout', e => { if (e.target.matches('textarea')) written = e.target; });
for (const code of $$('code[data-insere]')) {
  const b = document.createElement('button');
  b.type = 'button'; b.className = 'bouton petit'; b.textContent = 'Insérer'; b.ariaLabel = `Insérer ${code.textContent}`;
  b.addEventListener('click', () => {
    const t = written?.isConnected ? written : $('textarea');
    t?.setRangeText(code.textContent, t.selectionStart, t.selectionEnd, 'end'); t?.dispatchEvent(new Event('input', { bubbles: true })); t?.focus();
  });
  code.after(' ', b);
}

// What a word processor or a page gives keeps its paragraphs, lists, bold and italic words in the texts of the report, as Markdown.
const spoken = nodes => [...nodes].map(n => {
  if (n.nodeType === 3) return n.data.replace(/\s+/g, ' ').replace(/(?<=\S)\*(?=\S)/g, '\\*');
  if (n.nodeType !== 1 || n.matches('style, script, title, meta')) return '';
  const inside = spoken(n.childNodes), name = n.localName, style = n.style;
  const bold = /^(b|strong)$/.test(name) ? style.fontWeight !== 'normal' : style.fontWeight >= 600 || style.fontWeight === 'bold';
  const marked = sign => inside.trim() ? inside.replace(/^(\s*)([^]*?)(\s*)$/, `$1${sign}$2${sign}$3`) : inside;
  if (name === 'br') return '\n';
  if (name === 'li') return `\n${n.parentNode.localName === 'ol' ? '1.' : '-'} ${inside.trim().replace(/\n+/g, '\n  ')}`;
  if (/^h[1-6]$/.test(name)) return `\n\n### ${inside.trim()}\n\n`;
  if (name === 'tr') return `\n- ${[...n.cells].map(c => spoken(c.childNodes).trim().replace(/\s+/g, ' ')).join(' | ')}`;
  if (/^(p|div|ul|ol|table|blockquote|section|article)$/.test(name)) return `\n\n${inside.trim()}\n\n`;
  return bold ? marked('**') : /^(i|em)$/.test(name) ? marked('*') : inside;
}).join('');
addEventListener('paste', e => {
  const html = e.target.matches?.('form[data-garde] textarea[name=texte]') && e.clipboardData?.getData('text/html');
  if (!html) return;
  const text = spoken(new DOMParser().parseFromString(html, 'text/html').body.childNodes).replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
  if (!text) return;
  e.preventDefault();
  e.target.setRangeText(text, e.target.selectionStart, e.target.selectionEnd, 'end');
  e.target.dispatchEvent(new Event('input', { bubbles: true }));
});

// « @ » calls a colleague: names as one types, chosen with the arrows and Enter. The focus stays in the text.
for (const t of $$('[data-noms]')) {
  const names = document.createElement('ul'), said = Object.assign(document.createElement('output'), { className: 'sr' });
  let at = -1, turn = 0, from = 0;
  Object.assign(names, { id: `${t.id}-noms`, className: 'choisir', role: 'listbox', ariaLabel: 'Collègues', hidden: true });
  t.ariaAutoComplete = 'list'; t.setAttribute('aria-controls', names.id); t.after(names); t.parentElement.after(said);
  const close = () => { turn++; names.hidden = true; said.textContent = ''; t.removeAttribute('aria-activedescendant'); };
  const choose = to => {
    const all = [...names.children];
    at = (to + all.length) % all.length;
    all.forEach((o, i) => { o.ariaSelected = i === at; });
    t.setAttribute('aria-activedescendant', all[at].id); all[at].scrollIntoView({ block: 'nearest' });
  };
  const put = name => { t.setRangeText(`@${name} `, from, t.selectionStart, 'end'); close(); t.dispatchEvent(new Event('input', { bubbles: true })); };
  t.addEventListener('input', async () => {
    const typed = /(?:^|[^\p{L}\p{N}])@([\p{L}\p{N}'’ .-]{0,40})$/u.exec(t.value.slice(0, t.selectionStart))?.[1];
    if (typed === undefined || typed.endsWith(' ')) { close(); return; }
    const mine = ++turn, answer = await fetch(`${t.dataset.noms}&q=${encodeURIComponent(typed)}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : [];
    if (mine !== turn) return;
    if (!found.length) { close(); return; }
    from = t.selectionStart - typed.length - 1;
    names.replaceChildren(...found.map((name, i) => {
      const o = Object.assign(document.createElement('li'), { id: `${names.id}-${i}`, role: 'option' });
      o.append(Object.assign(document.createElement('a'), { textContent: name }));
      o.addEventListener('mousedown', e => { e.preventDefault(); put(name); });
      return o;
    }));
    names.hidden = false; said.textContent = `${found.length} collègue${found.length > 1 ? 's' : ''}`; choose(0);
  });
  t.addEventListener('blur', close);
  t.addEventListener('keydown', e => {
    if (names.hidden || e.isComposing || e.ctrlKey || e.metaKey) return;
    if (/^Arrow(Up|Down)$/.test(e.key)) { e.preventDefault(); choose(at + (e.key === 'ArrowDown' ? 1 : -1)); }
    if (e.key === 'Enter' || e.key === 'Tab') { e.preventDefault(); put(names.children[at].textContent); }
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); close(); }
  });
}

// A long table is searched where it stands.
for (const box of $$('[data-cherche]')) {
  const plain = t => t.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase(), rows = $$('tbody tr', box.nextElementSibling);
  box.hidden = false;
  box.addEventListener('input', e => rows.forEach(r => { r.hidden = !plain(r.textContent).includes(plain(e.target.value)); }));
}
// A page that answers a refused form cannot be come back to: coming back leads to the form itself, which has the same path.
if (performance.getEntriesByType('navigation')[0]?.responseStatus === 422) {
  const form = document.referrer ? new URL(document.referrer) : location;
  history.replaceState(history.state, '', form.origin === location.origin && form.pathname === location.pathname ? form.href : location.href);
}
