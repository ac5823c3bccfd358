import { describe, expect, it } from 'vitest';
import { readDigArguments } from '../../../../src/simulation/terminal/dig-arguments';
import { SECOND, typing } from './typing';

describe('dig', () => {
  it('prints the whole answer of the server that the machine knows', () => {
    expect(typing().type('laptop', 'dig web.example')).toMatch(
      new RegExp(
        [
          '^\\n; <<>> DiG 9\\.18\\.\\S+ <<>> web\\.example',
          ';; global options: \\+cmd',
          ';; Got answer:',
          ';; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: \\d+',
          ';; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1',
          '',
          ';; OPT PSEUDOSECTION:',
          '; EDNS: version: 0, flags:; udp: 1232',
          ';; QUESTION SECTION:',
          ';web\\.example\\.\t\t\tIN\tA',
          '',
          ';; ANSWER SECTION:',
          'web\\.example\\.\t\t3600\tIN\tA\t203\\.0\\.113\\.10',
          '',
          ';; Query time: \\d+ msec',
          ';; SERVER: 192\\.168\\.1\\.1#53\\(192\\.168\\.1\\.1\\) \\(UDP\\)',
          ';; WHEN: Thu Jan 01 00:00:20 UTC 1970',
          ';; MSG SIZE  rcvd: 56\\n\\n$',
        ].join('\\n'),
      ),
    );
  });

  it('shows why there is no such name: the SOA of who says so', () => {
    const said = typing().type('laptop', 'dig nobody.example');
    expect(said).toContain('status: NXDOMAIN');
    expect(said).toContain(
      ';; AUTHORITY SECTION:\n.\t\t\t900\tIN\tSOA\tns.example. hostmaster.example. 1 7200 3600 1209600 900\n',
    );
  });

  it.each([
    ['the data alone', 'dig +short web.example AAAA', '2001:db8:113::10\n'],
    ['the name of an address', 'dig -x 203.0.113.10 +short', 'web.example.\n'],
    ['the answer alone', 'dig web.example +noall +answer', 'web.example.\t\t3600\tIN\tA\t203.0.113.10\n'],
    ['all over TCP', 'dig web.example +tcp +noall +stats', '(TCP)\n'],
    ['a server by IPv6', 'dig @2001:db8:1::1 +short web.example', '203.0.113.10\n'],
  ])('prints %s', (_what, line, said) => {
    expect(typing().type('laptop', line)).toContain(said);
  });

  it('asks three times where nothing listens, and says so', () => {
    const { type, simulation } = typing();
    const refused = ';; communications error to 192.168.1.10#53: connection refused\n';
    expect(type('laptop', 'dig @nas x +short', 1)).toMatch(
      new RegExp(`^${refused.repeat(3)}\\n; <<>> DiG [^]*;; no servers could be reached\\n$`),
    );
    expect(simulation.busy).toBe(false);
  });

  it('waits five seconds for an answer, three times, or until Ctrl+C', () => {
    const { simulation, type, textOf } = typing();
    const late = ';; communications error to 192.168.1.77#53: timed out\n';
    expect(type('laptop', 'dig @192.168.1.77 x', 14.9)).toBe(late.repeat(2));
    simulation.advanceTo(simulation.now + SECOND);
    expect(textOf(1)).toContain(`${late}\n; <<>> DiG`);
    type('laptop', 'dig @192.168.1.77 x', 6);
    simulation.interrupt(1);
    expect(textOf(1)).toBe(`${late}^C\n`);
    expect(simulation.busy).toBe(false);
  });

  it.each([
    ['an option that is none', 'dig +nonsense x', 'Invalid option: +nonsense\nUsage:  dig [@global-server]'],
    ['a server that nobody knows', 'dig @nosuch x', "dig: couldn't get address for 'nosuch': not found\n"],
    ['a name that is none', 'dig a..b', "dig: 'a..b' is not a legal name (empty label)\n"],
  ])('says of %s what the real one says', (_what, line, said) => {
    expect(typing().type('laptop', line)).toContain(said);
  });

  it('reads names, types and options in any order, several questions too', () => {
    expect(readDigArguments(['-t', 'mx', 'one', '@ns', 'two', 'TXT', '+time=0', 'TYPE99'])).toMatchObject({
      server: 'ns',
      serverFirst: false,
      queries: [
        { name: 'one', type: 15 },
        { name: 'two', type: 99 },
      ],
      seconds: 1,
    });
    expect(readDigArguments([])).toMatchObject({ queries: [{ name: '.', type: 2 }] });
  });
});
