/**
 * How a ping or a lookup ended, in the lines that users of the real tools know: `ping` of iputils and `dig` of BIND. As those tools'
 * output, they are the same in every language.
 */
import type { LookupResult, PingReply, PingResult } from '../engine/network';
import { formatIp, isIpv4 } from '../net/ip-address';

export type { PingResult } from '../engine/network';

/** Bytes of an ICMP echo header (RFC 792), which `ping` counts with the data. */
const ECHO_HEADER = 8;

/** iputils ping sends 56 bytes of data unless told otherwise. */
export const PING_DATA = 56;

/** Messages of iputils `ping` for ICMP type 3, by code (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1). */
const UNREACHABLE: readonly string[] = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  'Frag needed and DF set',
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
];

/** Messages of iputils `ping` for ICMP type 11, by code (RFC 792). */
const EXPIRED: readonly string[] = ['Time to live exceeded', 'Frag reassembly time exceeded'];

/** The same for ICMPv6: of types 1, 3 and 4. */
const UNREACHABLE_V6: readonly string[] = [
  'No route',
  'Administratively prohibited',
  'Beyond scope of source address',
  'Address unreachable',
  'Port unreachable',
];
const EXPIRED_V6: readonly string[] = ['Hop limit', 'Defragmentation failure'];
const PARAMETER_PROBLEM_V6: readonly string[] = ['Wrong header field', 'Unknown header', 'Unknown option'];

/** The line for one echo request. */
export function replyLine(result: PingResult, reply: PingReply, size = PING_DATA): string {
  const from = reply.from ?? result.address;
  const name = from === undefined ? '?' : formatIp(from);
  const sequence = `icmp_seq=${reply.sequence}`;
  switch (reply.result) {
    case 'reply':
      return `${size + ECHO_HEADER} bytes from ${name}: ${sequence} ttl=${reply.ttl ?? '?'} time=${milliseconds(reply.time)} ms`;
    case 'timeout':
      return `no reply from ${targetName(result)}: ${sequence} timed out`;
    case 'unreachable':
    case 'expired':
      return `From ${name} ${sequence} ${errorText(reply)}`;
    case 'not-sent':
      return `ping: connect to ${targetName(result)}: Network is unreachable`;
  }
}

/** What iputils `ping` says of an ICMP or ICMPv6 error. */
export function errorText({ from, icmp, result }: Pick<PingReply, 'from' | 'icmp' | 'result'>): string {
  const code = icmp?.code ?? -1;
  if (from !== undefined && !isIpv4(from)) {
    return icmpv6ErrorText(icmp?.type ?? -1, code);
  }
  return result === 'expired'
    ? (EXPIRED[code] ?? 'Time exceeded')
    : (UNREACHABLE[code] ?? 'Destination Unreachable');
}

/** RFC 4443 3 in iputils' words; measured with iputils 20221126. */
function icmpv6ErrorText(type: number, code: number): string {
  switch (type) {
    case 1:
      return `Destination unreachable: ${UNREACHABLE_V6[code] ?? `Unknown code ${code}`}`;
    case 2:
      return 'Packet too big';
    case 3:
      return `Time exceeded: ${EXPIRED_V6[code] ?? `code ${code}`}`;
    default:
      return `Parameter problem: ${PARAMETER_PROBLEM_V6[code] ?? `code ${code}`}`;
  }
}

/** The closing lines of `ping`: counts, and round-trip times where there are any. */
export function pingSummary(result: PingResult): readonly string[] {
  const sent = result.replies.filter(reply => reply.result !== 'not-sent').length;
  const times = result.replies.filter(reply => reply.result === 'reply').map(reply => reply.time);
  const errors = result.replies.filter(
    reply => reply.result === 'unreachable' || reply.result === 'expired',
  ).length;
  const lost = sent === 0 ? 100 : Math.round(((sent - times.length) / sent) * 100);
  const counts = [
    `${sent} packets transmitted`,
    `${times.length} received`,
    ...(errors === 0 ? [] : [`+${errors} errors`]),
    `${lost}% packet loss`,
  ].join(', ');
  if (times.length === 0) {
    return [counts];
  }
  const average = times.reduce((sum, time) => sum + time, 0) / times.length;
  const shown = [Math.min(...times), average, Math.max(...times)]
    .map(time => (Math.floor(time / 1e3) / 1e3).toFixed(3))
    .join('/');
  return [counts, `rtt min/avg/max = ${shown} ms`];
}

/** A whole ping in one line: its only answer, or the summary of several. */
export function pingLine(target: string, result: PingResult): string {
  if (result.address === undefined) {
    return `ping: ${target}: ${result.problem ?? 'Name or service not known'}`;
  }
  const [first, second] = result.replies;
  if (first === undefined) {
    return `ping: ${target}: nothing was sent`;
  }
  return second === undefined ? replyLine(result, first) : pingSummary(result).join(', ');
}

/** A lookup in one line, in the words of `dig`. */
export function lookupLine(name: string, result: LookupResult): string {
  switch (result.kind) {
    case 'answer': {
      const addresses = result.addresses.map(formatIp).join(' ');
      return `${name}. IN A ${addresses === '' ? '(no address)' : addresses} ;; SERVER: ${formatIp(result.server)}#53`;
    }
    case 'nxdomain':
      return `${name}. ;; status: NXDOMAIN ;; SERVER: ${formatIp(result.server)}#53`;
    case 'no-answer':
      return `${name}. ;; no answer: ${result.problem}`;
  }
}

function targetName(result: PingResult): string {
  return result.address === undefined ? '?' : formatIp(result.address);
}

/** As iputils prints one time: to the microsecond below 1 ms, with fewer digits above, always cut and never rounded up. */
export function milliseconds(nanoseconds: number): string {
  const microseconds = Math.floor(nanoseconds / 1e3);
  const digits = microseconds >= 1e5 ? 0 : microseconds >= 1e4 ? 1 : microseconds >= 1e3 ? 2 : 3;
  const step = 10 ** (3 - digits);
  return ((Math.floor(microseconds / step) * step) / 1e3).toFixed(digits);
}
