/** Time in the user's hands: the line of time, steps both ways, and the moment of a packet. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { useVsCode, THEMES } from '../real-vscode';
import { PreviewPage } from './preview-page';

const SAMPLE = 'virtualbox-nat.vnet.yaml';
const sample = await readFile(`media/samples/${SAMPLE}`, 'utf8');
const DEVICES = ['internet', 'home-router', 'laptop', 'nat-1'];

describe('time', () => {
  const vscode = useVsCode({ files: { [SAMPLE]: sample }, settings: THEMES.dark });

  it('goes back and on by steps, by the line and to a packet', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    const line = window.webview.getByRole('slider', { name: 'Moment of the simulation' });
    const count = window.webview.locator('.packets-count');
    const countNow = async (): Promise<number> =>
      (await count.count()) === 0 ? 0 : Number((await count.innerText()).replace(/\D/g, ''));
    await page.playToTheEnd();
    const all = await countNow();
    const outcomes = await page.outcome.innerText();
    expect(all).toBeGreaterThan(40);

    await page.button('step-back').click();
    await expect.poll(countNow).toBeLessThan(all);
    await page.button('step').click();
    await expect.poll(countNow).toBe(all);

    await line.focus();
    await window.page.keyboard.press('Home');
    await expect.poll(() => line.getAttribute('aria-valuenow')).toBe('0');
    expect(await countNow()).toBeLessThan(5);
    // Nothing has ended yet at the beginning.
    expect(await page.outcome.innerText()).toBe('');
    await window.page.keyboard.press('End');
    await expect.poll(countNow).toBe(all);
    expect(await page.outcome.innerText()).toBe(outcomes);

    const box = (await line.boundingBox())!;
    await window.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.clock.filter({ hasText: 'paused' }).waitFor();
    const middle = await countNow();
    expect(middle).toBeGreaterThan(5);
    expect(middle).toBeLessThan(all);
    await window.screenshot('time-middle');
    expect(await page.accessibilityViolations()).toEqual([]);

    await (await page.findRow('DHCP Offer')).click();
    await window.webview.getByRole('button', { name: 'Go to this moment' }).click();
    await expect.poll(countNow).toBeLessThan(middle);
    await page.row('DHCP Offer').last().waitFor();
    expect(await page.row('DHCP Request').count()).toBe(0);
    const offer = await countNow();
    // The offer leads to the request.
    await window.webview.getByRole('button', { name: 'Next hop' }).click();
    await expect.poll(countNow).toBeGreaterThan(offer);
    await page.row('DHCP Request').first().waitFor();
    const request = await countNow();
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press(',');
    await expect.poll(countNow).toBe(request - 1);
    expect(vscode.problems()).toEqual([]);
  });

  it('goes on over a change of the file, and says so', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    await page.playToTheEnd();
    const before = await page.clock.innerText();
    await window.runCommand('View: Focus First Editor Group');
    await window.page.keyboard.press('ControlOrMeta+End');
    await window.page.keyboard.type(
      '\n  they meet: [{ ping: { from: nat-1, to: nat-2, expect: no-reply } }]\n',
    );
    await page.outcome.filter({ hasText: 'simulated again up to' }).waitFor();
    await page.clock.filter({ hasText: 'finished' }).waitFor();
    await page.outcome.filter({ hasText: 'they meet' }).waitFor();
    expect(await page.clock.innerText()).not.toBe(before);
    expect(vscode.problems()).toEqual([]);
  });

  it('begins again with another seed, and goes to a moment by its time', async () => {
    const window = await vscode.open(SAMPLE);
    const page = await PreviewPage.open(window, DEVICES);
    await page.playToTheEnd();
    await window.runCommand('VNet: Restart Simulation with Seed…');
    const input = window.page.locator('.quick-input-widget input.input');
    // The seed that it began with: the box has taken the place of the palette.
    await expect.poll(() => input.inputValue()).toBe('1');
    await input.fill('77');
    await window.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await page.clock.filter({ hasText: 'finished' }).waitFor();
    await window.runCommand('VNet: Go to Moment…');
    await expect.poll(() => input.inputValue()).toBe('');
    await input.fill('500us');
    await window.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await page.clock.filter({ hasText: '0.000' }).filter({ hasText: 'paused' }).waitFor();
    expect(await page.clock.innerText()).toContain('500');
    await window.runCommand('VNet: Restart Simulation with Seed…');
    await expect.poll(() => input.inputValue()).toBe('77');
    await window.page.keyboard.press('Escape');
    expect(vscode.problems()).toEqual([]);
  });
});
