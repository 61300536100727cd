/** The interfaces of an instance of the component, with errors that say what they are about. */
import { instantiate } from './edgeseal.js';

/** jco calls every error of a WIT function "[object Object]"; the record in it knows better. */
function tell(error) {
  const record = error?.payload;
  if (typeof record?.code === 'string') {
    error.name = 'EdgesealError';
    error.message = record.message;
    error.code = record.code;
  }
  return error;
}

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));

/** Puts functions that tell their errors in the place of the functions of an interface, a class or a prototype. */
function makeTell(holder) {
  for (const name of Object.getOwnPropertyNames(holder)) {
    const call = holder[name];
    if (name === 'constructor' || typeof call !== 'function') continue;
    if (isClass(call)) {
      makeTell(call);
      makeTell(call.prototype);
    } else {
      holder[name] = function (...args) {
        try {
          return call.apply(this, args);
        } catch (error) {
          throw tell(error);
        }
      };
    }
  }
}

/**
 * Makes an instance of the component.
 * @param {(name: string) => WebAssembly.Module} moduleNamed answers a compiled core module, by the name of its file
 */
export function exportsOf(moduleNamed) {
  const { signing, verifying, deciding } = instantiate(moduleNamed, {});
  for (const holder of [signing, verifying, deciding]) makeTell(holder);
  return { signing, verifying, deciding };
}
