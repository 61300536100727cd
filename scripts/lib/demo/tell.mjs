/** Telling the demonstration at 80 columns. */
const width = 80;

/** Breaks text at spaces. */
function wrap(text, indent) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line && indent.length + line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.map((line) => indent + line);
}

const shorten = (value) =>
  value.length > 44 ? `${value.slice(0, 24)}... (${value.length} characters)` : value;

/** A signed URL with one parameter on a line. */
function urlLines(url, paint) {
  const [base, query] = url.split('?');
  const parameters = query.split('&').map((parameter, index) => {
    const [name, value] = [
      parameter.slice(0, parameter.indexOf('=')),
      parameter.slice(parameter.indexOf('=') + 1),
    ];
    return `       ${index === 0 ? '?' : '&'}${name}=${paint('dim', shorten(value))}`;
  });
  return [`     ${base}`, ...parameters];
}

const seconds = (count) => (count % 60 === 0 ? `${count / 60} minutes` : `${count} seconds`);

/**
 * The lines of the whole story.
 * @param {ReturnType<import('./story.mjs').playStory>} story
 * @param {(style: string, text: string) => string} paint
 */
export function tell({ key, signed, allowed, refused }, paint) {
  const title = (number, text) => ['', ` ${paint('bold', `${number}  ${text}`)}`];
  return [
    ...title(1, 'Make a key pair'),
    ...wrap(
      `${key.algorithm}, signing with ${key.hash} through ${key.crypto === 'node' ? 'node:crypto' : 'WebAssembly'}. CloudFront would know the public key as ${key.keyPairId}.`,
      '    ',
    ),
    ...title(2, 'Sign'),
    '    an upload of one image of at most 5 MiB, for 10 minutes:',
    ...urlLines(signed.upload, paint),
    '    a download for the office network, for 15 minutes:',
    ...urlLines(signed.download, paint),
    '    cookies for everything below /video/, for one hour:',
    ...Object.entries(signed.cookies.cookies).map(
      ([name, value]) => `     ${name}=${paint('dim', shorten(value))}`,
    ),
    ...title(3, 'Verify what was signed'),
    ...allowed.map(
      ({ title: what, verdict }) =>
        `    ${paint('green', 'allowed')}  ${what.padEnd(36)} ${seconds(verdict.remainingSeconds)} left`,
    ),
    ...title(4, 'Refuse six attacks'),
    ...refused.flatMap(({ title: what, verdict, cause }) => [
      '',
      `    ${what}`,
      `    ${paint('red', `denied: ${verdict.reason}`)}`,
      ...wrap(cause.sentence, '      '),
    ]),
    '',
    ' All of it ran in this process: no AWS account, no network.',
    ' Next: npx edgeseal --help, and README.md.',
  ];
}
