/** The module of an edge bundle, compressed with brotli, as base64. Written by the build. */
declare const packed: string;
export = packed;
