/** A terminal on a device: the commands of the real tools, with history, completion and Ctrl+C; the panel's own ping seen by tcpdump. */
import { expect } from 'vitest';
import type { Tour } from './tour';

export async function terminal(tour: Tour): Promise<void> {
  const { page, network, preview } = tour;
  const { keyboard } = page;
  const { client, clientInterface } = network;
  const wrapper = page.locator('.terminal-wrapper.active');
  // What a screen reader is given of the terminal in front.
  const screen = (): Promise<string> => wrapper.locator('.xterm-rows').innerText();
  const shows = (words: RegExp): Promise<void> => expect.poll(screen, { timeout: 30_000 }).toMatch(words);
  const run = async (command: string): Promise<void> => {
    await keyboard.type(command);
    await keyboard.press('Enter');
  };
  await tour.play();
  // Time runs while a command waits, so not as fast as it can.
  await preview.chooseSpeed('real time');
  await tour.pick(client);
  await keyboard.press('x');
  await wrapper.waitFor();
  await shows(new RegExp(`root@${client}:~#`));
  await wrapper.click();
  await keyboard.type('pin');
  await keyboard.press('Tab');
  await run('-c 2 203.0.113.10');
  await shows(/2 packets transmitted, 2 received/);
  await run(`ip -br addr show ${clientInterface}`);
  await shows(new RegExp(`${clientInterface} +UP +${network.clientAddress.replaceAll('.', '\\.')}[\\d.]*/`));
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  await shows(/# ping -c 2 203\.0\.113\.10\s*$/);
  await keyboard.press('Control+U');
  await run('ping 203.0.113.10');
  await shows(/icmp_seq=3/);
  await keyboard.press('Control+C');
  await shows(/\^C/);
  await run('dig +short web.example');
  await shows(/dig \+short web\.example\s+203\.0\.113\.10/);
  await run('clear; curl http://web.example/');
  await shows(/curl http:\/\/web\.example\/\s+\S/);
  // What is typed while a command runs goes to the command.
  await run('nc 203.0.113.10 80');
  await run('GET / HTTP/1.0');
  await keyboard.press('Enter');
  await shows(/HTTP\/1\.1 200 OK/);
  await keyboard.press('Control+D');
  await shows(new RegExp(`root@${client}:~#\\s*$`));
  // A capture sees what comes; the name of its interface is completed.
  await keyboard.type(`tcpdump -n -c 1 -i ${clientInterface[0]}`);
  await keyboard.press('Tab');
  await run("'icmp[0] == 8'");
  await shows(/listening on/);
  await preview.button('ping').click();
  await tour.webview.locator('.ping-form').waitFor();
  await tour.webview.locator('.ping-from').click();
  await tour.webview.locator('.ping-from vscode-option').getByText(client, { exact: true }).click();
  await tour.webview.locator('.ping-to input').fill('203.0.113.10');
  await keyboard.press('Enter');
  await preview.outcome.filter({ hasText: /64 bytes from 203\.0\.113\.10/ }).waitFor();
  await shows(/1 packet captured/);
  await tour.look('terminal');
  await wrapper.click();
  await keyboard.press('Control+D');
  await wrapper.waitFor({ state: 'hidden' });
}
