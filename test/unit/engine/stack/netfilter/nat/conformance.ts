/**
 * What RFC 4787 (UDP), RFC 5382 (TCP) and RFC 5508 (ICMP) require of a NAT, and whether the NATs here keep it. What the modelled system
 * does not keep is not kept here either; the reason stands beside it.
 */

/** `linux`: LINUX_NAT; `carrier`: CARRIER_NAT, with hairpin; `virtualbox`: the NAT engine of a VirtualBox adapter. */
export type NatPreset = 'linux' | 'carrier' | 'virtualbox';

export interface NatOutcome {
  readonly met: boolean;
  /** How we know, or why not. */
  readonly source: string;
}

/** One line of the table. */
export interface ConformanceRow extends NatOutcome {
  readonly requirement: string;
  readonly asks: string;
  readonly preset: NatPreset;
}

const met = (source: string): NatOutcome => ({ met: true, source });
const not = (source: string): NatOutcome => ({ met: false, source });

const MEASURED = 'measured on Linux 6.18';
const POLICY = 'CARRIER_NAT';
const SLIRP = 'VirtualBox slirp and libslirp sources';

type Line = readonly [
  requirement: string,
  asks: string,
  linux: NatOutcome,
  carrier: NatOutcome,
  virtualbox: NatOutcome,
];

const LINES: readonly Line[] = [
  [
    'RFC 4787 REQ-1',
    'one outside port for an inside port, whatever the destination',
    not(`kept while the answers stay unambiguous, ${MEASURED}; on a clash the connection gets another port`),
    met(POLICY),
    met(`one socket of the host for each guest port, ${SLIRP}`),
  ],
  [
    'RFC 4787 REQ-2',
    'an inside host keeps to one outside address',
    met('masquerade has one, nf_nat_masquerade.c'),
    met(POLICY),
    met('the host has one'),
  ],
  [
    'RFC 4787 REQ-3',
    'no two inside ports share an outside port',
    not(`shares it towards different destinations, ${MEASURED}`),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 4787 REQ-3 a',
    'a port below 1024 stays below',
    met(MEASURED),
    met(POLICY),
    not('the host chooses its ephemeral ports'),
  ],
  [
    'RFC 4787 REQ-4',
    'even ports stay even',
    not(`only where the port is kept, ${MEASURED}`),
    met(POLICY),
    not(SLIRP),
  ],
  [
    'RFC 4787 REQ-5',
    'a UDP mapping lives two minutes',
    not('nf_conntrack_udp_timeout is 30 s until it is answered and goes on'),
    met(POLICY),
    met('240 s (SO_EXPIRE)'),
  ],
  ['RFC 4787 REQ-6', 'packets from inside prolong it', met(MEASURED), met(POLICY), met(SLIRP)],
  [
    'RFC 4787 REQ-7',
    'the same addresses inside and outside do no harm',
    not('left to the administrator'),
    not('left to the administrator'),
    not('the host may be on 10.0.2.0/24 itself'),
  ],
  [
    'RFC 4787 REQ-8',
    'filtering is endpoint-independent, or address-dependent for strictness',
    not(`address and port dependent, ${MEASURED}`),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 4787 REQ-9',
    'inside hosts reach one another by their outside ports',
    not(`the rule is for the outside interface alone, ${MEASURED}`),
    met(POLICY),
    not('each guest has a NAT of its own'),
  ],
  [
    'RFC 4787 REQ-10',
    'no gateways for application protocols by default',
    met('helpers need a rule'),
    met(POLICY),
    met('enable_emu is off'),
  ],
  [
    'RFC 4787 REQ-11',
    'behaviour does not vary with what else goes on',
    not(`a clash moves a port that was kept before, ${MEASURED}`),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 4787 REQ-12',
    'an ICMP error ends no mapping and is passed on',
    met(MEASURED),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 4787 REQ-13',
    'a packet too big with DF is answered: fragmentation needed',
    met(MEASURED),
    met(POLICY),
    not(SLIRP),
  ],
  ['RFC 4787 REQ-14', 'fragments are carried, in any order', met(MEASURED), met(POLICY), met(SLIRP)],
  [
    'RFC 5382 REQ-1',
    'one outside port for an inside TCP port',
    not('as RFC 4787 REQ-1'),
    met(POLICY),
    not('the host opens a connection of its own for each, from a port of its own'),
  ],
  [
    'RFC 5382 REQ-2',
    'a simultaneous open comes about',
    met(MEASURED),
    met(POLICY),
    not('TCP ends at the NAT'),
  ],
  [
    'RFC 5382 REQ-3',
    'filtering is endpoint-independent, or address-dependent',
    not('address and port dependent'),
    met(POLICY),
    not('only forwarded ports'),
  ],
  [
    'RFC 5382 REQ-4',
    'a SYN that nobody asked for has no answer for six seconds',
    not(`RST at once, ${MEASURED}`),
    met(POLICY),
    not('the host answers'),
  ],
  [
    'RFC 5382 REQ-5',
    'an open connection lives 2 h 4 min, another 4 min',
    not('nf_conntrack_tcp_timeout_*: five days, but 60 s for SYN_RECV'),
    met(POLICY),
    met('no timeout while its sockets are open'),
  ],
  [
    'RFC 5382 REQ-6',
    'no gateways for application protocols by default',
    met('helpers need a rule'),
    met(POLICY),
    met('enable_emu is off'),
  ],
  [
    'RFC 5382 REQ-7',
    'no two inside TCP ports share an outside port',
    not('as RFC 4787 REQ-3'),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 5382 REQ-8',
    'TCP turns back to the inside',
    not('as RFC 4787 REQ-9'),
    met(POLICY),
    not('as RFC 4787 REQ-9'),
  ],
  [
    'RFC 5382 REQ-9',
    'errors about TCP are translated',
    met(MEASURED),
    met(POLICY),
    not('become RST or unreachable of its own'),
  ],
  ['RFC 5382 REQ-10', 'an ICMP error ends no TCP connection', met(MEASURED), met(POLICY), met(SLIRP)],
  ['RFC 5508 REQ-1', 'pings go out and their answers come in', met(MEASURED), met(POLICY), met(SLIRP)],
  [
    'RFC 5508 REQ-2',
    'a query lives 60 s',
    not('nf_conntrack_icmp_timeout is 30 s'),
    met(POLICY),
    met('240 s'),
  ],
  [
    'RFC 5508 REQ-3',
    'an error with a wrong checksum goes no further',
    not(`passed on untranslated, ${MEASURED}`),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 5508 REQ-4',
    'an error from outside quotes the packet as the inside sent it',
    met(MEASURED),
    met(POLICY),
    met(SLIRP),
  ],
  [
    'RFC 5508 REQ-5',
    'an error from inside is translated, or dropped without a mapping',
    not(`passed on untranslated without one, ${MEASURED}`),
    met(POLICY),
    not('errors of the guest are dropped'),
  ],
  [
    'RFC 5508 REQ-6',
    'an error neither prolongs nor ends a mapping',
    met(MEASURED),
    met(POLICY),
    not('an echo ends with its error'),
  ],
  ['RFC 5508 REQ-7', 'errors turn back to the inside', not('no hairpin'), met(POLICY), not('no hairpin')],
  [
    'RFC 5508 REQ-8',
    'a sender without a port is told 3/13',
    not(`silence, ${MEASURED}`),
    met(POLICY),
    not('network unreachable'),
  ],
  [
    'RFC 5508 REQ-9',
    'a policy may keep the NAT’s own errors from a side',
    met('firewall rules of the output chain'),
    met('firewall rules of the output chain'),
    not('no rules'),
  ],
  [
    'RFC 5508 REQ-10',
    'it sends unreachable and time exceeded, and answers pings',
    met(MEASURED),
    met(POLICY),
    met(SLIRP),
  ],
  ['RFC 5508 REQ-11', 'other ICMP may be dropped', met('passes it on'), met(POLICY), met(SLIRP)],
];

/** Every requirement that says something of a NAT's packets, for every preset. */
export function natConformance(): readonly ConformanceRow[] {
  return LINES.flatMap(([requirement, asks, linux, carrier, virtualbox]) => [
    { requirement, asks, preset: 'linux' as const, ...linux },
    { requirement, asks, preset: 'carrier' as const, ...carrier },
    { requirement, asks, preset: 'virtualbox' as const, ...virtualbox },
  ]);
}
