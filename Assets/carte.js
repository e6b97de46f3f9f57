// The map of teams one moves in: zoom, what stands at a place, years and backgrounds without leaving the page.
// Without this file, or without Leaflet, the drawing of the page stays as the server made it.
import '/assets/leaflet.js';

const L = window.L, $ = (s, r = document) => r.querySelector(s);
const section = $('.atlas[data-carte]'), drawing = $('.atlas > svg');
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;

// Shapes and fills as the style sheet has them, whatever the theme.
const shapes = ['pm', 'pe', 'pc', 'pd'], fills = ['aci', 'hors', 'proj'];
let looks = {};
function readLooks() {
  const probe = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), mark = document.createElementNS(probe.namespaceURI, 'circle');
  probe.classList.add('sr'); probe.append(mark); document.body.append(probe); looks = {};
  for (const shape of shapes) for (const fill of fills) {
    mark.setAttribute('class', `${shape} ${fill}`);
    const style = getComputedStyle(mark);
    looks[`${shape} ${fill}`] = { color: style.stroke, weight: parseFloat(style.strokeWidth), fillColor: style.fill, fillOpacity: +style.fillOpacity, opacity: 1 };
  }
  probe.remove();
}

// A team: one canvas draws them all, or thousands of them would make the page slow.
const Team = L.CircleMarker.extend({
  _updatePath() {
    const renderer = this._renderer;
    if (!renderer._drawing || this._empty()) return;
    const c = renderer._ctx, { x, y } = this._point, r = this._radius;
    c.beginPath();
    switch (this.options.shape) {
      case 'pe': c.moveTo(x, y - r * 1.3); c.lineTo(x + r * 1.2, y + r * .85); c.lineTo(x - r * 1.2, y + r * .85); c.closePath(); break;
      case 'pc': c.rect(x - r * .9, y - r * .9, r * 1.8, r * 1.8); break;
      case 'pd': c.moveTo(x, y - r * 1.35); c.lineTo(x + r * 1.35, y); c.lineTo(x, y + r * 1.35); c.lineTo(x - r * 1.35, y); c.closePath(); break;
      default: c.arc(x, y, r, 0, Math.PI * 2);
    }
    renderer._fillStroke(c, this);
  },
});

let map, canvas, areas, teams, features = { areas: [], teams: [] };

function build() {
  const box = document.createElement('div');
  box.className = 'vive'; box.setAttribute('role', 'region'); box.setAttribute('aria-label', drawing.getAttribute('aria-label'));
  box.setAttribute('aria-describedby', 'aide-carte');
  // As wide and as high as the drawing, whatever the region.
  const { width, height } = drawing.viewBox.baseVal;
  box.style.aspectRatio = `${width} / ${height}`;
  const help = document.createElement('p');
  help.className = 'note'; help.id = 'aide-carte';
  help.textContent = 'Au clavier\u00a0: flèches pour se déplacer, + et − pour le zoom, Entrée pour ce qui est au milieu, Échap pour refermer.';
  drawing.replaceWith(box, help);
  map = L.map(box, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: .25, zoomDelta: .75, minZoom: 4, maxZoom: 13,
    zoomAnimation: !still, fadeAnimation: !still, inertia: !still, closePopupOnClick: true,
  });
  L.control.zoom({ zoomInTitle: 'Agrandir', zoomOutTitle: 'Réduire' }).addTo(map);
  canvas = L.canvas({ padding: .3 });
  // Départements, then their names, then the teams, of which a name must hide none.
  map.createPane('zones').style.zIndex = 390; map.createPane('noms').style.zIndex = 395;
  areas = L.layerGroup().addTo(map); teams = L.layerGroup().addTo(map);
  // The wheel scrolls the page until one is in the map.
  map.on('focus', () => map.scrollWheelZoom.enable()).on('blur', () => map.scrollWheelZoom.disable());
  map.on('click', e => open(e.latlng, 14)).on('mousemove', hover).on('popupopen', e => {
    const close = $('.leaflet-popup-close-button', e.popup.getElement());
    if (close) { close.ariaLabel = 'Fermer'; close.title = 'Fermer'; }
  });
  box.addEventListener('keydown', e => {
    if (e.key === 'Escape' && $('.leaflet-popup', box)) { map.closePopup(); box.focus({ preventScroll: true }); }
    if (e.target !== box || e.key !== 'Enter') return;
    e.preventDefault();
    open(map.getCenter(), Infinity);
    $('.leaflet-popup-content a', box)?.focus();
  });
}

// The teams around a place of the screen, the nearest first.
function near(latlng, reach) {
  const at = map.latLngToContainerPoint(latlng);
  return features.teams.map(team => ({ team, far: at.distanceTo(map.latLngToContainerPoint(team.latlng)) }))
    .filter(one => one.far <= reach).sort((a, b) => a.far - b.far).map(one => one.team);
}

function hover(e) { map.getContainer().classList.toggle('pointe', near(e.latlng, 10).length > 0); }

function within([x, y], area) {
  let inside = false;
  for (const ring of area.rings) for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < (xj - xi) * (y - yi) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// What stands at a place: the team with all those beside it, or the département.
function open(latlng, reach) {
  let found = near(latlng, reach);
  if (reach === Infinity) found = found.length ? near(found[0].latlng, 14) : [];
  const list = document.createElement('ul');
  for (const { nom, type, situation, commune, lien } of found.slice(0, 40).map(one => one.properties)) {
    list.append(entry(nom, [type, situation, commune].filter(Boolean).join(', '), lien));
  }
  if (found.length > 40) list.append(entry(`${found.length - 40} autres\u00a0: agrandissez la carte`, ''));
  const area = !found.length && features.areas.find(one => within([latlng.lng, latlng.lat], one));
  if (area) list.append(entry(area.properties.nom, area.properties.phrase, area.properties.lien));
  if (!list.children.length) return;
  L.popup({ maxWidth: 280, maxHeight: 220, autoPanPadding: [16, 16] }).setLatLng(found.length ? found[0].latlng : latlng).setContent(list).openOn(map);
}

function entry(name, words, address) {
  const item = document.createElement('li'), title = document.createElement(address ? 'a' : 'b'), small = document.createElement('small');
  title.textContent = name; small.textContent = words;
  if (address) title.href = address;
  item.append(title, small);
  return item;
}

// Teams of one commune stand around its middle, each to be seen.
function spread(list) {
  const standing = new Map();
  for (const team of list) {
    const key = team.geometry.coordinates.join(), n = standing.get(key) ?? 0, [x, y] = team.geometry.coordinates;
    standing.set(key, n + 1);
    const far = .012 * Math.sqrt(n), turn = n * 2.399963;
    team.latlng = L.latLng(y + far * Math.sin(turn), x + far * 1.4 * Math.cos(turn));
  }
}

// Where a name is to be read: of some places in a département, the one with the fewest teams around, near its middle.
function calm(area, bounds) {
  const middle = bounds.getCenter(), wide = bounds.getEast() - bounds.getWest(), high = bounds.getNorth() - bounds.getSouth();
  let best = middle, least = Infinity;
  for (let i = -3; i <= 3; i++) for (let j = -3; j <= 3; j++) {
    const place = L.latLng(middle.lat + j * high / 9, middle.lng + i * wide / 9);
    if (!within([place.lng, place.lat], area)) continue;
    const around = features.teams.filter(({ latlng }) => Math.abs(latlng.lat - place.lat) < .13 && Math.abs(latlng.lng - place.lng) < .36);
    const cost = around.length + (i * i + j * j) / 12;
    if (cost < least) { least = cost; best = place; }
  }
  return best;
}

function draw(collection, fits) {
  features = { areas: [], teams: [] };
  for (const one of collection.features) (one.geometry.type === 'Point' ? features.teams : features.areas).push(one);
  spread(features.teams);
  areas.clearLayers();
  const whole = L.latLngBounds([]);
  for (const area of features.areas) {
    area.rings = area.geometry.coordinates.map(part => part[0]);
    const { part, nom, valeur } = area.properties;
    const shape = L.geoJSON(area, {
      pane: 'zones', interactive: false, style: { className: part == null ? 'zone' : 'zone teinte', fillOpacity: part == null ? 1 : .06 + .44 * Math.min(1, part), weight: 1.2 },
    }).addTo(areas);
    whole.extend(shape.getBounds());
    const name = document.createElement('span'), value = document.createElement('small');
    name.textContent = nom; value.textContent = valeur ?? ''; name.append(value);
    L.marker(calm(area, shape.getBounds()), { pane: 'noms', interactive: false, keyboard: false, icon: L.divIcon({ className: 'nom-zone', html: name, iconSize: null }) }).addTo(areas);
  }
  paint();
  if (!whole.isValid()) for (const team of features.teams) whole.extend(team.latlng);
  if (fits && whole.isValid()) { map.setMaxBounds(whole.pad(.6)); map.fitBounds(whole, { padding: [8, 8], animate: false }); map.setMinZoom(map.getZoom() - .5); }
}

function paint() {
  teams.clearLayers();
  for (const { latlng, properties: { forme, remplissage } } of features.teams) {
    new Team(latlng, { renderer: canvas, interactive: false, radius: 5.5, shape: forme, ...looks[`${forme} ${remplissage}`] }).addTo(teams);
  }
}

// An answer, if it is the one that was asked for: who is signed out is led to another page, which is no map.
function plain(answer) {
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return answer;
}

// Another year or background: the page says the same beside the map, and its address too.
let latest = 0;
async function go(query) {
  const turn = ++latest, address = '/carte' + query;
  let collection, fresh;
  try {
    const [answer, page] = await Promise.all([fetch('/carte.json' + query).then(plain), fetch(address).then(plain)]);
    [collection, fresh] = [await answer.json(), new DOMParser().parseFromString(await page.text(), 'text/html')];
  } catch {
    // Signed out, refused or cut off: the browser asks for the page itself, and shows what comes of it.
    if (turn === latest) location.href = address;
    return;
  }
  if (turn !== latest) return;
  history.replaceState(null, '', address);
  map.closePopup();
  draw(collection, false);
  for (const part of ['.entete', 'main form[data-auto]', '.cote > section:last-child', '.cles-carte']) $(part)?.replaceWith($(part, fresh) ?? '');
}

function settings() {
  const form = $('form.annee');
  if (!form) return;
  let waiting;
  form.addEventListener('input', () => {
    const output = $('output', form), year = $('[name=annee]', form);
    if (output && year) output.textContent = year.value;
    clearTimeout(waiting);
    waiting = setTimeout(() => go('?' + new URLSearchParams(new FormData(form))), 250);
  });
  form.addEventListener('submit', e => { e.preventDefault(); go('?' + new URLSearchParams(new FormData(form))); });
}

if (section && drawing) {
  for (const name of ['leaflet', 'carte']) document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `/assets/${name}.css` }));
  // What is refused keeps the drawing of the page, which says why.
  const collection = await fetch('/carte.json' + location.search).then(plain).then(answer => answer.json()).catch(() => null);
  if (collection) {
    await Promise.all([...document.querySelectorAll('link[href^="/assets/"][rel=stylesheet]')].map(link => link.sheet || new Promise(done => { link.onload = link.onerror = done; })));
    readLooks(); build(); draw(collection, true); settings();
    section.dataset.carte = 'prete';
    const again = () => { readLooks(); paint(); };
    new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  }
}
