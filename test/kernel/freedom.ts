/**
 * What may differ between the kernel and the simulation, all of it. Whatever is not on this list must be the same, byte for byte and in
 * the same order at each capture point.
 */
import type { PacketIdentity } from './frame-fields';
import { CARRIES } from './network-plan';

/**
 * A field whose value is chosen at random or by the clock. The choice is free, its consequences are not: each value stands for "the first
 * one seen", "the second one seen" and so on among those of the same `family`, so a router that changes an identification, or a reply that
 * does not carry the time of its request, still differs. The checksums that cover the field are corrected for the change, never made
 * right: a wrong checksum stays wrong.
 */
export interface FreeField {
  readonly field: string;
  readonly reason: string;
  /** What has values of its own. */
  readonly family: (packet: PacketIdentity) => string;
  /** Whether this value is no free choice, in a comparison in which the test chose `fixed`. */
  readonly bound: (value: bigint, fixed: ReadonlySet<number>) => boolean;
  /** Which bits of it are free; all where absent. */
  readonly mask?: number;
  /**
   * Where it counts from a random start: values up to so many above a start belong to it, and stand for the start's number and, unless
   * only the clock makes them grow, how far they are from it.
   */
  readonly counts?: {
    readonly span: number;
    readonly byClock: boolean;
    /** Whether a value of this packet may be a start. */
    readonly starts: (packet: PacketIdentity) => boolean;
    /** Whether every value must have been seen in this field before. */
    readonly repeats?: string;
  };
}

const everyPacket = (): string => '';
const isSyn = (packet: PacketIdentity): boolean => packet.isSyn ?? false;
const never = (): boolean => false;
const SEQUENCE = {
  reason:
    'Each direction of a TCP connection begins at a random sequence number; what is counted from there is compared.',
  family: everyPacket,
  // What acknowledges nothing.
  bound: (value: bigint): boolean => value === 0n,
  counts: { span: 1 << 20, byClock: false, starts: isSyn },
};
const TIMESTAMP = {
  reason:
    'TCP timestamps are ms from a random start for each direction. How many is free; which direction they belong to is not, and what is ' +
    'echoed must have come before.',
  family: everyPacket,
  bound: (value: bigint): boolean => value === 0n,
};
/** Ports that nobody draws. */
const WELL_KNOWN: ReadonlySet<number> = new Set([53, 67, 68]);
/** Type of the message that answers a discovery (RFC 2132 9.6); those of a request and its answers come after it. */
const DHCP_OFFER = 2;
const CARRIERS: readonly number[] = Object.values(CARRIES);
const chosenByTest = (value: bigint, fixed: ReadonlySet<number>): boolean =>
  fixed.has(Number(value)) || WELL_KNOWN.has(Number(value)) || CARRIERS.includes(Number(value));

export const FREE_FIELDS: readonly FreeField[] = [
  {
    field: 'ip.id',
    reason:
      'Linux counts identifications from a random start, one counter for each hash of the two ends, in steps that grow with time; the ' +
      'simulation has a seeded counter. 0 is what packets that need none carry, so it is compared.',
    // By kind and number of the packet, since counters of different kinds may meet by chance.
    // The pieces of a packet have only the identification in common.
    family: ({ kind, sequence, isFragment = false }) =>
      isFragment ? 'fragments' : `${kind} ${sequence ?? ''}`,
    bound: value => value === 0n,
  },
  {
    field: 'icmp.data_time',
    reason: 'ping writes the time of day into its requests; the simulation writes virtual time.',
    // A reply carries the time of its request.
    family: ({ sequence }) => String(sequence),
    bound: () => false,
  },
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(slot => ({
    field: `ip.opt.time_stamp ${slot}`,
    reason:
      'Machines write the time of day into a timestamp option; the simulation begins at midnight. 0 is a slot that nobody wrote into.',
    family: everyPacket,
    bound: (value: bigint): boolean => value === 0n,
  })),
  {
    field: 'icmp.ident',
    reason:
      'When two hosts behind a NAT use one echo identifier, it gives the second a random one. Those that the test chose are compared.',
    family: everyPacket,
    bound: chosenByTest,
  },
  {
    field: 'udp.srcport',
    reason:
      'When two hosts behind a NAT use one port, it gives the second a random one. Those that the test chose are compared. ' +
      'VXLAN gives each flow inside a port by a secret of each machine; namespaces have that of their one kernel in common.',
    family: ({ vxlanFrom = '' }) => String(vxlanFrom),
    bound: chosenByTest,
  },
  {
    field: 'udp.dstport',
    reason: 'Answers to a random source port come back to it. Ports that the test chose are compared.',
    family: everyPacket,
    bound: chosenByTest,
  },
  {
    field: 'dhcp.id',
    reason: 'A DHCP client chooses a transaction at random, and the server repeats it.',
    family: everyPacket,
    bound: never,
  },
  {
    field: 'dhcp.secs',
    reason:
      'BusyBox says how long it has been asking in whole seconds of a clock that may tick between two of its messages, so that it has come ' +
      'to 0 or 1 within the first second. What dnsmasq answers must repeat it.',
    family: ({ dhcpMessage = 0 }) => (dhcpMessage <= DHCP_OFFER ? 'discovery' : 'request'),
    bound: value => value > 1n,
  },
  {
    field: 'dns.id',
    reason:
      'Whoever asks a name server chooses an identifier at random, and the server repeats it. The one that the test chose is compared.',
    family: everyPacket,
    bound: value => value === 0x1234n,
  },
  ...['srcport', 'dstport'].map(side => ({
    field: `tcp.${side}`,
    reason:
      'When two hosts behind a NAT use one port, it gives the second a random one. Those that the test chose are compared.',
    family: everyPacket,
    bound: chosenByTest,
  })),
  {
    field: 'ipv6.flow',
    reason:
      'Linux labels each flow of IPv6 with a random number (auto_flowlabels). 0 is what a packet without a label has, so it is compared. ' +
      'The secret behind it is each machine’s own; namespaces have that of their one kernel in common.',
    family: ({ ipv6From = '' }) => ipv6From,
    // Version and traffic class are in front of it.
    mask: 0xfffff,
    bound: value => (value & 0xfffffn) === 0n,
  },
  {
    field: 'ipv6.fraghdr.ident',
    reason:
      'Whoever cuts a packet of IPv6 marks its fragments with a random number, the same for all of them.',
    family: everyPacket,
    bound: never,
  },
  { ...SEQUENCE, field: 'tcp.seq' },
  { ...SEQUENCE, field: 'tcp.ack', counts: { ...SEQUENCE.counts, starts: never } },
  ...[1, 2, 3, 4, 5, 6, 7, 8].map(edge => ({
    ...SEQUENCE,
    field: `tcp.options.sack edge ${edge}`,
    counts: { ...SEQUENCE.counts, starts: never },
  })),
  {
    ...TIMESTAMP,
    field: 'tcp.options.timestamp.tsval',
    counts: { span: 1 << 18, byClock: true, starts: isSyn },
  },
  {
    ...TIMESTAMP,
    field: 'tcp.options.timestamp.tsecr',
    counts: { span: 1 << 18, byClock: true, starts: never, repeats: 'tcp.options.timestamp.tsval' },
  },
];

/**
 * Time of day and speed of the machine are free; what comes how much later is not, as far as a busy machine can tell. This many ns are
 * half of the shortest interval in these tests, so that nobody takes one request or repetition for another; the kernel's own timers are
 * up to 20 ms late each second.
 */
export const TIME_TOLERANCE = 250_000_000;

/**
 * When a packet of this protocol (`ip.proto`) comes is free: a host waits for a random part of the time that it has before it says which
 * groups it listens to (IGMP; RFC 3376 5.1, 5.2).
 */
export function choosesItsTime(protocol: string | undefined): boolean {
  return protocol === '2';
}

/** Whether two frames came at the same time, in ns after the first frame at their point since the user's last action. */
export function isSameTime(inKernel: number, inEngine: number): boolean {
  return Math.abs(inKernel - inEngine) <= TIME_TOLERANCE;
}

/**
 * The order of frames at different points is free, since it depends on which processor was quicker; at one point it is compared. Only
 * causes come before what they cause: for every frame that a device of the simulation sends because of one it received, the kernel's device
 * must have received its counterpart no later than it sent this one. Times in ns.
 */
export function mayHaveCaused(received: number, sent: number): boolean {
  return received <= sent;
}
