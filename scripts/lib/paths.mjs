/** Where the scripts keep things. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** What belongs to this checkout: virtual environments, logs, stamps. */
export const checkoutCache = join(root, '.cache');

/** What several checkouts of one user share: compiled tools and the wasm32 standard library. */
export const userCache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'edgeseal');

/** Compiled tools, one folder each, named by tool and version. */
export const toolCache = join(userCache, 'tools');
