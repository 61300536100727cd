/** The validity of a policy beside the time it is judged at: as a picture, and as a list for everyone. */
import type { Explanation } from '../verifier.js';
import { el } from './dom.js';

interface Moment {
  kind: 'start' | 'now' | 'end';
  title: string;
  /** As the core writes it. */
  text: string;
  seconds: number;
}

/** The timeline; nothing when no policy could be read. */
export function timeline({ policy, times, checks }: Explanation): HTMLElement | undefined {
  if (policy === undefined || times === undefined) return undefined;
  const detail = (id: string) => checks.find((check) => check.id === id)?.detail ?? '';
  const now = Math.floor(Date.parse(times.now) / 1000);
  const moments: Moment[] = [
    { kind: 'now', title: 'Judged at', text: times.now, seconds: now },
    { kind: 'end', title: 'Valid until', text: detail('expires') || times.expires, seconds: policy.expires },
  ];
  if (policy.notBefore !== undefined) {
    const text = detail('not-before') || (times.notBefore ?? '');
    moments.push({ kind: 'start', title: 'Valid from', text, seconds: policy.notBefore });
  }
  moments.sort((one, other) => one.seconds - other.seconds);
  const inside = now < policy.expires && now > (policy.notBefore ?? -1);
  return el(
    'div',
    { class: 'timeline', 'data-inside': String(inside) },
    picture(moments),
    el('ol', {}, ...moments.map(entry)),
  );
}

function entry({ kind, title, text, seconds }: Moment): HTMLElement {
  const [, instant = text, rest = ''] = /^(\S+?)(?:, (.*))?$/.exec(text) ?? [];
  const local = localTime(seconds);
  return el(
    'li',
    { 'data-kind': kind },
    el('span', { class: 'moment' }, title),
    el('time', local === undefined ? {} : { datetime: instant }, instant),
    rest !== '' && el('span', { class: 'relative' }, rest),
    local !== undefined && el('span', { class: 'local' }, `${local} on this machine`),
  );
}

/** The time in the zone of the browser; nothing for times beyond any calendar. */
function localTime(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return undefined;
  return date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** The least distance between two marks, as a part of the line. */
const gap = 0.14;
const margin = 0.12;

function picture(moments: readonly Moment[]): HTMLElement {
  const places = spread(moments.map(({ seconds }) => seconds));
  const placeOf = (kind: Moment['kind']) => places[moments.findIndex((moment) => moment.kind === kind)];
  const valid = el('span', { class: 'valid' });
  const start = placeOf('start');
  valid.style.setProperty('--from', String(start ?? 0));
  valid.style.setProperty('--to', String(placeOf('end') ?? 1));
  if (start === undefined) valid.classList.add('open');
  const marks = moments.map(({ kind }, index) => {
    const mark = el('span', { class: 'mark', 'data-kind': kind });
    mark.style.setProperty('--at', String(places[index]));
    return mark;
  });
  return el('div', { class: 'line', 'aria-hidden': 'true' }, valid, ...marks);
}

/** Places from 0 to 1 in the proportion of sorted times, but never so near that marks would cover each other. */
function spread(times: readonly number[]): number[] {
  const first = times[0] ?? 0;
  const span = (times.at(-1) ?? 0) - first || 1;
  const places = times.map((time) => margin + ((time - first) / span) * (1 - 2 * margin));
  for (let at = 1; at < places.length; at += 1)
    places[at] = Math.max(places[at] ?? 0, (places[at - 1] ?? 0) + gap);
  for (let at = places.length - 1; at > 0; at -= 1) {
    const limit = at === places.length - 1 ? 1 - margin : (places[at + 1] ?? 1) - gap;
    places[at] = Math.min(places[at] ?? 1, limit);
  }
  return places;
}
