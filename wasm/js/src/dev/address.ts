/** Where the local edge listens, and under which names it takes requests. */
import { isIP, isIPv6 } from 'node:net';
import { EdgesealError } from '../errors.js';

/** The scheme and host under which URLs are signed. */
export interface ViewerOrigin {
  scheme: 'http' | 'https';
  host: string;
}

const wildcards = ['0.0.0.0', '::'];

/**
 * Checks the address to listen on.
 *
 * @throws {EdgesealError} `invalid-argument` for what is no address, `open-to-everyone` for one that takes requests from
 *   every network without being asked to.
 */
export function checkListen(address: string, allowAnyAddress: boolean): void {
  if (isIP(address) === 0) {
    throw new EdgesealError('invalid-argument', 'the address to listen on must be an IP address', {
      field: 'listen',
      hint: 'for example 127.0.0.1 or ::1',
    });
  }
  if (wildcards.includes(address) && !allowAnyAddress) {
    throw new EdgesealError('open-to-everyone', `${address} takes requests from every network`, {
      field: 'listen',
      hint: 'listen on 127.0.0.1, or confirm with --i-know (allowAnyAddress) that others may see the files',
    });
  }
}

/**
 * Reads the origin that the local edge stands in for.
 *
 * @throws {EdgesealError} `invalid-argument`
 */
export function readOrigin(text: string): ViewerOrigin {
  const [, scheme, host] = /^(https?):\/\/([a-z0-9._-]+(?::\d{1,5})?)\/?$/i.exec(text) ?? [];
  if (scheme === undefined || host === undefined) {
    throw new EdgesealError('invalid-argument', 'origin must be a scheme and a host', {
      field: 'origin',
      hint: 'for example https://files.example.com',
    });
  }
  return { scheme: scheme.toLowerCase() as ViewerOrigin['scheme'], host: host.toLowerCase() };
}

/** Checks a name for local URLs. @throws {EdgesealError} `invalid-argument` */
export function checkHostName(name: string, origin: string | undefined): void {
  if (origin !== undefined) {
    throw new EdgesealError('invalid-argument', 'hostName and origin do not go together', {
      field: 'hostName',
      hint: 'an origin has a host name already',
    });
  }
  if (/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)) return;
  throw new EdgesealError('invalid-argument', 'hostName must be a host name without scheme and port', {
    field: 'hostName',
    hint: 'for example files.localhost, which browsers look for on this machine',
  });
}

/** Host and port in a URL. */
export function authority(address: string, port: number): string {
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}

/**
 * Makes the function that turns a `Host` header into the host of the distribution, or into nothing.
 *
 * A request to the machine itself stands for the origin, so that a page may replace the origin of a signed URL by the
 * local one. Every other name is refused: a page of a stranger, whose name was made to lead here, gets nowhere.
 */
export function hostReader(listen: string, origin: ViewerOrigin | undefined): (header: string) => string {
  return (header) => {
    const own = isOwnName(header.toLowerCase().replace(/:\d+$/, ''), listen);
    if (origin === undefined) return own ? header : '';
    return own || header.toLowerCase() === origin.host ? origin.host : '';
  };
}

function isOwnName(name: string, listen: string): boolean {
  if (/^127(\.\d{1,3}){3}$/.test(name)) return true;
  if (name === 'localhost' || name.endsWith('.localhost') || name === '[::1]') return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  return address === listen || (wildcards.includes(listen) && isIP(address) !== 0);
}
