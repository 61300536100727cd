export * from '../web/host.js';
