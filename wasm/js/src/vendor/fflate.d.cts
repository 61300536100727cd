/** The part of the library `fflate` that is used. The build bundles the library into one file. */

/** How a file stands in the archive. */
export interface ZipAttributes {
  /** Its fields in local time are written. */
  mtime: Date;
  /** 3 is Unix. */
  os: number;
  /** The mode of the file, above the low 16 bits. */
  attrs: number;
}

/** Makes an archive; level 0 stores. */
export function zipSync(
  files: Record<string, [Uint8Array, ZipAttributes & { level: 0 | 9 }]>,
): Uint8Array<ArrayBuffer>;
