/** The component as jco's JavaScript, which the npm package carries. */
import { deciding, signing, verifying } from 'edgeseal/component';
import { Refusal } from './refusal.mjs';

const interfaces = { deciding, signing, verifying };
const camel = (name) => name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Large integers as numbers, and absent fields left out, as JSON has them. */
function plain(value) {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value?.constructor !== Object) return value;
  const present = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(present.map(([name, each]) => [name, plain(each)]));
}

/** Numbers as the large integers that WIT's u64 is in JavaScript. */
function wit(value) {
  if (typeof value === 'number') return BigInt(value);
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(wit);
  if (value?.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, wit(each)]));
}

/** Finds the function of a WIT name: `open`, `[static]signer.open` or `[method]signer.sign-url`. */
function bound(interfaceName, name, args) {
  const exported = interfaces[interfaceName];
  const [, kind, resource, method] = /^\[(static|method)\]([a-z-]+)\.([a-z-]+)$/.exec(name) ?? [];
  if (!kind) return () => exported[camel(name)](...args);
  const made = exported[camel(resource).replace(/^./, (letter) => letter.toUpperCase())];
  if (kind === 'static') return () => made[camel(method)](...args);
  return () => args[0][camel(method)](...args.slice(1));
}

/** A host of the component: `call(interface, WIT name, arguments)` answers plain values or throws a {@link Refusal}. */
export function jcoHost() {
  return {
    async call(interfaceName, name, ...args) {
      try {
        const given = args.map(wit);
        // The one parameter that is a u32.
        if (name === '[static]policy.open') given[2] = args[2];
        return plain(bound(interfaceName, name, given)());
      } catch (error) {
        throw error?.payload?.code ? new Refusal(error.payload) : error;
      }
    },
    async stop() {},
  };
}
