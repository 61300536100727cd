/** Draws lines of a terminal as an SVG that scrolls through them: no script, no font to fetch, nothing but text. */

const geometry = { columns: 80, rows: 26, cell: 8.4, line: 19, size: 14, pad: 18, bar: 34 };

/** How long things stay, in seconds: a line, the end of a step, the end of it all. */
const pace = { line: 0.09, step: 1.5, end: 5 };

const styles = `
svg{font:${geometry.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
text{fill:#d7dee7;white-space:pre}
.bold{font-weight:700;fill:#fff}.dim{fill:#8b98a8}.green{fill:#5fd38d}.red{fill:#ff8278}`;

/** The SGR codes that the project's own output uses. */
const classOf = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green' };
const resets = { 0: Object.values(classOf), 22: ['bold', 'dim'], 39: ['red', 'green'] };

/** Pieces of a line with their column and style. */
export function runsOf(line) {
  const runs = [];
  const active = new Set();
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  for (const part of line.split(/(\u001b\[[\d;]*[A-Za-z])/)) {
    if (part.startsWith('\u001b')) {
      for (const code of part.slice(2, -1).split(';')) {
        for (const name of resets[code || '0'] ?? []) active.delete(name);
        if (classOf[code]) active.add(classOf[code]);
      }
    } else if (part !== '') {
      runs.push({ column, text: part, style: [...active].join(' ') });
      column += [...part].length;
    }
  }
  return runs;
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const rounded = (value) => Number(value.toFixed(2));

function drawRun({ column, text, style }) {
  const indent = text.length - text.trimStart().length;
  const shown = text.trim();
  if (shown === '') return '';
  const x = rounded((column + indent) * geometry.cell);
  const length = rounded([...shown].length * geometry.cell);
  return `<tspan x="${x}" textLength="${length}"${style ? ` class="${style}"` : ''}>${escaped(shown)}</tspan>`;
}

function drawLine(line, row) {
  const runs = runsOf(line).map(drawRun).join('');
  return runs && `<text y="${rounded((row + 0.75) * geometry.line)}">${runs}</text>`;
}

const isHeading = (line) => runsOf(line ?? '').find(({ text }) => text.trim() !== '')?.style === 'bold';

/** When each line appears, in seconds, and how long it all takes. */
function timesOf(lines) {
  let at = 0.6;
  const times = lines.map((_, index) => {
    at += index > 1 && isHeading(lines[index + 1]) ? pace.step : pace.line;
    return at;
  });
  return { times, total: at + pace.end };
}

/** The picture is moved up by whole lines, so that the line that has just appeared is the lowest. */
const moved = (count) => `transform:translateY(${rounded((geometry.rows - count) * geometry.line)}px)`;

/**
 * @param {object} recording
 * @param {string[]} recording.lines with escape sequences for colour
 * @param {string} recording.title
 * @param {string} recording.description for those who cannot see it
 * @param {RegExp} recording.poster the line on top where pictures do not move
 * @returns {string} an SVG document
 */
export function drawRecording({ lines, title, description, poster }) {
  const { columns, rows, cell, line, pad, bar } = geometry;
  const width = Math.ceil(columns * cell + 2 * pad);
  const height = rows * line + bar + pad;
  const { times, total } = timesOf(lines);
  const frames = times
    .map((at, index) => `${((100 * at) / total).toFixed(2)}%{${moved(index + 1)}}`)
    .join('');
  const still = moved(
    Math.max(
      0,
      lines.findIndex((text) => poster.test(text)),
    ) + rows,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">
<title id="t">${escaped(title)}</title>
<desc id="d">${escaped(description)}</desc>
<style>${styles}
#lines{${still}}
@media (prefers-reduced-motion:no-preference){#lines{animation:run ${rounded(total)}s step-end infinite}}
@keyframes run{0%{${moved(1)}}${frames}100%{${moved(lines.length)}}}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#10161f"/>
<g fill="#394554"><circle cx="20" cy="17" r="5.5"/><circle cx="38" cy="17" r="5.5"/><circle cx="56" cy="17" r="5.5"/></g>
<clipPath id="screen"><rect width="${width}" height="${rows * line}"/></clipPath>
<g transform="translate(0 ${bar})" clip-path="url(#screen)"><g transform="translate(${pad} 0)"><g id="lines">
${lines.map(drawLine).filter(Boolean).join('\n')}
</g></g></g>
</svg>
`;
}
