/**
 * Shows the panel's real page alone, with a made-up trace behind it: `node test/look/panel.mjs` makes pictures in every theme and two
 * widths, checks each with axe and for violations of the content security policy, measures the list at a million rows, and puts all of it
 * into test/artifacts/look; `--serve` only serves the page and prints its address.
 */
import { build } from 'esbuild';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { THEMES, themeStyles } from './panel-themes.mjs';

const root = resolve(import.meta.dirname, '../..');
const artifacts = join(root, 'test/artifacts/look');

/** The bundles of the page and of its fake host, in memory. */
async function bundle() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { webview: 'webview/main.ts', host: 'test/look/panel-host.mjs' },
    outdir: 'dist',
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
    charset: 'utf8',
    sourcemap: 'inline',
  });
  const files = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path.split('/').pop(), contents]),
  );
  files['elk-worker.js'] = await readFile(join(root, 'node_modules/elkjs/lib/elk-worker.min.js'));
  return files;
}

/** The page as the editor writes it, with the same policy. */
function html(theme, language, strings, nonce) {
  const { bodyClass, kind } = THEMES[theme];
  const data = JSON.stringify({ uri: 'file:///sample.vnet.yaml', strings }).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <title>panel</title>
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; worker-src blob:" />
    <meta property="csp-nonce" content="${nonce}" />
    <link rel="stylesheet" href="theme.css?${theme}" />
    <link rel="stylesheet" href="webview.css" />
  </head>
  <body class="${bodyClass}" data-vscode-theme-kind="${kind}">
    <script type="application/json" id="panel-data">${data}</script>
    <script nonce="${nonce}" src="host.js"></script>
    <script nonce="${nonce}" src="webview.js"></script>
  </body>
</html>`;
}

async function serve(files) {
  const chinese = JSON.parse(await readFile(join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'));
  const types = { css: 'text/css', js: 'text/javascript' };
  const server = createServer((request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = pathname.slice(1);
    const send = (type, body) =>
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    if (name === '') {
      const language = searchParams.get('language') ?? 'en';
      const strings = language === 'en' ? {} : chinese;
      send(
        'text/html',
        html(searchParams.get('theme') ?? 'dark', language, strings, randomBytes(12).toString('hex')),
      );
    } else if (name === 'theme.css') {
      send('text/css', themeStyles(search.slice(1)));
    } else if (files[name] !== undefined) {
      send(types[name.split('.').pop()] ?? 'text/plain', files[name]);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}

/** Two frames: what was asked for is drawn. */
const settled = page =>
  page.evaluate(
    () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60)))),
  );

const faults = [];

async function open(browser, address, { theme = 'dark', width = 1280, height = 900, language = 'en' } = {}) {
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('console', message => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) {
      faults.push(`${theme} ${width}: ${message.text()}`);
    }
  });
  page.on('pageerror', error => faults.push(`${theme} ${width}: ${error.stack}`));
  await page.goto(`${address}?theme=${theme}&language=${language}`);
  await page.locator('.packets').waitFor();
  await settled(page);
  return page;
}

async function shoot(page, name) {
  await settled(page);
  await page.screenshot({ path: join(artifacts, `panel-${name}.png`) });
}

/** axe runs from the debugger's side, so the page's policy stays as it is. */
async function checkAccessibility(page, name) {
  await page.evaluate(await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }),
  );
  for (const { id, help, nodes } of violations) {
    const places = nodes.map(({ target, failureSummary }) => `    ${target.join(' ')}: ${failureSummary}`);
    faults.push(`axe, ${name}: ${id}, ${help}\n${places.slice(0, 5).join('\n')}`);
  }
  return violations.length;
}

/** Everything that is wider than the place it has and would be cut off without a sign. */
async function checkOverflow(page, name) {
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll('.toolbar > *, .banner-text, .pane-head > *, .ping-form *, .facts *')]
      .filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
      })
      .map(element => element.className || element.tagName),
  );
  if (cut.length > 0) {
    faults.push(`${name}: reaches out of the page: ${[...new Set(cut)].join(', ')}`);
  }
}

async function picture(browser, address, theme, width, height) {
  const name = `${theme}-${width}`;
  const page = await open(browser, address, { theme, width, height });
  await shoot(page, `${name}-empty`);
  await checkAccessibility(page, `${name} empty`);
  await page.evaluate(() => window.fakeHost.grow(60, { state: 'playing' }));
  await shoot(page, `${name}-playing`);
  await page.locator('.packets').click({ position: { x: 200, y: 60 } });
  await page.keyboard.press('ArrowUp');
  await page.locator('.facts').waitFor();
  await page.locator('.packet-dropped').first().click();
  await settled(page);
  await shoot(page, `${name}-drop`);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await settled(page);
  await page.getByText('Source Address').click();
  await page.evaluate(() => {
    window.fakeHost.post({
      type: 'stale',
      problem: { message: 'the network “hom” does not exist; did you mean “home”?', line: 12, errors: 2 },
    });
    window.fakeHost.tell({
      type: 'outcome',
      outcome: {
        scenario: 'the web works through NAT',
        step: 0,
        passed: false,
        text: 'ping web.example: no reply within 10 s',
      },
    });
    window.fakeHost.tell({
      type: 'outcome',
      outcome: {
        step: 0,
        passed: true,
        text: '203.0.113.10: 1 packet transmitted, 1 received, 0% packet loss',
      },
    });
  });
  await shoot(page, `${name}-details`);
  await checkAccessibility(page, `${name} details`);
  await checkOverflow(page, `${name} details`);
  if (width < 700) {
    await page.getByRole('tab', { name: 'Bytes' }).click();
    await shoot(page, `${name}-bytes`);
  }
  await page.locator('.ping-button').click();
  await page.locator('.ping-send').click();
  await shoot(page, `${name}-ping`);
  await checkAccessibility(page, `${name} ping`);
  await checkOverflow(page, `${name} ping`);
  await page.close();
}

/** What a hand on mouse and keyboard expects; what it does not get is a fault. */
async function checkBehaviour(browser, address) {
  const page = await open(browser, address);
  const expect = async (what, actual, wanted) => {
    const got = await actual;
    if (JSON.stringify(got) !== JSON.stringify(wanted)) {
      faults.push(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
    }
  };
  const asked = type =>
    page.evaluate(
      wanted =>
        window.fakeHost.requests
          .map(({ request }) => request)
          .filter(request => request?.type === wanted)
          .at(-1),
      type,
    );
  const selected = () =>
    page.evaluate(() => document.querySelector('.packet-selected')?.getAttribute('aria-rowindex'));
  const follows = () => page.locator('.follow').getAttribute('aria-pressed');
  const list = page.locator('.packets');

  await page.keyboard.press('Space');
  await expect('space plays', asked('play'), { type: 'play' });
  await page.keyboard.press('Space');
  await expect('space pauses', asked('pause'), { type: 'pause' });
  await page.keyboard.press('.');
  await expect('a dot steps', asked('step'), { type: 'step' });
  await page.evaluate(() => window.fakeHost.grow(499));
  await settled(page);
  await expect('the newest row shows', page.locator('#packet-499').isVisible(), true);
  await expect('the list follows at first', follows(), 'true');
  await list.hover();
  await page.mouse.wheel(0, -300);
  await settled(page);
  await expect('scrolling up ends following', follows(), 'false');
  await page.evaluate(() => window.fakeHost.grow(100));
  await settled(page);
  await expect('the list then stands still', page.locator('#packet-599').count(), 0);
  await page.locator('.follow').click();
  await settled(page);
  await expect('the button follows again', page.locator('#packet-599').isVisible(), true);
  await list.hover();
  await page.mouse.wheel(0, -300);
  await settled(page);
  await page.mouse.wheel(0, 9000);
  await settled(page);
  await expect('the end of the list follows again', follows(), 'true');

  await list.focus();
  await page.keyboard.press('Home');
  await settled(page);
  await expect('Home selects the first', selected(), '2');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowUp');
  await settled(page);
  await expect(
    'the selection is announced',
    page
      .locator('.announcer')
      .innerText()
      .then(text => /^Packet \d+ selected: /.test(text)),
    true,
  );
  await expect(
    'the active row is in the document',
    page.evaluate(() => {
      const active = document.querySelector('.packets').getAttribute('aria-activedescendant');
      return document.getElementById(active)?.classList.contains('packet-selected');
    }),
    true,
  );
  await page.keyboard.press('End');
  await settled(page);
  await expect('End selects the last', selected(), '601');

  await page.keyboard.press('Home');
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.locator('.facts .link').filter({ hasText: '#3' }).click();
  await settled(page);
  await expect('the cause is a link', selected(), '4');
  await page.locator('[role=tree]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowUp');
  await settled(page);
  await expect(
    'arrows walk the tree',
    page.locator('[role=treeitem][aria-selected=true] > .field-line').innerText(),
    'Destination Address: 255.255.255.255',
  );
  await expect('its bytes are marked', page.locator('.byte-hex.byte-selected').allInnerTexts(), [
    'cb',
    '00',
    '71',
    '0a',
  ]);
  await page.locator('#byte-12').click();
  await settled(page);
  await expect(
    'a byte selects its field and opens its layer',
    page.locator('[role=treeitem][aria-selected=true] > .field-line').innerText(),
    'Type: IPv4 (0x0800)',
  );
  await page.keyboard.press('ArrowLeft');
  await expect(
    'arrows walk the bytes',
    page.locator('[role=treeitem][aria-selected=true] > .field-line').innerText(),
    'Source: 08:00:27:00:00:01',
  );
  await page.keyboard.press('.');
  await settled(page);
  await expect('a step moves the details on', selected(), '602');
  await page.keyboard.press('Escape');
  await settled(page);
  await expect('Escape closes the details', page.locator('.inspector').isVisible(), false);

  const height = () =>
    page.locator('.diagram').evaluate(element => Math.round(element.getBoundingClientRect().height));
  const before = await height();
  await page.locator('.bar-diagram').focus();
  await page.keyboard.press('ArrowDown');
  await expect(
    'arrows move the bar',
    height().then(after => after > before + 10),
    true,
  );
  const moved = await height();
  const { x, y, width } = await page.locator('.bar-diagram').boundingBox();
  await page.mouse.move(x + width / 2, y);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y - 120, { steps: 4 });
  await page.mouse.up();
  await expect(
    'the mouse moves the bar',
    height().then(after => Math.abs(moved - 120 - after) < 3),
    true,
  );
  const kept = await height();
  await page.reload();
  await page.locator('.packets').waitFor();
  await settled(page);
  await expect('sizes come back', height(), kept);

  await page.locator('.ping-button').click();
  await settled(page);
  await page.keyboard.type('web. example');
  await expect(
    'a dot and a space in a field are text',
    page.locator('.ping-to').evaluate(field => field.value),
    'web. example',
  );
  await page.keyboard.press('Enter');
  await expect('Enter sends', asked('ping'), { type: 'ping', from: 'nat-1', to: 'web. example', count: 1 });
  await expect('and starts what stands', asked('play'), { type: 'play' });
  await page.locator('.outcome-passed').waitFor();
  await expect(
    'the focus goes back',
    page.evaluate(() => document.activeElement.className),
    'ping-button',
  );
  await page.locator('.speed').click();
  await page.getByRole('option', { name: '1:100', exact: true }).click();
  await expect('a speed can be chosen', asked('speed'), { type: 'speed', speed: 0.01 });
  await settled(page);
  await shoot(page, 'behaviour');
  await page.close();
}

/** Time of each frame while `act` runs in the page. */
const frames = (page, act) =>
  page.evaluate(async source => {
    const times = [];
    let last = performance.now();
    let on = true;
    const tick = now => {
      times.push(now - last);
      last = now;
      if (on) {
        requestAnimationFrame(tick);
      }
    };
    requestAnimationFrame(tick);
    await (0, eval)(`(${source})`)();
    on = false;
    times.sort((a, b) => a - b);
    const at = share => Number((times[Math.floor(times.length * share)] ?? 0).toFixed(1));
    return { frames: times.length, median: at(0.5), p95: at(0.95), worst: at(0.9999) };
  }, act.toString());

async function measure(browser, address) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, bypassCSP: true });
  await page.goto(address);
  await page.locator('.packets').waitFor();
  const figures = {};
  figures.millionArriveMs = await page.evaluate(async () => {
    const start = performance.now();
    await window.fakeHost.grow(1_000_000, { state: 'paused' });
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return Math.round(performance.now() - start);
  });
  await page.locator(`#packet-999999:not(.packet-preliminary)`).waitFor();
  figures.elements = await page.evaluate(() => document.querySelectorAll('*').length);
  figures.heapMegabytes = await page.evaluate(() => Math.round(performance.memory.usedJSHeapSize / 1e6));
  figures.scroll = await frames(page, async () => {
    const list = document.querySelector('.packets');
    for (let step = 0; step < 180; step++) {
      list.scrollTop = 200_000 + step * 137;
      await new Promise(done => requestAnimationFrame(done));
    }
  });
  figures.jump = await frames(page, async () => {
    const list = document.querySelector('.packets');
    for (let step = 0; step < 60; step++) {
      list.scrollTop = (list.scrollHeight / 60) * step;
      await new Promise(done => requestAnimationFrame(done));
    }
  });
  await page.locator('.follow').click();
  figures.append20kPerSecond = await frames(page, async () => {
    for (let step = 0; step < 120; step++) {
      void window.fakeHost.grow(333, { state: 'playing' });
      await new Promise(done => requestAnimationFrame(done));
    }
  });
  // Above Chromium's tallest element the scroll bar is proportional: both ends and every row must still be reachable.
  await page.evaluate(() => window.fakeHost.grow(1_000_000));
  await page.locator('.packets').focus();
  await page.keyboard.press('End');
  await settled(page);
  figures.lastRow = await page.locator('.packet-selected').getAttribute('aria-rowindex');
  await page.keyboard.press('Home');
  await settled(page);
  figures.firstRow = await page.locator('.packet-selected').getAttribute('aria-rowindex');
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('ArrowDown');
  }
  await settled(page);
  figures.fourthRow = await page.locator('.packet-selected').getAttribute('aria-rowindex');
  await page.close();
  return figures;
}

const { address, stop } = await serve(await bundle());
if (process.argv.includes('--serve')) {
  console.log(`the panel alone: ${address} (?theme=${Object.keys(THEMES).join('|')}&language=en|zh-cn)`);
} else {
  await mkdir(artifacts, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--enable-precise-memory-info',
    ],
  });
  try {
    const only = process.argv[2];
    for (const theme of Object.keys(THEMES)) {
      for (const [width, height] of [
        [1280, 900],
        [560, 900],
      ]) {
        if (only === undefined || `${theme}-${width}`.startsWith(only)) {
          await picture(browser, address, theme, width, height);
        }
      }
    }
    if (only === undefined || only === 'zh') {
      const page = await open(browser, address, { language: 'zh-cn' });
      await page.evaluate(() => window.fakeHost.grow(60, { state: 'playing' }));
      await page.locator('.packet-dropped').first().click();
      await shoot(page, 'dark-1280-zh-cn');
    }
    if (only === undefined || only === 'behaviour') {
      await checkBehaviour(browser, address);
    }
    if (only === undefined || only === 'measure') {
      const figures = await measure(browser, address);
      await writeFile(join(artifacts, 'panel-figures.json'), `${JSON.stringify(figures, null, 2)}\n`);
      console.log(figures);
    }
  } finally {
    await browser.close();
    stop();
  }
  console.log(faults.length === 0 ? 'no fault found' : `${faults.length} faults:\n${faults.join('\n')}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
