/**
 * Pictures of the diagram for a person to judge, in each theme: `node test/look/diagram-shots.mjs [SAMPLE…]` writes
 * test/artifacts/diagram-SAMPLE-THEME.png and prints what the page complained about.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { showSample, startLook } from './diagram-browser.mjs';
import { THEMES } from './panel-themes.mjs';

const folder = join(import.meta.dirname, '../artifacts');
/** As beside a text editor, as the upper half of it, and narrow. */
const SIZES = { wide: [900, 700], flat: [1000, 380], narrow: [420, 800] };
const wanted =
  process.argv.length > 2 ? process.argv.slice(2) : ['home', 'modes', 'office', 'gen20', 'empty'];
await mkdir(folder, { recursive: true });
const look = await startLook();

/** A moment in which everything there is to see is on its way. */
async function busyMoment(page) {
  await page.evaluate(() => {
    const { view, record } = window.look;
    view.setAddresses('home-router', 'wan', ['198.51.100.17/24']);
    view.setAddresses('laptop', 'eth0', ['192.168.1.100/24']);
    view.setAddresses('nat-1', 'enp0s3', ['10.0.2.15/24']);
    view.select('nat-1');
    const slow = { departure: 0, arrival: 1e6 };
    view.packets.setClock(5e5, 0);
    view.packets.addRecord(record('nat-1', 'enp0s3', 'icmp', slow));
    view.packets.addRecord(record('nat-2', 'enp0s3', 'dhcp', slow));
    view.packets.addRecord(record('laptop', 'eth0', 'dns', slow));
    view.packets.addRecord(record('home-router', 'wan', 'tcp', slow));
    view.packets.addRecord(record('home', '1', 'arp', { ...slow, arrival: 8e5 }));
    view.packets.addRecord(record('home-router', 'lan', 'udp', slow));
    view.packets.addRecord(record('home-router', 'wan', 'icmp', { drop: 1 }));
    view.packets.addRecord(record('laptop', 'eth0', 'icmp', { drop: 2 }));
    view.packets.highlight(record('nat-2:1/nat', 'guest', 'dhcp'));
  });
  await page.waitForTimeout(300);
}

try {
  for (const sample of wanted) {
    for (const theme of Object.keys(THEMES)) {
      const { page, problems } = await look.open({ theme });
      await showSample(page, sample);
      if (sample === 'home') {
        await busyMoment(page);
      }
      await page.screenshot({ path: join(folder, `diagram-${sample}-${theme}.png`) });
      console.log(`diagram-${sample}-${theme}.png`, ...problems);
      await page.close();
    }
    for (const [name, [width, height]] of Object.entries(SIZES)) {
      const { page } = await look.open({ theme: 'light', width, height });
      await showSample(page, sample);
      await page.screenshot({ path: join(folder, `diagram-${sample}-${name}.png`) });
      await page.close();
    }
  }
} finally {
  await look.close();
}
