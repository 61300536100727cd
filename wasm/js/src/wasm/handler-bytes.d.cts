/** The code of the edge bundle, without rules and keys. Written by the build. */
declare const code: string;
export = code;
