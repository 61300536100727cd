export * from '../web/edge-key.js';
