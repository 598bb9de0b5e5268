// The map. Places come from the server, so everybody sees the same one.

import { h } from './preact.js';
import { DASH, HEALTH_WORD, grouped, health, identity, millis, percent, rate } from './format.js';

const PAD = 26;

const ICONS = {
  clients: 'M8 3.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6ZM3.2 8h9.6M8 3.2c2.6 2.6 2.6 7 0 9.6M8 3.2c-2.6 2.6-2.6 7 0 9.6',
  edge: 'M3.5 13V3.5h4V13M3.5 8h9M10 5l3 3-3 3',
  service: 'M3 8h3M6 8l4-4h3M6 8l4 4h3M6 8h7',
  workload: 'M8 2.6 13 5.3v5.4L8 13.4 3 10.7V5.3ZM3 5.3 8 8l5-2.7M8 8v5.4',
  revision: 'M5.5 13c1.7 0 2-1.2 2.5-3l1.2-4.2C9.7 4 10.2 3 11.5 3M4.5 7.5h6',
};

const TYPE_WORD = { clients: 'outside', edge: 'edge gateway', service: 'service', workload: 'deployment', revision: 'function' };

export function LinkMap({ topology, selected, onSelect }) {
  if (!topology || topology.nodes.length === 0) {
    return h('p', { class: 'empty' }, 'Nothing is declared yet. Try ', h('code', null, 'weft up examples/faas'), '.');
  }
  const byId = new Map(topology.nodes.map((node) => [node.id, node]));
  const width = topology.width + 2 * PAD;
  const height = topology.height + 2 * PAD;
  const near = neighbours(topology, selected);
  return h(
    'svg',
    {
      class: `map${selected ? ' focused' : ''}`,
      viewBox: `${-PAD} ${-PAD} ${width} ${height}`,
      role: 'group',
      'aria-label': 'Map of services and workloads',
      onClick: () => onSelect(null),
    },
    topology.links.map((link) => drawLink(link, byId, topology, selected, near, onSelect)),
    topology.nodes.map((node) => drawNode(node, topology, selected, near, onSelect)),
  );
}

function neighbours(topology, selected) {
  if (!selected) return null;
  const near = new Set([selected]);
  for (const link of topology.links) {
    const key = linkKey(link);
    if (key === selected || link.from === selected || link.to === selected) {
      near.add(key).add(link.from).add(link.to);
    }
  }
  return near;
}

export function linkKey(link) {
  return `${link.from} → ${link.to}`;
}

function pressable(key, onSelect, label) {
  const act = (event) => {
    event.stopPropagation();
    onSelect(key);
  };
  return {
    tabindex: 0,
    role: 'button',
    'aria-label': label,
    onClick: act,
    onKeyDown: (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        act(event);
      }
    },
  };
}

function drawLink(link, byId, topology, selected, near, onSelect) {
  const key = linkKey(link);
  const from = byId.get(link.from);
  const to = byId.get(link.to);
  if (!from || !to) return null;
  const points = [
    [from.x + topology.nodeWidth, from.y + topology.nodeHeight / 2],
    ...link.passes,
    [to.x - 7, to.y + topology.nodeHeight / 2],
  ];
  const path = curve(points);
  const state = link.requests > 0 ? health(link) : link.observed ? 'idle' : 'declared';
  const stroke = link.requests > 0 ? Math.min(6, 1.8 + Math.log10(1 + link.rps) * 1.5) : 1.6;
  const [lx, ly] = middle(points);
  const label = link.requests > 0 ? `${rate(link.rps)}/s · ${state === 'refused' ? 'refused' : millis(link.latencyP99Ms)}` : '';
  const share = link.weight === undefined ? '' : `${Math.round(link.weight * 100)} %`;
  const secure = { tls: 'mutual TLS', clear: 'clear text', mixed: 'partly clear text', unknown: 'no traffic yet' }[link.security];
  const spoken = `${from.name} to ${to.name}, ${HEALTH_WORD[health(link)]}, ${percent(link.success)} good, ${rate(link.rps)} per second, ${secure}`;
  const faded = near && !near.has(key) ? ' faded' : '';
  return h(
    'g',
    { key, class: `link ${state}${key === selected ? ' selected' : ''}${faded}`, ...pressable(key, onSelect, spoken) },
    h('path', { class: 'hit', d: path }),
    h('path', { class: 'line', d: path, 'stroke-width': stroke }),
    link.requests > 0 && h('path', { class: 'flow', d: path, 'stroke-width': Math.max(1.2, stroke - 1.4) }),
    h('path', { class: 'tip', d: arrow(points[points.length - 1]) }),
    badge(lx, ly, label, share, link, state),
  );
}

function badge(x, y, label, share, link, state) {
  const locked = link.security === 'tls';
  const lock = link.security !== 'unknown';
  const first = [share, label ? `${label.split(' · ')[0]}` : ''].filter(Boolean).join('  ');
  const second = label ? label.split(' · ')[1] : '';
  if (!first && !lock) return null;
  const longest = Math.max(first.length + (lock ? 2.6 : 0), second.length);
  const width = Math.max(26, longest * 6.3 + 12);
  const height = second ? 31 : 18;
  return h(
    'g',
    { class: `badge ${state}`, transform: `translate(${x - width / 2} ${y - height / 2})` },
    h('rect', { width, height, rx: 7 }),
    lock && lockIcon(first ? 6 : width / 2 - 6, 3, link.security, link.from === 'clients'),
    h('text', { x: lock ? 21 : width / 2, y: 13, class: lock ? '' : 'mid' }, first),
    second && h('text', { x: width / 2, y: 26, class: 'mid faint' }, second),
    h('title', null, locked ? 'mutual TLS' : link.security === 'unknown' ? '' : 'clear text'),
  );
}

function lockIcon(x, y, security, outside = false) {
  const open = security !== 'tls';
  return h(
    'g',
    { class: `lock ${open ? (outside ? 'outside' : 'open') : 'closed'}`, transform: `translate(${x} ${y})` },
    h('path', { class: 'shackle', d: open ? 'M3.2 5.5V3.6a2.6 2.6 0 0 1 5.1-.8' : 'M3.2 5.5V3.6a2.8 2.8 0 0 1 5.6 0v1.9' }),
    h('rect', { x: 1.6, y: 5.4, width: 8.8, height: 6.4, rx: 1.6 }),
  );
}

function drawNode(node, topology, selected, near, onSelect) {
  const state = health(node);
  const asleep = node.type === 'revision' && node.ready === 0;
  const pods = node.type === 'workload' || node.type === 'revision';
  const faded = near && !near.has(node.id) ? ' faded' : '';
  const wide = topology.nodeWidth;
  const high = topology.nodeHeight;
  const where = node.namespace ? `${node.namespace} · ${TYPE_WORD[node.type]}` : TYPE_WORD[node.type];
  const podText = asleep ? (node.wanted > 0 ? 'waking' : 'asleep') : pods ? `${node.ready}/${Math.max(node.wanted, node.ready)}` : '';
  const spoken = `${TYPE_WORD[node.type]} ${node.name}, ${HEALTH_WORD[state]}, ${percent(node.success)} good, ${rate(node.rps)} per second${podText ? `, pods ${podText}` : ''}`;
  return h(
    'g',
    {
      key: node.id,
      class: `node ${node.type} ${state}${asleep ? ' asleep' : ''}${node.id === selected ? ' selected' : ''}${faded}`,
      transform: `translate(${node.x} ${node.y})`,
      ...pressable(node.id, onSelect, spoken),
    },
    h('rect', { class: 'card', width: wide, height: high, rx: node.type === 'service' ? 26 : 12 }),
    h('g', { class: 'icon', transform: 'translate(14 12)' }, h('rect', { width: 26, height: 26, rx: 8 }), h('path', { d: ICONS[node.type], transform: 'translate(5 5)' })),
    h('text', { class: 'name', x: 49, y: 24 }, shorten(node.name, podText ? 14 : 18)),
    h('text', { class: 'where', x: 49, y: 38 }, shorten(where, 23)),
    podText && h('text', { class: `pods${asleep ? ' sleeping' : node.ready < node.wanted ? ' missing' : ''}`, x: wide - 13, y: 24 }, asleep && node.wanted === 0 ? '☾ 0' : podText),
    h('line', { class: 'rule', x1: 14, x2: wide - 14, y1: 49, y2: 49 }),
    node.requests > 0
      ? h(
          'g',
          { class: 'numbers' },
          mark(state, 15, 61),
          h('text', { x: 31, y: 70, class: 'success' }, percent(node.success, 1)),
          h('text', { x: wide / 2 + 8, y: 70, class: 'mid' }, `${rate(node.rps)}/s`),
          h('text', { x: wide - 13, y: 70, class: 'end' }, millis(node.latencyP99Ms)),
        )
      : h('text', { class: 'quiet', x: 14, y: 70 }, quiet(node, topology, asleep)),
    h('title', null, node.identity || node.name),
  );
}

/** What a node does that nobody calls. */
function quiet(node, topology, asleep) {
  const sent = topology.links.filter((link) => link.from === node.id).reduce((sum, link) => sum + link.rps, 0);
  if (sent > 0) return `sends ${rate(sent)}/s`;
  return asleep ? 'at zero, wakes on request' : 'no traffic for a minute';
}

/** Health as a shape, so that it does not hang on colour alone. */
function mark(state, x, y) {
  const shape = { good: 'M1 5.5 4.3 9 10.5 2', fair: 'M5.8 1v6M5.8 9.9v.6', bad: 'M1.8 1.8l7.6 7.6M9.4 1.8 1.8 9.4' }[state] ?? '';
  return h('path', { class: `mark ${state}`, d: shape, transform: `translate(${x} ${y})` });
}

function curve(points) {
  let path = `M${points[0][0]} ${points[0][1]}`;
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1];
    const [x1, y1] = points[i];
    const bend = Math.max(36, Math.abs(x1 - x0) / 2);
    path += ` C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`;
  }
  return path;
}

/** The middle of the first stretch between two layers, where nothing else is drawn. */
function middle(points) {
  const [x0, y0] = points[0];
  const [x1, y1] = points[1];
  return points.length === 2 ? [(x0 + x1) / 2, (y0 + y1) / 2] : [x0 + 45, y0 + (y1 - y0) * 0.25];
}

function arrow([x, y]) {
  return `M${x - 2} ${y - 5}l8 5-8 5Z`;
}

function shorten(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Everything about what is selected. */
export function Details({ topology, selected, onSelect }) {
  if (!topology) return null;
  const node = topology.nodes.find((each) => each.id === selected);
  if (node) return h(NodeDetails, { node, topology, onSelect });
  const link = topology.links.find((each) => linkKey(each) === selected);
  if (link) return h(LinkDetails, { link, topology, onSelect });
  return h('div', { class: 'details' }, h(Title, { over: 'gone', onSelect }, 'This is no longer on the map.'));
}

function Facts({ golden }) {
  return h(
    'dl',
    { class: 'facts' },
    fact('Success', percent(golden.success)),
    fact('Requests/s', rate(golden.rps)),
    fact('p50', millis(golden.latencyP50Ms)),
    fact('p95', millis(golden.latencyP95Ms)),
    fact('p99', millis(golden.latencyP99Ms)),
    fact('Failed', `${grouped(golden.failures)} of ${grouped(golden.requests)}`),
    golden.retries > 0 && fact('Retries', grouped(golden.retries)),
    golden.waited > 0 && fact('Woke it', `${grouped(golden.waited)} waited`),
  );
}

function fact(name, value) {
  return h('div', null, h('dt', null, name), h('dd', null, value));
}

function Title({ over, children, onSelect }) {
  return h(
    'div',
    { class: 'detail-title' },
    h('div', null, h('small', null, over), h('h3', null, children)),
    h('button', { class: 'quiet-button', onClick: () => onSelect(null), title: 'Close (Esc)', 'aria-label': 'Close' }, '✕'),
  );
}

function NodeDetails({ node, topology, onSelect }) {
  const links = topology.links.filter((link) => link.from === node.id || link.to === node.id);
  return h(
    'div',
    { class: 'details' },
    h(Title, { over: TYPE_WORD[node.type], onSelect }, node.namespace ? `${node.namespace}/${node.name}` : node.name),
    h(Facts, { golden: node }),
    node.identity && h('p', { class: 'identity' }, h('small', null, 'Identity'), h('code', null, node.identity)),
    h(LinkTable, { links, topology, onSelect }),
  );
}

function LinkDetails({ link, topology, onSelect }) {
  const name = (id) => topology.nodes.find((node) => node.id === id)?.name ?? id;
  const words = {
    tls: ['Mutual TLS, both certificates verified', 'closed'],
    clear: ['Clear text', 'open'],
    mixed: ['Partly clear text', 'open'],
    unknown: ['Nothing went this way yet', ''],
  }[link.security];
  const outside = link.from === 'clients';
  return h(
    'div',
    { class: 'details' },
    h(Title, { over: link.declared ? 'call, declared' : 'call, observed', onSelect }, `${name(link.from)} → ${name(link.to)}`),
    h(Facts, { golden: link }),
    h('p', { class: `security ${words[1]}` }, outside && link.security === 'tls' ? 'TLS, ended at the edge' : outside && link.security === 'mixed' ? 'HTTP and HTTPS, ended at the edge' : words[0]),
    ids('The client showed', link.clientIds),
    ids('The server showed', link.serverIds),
  );
}

function ids(title, uris) {
  if (uris.length === 0) return null;
  return h('div', { class: 'identity' }, h('small', null, title), uris.map((uri) => h('code', { key: uri }, uri)));
}

/** The map as a table. */
export function Calls({ topology, onSelect }) {
  if (!topology) return null;
  return h(
    'section',
    { class: 'card', 'aria-label': 'Who calls whom' },
    h('header', null, h('h2', null, 'Who calls whom'), h('span', { class: 'faint' }, 'last minute')),
    h('div', { class: 'scroll', tabindex: 0 }, h(LinkTable, { links: topology.links, topology, onSelect })),
  );
}

function LinkTable({ links, topology, onSelect }) {
  const name = (id) => topology.nodes.find((node) => node.id === id)?.name ?? id;
  return h(
    'table',
    { class: 'links' },
    h('thead', null, h('tr', null, ['Call', 'Success', 'RPS', 'p99', ''].map((title, i) => h('th', { key: i }, title)))),
    h(
      'tbody',
      null,
      links.map((link) =>
        h(
          'tr',
          { key: linkKey(link), class: health(link) },
          h('td', null, h('button', { class: 'link-button', onClick: () => onSelect(linkKey(link)) }, `${name(link.from)} → ${name(link.to)}`)),
          h('td', null, link.requests === 0 ? DASH : health(link) === 'refused' ? 'refused' : percent(link.success, 1)),
          h('td', null, link.requests > 0 ? rate(link.rps) : DASH),
          h('td', null, millis(link.latencyP99Ms)),
          h('td', { title: link.serverIds.map(identity).join(', ') }, link.security === 'unknown' ? '' : h('svg', { viewBox: '0 0 12 13', class: 'inline-lock', 'aria-label': link.security === 'tls' ? 'TLS' : 'clear text' }, lockIcon(0, 0, link.security, link.from === 'clients'))),
        ),
      ),
    ),
  );
}
