// Numbers as people read them. What does not exist is a dash, never 0.

export const DASH = '–';

export function percent(share, digits = 2) {
  if (share === null || share === undefined) return DASH;
  const value = share * 100;
  if (value === 100) return '100 %';
  // Never round a failure away: 99.996 % is not 100.00 %.
  const shown = value > 99.99 && value < 100 ? Math.floor(value * 1000) / 1000 : value;
  return `${shown.toFixed(value > 99.99 && value < 100 ? 3 : digits)} %`;
}

export function rate(perSecond) {
  if (perSecond === null || perSecond === undefined) return DASH;
  if (perSecond === 0) return '0';
  if (perSecond < 10) return perSecond.toFixed(perSecond < 0.1 ? 2 : 1);
  return grouped(Math.round(perSecond));
}

export function millis(value) {
  if (value === null || value === undefined) return DASH;
  if (value < 10) return `${value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  return `${(value / 1000).toFixed(value < 10000 ? 2 : 1)} s`;
}

export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

export function decimal(number) {
  const value = Number(number);
  return Number.isInteger(value) ? grouped(value) : grouped(value.toFixed(2)).replace(/ (?=\d*$)(?<=\..*)/, '');
}

export function time(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
}

/** The short name of a SPIFFE identity, with the whole one for a title. */
export function identity(uri) {
  const parts = /^spiffe:\/\/([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/.exec(uri);
  return parts ? `${parts[2]}/${parts[3]}` : uri;
}

/** good, fair, bad, or idle: as Linkerd draws the lines, at 95 % and 90 %, and a first one at 99 %. */
export function health(golden) {
  if (golden.refused > 0 && golden.refused === golden.requests) return 'refused';
  if (golden.success === null || golden.success === undefined) return 'idle';
  if (golden.success >= 0.99) return 'good';
  return golden.success >= 0.95 ? 'fair' : 'bad';
}

export const HEALTH_WORD = { good: 'healthy', fair: 'degraded', bad: 'failing', refused: 'refused', idle: 'no traffic' };
