/** Values that no option expects. */

/** An object with a getter that throws what is no error. */
export const throwingGetter = (name) =>
  Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw 'a text';
    },
  });

/** A proxy whose every trap throws. */
export function revokedProxy() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Bytes whose memory has gone elsewhere. */
export function detachedBytes() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

/** Half of a surrogate pair inside a text. */
export const halfPair = 'https://h.example/\ud83e';

/** A text just over the limit. */
export const hugeText = 'x'.repeat(1_048_577);

/** One of every kind of value; each entry is a name for the test and the value. */
export const anyValues = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['a number', 7],
  ['NaN', Number.NaN],
  ['a bigint', 7n],
  ['a symbol', Symbol('secret')],
  ['a function', () => 'x'],
  ['an empty text', ''],
  ['a text', 'x'],
  ['half a surrogate pair', halfPair],
  ['a huge text', hugeText],
  ['an empty array', []],
  ['an array', ['x', 1, null]],
  ['an empty object', {}],
  ['an object without a prototype', Object.create(null)],
  [
    'an object that throws when it becomes a text',
    {
      toString: () => {
        throw new Error('x');
      },
      valueOf: () => {
        throw new Error('x');
      },
      toJSON: () => {
        throw new Error('x');
      },
    },
  ],
  [
    'a cycle',
    (() => {
      const it = {};
      it.it = it;
      return it;
    })(),
  ],
  ['a date', new Date(0)],
  ['an invalid date', new Date(Number.NaN)],
  ['something like a date', Object.create(Date.prototype)],
  ['a map', new Map([['K1', 'x']])],
  ['bytes', new Uint8Array([1, 2, 3])],
  ['detached bytes', detachedBytes()],
  ['something like bytes', Object.create(Uint8Array.prototype)],
  ['a revoked proxy', revokedProxy()],
  ['a regular expression', /x/g],
  ['an error', new Error('x')],
  ['a boxed text', new String('https://h.example/')],
];
