// The console: one state, one render.

import { h, render } from './preact.js';
import { follow } from './stream.js';
import { Calls, Details, LinkMap } from './map.js';
import { Refusals, Resources, Slos, Summary } from './panels.js';

const POINTS = 90;

/** What the server knew when it wrote the page; the stream goes on from there. */
const first = JSON.parse(document.getElementById('state').textContent);

const state = {
  live: false,
  summary: null,
  topology: null,
  slos: null,
  resources: null,
  refusals: null,
  past: [],
  selected: fromHash(),
  filter: 'main',
  why: null,
  theme: readTheme(),
  ...first,
};

function fromHash() {
  return decodeURIComponent(location.hash.slice(1)) || null;
}

function readTheme() {
  try {
    return localStorage.getItem('weft-theme') || '';
  } catch {
    return '';
  }
}

function change(fields) {
  Object.assign(state, fields);
  draw();
}

function select(key) {
  history.replaceState(null, '', key ? `#${encodeURIComponent(key)}` : location.pathname);
  change({ selected: key });
}

async function ask(requestId) {
  if (!requestId) return change({ why: null });
  change({ why: { requestId, text: '' } });
  const response = await fetch(`/api/why/${encodeURIComponent(requestId)}`);
  const body = await response.json();
  change({ why: { requestId, text: body.text || body.detail } });
}

function turnTheme() {
  const dark = state.theme ? state.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const theme = dark ? 'light' : 'dark';
  try {
    localStorage.setItem('weft-theme', theme);
  } catch {
    // A browser that keeps nothing still turns it for this page.
  }
  change({ theme });
}

function Header() {
  return h(
    'header',
    { class: 'top' },
    h('a', { class: 'brand', href: '/' }, h('img', { src: '/assets/icon.svg', alt: '', width: 28, height: 28 }), h('span', null, 'weft')),
    h('nav', { 'aria-label': 'Sections' }, [['#map', 'Map'], ['#objectives', 'Objectives'], ['#calls', 'Calls'], ['#resources', 'Resources'], ['#refused', 'Refused']].map(([to, title]) => h('a', { key: to, href: to, onClick: (event) => jump(event, to.slice(1)) }, title))),
    h('span', { class: `live ${state.live ? 'on' : 'off'}`, role: 'status', title: state.summary ? `snapshot ${state.summary.snapshot}` : '' }, h('i', null), state.live ? 'live' : 'not connected, trying again'),
    h('button', { class: 'quiet-button', onClick: turnTheme, 'aria-label': 'Light or dark' }, '◐'),
  );
}

function jump(event, id) {
  event.preventDefault();
  document.getElementById(id)?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

function App() {
  return [
    h(Header),
    h(
      'main',
      null,
      h(Summary, state),
      h(
        'section',
        { class: 'card stage', id: 'map', 'aria-label': 'Map' },
        h('div', { class: 'canvas' }, h(LinkMap, { topology: state.topology, selected: state.selected, onSelect: select })),
        state.selected && h('aside', { 'aria-label': 'What is selected' }, h(Details, { topology: state.topology, selected: state.selected, onSelect: select })),
      ),
      h(
        'div',
        { class: 'columns' },
        h(
          'div',
          null,
          h('div', { id: 'objectives' }, h(Slos, { slos: state.slos })),
          h('div', { id: 'calls' }, h(Calls, { topology: state.topology, onSelect: select })),
          h('div', { id: 'refused' }, h(Refusals, { refusals: state.refusals, why: state.why, onWhy: ask })),
        ),
        h(
          'div',
          null,
          h('div', { id: 'resources' }, h(Resources, { resources: state.resources, filter: state.filter, onFilter: (filter) => change({ filter }) })),
        ),
      ),
    ),
    h('footer', null, 'Computed from counted requests, never from averages. ', h('a', { href: '/metrics' }, '/metrics'), ' speaks Prometheus; ', h('code', null, 'weft stat'), ', ', h('code', null, 'weft edges'), ' and ', h('code', null, 'weft why'), ' show the same.'),
  ];
}

let queued = false;

function draw() {
  if (queued) return;
  queued = true;
  queueMicrotask(() => {
    queued = false;
    document.documentElement.dataset.theme = state.theme;
    render(h(App), document.getElementById('app'));
  });
}

addEventListener('keydown', (event) => {
  if (event.key === 'Escape') state.why ? change({ why: null }) : select(null);
});
addEventListener('hashchange', () => change({ selected: fromHash() }));

draw();
follow(
  (name, value) => {
    if (name === 'summary') state.past = [...state.past, value].slice(-POINTS);
    change({ [name]: value });
  },
  (live) => live !== state.live && change({ live }),
);
