/** A headless Chromium for tests, with the flags that keep it quiet and off the network. */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { ensureBrowser } from './find-browser.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a browser; the caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureBrowser(() => {}), args: FLAGS });
}
