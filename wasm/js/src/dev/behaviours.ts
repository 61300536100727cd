/** The three cache behaviours of the distribution product, and which of them takes a request. */

/** A cache behaviour. */
export interface Behaviour {
  pathPattern: '/upload/*' | '/download/*' | '*';
  methods: readonly string[];
  /** Whether the edge validator sits here, when there is one; the prefix function otherwise. */
  validated: boolean;
}

const upload: Behaviour = {
  pathPattern: '/upload/*',
  // CloudFront offers PUT only together with all seven.
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'],
  validated: true,
};
const download: Behaviour = {
  pathPattern: '/download/*',
  methods: ['GET', 'HEAD', 'OPTIONS'],
  validated: true,
};
const otherwise: Behaviour = { pathPattern: '*', methods: ['GET', 'HEAD'], validated: false };

/** Every behaviour, in order. */
export const behaviours: readonly Behaviour[] = [upload, download, otherwise];

/**
 * The behaviour for a raw path. It is found by the path in RFC 3986 normal form; the raw path goes on.
 *
 * Source: *Cache behavior settings* ("Path pattern"), CloudFront Developer Guide.
 */
export function behaviourFor(path: string): Behaviour {
  const normal = normalized(path);
  if (normal.startsWith('/upload/')) return upload;
  return normal.startsWith('/download/') ? download : otherwise;
}

/** Escapes of unreserved characters are undone, and dot segments are taken out. */
function normalized(path: string): string {
  const plain = path.replaceAll(/%([0-9A-Fa-f]{2})/g, (whole: string, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : whole;
  });
  const kept: string[] = [];
  const segments = plain.split('/');
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length > 1) kept.pop();
      if (last) kept.push('');
    } else if (segment === '.') {
      if (last) kept.push('');
    } else kept.push(segment);
  }
  return kept.join('/');
}
