/** What a bundle carries besides the code. */
export interface Baked {
  /** The rule file as compact JSON. */
  rules: string;
  /** Key-pair id, public key as base64 of DER SubjectPublicKeyInfo, and whether the key is enabled. */
  keys: readonly (readonly [keyPairId: string, spki: string, enabled: boolean])[];
  /** How many good signatures to remember. */
  memo: number;
  /** The share of allowed requests to log. */
  sampleAllowed: number;
}

/** The variable that holds it, in front of the bundled code. */
export const bakedName = 'edgesealBaked';

/** The compressed module, beside the bundled code. */
export const moduleFile = 'edgeseal.wasm.br';
