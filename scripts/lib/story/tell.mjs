/** The story in words: one or two lines a step, with what AWS would do. */
import { styleText } from 'node:util';

/** Columns of a terminal that everybody has. */
const width = 80;

/** @param {{ write: (text: string) => void, colour: boolean }} out */
export function narrator({ write, colour }) {
  const paint = (style, text) => (colour ? styleText(style, text) : text);
  let number = 0;
  return {
    /** A step begins. */
    step(title, aside) {
      number += 1;
      write(`\n${paint('bold', `${number}. ${title}`)}\n`);
      if (aside) for (const line of wrap(aside, width - 3)) write(`   ${paint('dim', line)}\n`);
    },
    /** A fact that came out of it. */
    fact(name, value) {
      const [first, ...more] = wrap(String(value), width - 23);
      write(`   ${name.padEnd(20)}${first}\n`);
      for (const line of more) write(`${' '.repeat(23)}${line}\n`);
    },
    /** Something that is as it should be, or is not. */
    check(good, text) {
      write(`   ${good ? paint('green', 'ok') : paint('red', 'NOT OK')}  ${text}\n`);
    },
  };
}

/** Lines of words; a word that is longer than a line is cut. */
function wrap(text, columns) {
  const lines = [''];
  for (const word of text
    .split(' ')
    .flatMap((each) => each.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''])) {
    const line = lines.at(-1);
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
