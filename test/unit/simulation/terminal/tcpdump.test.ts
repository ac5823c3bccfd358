import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SECOND, typing } from './typing';

const BANNER =
  'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n' +
  'listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes\n';

/** A capture on one machine while another one does something; what it printed when it was ended. */
function captured(on: string, line: string, from: string, does: string, file?: string): string {
  const { simulation, textOf, pass } =
    file === undefined ? typing() : typing(readFileSync(join('media/samples', file), 'utf8'));
  simulation.type(1, on, line);
  simulation.type(2, from, does);
  pass(4);
  simulation.interrupt(1);
  simulation.interrupt(2);
  pass(1);
  expect(simulation.typing).toBe(false);
  return textOf(1);
}

describe('tcpdump', () => {
  it('prints what crosses its interface, with virtual time, and counts it', () => {
    const said = captured('nas', 'tcpdump -n icmp or arp', 'laptop', 'ping -c 1 192.168.1.10');
    const address = '192\\.168\\.1\\.\\d+';
    expect(said).toMatch(
      new RegExp(
        [
          `^${BANNER.replace(/[[\].()]/g, '\\$&')}00:00:20\\.0000\\d\\d ARP, Request who-has 192\\.168\\.1\\.10 tell ${address}, length 28`,
          '00:00:20\\.0000\\d\\d ARP, Reply 192\\.168\\.1\\.10 is-at 02:6f:c5:ba:5d:f4, length 28',
          `00:00:20\\.0000\\d\\d IP ${address} > 192\\.168\\.1\\.10: ICMP echo request, id \\d+, seq 1, length 64`,
          `00:00:20\\.0000\\d\\d IP 192\\.168\\.1\\.10 > ${address}: ICMP echo reply, id \\d+, seq 1, length 64`,
          '\\^C',
          '4 packets captured',
          '4 packets received by filter',
          '0 packets dropped by kernel\\n$',
        ].join('\\n'),
      ),
    );
  });

  it('counts the bytes of a connection from its beginning, and names its ports without -n', () => {
    const said = captured('nas', 'tcpdump tcp', 'laptop', 'curl http://192.168.1.10/');
    expect(said).toMatch(/\.10\.http: Flags \[S\], seq \d{4,}, win 64240, options \[mss 1460,sackOK,TS val /);
    expect(said).toMatch(
      /Flags \[P\.\], seq 1:\d+, ack 1, win 502, .*, length \d+: HTTP: GET \/ HTTP\/1\.1\n/,
    );
  });

  it('ends by itself after so many packets', () => {
    const { type, simulation } = typing();
    simulation.type(2, 'laptop', 'ping 192.168.1.10');
    expect(type('laptop', 'tcpdump -t -c 1 icmp', 2).replace(BANNER, '')).toMatch(
      /^IP \S+ > \S+: ICMP echo request, id \d+, seq 1, length 64\n1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n$/,
    );
  });

  it.each([
    [
      'with the header of the link',
      'tcpdump -e',
      /02:[\da-f:]{14} > 02:6f:c5:ba:5d:f4, ethertype IPv4 \(0x0800\), length 98: 192/,
    ],
    ['on any interface', 'tcpdump -i any', /^00:00:20\.\d{6} eth0 {2}Out IP 192\.168\.1\.10 > /m],
    ['numbered, without times', 'tcpdump -#t', /^ {4}1 {2}ARP, Request/m],
    ['with the date', 'tcpdump -tttt', /^1970-01-01 00:00:20\.\d{6} IP /m],
    ['with seconds', 'tcpdump -tt', /^20\.\d{6} IP /m],
    ['with the time since the packet before', 'tcpdump -ttt', /^ 00:00:00\.\d{6} IP /m],
    ['by a filter in quotes', "tcpdump 'icmp[icmptype] = icmp-echoreply'", /^1 packet captured$/m],
    ['by a filter on a device', 'tcpdump icmp and src host laptop', /^1 packet captured$/m],
  ])('prints packets %s', (_what, line, said) => {
    expect(captured('nas', line, 'laptop', 'ping -c 1 192.168.1.10')).toMatch(said);
  });

  it('sees spanning trees, tagged frames where they have their tags, and none on the VLAN', () => {
    const file = 'vlan-trunk-stp.vnet.yaml';
    const does = ['office-1', 'ping -c 1 10.0.10.1', file] as const;
    expect(captured('office-1', 'tcpdump stp', ...does)).toMatch(
      /STP 802\.1w, Rapid STP, Flags \[.*\], bridge-id 8000\.[\da-f:]{17}\.8004, length 36\n/,
    );
    expect(captured('router', 'tcpdump -e -i eth0 vlan 10 and icmp', ...does)).toMatch(
      /ethertype 802\.1Q \(0x8100\), length 102: vlan 10, p 0, ethertype IPv4 \(0x0800\), 10\.0\.10\.\d+ > 10\.0\.10\.1: ICMP/,
    );
    expect(captured('router', 'tcpdump -e -i eth0.10 icmp', ...does)).toMatch(
      /ethertype IPv4 \(0x0800\), length 98: 10\.0\.10\.\d+ > 10\.0\.10\.1: ICMP/,
    );
  });

  it('prints packets without a link where there is none', () => {
    const said = captured(
      'north-router',
      'tcpdump -i tun0',
      'pc-north',
      'ping -c 1 10.2.0.10',
      'vpn-over-tun.vnet.yaml',
    );
    expect(said).toContain('listening on tun0, link-type RAW (Raw IP), snapshot length 262144 bytes\n');
    expect(said).toContain(' IP 10.1.0.10 > 10.2.0.10: ICMP echo request, ');
  });

  it.each([
    [
      'an interface that is none',
      'tcpdump -i eth9',
      'tcpdump: eth9: No such device exists\n(No such device exists)\n',
    ],
    ['a filter that is none', 'tcpdump tcp port', "tcpdump: can't parse filter expression: syntax error\n"],
    ['a host that nobody knows', 'tcpdump host nobody', "tcpdump: unknown host 'nobody'\n"],
    ['a count that is none', 'tcpdump -c 0', 'tcpdump: invalid packet count 0\n'],
    ['an option that is not simulated', 'tcpdump -w file', 'tcpdump: -w is not simulated\n'],
  ])('says of %s what the real one says', (_what, line, said) => {
    expect(typing().type('laptop', line, 0)).toBe(said);
  });

  it('lists the interfaces', () => {
    expect(typing().type('router', 'tcpdump -D', 0)).toBe(
      '1.wan [Up, Running, Connected]\n2.lan [Up, Running, Connected]\n' +
        '3.any (Pseudo-device that captures on all interfaces) [Up, Running]\n4.lo [Up, Running, Loopback]\n',
    );
  });

  it('prints the same again after time went back, and makes no packet of its own', () => {
    const { type, simulation, textOf, printed, pass } = typing();
    const before = simulation.now;
    const records = simulation.records.end;
    expect(type('nas', 'tcpdump -n', 1)).toBe(BANNER);
    expect(simulation.records.end).toBe(records);
    simulation.type(2, 'laptop', 'ping -c 2 192.168.1.10');
    pass(3);
    const first = textOf(1);
    expect(first).toContain('echo request');
    const replay = simulation.goTo({ kind: 'time', time: before - SECOND });
    while (!replay.work(10_000)) {
      // The work is done by the condition.
    }
    simulation.show(replay);
    printed.length = 0;
    simulation.advanceTo(before + 4 * SECOND);
    expect(textOf(1)).toBe(first);
  });
});
