/** What the form holds, as texts. */

/** The fields of the form, by the ids of their elements. */
export interface Fields {
  /** A URL, or a line of curl or fetch. */
  request: string;
  cookies: string;
  /** A public key. */
  key: string;
  keyPairId: string;
  /** `now`, or a time as the command line takes it. */
  time: string;
  ip: string;
  /** Other host names of the distribution, separated by white space or commas. */
  hosts: string;
  /** A rule file. */
  rules: string;
  method: string;
  /** The length of the body in bytes. */
  size: string;
  /** The media type of the body. */
  type: string;
  /** Other request headers, one a line. */
  headers: string;
}

/** Nothing filled in. */
export const emptyFields: Readonly<Fields> = {
  request: '',
  cookies: '',
  key: '',
  keyPairId: '',
  time: '',
  ip: '',
  hosts: '',
  rules: '',
  method: '',
  size: '',
  type: '',
  headers: '',
};

/** The name of a field. */
export type FieldName = keyof Fields;

/** Every field. */
export const fieldNames = Object.keys(emptyFields) as FieldName[];

/** What keeps a field from being used. */
export interface Problem {
  field: FieldName;
  message: string;
  hint?: string;
}

/** Far more than any URL, key or rule file has, in characters. */
const longest: Partial<Record<FieldName, number>> = { request: 100_000, cookies: 100_000, rules: 200_000 };
const usualLongest = 20_000;

/** Why a field is too long to be looked at. */
export function tooLong(field: FieldName, length: number): Problem | undefined {
  const limit = longest[field] ?? usualLongest;
  if (length <= limit) return undefined;
  const counted = (count: number) => count.toLocaleString('en-US');
  return {
    field,
    message: `This is ${counted(length)} characters long, and was not looked at.`,
    hint: `Up to ${counted(limit)} characters fit here; CloudFront itself takes URLs of at most 8,192 bytes.`,
  };
}
