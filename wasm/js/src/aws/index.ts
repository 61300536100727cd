/**
 * Signing with a key that lives in AWS, records of files, and the small façade over both.
 *
 * The packages of the AWS SDK are optional peers and are loaded when they are first needed.
 *
 * @packageDocumentation
 */
export { EdgesealError } from '../errors.js';
export type { AwsCredentialSource, AwsCredentials } from './clients.js';
export type { FetchSecret, KeyEvent } from './key-source.js';
export { checkObjectKey, newObjectKey } from './object-key.js';
export {
  type FileRecord,
  FileRecords,
  type FileRecordsOptions,
  type NewFileRecord,
  type RecordPage,
} from './records.js';
export { AwsSigner, type CreateSignerOptions, createSigner } from './signer.js';
export {
  type RequestUploadOptions,
  UploadService,
  type UploadServiceOptions,
  type UploadTicket,
} from './uploads.js';
