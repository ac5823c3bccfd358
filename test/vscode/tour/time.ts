/** Time in the user's hands: the line of time, steps both ways, the moment of a packet, a changed file, another seed. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function time(tour: Tour): Promise<void> {
  const { webview, page, preview } = tour;
  const line = webview.getByRole('slider', { name: 'Moment of the simulation' });
  const count = webview.locator('.packets-count');
  const countNow = async (): Promise<number> =>
    (await count.count()) === 0 ? 0 : Number((await count.innerText()).replace(/\D/g, ''));
  await tour.restart();
  await moving(tour);
  await tour.play();
  const all = await countNow();
  const outcomes = await preview.outcome.innerText();
  expect(all).toBeGreaterThan(40);

  const lastRows = await preview.rows.allInnerTexts();
  await preview.button('step-back').click();
  await expect.poll(countNow).toBeLessThan(all);
  await preview.button('step').click();
  await expect.poll(countNow).toBe(all);
  await expect.poll(() => preview.rows.allInnerTexts()).toEqual(lastRows);

  await line.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('0');
  expect(await countNow()).toBeLessThan(5);
  // Nothing has ended yet at the beginning.
  expect(await preview.outcome.innerText()).toBe('');
  await page.keyboard.press('End');
  await expect.poll(countNow).toBe(all);
  expect(await preview.outcome.innerText()).toBe(outcomes);

  const box = (await line.boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await preview.clock.filter({ hasText: 'paused' }).waitFor();
  const middle = await countNow();
  expect(middle).toBeGreaterThan(5);
  expect(middle).toBeLessThan(all);
  await tour.look('time-middle');

  await tour.filter.set('dhcp.option.dhcp == 2');
  await tour.filter.shown();
  await preview.rows.first().click();
  await tour.showAll();
  await webview.getByRole('button', { name: 'Go to this moment' }).click();
  await expect.poll(countNow).toBeLessThan(middle);
  await preview.row('DHCP Offer').last().waitFor();
  expect(await preview.row('DHCP Request').count()).toBe(0);
  const offer = await countNow();
  // The offer leads to the request.
  await webview.getByRole('button', { name: 'Next hop' }).click();
  await expect.poll(countNow).toBeGreaterThan(offer);
  await preview.row('DHCP Request').first().waitFor();
  await preview.drawn();
  const request = await countNow();
  await page.keyboard.press('Escape');
  await page.keyboard.press(',');
  await expect.poll(countNow).toBe(request - 1);
}

/** In slow motion packets move along the cables. */
async function moving({ preview }: Tour): Promise<void> {
  await preview.chooseSpeed('1:10 000');
  await preview.button('play').click();
  await preview.row('DHCP').first().waitFor();
  const now = await preview.clock.innerText();
  await expect.poll(() => preview.clock.innerText()).not.toBe(now);
  await preview.button('play').click();
  await preview.clock.filter({ hasText: 'paused' }).waitFor();
}

export async function changedFile(tour: Tour): Promise<void> {
  const { window, page, preview, network } = tour;
  await tour.play();
  const count = tour.webview.locator('.packets-count');
  const before = await count.innerText();
  await window.runCommand('View: Focus First Editor Group');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type(`\n  they meet: [{ ping: { from: ${network.strangers}, expect: no-reply } }]\n`);
  await preview.outcome.filter({ hasText: 'simulated again up to' }).waitFor();
  // The file may have been read more than once while it was written.
  await preview.outcome.filter({ hasText: 'they meet' }).waitFor();
  await preview.clock.filter({ hasText: 'finished' }).waitFor();
  await expect.poll(() => count.innerText()).not.toBe(before);
  await tour.look('changed-file');
  await expect
    .poll(
      async () => {
        await page.keyboard.press('ControlOrMeta+KeyZ');
        return tour.text();
      },
      { timeout: 20_000 },
    )
    .toBe(network.text);
}

export async function anotherSeed(tour: Tour): Promise<void> {
  const { window, page, preview } = tour;
  const input = page.locator('.quick-input-widget input.input');
  const answer = async (text: string): Promise<void> => {
    await input.fill(text);
    await page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  };
  await tour.play();
  await window.runCommand('VNet: Restart Simulation with Seed…');
  // The seed that it began with: the box has taken the place of the palette.
  await expect.poll(() => input.inputValue()).toBe('1');
  await answer('77');
  await preview.clock.filter({ hasText: 'finished' }).waitFor();
  await window.runCommand('VNet: Go to Moment…');
  await expect.poll(() => input.inputValue()).toBe('');
  await answer('500us');
  await preview.clock.filter({ hasText: '0.000' }).filter({ hasText: 'paused' }).waitFor();
  expect(await preview.clock.innerText()).toContain('500');
  await tour.look('seed');
  await window.runCommand('VNet: Restart Simulation with Seed…');
  await expect.poll(() => input.inputValue()).toBe('77');
  await answer('1');
}
