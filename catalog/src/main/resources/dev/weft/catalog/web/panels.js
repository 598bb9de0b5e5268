// Everything around the map.

import { h } from './preact.js';
import { DASH, decimal, grouped, millis, percent, rate, time } from './format.js';

export function Summary({ summary, past, slos, resources }) {
  if (!summary) return null;
  const worst = slos && slos.length ? slos.reduce((a, b) => ((a.remainingShare ?? 9) <= (b.remainingShare ?? 9) ? a : b)) : null;
  const failed = (resources || []).filter((row) => row.state === 'failed').length;
  const where = summary.side === 'edge' ? 'at the edge, last minute' : 'inside the mesh, last minute';
  return h(
    'section',
    { class: 'tiles', 'aria-label': 'Summary' },
    tile('Success', percent(summary.success), where, tone(summary.success, 0.99, 0.95), past.map((each) => each.success)),
    tile('Requests / s', rate(summary.rps), `${grouped(summary.requests)} requests`, '', past.map((each) => each.rps)),
    tile('Latency p99', millis(summary.latencyP99Ms), `p50 ${millis(summary.latencyP50Ms)}`, '', past.map((each) => each.latencyP99Ms)),
    tile('Mutual TLS', percent(summary.securedShare, 1), summary.identities === 1 ? '1 identity' : `${summary.identities} identities`, tone(summary.securedShare, 1, 0.9)),
    tile('Pods ready', `${summary.readyPods}/${summary.pods}`, failed ? h('b', { class: 'alarm' }, `${failed} resource${failed > 1 ? 's' : ''} failed`) : 'all resources in effect', summary.readyPods < summary.pods ? 'fair' : ''),
    tile('Error budget', worst ? percent(worst.remainingShare, 1) : DASH, worst ? `left for ${worst.service}` : 'no objective declared', worst ? tone(worst.remainingShare, 0.25, 0) : ''),
  );
}

function tone(value, good, fair) {
  if (value === null || value === undefined) return '';
  return value >= good ? 'good' : value >= fair ? 'fair' : 'bad';
}

function tile(name, value, note, state = '', values = []) {
  return h(
    'div',
    { class: `tile ${state}`, key: name },
    h('h2', null, name),
    h('p', { class: 'value' }, value),
    h('p', { class: 'note' }, note),
    values.length > 2 && h(Spark, { values }),
  );
}

function Spark({ values }) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length < 2) return null;
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const points = values
    .map((value, i) => [(i / (values.length - 1)) * 100, value === null || value === undefined ? null : span === 0 ? 14 : 25 - ((value - low) / span) * 22])
    .filter(([, y]) => y !== null);
  const line = points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return h(
    'svg',
    { class: 'spark', viewBox: '0 0 100 28', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    h('path', { class: 'area', d: `${line}L${points[points.length - 1][0]} 28L${points[0][0]} 28Z` }),
    h('path', { class: 'line', d: line }),
  );
}

export function Slos({ slos }) {
  return h(
    'section',
    { class: 'card', 'aria-label': 'Objectives' },
    h('header', null, h('h2', null, 'Objectives')),
    !slos || slos.length === 0
      ? h('p', { class: 'empty' }, 'No SLO is declared. Apply an OpenSLO document (', h('code', null, 'apiVersion: openslo/v1, kind: SLO'), ').')
      : slos.map((slo) => h(Slo, { key: `${slo.namespace}/${slo.slo}/${slo.objective}`, slo })),
  );
}

function Slo({ slo }) {
  const left = slo.remainingShare;
  const state = left === null ? 'idle' : left >= 0.25 ? 'good' : left >= 0 ? 'fair' : 'bad';
  const word = { idle: 'no traffic', good: 'met', fair: 'nearly spent', bad: 'missed' }[state];
  return h(
    'article',
    { class: `slo ${state}` },
    h('div', { class: 'slo-title' }, h('h3', null, slo.sentence), h('span', { class: `chip ${state}` }, word)),
    h('p', { class: 'note' }, `${slo.namespace}/${slo.slo} · ${slo.objective} · counted since ${time(slo.since)}`),
    h(
      'div',
      { class: 'slo-body' },
      h(
        'dl',
        { class: 'facts' },
        cell('Budget left', percent(left, 1), `${decimal(slo.remaining)} more may fail`),
        cell('Indicator', percent(slo.indicator), `target ${percent(slo.target, 2)}`),
        cell('Bad', grouped(slo.bad), `of ${grouped(slo.total)}, ${decimal(slo.allowed)} allowed`),
        cell('Burn rate', slo.burnRate === null ? DASH : `${slo.burnRate.toFixed(slo.burnRate < 10 ? 1 : 0)}×`, `last ${slo.burnRateWindow}`),
      ),
      h(Trend, { values: slo.trend, state }),
    ),
    h(Bar, { left, state }),
  );
}

function cell(name, value, note) {
  return h('div', { key: name }, h('dt', null, name), h('dd', null, value), h('small', null, note));
}

/** The budget left: from the right end while there is some, from the left, striped, once it is overspent. */
function Bar({ left, state }) {
  const share = left === null ? 0 : Math.min(1, Math.abs(left));
  return h(
    'svg',
    { class: `bar ${state}`, viewBox: '0 0 100 4', preserveAspectRatio: 'none', role: 'img', 'aria-label': `error budget left: ${percent(left, 1)}` },
    h('rect', { class: 'track', width: 100, height: 4 }),
    h('rect', { class: 'fill', width: share * 100, height: 4 }),
  );
}

function Trend({ values, state }) {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return h('p', { class: 'trend-empty' }, 'The budget over time is drawn once there is some.');
  const top = 1;
  const low = Math.min(0, ...known);
  const place = (value) => 6 + ((top - value) / (top - low || 1)) * 68;
  let line = '';
  let first = null;
  let last = null;
  values.forEach((value, i) => {
    if (value === null) return;
    const x = (i / (values.length - 1)) * 300;
    line += `${line ? 'L' : 'M'}${x.toFixed(1)} ${place(value).toFixed(1)}`;
    first ??= x;
    last = x;
  });
  const zero = place(0);
  return h(
    'svg',
    { class: `trend ${state}`, viewBox: '0 0 300 80', preserveAspectRatio: 'none', role: 'img', 'aria-label': 'Budget left over the window' },
    h('line', { class: 'zero', x1: 0, x2: 300, y1: zero, y2: zero }),
    h('path', { class: 'area', d: `${line}L${last} ${zero}L${first} ${zero}Z` }),
    h('path', { class: 'line', d: line }),
  );
}

const STATE_MARK = { ready: '✓', waiting: '…', remark: '!', failed: '✕' };
const STATE_WORD = { ready: 'ready', waiting: 'waiting', remark: 'works, with a remark', failed: 'failed' };

export function Resources({ resources, filter, onFilter }) {
  const all = resources || [];
  const problems = all.filter((row) => row.state === 'failed' || row.state === 'remark');
  // What needs somebody comes first; the rest stays in its order.
  const wanted = (filter === 'problems' ? problems : all.filter((row) => filter === 'all' || !INNER.has(row.kind)))
    .toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state));
  return h(
    'section',
    { class: 'card resources', 'aria-label': 'Resources' },
    h(
      'header',
      null,
      h('h2', null, 'Resources'),
      h(
        'div',
        { class: 'tabs', role: 'group', 'aria-label': 'Which resources' },
        tab('main', 'Declared', filter, onFilter),
        tab('all', `All ${all.length}`, filter, onFilter),
        tab('problems', `Problems ${problems.length}`, filter, onFilter),
      ),
    ),
    wanted.length === 0
      ? h('p', { class: 'empty' }, filter === 'problems' ? 'No resource has a problem.' : 'Nothing is declared yet.')
      : h(
          'div',
          { class: 'scroll', tabindex: 0 },
          h(
            'table',
            null,
            h('thead', null, h('tr', null, ['', 'Kind', 'Name', 'Verdict'].map((title, i) => h('th', { key: i }, title)))),
            h('tbody', null, wanted.map(resource)),
          ),
        ),
  );
}

const URGENCY = ['failed', 'remark', 'waiting', 'ready'];

/** What other resources make, not people. */
const INNER = new Set(['Pod', 'Configuration', 'Revision', 'Route']);

function tab(value, title, filter, onFilter) {
  return h('button', { key: value, 'aria-pressed': String(filter === value), onClick: () => onFilter(value) }, title);
}

function resource(row) {
  const group = row.group === 'serving.knative.dev' && row.kind === 'Service' ? 'Knative ' : '';
  return h(
    'tr',
    { key: `${row.group}/${row.kind}/${row.namespace}/${row.name}`, class: row.state },
    h('td', null, h('span', { class: `state ${row.state}`, title: STATE_WORD[row.state], role: 'img', 'aria-label': STATE_WORD[row.state] }, STATE_MARK[row.state])),
    h('td', { class: 'kind' }, group + row.kind),
    h('td', null, row.namespace && h('span', { class: 'faint' }, `${row.namespace}/`), row.name),
    h('td', null, h('strong', null, row.reason), row.message && h('span', { class: 'message' }, row.message)),
  );
}

export function Refusals({ refusals, why, onWhy }) {
  const rows = refusals || [];
  return h(
    'section',
    { class: 'card', 'aria-label': 'Refused and failed requests' },
    h('header', null, h('h2', null, 'Refused and failed'), h('span', { class: 'faint' }, 'newest first')),
    rows.length === 0
      ? h('p', { class: 'empty' }, 'No request was refused or failed.')
      : h(
          'div',
          { class: 'scroll', tabindex: 0 },
          h(
            'table',
            { class: 'refusals' },
            h('tbody', null, rows.map((row, i) => refusal(row, i, why, onWhy))),
          ),
        ),
    why &&
      h(
        'div',
        { class: 'why', role: 'region', 'aria-label': 'Why' },
        h('div', { class: 'detail-title' }, h('small', null, `weft why ${why.requestId}`), h('button', { class: 'quiet-button', onClick: () => onWhy(null) }, '✕')),
        h('pre', { tabindex: 0 }, why.text || 'asking …'),
      ),
  );
}

function refusal(row, i, why, onWhy) {
  return h(
    'tr',
    { key: `${row.requestId}${row.hop}${i}`, class: why && why.requestId === row.requestId ? 'selected' : '' },
    h('td', { class: 'faint' }, time(row.startedAt)),
    h('td', null, h('span', { class: `chip ${row.status === 0 || row.status >= 500 ? 'bad' : 'fair'}` }, row.status || DASH)),
    h('td', null, h('strong', null, row.error || 'answered so'), h('span', { class: 'message' }, `${row.hop} · ${row.source} → ${row.target}`)),
    h('td', null, h('button', { class: 'link-button', onClick: () => onWhy(row.requestId) }, 'why?')),
  );
}
