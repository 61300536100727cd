/** Examples for the first visit: one that works, and some that are broken in the usual ways. */
import { emptyFields, type Fields } from './fields.js';
import { canned, cookies, custom, milliseconds, publicKey, stranger, upload } from './signed-samples.js';

/** One example. */
export interface Sample {
  /** What its button says. */
  label: string;
  fields: Fields;
}

/** Every sample is judged at one time, so that it says the same on every day. */
const noon = '2026-06-01T12:00:00Z';
const ip = '203.0.113.7';

const rules = `version: 1
mode: standalone
rules:
  - name: upload
    path: /upload/*
    methods: [PUT]
    require: signed-url
    stripPrefix: /upload
    maxLifetime: 1h
    upload:
      maxBytes: 25MB
      contentTypes: [image/*, video/mp4]
  - name: download
    path: /download/*
    methods: [GET, HEAD]
    stripPrefix: /download
    maxLifetime: 1d
`;

const withKey = (fields: Partial<Fields>): Fields => ({
  ...emptyFields,
  time: noon,
  key: publicKey,
  ...fields,
});

/** The samples, in the order of their buttons. */
export const samples: readonly Sample[] = [
  { label: 'A link that works', fields: withKey({ request: custom, ip }) },
  { label: 'Expired', fields: withKey({ request: custom, ip, time: '2026-06-02T07:30:00Z' }) },
  { label: 'Wrong key', fields: withKey({ request: stranger }) },
  { label: 'Re-encoded path', fields: withKey({ request: canned.replace('%20', '+') }) },
  { label: 'Milliseconds', fields: withKey({ request: milliseconds }) },
  { label: 'HTML-escaped', fields: withKey({ request: canned.replaceAll('&', '&amp;') }) },
  {
    label: 'Cookies',
    fields: withKey({ request: 'https://files.example.com/audio/1.mp3', cookies: `Cookie: ${cookies}` }),
  },
  {
    label: 'Upload at the edge',
    fields: withKey({ request: upload, rules, method: 'PUT', size: '6000000', type: 'video/mp4' }),
  },
];
