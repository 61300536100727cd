/* tslint:disable */
/* eslint-disable */

interface HostSigningKey { sign(sha256: boolean, message: Uint8Array): Uint8Array; }
interface HostVerifyingKey { verify(sha256: boolean, message: Uint8Array, signature: Uint8Array): boolean; }



/**
 * A private key ready for the compatible functions.
 */
export class CompatKey {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * `getSignedCookies`: JSON with `signature`, and `expires` or `policy`.
     */
    signCookies(hash_name: string, url?: string | null, policy?: string | null, expires?: number | null, not_before?: number | null, ip?: string | null): string;
    /**
     * `getSignedUrl`.
     */
    signUrl(key_pair_id: string, hash_name: string, url?: string | null, policy?: string | null, expires?: number | null, not_before?: number | null, ip?: string | null): string;
    /**
     * A key that the host holds.
     */
    static withHostKey(key: PrivateKey, host: HostSigningKey): CompatKey;
    /**
     * A key that stays in WebAssembly. `seed` must be 32 fresh random bytes.
     */
    static withWasmKey(key: PrivateKey, seed: Uint8Array | number[]): CompatKey;
}

/**
 * A private key that has been read and checked. Its memory is wiped when it is freed.
 */
export class PrivateKey {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Reads PEM or DER. The buffers JavaScript passed are wiped inside WebAssembly after use.
     */
    constructor(material: Uint8Array, passphrase?: Uint8Array | number[] | null);
    /**
     * The key as PKCS#8, for the host's own cryptography. The caller wipes the copy.
     */
    pkcs8(): Uint8Array;
    /**
     * `RSA-2048` or `ECDSA-P256`.
     */
    readonly algorithm: string;
}

/**
 * A public key that has been read and checked.
 */
export class PublicKey {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Reads PEM or DER: SPKI, PKCS#1 or a certificate.
     */
    constructor(material: Uint8Array | number[]);
    /**
     * The key as DER SubjectPublicKeyInfo.
     */
    spki(): Uint8Array;
    /**
     * The key as the PEM that CloudFront takes.
     */
    toPem(): string;
    /**
     * `RSA-2048` or `ECDSA-P256`.
     */
    readonly algorithm: string;
}

/**
 * Signs with one key.
 */
export class SigningCore {
    private constructor();
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Signs cookies with a policy text of the caller's own, and answers with JSON.
     */
    signCookiesWithPolicy(policy: string, attributes_json: string): string;
    /**
     * Signs cookies for a resource, and answers with JSON.
     */
    signCookies(resource: string, expires: number, not_before: number | null | undefined, ip: string | null | undefined, attributes_json: string): string;
    /**
     * Signs one URL with a policy text of the caller's own.
     */
    signUrlWithPolicy(url: string, policy: string): string;
    /**
     * Signs one URL.
     */
    signUrl(url: string, expires: number, not_before?: number | null, ip?: string | null, resource?: string | null, upload_json?: string | null): string;
    /**
     * Signs many URLs; with a resource, one signature serves them all.
     */
    signUrls(urls: string[], expires: number, not_before?: number | null, ip?: string | null, resource?: string | null): string[];
    /**
     * A signer whose private key the host holds.
     */
    static withHostKey(key_pair_id: string, hash_name: string, key: PrivateKey, host: HostSigningKey): SigningCore;
    /**
     * A signer whose private key stays in WebAssembly. `seed` must be 32 fresh random bytes.
     */
    static withWasmKey(key_pair_id: string, hash_name: string, key: PrivateKey, seed: Uint8Array | number[]): SigningCore;
}

/**
 * Verifies against a ring of keys.
 */
export class VerifyingCore {
    free(): void;
    [Symbol.dispose](): void;
    /**
     * Trusts a key whose public-key operation the host does.
     */
    addHostKey(key_pair_id: string, host: HostVerifyingKey): void;
    /**
     * Trusts a key whose public-key operation is done here.
     */
    addWasmKey(key_pair_id: string, key: PublicKey): void;
    /**
     * A verifier that trusts no key yet.
     */
    constructor(strict: boolean, require_resource: boolean, legacy_scheme_wildcard: boolean);
    /**
     * Enables or disables a key; false when there is none with that id.
     */
    setEnabled(key_pair_id: string, enabled: boolean): boolean;
    /**
     * Judges a request, and answers with JSON.
     */
    verifyRequest(scheme: string | null | undefined, host: string, path: string, query: string, cookies: string[], ip: string | null | undefined, now: number): string;
    /**
     * Judges a URL, and answers with JSON.
     */
    verifyUrl(url: string, cookies: string[], ip: string | null | undefined, now: number): string;
}

/**
 * Checks a key-pair id.
 */
export function checkKeyPairId(id: string): void;

/**
 * The last expiry that CloudFront documents, in seconds since 1970.
 */
export function maxDocumentedEpoch(): number;

/**
 * Reads a time text; see `edgeseal_core::time::parse`.
 */
export function parseTime(text: string, now: number, field: string): number;

export type InitInput = RequestInfo | URL | Response | BufferSource | WebAssembly.Module;

export interface InitOutput {
    readonly memory: WebAssembly.Memory;
    readonly __wbg_compatkey_free: (a: number, b: number) => void;
    readonly __wbg_privatekey_free: (a: number, b: number) => void;
    readonly __wbg_publickey_free: (a: number, b: number) => void;
    readonly __wbg_signingcore_free: (a: number, b: number) => void;
    readonly __wbg_verifyingcore_free: (a: number, b: number) => void;
    readonly checkKeyPairId: (a: number, b: number) => [number, number];
    readonly compatkey_signCookies: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number) => [number, number, number, number];
    readonly compatkey_signUrl: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number, o: number) => [number, number, number, number];
    readonly compatkey_withHostKey: (a: number, b: any) => number;
    readonly compatkey_withWasmKey: (a: number, b: number, c: number) => [number, number, number];
    readonly maxDocumentedEpoch: () => number;
    readonly parseTime: (a: number, b: number, c: number, d: number, e: number) => [number, number, number];
    readonly privatekey_algorithm: (a: number) => [number, number];
    readonly privatekey_new: (a: number, b: number, c: any, d: number, e: number) => [number, number, number];
    readonly privatekey_pkcs8: (a: number) => [number, number];
    readonly publickey_algorithm: (a: number) => [number, number];
    readonly publickey_new: (a: number, b: number) => [number, number, number];
    readonly publickey_spki: (a: number) => [number, number];
    readonly publickey_toPem: (a: number) => [number, number];
    readonly signingcore_signCookies: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number) => [number, number, number, number];
    readonly signingcore_signCookiesWithPolicy: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly signingcore_signUrl: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number) => [number, number, number, number];
    readonly signingcore_signUrlWithPolicy: (a: number, b: number, c: number, d: number, e: number) => [number, number, number, number];
    readonly signingcore_signUrls: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number) => [number, number, number, number];
    readonly signingcore_withHostKey: (a: number, b: number, c: number, d: number, e: number, f: any) => [number, number, number];
    readonly signingcore_withWasmKey: (a: number, b: number, c: number, d: number, e: number, f: number, g: number) => [number, number, number];
    readonly verifyingcore_addHostKey: (a: number, b: number, c: number, d: any) => [number, number];
    readonly verifyingcore_addWasmKey: (a: number, b: number, c: number, d: number) => [number, number];
    readonly verifyingcore_new: (a: number, b: number, c: number) => number;
    readonly verifyingcore_setEnabled: (a: number, b: number, c: number, d: number) => number;
    readonly verifyingcore_verifyRequest: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number, i: number, j: number, k: number, l: number, m: number, n: number) => [number, number];
    readonly verifyingcore_verifyUrl: (a: number, b: number, c: number, d: number, e: number, f: number, g: number, h: number) => [number, number, number, number];
    readonly __wbindgen_malloc: (a: number, b: number) => number;
    readonly __wbindgen_realloc: (a: number, b: number, c: number, d: number) => number;
    readonly __wbindgen_free: (a: number, b: number, c: number) => void;
    readonly __wbindgen_exn_store: (a: number) => void;
    readonly __externref_table_alloc: () => number;
    readonly __wbindgen_externrefs: WebAssembly.Table;
    readonly __externref_table_dealloc: (a: number) => void;
    readonly __externref_drop_slice: (a: number, b: number) => void;
    readonly __wbindgen_start: () => void;
}

export type SyncInitInput = BufferSource | WebAssembly.Module;

/**
 * Instantiates the given `module`, which can either be bytes or
 * a precompiled `WebAssembly.Module`.
 *
 * @param {{ module: SyncInitInput }} module - Passing `SyncInitInput` directly is deprecated.
 *
 * @returns {InitOutput}
 */
export function initSync(module: { module: SyncInitInput } | SyncInitInput): InitOutput;

/**
 * If `module_or_path` is {RequestInfo} or {URL}, makes a request and
 * for everything else, calls `WebAssembly.instantiate` directly.
 *
 * @param {{ module_or_path: InitInput | Promise<InitInput> }} module_or_path - Passing `InitInput` directly is deprecated.
 *
 * @returns {Promise<InitOutput>}
 */
export default function __wbg_init (module_or_path: { module_or_path: InitInput | Promise<InitInput> } | InitInput | Promise<InitInput>): Promise<InitOutput>;
