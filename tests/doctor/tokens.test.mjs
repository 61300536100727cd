// biome-ignore-all lint/suspicious/noTemplateCurlyInString: rows are sources of programs
// The tokenizer on inputs that look like something else, and on anything at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seed } from '../differential/support/runs.mjs';
import { inside } from './support/doctor.mjs';

const { Places, tokenize } = await inside('tokens');
const { Reader } = await inside('syntax');

/** The words and signs outside strings, comments and the like. */
const code = (source, jsx = false) =>
  tokenize(source, jsx)
    .filter(({ kind }) => kind === 'name' || kind === 'punct')
    .map(({ text }) => text)
    .join(' ');

const rows = [
  ['a line comment', '// import a\nb', 'b'],
  ['a block comment over lines', '/* import\n a */ b /**/ c', 'b c'],
  ['a comment that never ends', 'a /* b', 'a'],
  ['a quote inside a string of the other kind', `"it's" + b`, '+ b'],
  ['an escaped quote', String.raw`'it\'s' + b`, '+ b'],
  ['a string that ends with its line', `'open\nb`, 'b'],
  ['a line continued in a string', `'a\\\nb' + c`, '+ c'],
  ['a template with a quote', '`it\'s "` + b', '+ b'],
  ['a template in a template', '`a ${ b + `c ${d} e` } f` + g', 'b + d + g'],
  ['a brace in a template', '`a ${ { b: 1 }.b } c` + d', '{ b : } . b + d'],
  ['a backtick that is escaped', '`a \\` ${b}` + c', 'b + c'],
  ['a regular expression with quotes', `a = /['"\`]/g; b`, 'a = ; b'],
  ['a slash in a class of characters', 'a = /[/]"/; b', 'a = ; b'],
  ['a regular expression after return', `return /'/.test(b)`, 'return . test ( b )'],
  ['a regular expression after a condition', `if (a) /'/.test(b)`, 'if ( a ) . test ( b )'],
  ['a regular expression after a block', `{ a } /'/.test(b)`, '{ a } . test ( b )'],
  ['a division after a call', `a(b) / c / 'd' / e`, 'a ( b ) / c / / e'],
  ['a division after an object', `x = { a: 1 } / c / 'd'`, 'x = { a : } / c /'],
  ['a division after an index', `a[0] / b / 'c'`, 'a [ ] / b /'],
  ['a division after a count', `a++ / b / 'c'`, 'a ++ / b /'],
  ['a property named like a keyword', `a.return / b / 'c'`, 'a . return / b /'],
  ['a division that would never end as a regular expression', `a = b /c\n+ 'd'`, 'a = b / c +'],
  ['a hashbang', '#!/usr/bin/env node --import "\na', 'a'],
  ['a number with a point', 'a = 1.5.toFixed', 'a = . toFixed'],
  ['optional chaining and a choice', 'a?.b ? .5 : c', 'a ?. b ? : c'],
  ['a private name', 'this.#a = b', 'this . #a = b'],
  ['letters beyond ASCII', 'é = ñandú', 'é = ñandú'],
];

for (const [what, source, expected] of rows) {
  test(`${what} is told from code`, () => assert.equal(code(source), expected));
}

const elements = [
  ['text', `a = <p>it's import "b</p>; c`, 'a = <jsx <jsx >jsx ; c'],
  ['an expression', '<p>{a + <b x="it\'s"/>} `</p> / c', '<jsx { a + <jsx >jsx } <jsx >jsx / c'],
  ['an attribute with an object', '<a style={{ b: 1 }}>c</a>', '<jsx { { b : } } <jsx >jsx'],
  ['a fragment', '(<>\'<a/>"</>)', '( <jsx <jsx >jsx <jsx >jsx )'],
  ['a comparison', 'a < b && c > d', 'a < b && c > d'],
  ['a generic arrow function', `const f = <T,>(a: T) => 'b'`, 'const f = < T , > ( a : T ) =>'],
  ['a generic with a bound', `f = <T extends U>(a) => b`, 'f = < T extends U > ( a ) => b'],
  [
    'a type that is no element',
    `type F = <T>(a: T) => void; b('c')`,
    'type F = < T > ( a : T ) => void ; b ( )',
  ],
  ['an element that never ends', `a = <b>c; d('e')`, 'a = < b > c ; d ( )'],
];

for (const [what, source, expected] of elements) {
  test(`with JSX, ${what} is read as such`, () => assert.equal(code(source, true), expected));
}

test('values of strings and templates are those that a program would see', () => {
  const [text] = tokenize(String.raw`'\x41\u0042\u{43}\n\q\u{110000}'`, false);
  assert.equal(text.text, 'ABC\nq\ufffd');
  assert.equal(tokenize(String.raw`${'`'}a\tb${'`'}`, false)[0].text, 'a\tb');
});

test('lines are counted for every kind of line end', () => {
  const text = 'a\r\nb\rc\nd';
  const places = new Places(text);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((letter) => places.of(text.indexOf(letter)).line),
    [1, 2, 3, 4],
  );
  assert.deepEqual(places.of(text.length), { line: 4, column: 2 });
});

const bits = fc.constantFrom(
  ...'\'"`/\\{}()[]<>=;:,.?!+-*\n ',
  ...[
    '${',
    '/*',
    '*/',
    '//',
    '=>',
    'import',
    'from',
    'require',
    'a',
    '1',
    '</',
    '/>',
    'return',
    '\r\n',
    'é',
    '\ud800',
  ],
);

test('tokens cover the source in order, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), fc.boolean(), (list, jsx) => {
      const source = list.join('');
      let last = 0;
      for (const { start, end } of tokenize(source, jsx)) {
        assert.ok(start >= last && end > start && end <= source.length, JSON.stringify(source));
        last = end;
      }
    }),
    { seed, numRuns: 5_000 },
  );
});

test('reading an expression comes to an end, whatever stands there', () => {
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (list) => {
      const reader = new Reader(tokenize(list.join(''), false));
      for (let index = 0; index < reader.tokens.length; index += 1) {
        const { at, end } = reader.read(index);
        assert.ok(at <= index && end >= index && end <= reader.tokens.length + 1);
      }
    }),
    { seed, numRuns: 3_000 },
  );
});
