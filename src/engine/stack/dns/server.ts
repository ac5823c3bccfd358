/** A name server that knows one set of names and says that all others do not exist (RFC 1034 4.3.2, RFC 2308). */
import { isIpv4, type IpAddress } from '../../../net/ip-address';
import { DNS_OPCODE, DNS_RCODE, emitDns, parseDns, type DnsMessage } from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { writeIpv6Address } from '../../../wire/ipv6';
import { UDP_PORT } from '../../../wire/udp';
import { DNS_UDP_BYTES } from '../../../wire/dns';
import type { NetworkInterface } from '../network-interface';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';

/** Seconds an answer may be cached: a usual zone default. */
const ANSWER_TTL = 3600;

/** Seconds a "no such name" may be cached (RFC 2308 5 suggests one to three hours at most). */
const NEGATIVE_TTL = 900;

export class DnsServer implements DatagramReceiver<IpAddress> {
  private readonly addresses = new Map<string, readonly IpAddress[]>();
  private readonly socket: UdpSocket<IpAddress> | undefined;

  constructor(udp: UdpLayer) {
    this.socket = udp.openDual(UDP_PORT.dns, this);
  }

  /** Adds an address of a name; letters of either case are the same (RFC 4343). */
  add(name: string, address: IpAddress): void {
    const key = name.toLowerCase();
    this.addresses.set(key, [...(this.addresses.get(key) ?? []), address]);
  }

  datagram(data: Uint8Array, from: IpAddress, fromPort: number, to: IpAddress, on: NetworkInterface): void {
    const query = parseDns(data, 0, data.length);
    if (typeof query === 'string' || query.response) {
      return;
    }
    this.socket?.send(emitDns(this.answer(query), DNS_UDP_BYTES), from, fromPort, to, on);
  }

  private answer(query: DnsMessage): DnsMessage {
    const question = query.questions[0];
    if (query.opcode !== DNS_OPCODE.query) {
      return replyTo(query, DNS_RCODE.notImplemented, [], []);
    }
    if (question === undefined || query.questions.length > 1) {
      return replyTo(query, DNS_RCODE.formatError, [], []);
    }
    const addresses = this.addresses.get(question.name.toLowerCase());
    if (addresses === undefined) {
      return replyTo(query, DNS_RCODE.nameError, [], [this.authority()]);
    }
    const answers = addresses
      .map(address => addressRecord(question.name, address))
      .filter(({ type }) => type === question.type || question.type === DNS_TYPE.any);
    return replyTo(query, DNS_RCODE.noError, answers, answers.length > 0 ? [] : [this.authority()]);
  }

  /** The root's SOA, with which a resolver says how long "no" holds. */
  private authority(): DnsRecord {
    return {
      name: '',
      type: DNS_TYPE.soa,
      class: DNS_CLASS.internet,
      ttl: NEGATIVE_TTL,
      data: {
        kind: 'start-of-authority',
        primary: 'ns.example',
        mailbox: 'hostmaster.example',
        serial: 1,
        refresh: 7200,
        retry: 3600,
        expire: 1_209_600,
        minimum: NEGATIVE_TTL,
      },
    };
  }
}

function addressRecord(name: string, address: IpAddress): DnsRecord {
  const common = { name, class: DNS_CLASS.internet, ttl: ANSWER_TTL };
  if (isIpv4(address)) {
    return { ...common, type: DNS_TYPE.a, data: { kind: 'ipv4', address } };
  }
  const bytes = new Uint8Array(16);
  writeIpv6Address(bytes, 0, address);
  return { ...common, type: DNS_TYPE.aaaa, data: { kind: 'ipv6', address: bytes } };
}

function replyTo(
  query: DnsMessage,
  rcode: number,
  answers: readonly DnsRecord[],
  authorities: readonly DnsRecord[],
): DnsMessage {
  return {
    id: query.id,
    response: true,
    opcode: query.opcode,
    authoritative: false,
    truncated: false,
    recursionDesired: query.recursionDesired,
    recursionAvailable: true,
    rcode,
    questions: query.questions,
    answers,
    authorities,
    additionals: [],
  };
}
