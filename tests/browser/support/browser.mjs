// Chromium without a window and without a word to the outside.
import { chromium } from 'playwright-core';

/** The browser that `npm run setup -- chromium` finds or installs. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.EDGESEAL_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
