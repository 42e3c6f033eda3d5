/** The kernel's arithmetic gives the same bits in Node and in Chromium. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { probeKernel } from '../support/kernel-probe.js';
import { bundleGlobal } from '../support/site.js';

const COUNT = 20_000;

describe('the kernel in Node and in Chromium', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.addScriptTag({
      content: await bundleGlobal('test/support/kernel-probe.ts', 'probe'),
    });
  });

  afterAll(() => browser?.close());

  it(`agrees on every function over ${COUNT} inputs`, async () => {
    const here = probeKernel(COUNT);
    const there = await page.evaluate(
      (count) =>
        (globalThis as unknown as { probe: { probeKernel: typeof probeKernel } }).probe.probeKernel(
          count,
        ),
      COUNT,
    );
    expect(Object.keys(here).length).toBe(15);
    expect(there).toEqual(here);
  });

  it('would notice: a hash changes with a single input', () => {
    expect(probeKernel(COUNT - 1).exp).not.toBe(probeKernel(COUNT).exp);
    expect(probeKernel(COUNT - 1).forest).not.toBe(probeKernel(COUNT).forest);
  });
});
