/** Opens the diagram's page alone in Chromium, under the content policy of a webview, with nothing served but what is in memory. */
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { THEMES, themeStyles } from './panel-themes.mjs';

const root = join(import.meta.dirname, '../..');
const ORIGIN = 'http://look.test';
const NONCE = 'look';
const POLICY = `default-src 'none'; style-src ${ORIGIN} 'nonce-${NONCE}'; script-src 'nonce-${NONCE}'; connect-src ${ORIGIN}; worker-src blob:`;

async function filesOfPage() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/look/diagram-page.mjs'],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
  });
  return {
    '/page.js': { contentType: 'text/javascript', body: outputFiles[0].text },
    '/diagram.css': {
      contentType: 'text/css',
      body: await readFile(join(root, 'webview/diagram/diagram.css'), 'utf8'),
    },
    '/elk-worker.js': {
      contentType: 'text/javascript',
      body: await readFile(join(root, 'node_modules/elkjs/lib/elk-worker.min.js'), 'utf8'),
    },
  };
}

function html(theme, bodyClass) {
  return `<!doctype html><html lang="en"><head><title>Diagram</title><style nonce="${NONCE}">${themeStyles(theme)}
    html,body,#place{height:100%}body{padding:0}</style><link rel="stylesheet" href="/diagram.css"></head>
    <body class="${bodyClass}"><main id="place"></main><script nonce="${NONCE}" src="/page.js"></script></body></html>`;
}

/** @returns `open(theme, viewport, bodyClasses)` for a page, and `close` */
export async function startLook() {
  const files = await filesOfPage();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  return {
    close: () => browser.close(),
    /** @param {{ theme?: string, width?: number, height?: number, reduceMotion?: boolean, scale?: number }} wish */
    async open({ theme = 'dark', width = 900, height = 700, reduceMotion = false, scale = 1.5 } = {}) {
      const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
      const problems = [];
      page.on('pageerror', error => problems.push(String(error)));
      page.on('console', message => message.type() === 'error' && problems.push(message.text()));
      const themeClass = THEMES[theme].bodyClass;
      const bodyClass = reduceMotion ? `${themeClass} vscode-reduce-motion` : themeClass;
      await page.route(`${ORIGIN}/**`, route => {
        const path = new URL(route.request().url()).pathname;
        const file = files[path] ?? { contentType: 'text/html', body: html(theme, bodyClass) };
        return route.fulfill({ ...file, headers: { 'content-security-policy': POLICY } });
      });
      await page.goto(`${ORIGIN}/`);
      return { page, problems };
    },
  };
}

/** Shows a sample and waits until it is drawn and stands still. */
export async function showSample(page, sample) {
  await page.evaluate(name => window.look.show(name), sample);
  await page.waitForSelector(sample === 'empty' ? '.vnet-empty:not([hidden])' : '.vnet-node', {
    state: 'attached',
  });
  await page.waitForTimeout(400);
}
