/** The function of a bundle. The package's build packs it into one file; `edge build` puts rules and keys in front. */
import { createViewerRequestHandler } from '../../edge/handler.js';
import type { Baked } from '../baked.js';

declare const edgesealBaked: Baked;

/** The Lambda@Edge viewer-request function. */
export const handler = createViewerRequestHandler({
  policy: edgesealBaked.rules,
  keys: Object.fromEntries(
    edgesealBaked.keys.map(([id, spki, enabled]) => [
      id,
      { publicKey: Buffer.from(spki, 'base64'), enabled },
    ]),
  ),
  memo: edgesealBaked.memo,
  sampleAllowed: edgesealBaked.sampleAllowed,
});
