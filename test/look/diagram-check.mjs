/**
 * Uses the diagram alone in Chromium as a user does (mouse, wheel, keys, edits, themes, reduced motion) and says what does not do what it
 * should: `node test/look/diagram-check.mjs`.
 */
import axe from 'axe-core';
import { showSample, startLook } from './diagram-browser.mjs';
import { THEMES } from './panel-themes.mjs';

const failures = [];
let checks = 0;

function expect(what, condition, seen = '') {
  checks++;
  if (!condition) {
    failures.push(`${what}${seen === '' ? '' : `: ${JSON.stringify(seen)}`}`);
  }
}

const transformOf = page => page.locator('.vnet-viewport').getAttribute('transform');
const scaleOf = async page => Number(/scale\(([\d.]+)\)/.exec(await transformOf(page))?.[1]);
const picked = page => page.evaluate(() => window.look.picked);
const focused = page => page.evaluate(() => document.activeElement?.getAttribute('data-device'));
const node = (page, device) => page.locator(`[data-device="${device}"]`);
const middleOf = async (page, device) => {
  const box = await node(page, device).boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

/** Whether anything is drawn on the canvas. */
const isDrawn = page =>
  page.evaluate(() => {
    const canvas = document.querySelector('.vnet-packets');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some(value => value !== 0);
  });

async function mouse(page) {
  await showSample(page, 'home');
  await node(page, 'nat-1').click();
  expect('a click picks a device', (await picked(page)).at(-1) === 'nat-1', await picked(page));
  expect(
    'the picked device is marked',
    await node(page, 'nat-1').evaluate(one => one.classList.contains('vnet-selected')),
  );
  await page.mouse.click(5, 5);
  expect(
    'a click beside picks none',
    (await picked(page)).at(-1) === null || (await picked(page)).at(-1) === undefined,
  );

  const before = await transformOf(page);
  await page.mouse.move(60, 600);
  await page.mouse.down();
  await page.mouse.move(120, 560, { steps: 4 });
  await page.mouse.up();
  expect('a drag moves the drawing', (await transformOf(page)) !== before);
  expect('a drag picks nothing', (await picked(page)).length === 2, await picked(page));

  const scale = await scaleOf(page);
  await page.mouse.wheel(0, -240);
  expect('the wheel zooms', (await scaleOf(page)) > scale);
  await page.mouse.move(...(await middleOf(page, 'home-router')));
  await page.waitForTimeout(500);
  const tooltip = await page.locator('.vnet-tooltip').innerText();
  expect(
    'resting on a device tells about it',
    tooltip.includes('home-router') && tooltip.includes('192.168.1.1/24'),
    tooltip,
  );
  await page.evaluate(() => window.look.view.fit());
  expect('fit shows all', (await transformOf(page)) === before, await transformOf(page));
}

async function keyboard(page) {
  await showSample(page, 'home');
  await page.keyboard.press('Tab');
  expect('Tab goes to the diagram', (await focused(page)) === 'internet', await focused(page));
  for (const [key, device] of [
    ['ArrowDown', 'home-router'],
    ['ArrowDown', 'home'],
    ['ArrowDown', 'laptop'],
    ['ArrowUp', 'home'],
  ]) {
    await page.keyboard.press(key);
    expect(`${key} goes to ${device}`, (await focused(page)) === device, await focused(page));
  }
  await page.keyboard.press('Enter');
  expect('Enter picks', (await picked(page)).at(-1) === 'home', await picked(page));
  await page.keyboard.press('Escape');
  expect('Escape picks none', (await node(page, 'home').getAttribute('aria-selected')) === 'false');
  const scale = await scaleOf(page);
  await page.keyboard.press('+');
  expect('+ zooms in', (await scaleOf(page)) > scale);
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  expect('- zooms out', (await scaleOf(page)) < scale);
  await page.keyboard.press('0');
  expect('0 fits', Math.abs((await scaleOf(page)) - scale) < 1e-6);
  const name = await node(page, 'nat-1').getAttribute('aria-label');
  expect(
    'devices have names in words',
    name === 'nat-1, virtual machine, DHCP, in laptop, connected to NAT',
    name,
  );
}

async function edits(page) {
  await showSample(page, 'home');
  const place = () => node(page, 'home-router').getAttribute('transform');
  const before = await place();
  await page.evaluate(() => window.look.view.setAddresses('laptop', 'eth0', ['192.168.1.100/24']));
  await page.waitForTimeout(50);
  expect('a lease shows', (await page.locator('.vnet-labels').textContent()).includes('192.168.1.100/24'));
  expect('a lease moves nothing', (await place()) === before);

  await page.evaluate(() => {
    const { look } = window;
    const topology = look.topology();
    for (let index = 0; index < 20; index++) {
      const vm = topology.devices.find(device => device.id === 'nat-2');
      const added = { ...vm, id: `copy-${index}`, label: `copy-${index}` };
      look.showTopology({ ...topology, devices: [...topology.devices, added] });
    }
  });
  await node(page, 'copy-19').waitFor();
  expect(
    'of many edits at once the last one is drawn',
    (await page.locator('[data-device^="copy-"]').count()) === 1,
  );
  await page.waitForTimeout(400);
  expect(
    'a lease survives an edit',
    (await page.locator('.vnet-labels').textContent()).includes('192.168.1.100/24'),
  );
  await page.evaluate(() => window.look.view.clearAddresses());
  expect(
    'leases can be forgotten',
    !(await page.locator('.vnet-labels').textContent()).includes('192.168.1.100/24'),
  );

  await page.evaluate(() => window.look.view.setStale(true));
  expect(
    'a stale picture says so',
    await page.locator('.vnet-diagram').evaluate(one => one.classList.contains('vnet-stale')),
  );
  await page.evaluate(() => window.look.view.setStale(false));
  await page.evaluate(() => window.look.view.zoomBy(4));
  await page.evaluate(() => window.look.view.select('nat-1'));
  const box = await node(page, 'nat-1').boundingBox();
  expect('select brings a device into view', box.x > 0 && box.y > 0 && box.y + box.height < 700, box);
  expect('select does not call back', (await picked(page)).length === 0);
  await showSample(page, 'empty');
  expect('an empty file says so', await page.locator('.vnet-empty').isVisible());
}

async function packets(page) {
  await showSample(page, 'home');
  expect('nothing moves at first', !(await isDrawn(page)));
  await page.evaluate(() => {
    const { view, record } = window.look;
    view.packets.setClock(2000, 1);
    view.packets.addRecord(record('nat-1', 'enp0s3', 'icmp'), 0);
  });
  await page.waitForTimeout(100);
  expect('a packet is seen', await isDrawn(page));
  await page.waitForTimeout(500);
  expect('and is gone when it has arrived', !(await isDrawn(page)));
  await page.evaluate(() => {
    const { view, record } = window.look;
    view.packets.highlight(record('nat-1', 'enp0s3', 'icmp'));
  });
  await page.waitForTimeout(100);
  expect('a chosen record is shown', await isDrawn(page));
  await page.evaluate(() => window.look.view.packets.clear());
  await page.waitForTimeout(100);
  expect('until all is cleared', !(await isDrawn(page)));

  const slowest = await page.evaluate(async () => {
    const { view, record } = window.look;
    view.packets.setClock(0, 1e-6);
    for (let number = 0; number < 5000; number++) {
      view.packets.addRecord(record('laptop', 'eth0', 'tcp', { arrival: 5000 }), number);
    }
    const times = [];
    for (let frame = 0; frame < 20; frame++) {
      const begun = performance.now();
      view.packets.frame(begun);
      times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[10];
  });
  console.log(`2000 packets and a crowd: ${slowest.toFixed(1)} ms of script a frame`);
  expect('two thousand packets can be drawn in a frame', slowest < 16, slowest);
}

async function accessibility(page, theme) {
  await showSample(page, 'modes');
  await page.evaluate(() => window.look.view.select('nat-1'));
  await page
    .evaluate(`(() => { const module = undefined; const exports = undefined; ${axe.source} })()`)
    .catch(() => undefined);
  const violations = await page.evaluate(async () => {
    const { violations: found } = await window.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'],
    });
    return found
      .filter(({ id }) => !['page-has-heading-one', 'region'].includes(id))
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 2)
            .map(one => one.html.slice(0, 120))
            .join(' | ')}`,
      );
  });
  expect(`axe finds nothing in ${theme}`, violations.length === 0, violations);
}

const look = await startLook();
const run = async (check, wish = {}) => {
  const { page, problems } = await look.open(wish);
  await check(page, wish.theme);
  expect(`${check.name} leaves no error on the page`, problems.length === 0, problems);
  await page.close();
};

try {
  await run(mouse);
  await run(keyboard);
  await run(edits);
  await run(packets);
  await run(
    async function reducedMotion(page) {
      await showSample(page, 'home');
      await page.evaluate(() => {
        const { view, record } = window.look;
        view.packets.setClock(2000, 1);
        view.packets.addRecord(record('nat-1', 'enp0s3', 'icmp'), 0);
      });
      await page.waitForTimeout(100);
      expect('with reduced motion the cable lights up', await isDrawn(page));
    },
    { reduceMotion: true },
  );
  for (const theme of Object.keys(THEMES)) {
    await run(accessibility, { theme });
  }
} finally {
  await look.close();
}

failures.forEach(failure => console.log(`FAILED ${failure}`));
console.log(`${checks - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
