import { describe, expect, it } from 'vitest';
import { SECOND, typing as home } from './typing';

describe('a terminal on a device', () => {
  it('pings by name, with what the name stands for', () => {
    const { type, printed } = home();
    expect(type('laptop', 'ping -c 1 -4 web.example')).toMatch(
      /^PING web\.example \(203\.0\.113\.10\) 56\(84\) bytes of data\.\n64 bytes from 203\.0\.113\.10: icmp_seq=1 ttl=\d+ time=[\d.]+ ms\n\n--- web\.example ping statistics ---\n1 packets transmitted, 1 received, 0% packet loss, time \d+ms\nrtt /,
    );
    expect(printed.at(-1)).toEqual({ terminal: 1, text: '', running: false });
  });

  it('pings on and on until Ctrl+C', () => {
    const { simulation, type, printed } = home();
    expect(type('laptop', 'ping 192.168.1.10', 4.5).match(/icmp_seq=/g)).toHaveLength(5);
    expect(simulation.busy).toBe(true);
    printed.length = 0;
    simulation.interrupt(1);
    expect(printed.map(({ text }) => text).join('')).toMatch(
      /^\^C\n\n--- 192\.168\.1\.10 ping statistics ---\n5 packets transmitted, 5 received/,
    );
    expect(simulation.busy).toBe(false);
  });

  it.each([
    ['a command that is none', 'frobnicate -x', 'bash: frobnicate: command not found\n'],
    [
      'a name that nobody knows',
      'ping -c 1 nobody.example',
      'ping: nobody.example: Name or service not known\n',
    ],
    ['an option that is none', 'ping -Z', "ping: invalid option -- 'Z'\n"],
    ['an option without its value', 'ping -c', "ping: option requires an argument -- 'c'\n"],
  ])('says of %s what the real one says', (_what, line, said) => {
    expect(home().type('laptop', line)).toContain(said);
  });

  it('lists connections with their NAT as conntrack does', () => {
    const { type } = home();
    type('laptop', 'ping -c 1 203.0.113.10', 2);
    expect(type('router', 'conntrack -L', 0)).toMatch(
      /^icmp {5}1 \d+ src=192\.168\.1\.\d+ dst=203\.0\.113\.10 type=8 code=0 id=\d+ src=203\.0\.113\.10 dst=198\.51\.100\.\d+ type=0 code=0 id=\d+ mark=0 use=1\n/m,
    );
  });

  it('fetches pages as curl does', () => {
    const { type } = home();
    expect(type('laptop', 'curl http://192.168.1.10/')).toMatch(/^<!doctype html>|^<html|[\s\S]+/i);
    expect(type('laptop', 'curl http://192.168.1.10:81/')).toMatch(
      /^curl: \(7\) Failed to connect to 192\.168\.1\.10 port 81 after \d+ ms: Couldn't connect to server\n$/,
    );
    expect(type('laptop', 'curl http://nobody.example/')).toBe(
      'curl: (6) Could not resolve host: nobody.example\n',
    );
    expect(type('laptop', 'curl ftp://192.168.1.10/')).toContain('curl: (3)');
  });

  it('keeps two terminals apart, and one line at a time in each', () => {
    const { simulation, printed, type } = home();
    type('laptop', 'ping 192.168.1.10', 1);
    simulation.type(1, 'laptop', 'ip route');
    expect(type('router', 'ip -br addr', 0, 2)).toContain('192.168.1.1/24');
    expect(printed.filter(({ terminal, text }) => terminal === 1 && text.includes('default'))).toEqual([]);
  });

  it('gives the shell what was typed while a command ran that reads nothing', () => {
    const { simulation, printed, type, pass } = home();
    type('laptop', 'ping -c 3 192.168.1.10', 1);
    simulation.type(2, 'router', 'ping -c 9 192.168.1.10');
    simulation.input(1, 'ip route');
    simulation.input(1, 'ip addr');
    expect(printed.filter(({ unread }) => unread !== undefined)).toEqual([]);
    pass(3);
    const ended = { terminal: 1, text: '', running: false };
    expect(printed.filter(({ terminal }) => terminal === 1).at(-1)).toEqual({
      ...ended,
      unread: ['ip route', 'ip addr'],
    });
    // The command may have ended before the line came.
    printed.length = 0;
    simulation.input(1, 'ip link');
    expect(printed).toEqual([{ ...ended, unread: ['ip link'] }]);
  });

  it('forgets what was typed ahead with Ctrl+C', () => {
    const { simulation, printed, type } = home();
    type('laptop', 'ping 192.168.1.10', 2);
    simulation.input(1, 'ip route');
    simulation.interrupt(1);
    expect(printed.at(-1)).toEqual({ terminal: 1, text: '', running: false });
  });

  it('prints the same again after time went back', () => {
    const { simulation, type, printed } = home();
    const before = simulation.now;
    const first = type('laptop', 'ping -c 3 192.168.1.10', 10);
    const replay = simulation.goTo({ kind: 'time', time: before - SECOND });
    while (!replay.work(10_000)) {
      // The work is done by the condition.
    }
    simulation.show(replay);
    printed.length = 0;
    simulation.advanceTo(before + 10 * SECOND);
    expect(printed.map(({ text }) => text).join('')).toBe(first);
  });
});
