import { describe, expect, it } from 'vitest';
import { readNcArguments } from '../../../../src/simulation/terminal/nc-arguments';
import { SECOND, typing } from './typing';

describe('nc', () => {
  it.each([
    ['nc -zv nas 80', 'Connection to nas (192.168.1.10) 80 port [tcp/http] succeeded!\n'],
    ['nc -zvn 192.168.1.10 80', 'Connection to 192.168.1.10 80 port [tcp/*] succeeded!\n'],
    ['nc -z 192.168.1.10 80', ''],
    ['nc -zv 192.168.1.10 22', 'nc: connect to 192.168.1.10 port 22 (tcp) failed: Connection refused\n'],
    ['nc -z 192.168.1.10 22', ''],
    [
      'nc -zv -w 1 192.168.1.77 22',
      'nc: connect to 192.168.1.77 port 22 (tcp) timed out: Operation now in progress\n',
    ],
    ['nc -zv 192.168.1.77 22', 'nc: connect to 192.168.1.77 port 22 (tcp) failed: No route to host\n'],
    ['nc -zvu 192.168.1.10 9', ''],
    ['nc -zv 2001:db8:1::10 80', 'Connection to 2001:db8:1::10 80 port [tcp/http] succeeded!\n'],
    [
      'nc -z nobody.example 80',
      'nc: getaddrinfo for host "nobody.example" port 80: Name or service not known\n',
    ],
  ])('%s', (line, said) => {
    const { type, simulation } = typing();
    expect(type('laptop', line, 10)).toBe(said);
    expect(simulation.busy).toBe(false);
  });

  it('tries every port of a range without end of stack', () => {
    const { type } = typing();
    const said = type('laptop', 'nc -zv 192.168.1.10 1-3000', 30);
    expect(said.match(/refused/g)).toHaveLength(2999);
    expect(said).toContain('[tcp/http] succeeded!');
  });

  it('sends what is typed, line by line, and prints what comes', () => {
    const { type, simulation, textOf, pass } = typing();
    type('laptop', 'nc 192.168.1.10 80', 1);
    simulation.input(1, 'GET / HTTP/1.0');
    pass(1);
    expect(textOf(1)).toBe('');
    simulation.input(1, '');
    pass(1);
    expect(textOf(1)).toMatch(/^HTTP\/1\.1 200 OK\n/);
    // The server has closed; what is typed has not ended.
    expect(simulation.typing).toBe(true);
    simulation.input(1);
    expect(simulation.typing).toBe(false);
  });

  it('talks with another nc, both ways, until one side ends', () => {
    const { type, simulation, textOf, pass } = typing();
    type('nas', 'nc -lv 5000', 0, 2);
    simulation.type(1, 'laptop', 'nc -vN nas 5000');
    simulation.input(1, 'are you there?');
    pass(1);
    simulation.input(2, 'yes');
    pass(1);
    expect(textOf(1)).toBe('Connection to nas (192.168.1.10) 5000 port [tcp/*] succeeded!\nyes\n');
    expect(textOf(2)).toMatch(
      /^Listening on 0\.0\.0\.0 5000\nConnection received on 192\.168\.1\.\d+ \d+\nare you there\?\n$/,
    );
    simulation.input(1);
    simulation.input(2);
    pass(1);
    expect(simulation.typing).toBe(false);
  });

  it('listens for datagrams, and answers the first who sends one', () => {
    const { type, simulation, textOf, pass } = typing();
    type('nas', 'nc -luv 5001', 0, 2);
    simulation.type(1, 'laptop', 'nc -u nas 5001');
    simulation.input(1, 'hello');
    pass(1);
    simulation.input(2, 'hello yourself');
    pass(1);
    expect(textOf(1)).toBe('hello yourself\n');
    expect(textOf(2)).toMatch(
      /^Bound on 0\.0\.0\.0 5001\nConnection received on 192\.168\.1\.\d+ \d+\nhello\n$/,
    );
  });

  it('listens again with -k, one after the other', () => {
    const { type, simulation, textOf, pass } = typing();
    type('nas', 'nc -lk 5000', 0, 2);
    for (const terminal of [1, 3, 4]) {
      simulation.type(terminal, 'laptop', 'nc -N nas 5000');
      simulation.input(terminal, `from ${terminal}`);
      simulation.input(terminal);
    }
    pass(10);
    expect([...textOf(2).matchAll(/from \d/g)].map(([text]) => text).sort()).toEqual([
      'from 1',
      'from 3',
      'from 4',
    ]);
    simulation.interrupt(2);
    expect(type('laptop', 'nc -zv nas 5000', 1)).toContain('Connection refused');
  });

  it('does not move the cursor for what a peer sends', () => {
    const { type, simulation, textOf, pass } = typing();
    type('nas', 'nc -l 5000', 0, 2);
    simulation.type(1, 'laptop', 'nc nas 5000');
    simulation.input(1, 'a\x1b[2Jb');
    pass(1);
    expect(textOf(2)).toBe('a\ufffd[2Jb\n');
  });

  it('ends by Ctrl+C, and the port is free again', () => {
    const { type, simulation } = typing();
    type('nas', 'nc -l 5000', 1);
    simulation.interrupt(1);
    expect(simulation.busy).toBe(false);
    expect(type('nas', 'nc -lv 5000', 0)).toBe('Listening on 0.0.0.0 5000\n');
    expect(type('nas', 'nc -l 5000', 0, 2)).toBe('nc: Address already in use\n');
    expect(type('nas', 'nc -l 192.168.1.1 5001', 0, 2)).toBe('nc: Cannot assign requested address\n');
  });

  it('says and does the same again after time went back', () => {
    const { type, simulation, textOf, printed, pass } = typing();
    const before = simulation.now;
    type('nas', 'nc -lv 5000', 0, 2);
    simulation.type(1, 'laptop', 'nc -v nas 5000');
    pass(1);
    simulation.input(1, 'one');
    pass(1);
    simulation.input(1);
    pass(1);
    const first = [textOf(1), textOf(2)];
    const replay = simulation.goTo({ kind: 'time', time: before - SECOND });
    while (!replay.work(10_000)) {
      // The work is done by the condition.
    }
    simulation.show(replay);
    printed.length = 0;
    simulation.advanceTo(before + 3 * SECOND);
    expect([textOf(1), textOf(2)]).toEqual(first);
    expect(first[1]).toContain('one\n');
  });

  it('reads its command line as the real one', () => {
    expect(readNcArguments(['-l', '80'])).toMatchObject({ host: undefined, ports: [80], listens: true });
    expect(readNcArguments(['-lp', '80'])).toMatchObject({ host: undefined, ports: [80], listens: true });
    expect(readNcArguments(['h', '25-22', 'http'])).toMatchObject({ host: 'h', ports: [22, 23, 24, 25, 80] });
    expect(readNcArguments(['-U', 'h', '1'])).toBe('nc: -U is not simulated\n');
    expect(readNcArguments(['h', '1-x'])).toBe('nc: port number invalid: x\n');
  });
});
