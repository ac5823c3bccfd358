/** A name server that knows one set of names and says that all others do not exist (RFC 1034 4.3.2, RFC 2308). */
import type { Ipv4Address } from '../../../net/ipv4-address';
import {
  DNS_OPCODE,
  DNS_RCODE,
  emitDns,
  parseDns,
  type DnsMessage,
  type DnsQuestion,
} from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { UDP_PORT } from '../../../wire/udp';
import { DNS_UDP_BYTES } from '../../../wire/dns';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';

/** Seconds an answer may be cached: a usual zone default. */
const ANSWER_TTL = 3600;

/** Seconds a "no such name" may be cached (RFC 2308 5 suggests one to three hours at most). */
const NEGATIVE_TTL = 900;

export class DnsServer implements DatagramReceiver {
  private readonly addresses = new Map<string, Ipv4Address>();
  private readonly socket: UdpSocket | undefined;

  constructor(udp: UdpLayer) {
    this.socket = udp.open(UDP_PORT.dns, this);
  }

  /** Adds a name; letters of either case are the same (RFC 4343). */
  add(name: string, address: Ipv4Address): void {
    this.addresses.set(name.toLowerCase(), address);
  }

  datagram(data: Uint8Array, from: Ipv4Address, fromPort: number, to: Ipv4Address): void {
    const query = parseDns(data, 0, data.length);
    if (typeof query === 'string' || query.response) {
      return;
    }
    this.socket?.send(emitDns(this.answer(query), DNS_UDP_BYTES), from, fromPort, to);
  }

  private answer(query: DnsMessage): DnsMessage {
    const question = query.questions[0];
    if (query.opcode !== DNS_OPCODE.query) {
      return replyTo(query, DNS_RCODE.notImplemented, [], []);
    }
    if (question === undefined || query.questions.length > 1) {
      return replyTo(query, DNS_RCODE.formatError, [], []);
    }
    const address = this.addresses.get(question.name.toLowerCase());
    if (address === undefined) {
      return replyTo(query, DNS_RCODE.nameError, [], [this.authority()]);
    }
    const asksAddress = question.type === DNS_TYPE.a || question.type === DNS_TYPE.any;
    return asksAddress
      ? replyTo(query, DNS_RCODE.noError, [addressRecord(question, address)], [])
      : replyTo(query, DNS_RCODE.noError, [], [this.authority()]);
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

function addressRecord(question: DnsQuestion, address: Ipv4Address): DnsRecord {
  return {
    name: question.name,
    type: DNS_TYPE.a,
    class: DNS_CLASS.internet,
    ttl: ANSWER_TTL,
    data: { kind: 'ipv4', address },
  };
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
