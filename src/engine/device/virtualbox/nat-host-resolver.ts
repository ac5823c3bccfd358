/**
 * The host resolver of the NAT engine up to 7.0 (`--natdnshostresolver`; slirp/hostres.c): questions to .3 are put to the host's own
 * resolver, and the engine writes the answers itself.
 */
import { isIpv4 } from '../../../net/ip-address';
import type { Ipv4Address } from '../../../net/ipv4-address';
import {
  DNS_HEADER_BYTES,
  DNS_OPCODE,
  DNS_RCODE,
  DNS_UDP_BYTES,
  emitDns,
  parseDns,
  type DnsMessage,
} from '../../../wire/dns';
import { DNS_CLASS, DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';
import { IP_PROTOCOL } from '../../../wire/ipv4';
import { UDP_PORT, writeUdp } from '../../../wire/udp';
import { PACKET_HEADER_BYTES } from '../../stack/ipv4/ip-packet';
import { SECOND } from '../../stack/linux-policy';
import type { Stack } from '../../stack/stack';
import { DATAGRAM_HEADER_BYTES } from '../../stack/udp-layer';
import type { GuestLink } from './guest-link';

/** Seconds an answer may be cached. */
const ANSWER_TTL = 3600;

/** How long the host's resolver tries: resolv.conf(5), two attempts of 5 s. */
const PATIENCE = 10 * SECOND;

/** IPTOS_LOWDELAY, which udp_output2 is told. */
const TYPE_OF_SERVICE = 0x10;
const TIME_TO_LIVE = 64;

/** Questions under way: a bound of this simulation. */
const MAXIMUM_QUESTIONS = 100;

/** What the host's resolver can be asked. */
const ANSWERED_TYPES: readonly number[] = [DNS_TYPE.a, DNS_TYPE.cname, DNS_TYPE.ptr, DNS_TYPE.any];

export class NatHostResolver {
  private waiting = 0;

  /** @param inUse whether names are served so now */
  constructor(
    private readonly link: GuestLink,
    private readonly host: Stack,
    private readonly address: Ipv4Address,
    readonly inUse: () => boolean,
  ) {}

  /**
   * A datagram to port 53 of the engine.
   * @returns whether it is a question that gets an answer
   */
  ask(data: Uint8Array, guest: Ipv4Address, guestPort: number): boolean {
    const query = parseDns(data, 0, data.length);
    if (data.length < DNS_HEADER_BYTES || data.length > DNS_UDP_BYTES) {
      return false;
    }
    if (typeof query === 'string' || query.response) {
      return false;
    }
    const refused = refusalOf(query);
    if (refused !== undefined) {
      this.answer(query, refused, [], guest, guestPort);
      return true;
    }
    const [question] = query.questions;
    if (question === undefined || this.waiting >= MAXIMUM_QUESTIONS) {
      return false;
    }
    this.waiting++;
    // gethostbyname asks for IPv4 alone (hostres.c).
    this.host.resolver.lookup(
      question.name,
      PATIENCE,
      result => {
        this.waiting--;
        switch (result.kind) {
          case 'answer': {
            const asksAddress = question.type === DNS_TYPE.a || question.type === DNS_TYPE.any;
            const addresses = asksAddress ? result.addresses.filter(isIpv4) : [];
            const records = addresses.map(each => addressRecord(question.name, each));
            this.answer(query, DNS_RCODE.noError, records, guest, guestPort);
            return;
          }
          case 'nxdomain':
            this.answer(query, DNS_RCODE.nameError, [], guest, guestPort);
            return;
          case 'failed': {
            const rcode = result.why === 'no-data' ? DNS_RCODE.noError : DNS_RCODE.serverFailure;
            this.answer(query, rcode, [], guest, guestPort);
            return;
          }
        }
      },
      'ipv4',
    );
    return true;
  }

  private answer(
    query: DnsMessage,
    rcode: number,
    answers: readonly DnsRecord[],
    guest: Ipv4Address,
    guestPort: number,
  ): void {
    const data = emitDns(
      {
        ...query,
        response: true,
        authoritative: false,
        recursionAvailable: true,
        rcode,
        answers,
        authorities: [],
        additionals: [],
      },
      { maximumBytes: DNS_UDP_BYTES },
    );
    const bytes = new Uint8Array(DATAGRAM_HEADER_BYTES + data.length);
    bytes.set(data, DATAGRAM_HEADER_BYTES);
    writeUdp(bytes, PACKET_HEADER_BYTES, this.address, guest, UDP_PORT.dns, guestPort, data.length);
    this.link.sendPacket(bytes, {
      dontFragment: false,
      timeToLive: TIME_TO_LIVE,
      typeOfService: TYPE_OF_SERVICE,
      protocol: IP_PROTOCOL.udp,
      source: this.address,
      destination: guest,
    });
  }
}

/** What is wrong with a question at first sight; undefined for nothing. */
function refusalOf(query: DnsMessage): number | undefined {
  const [question] = query.questions;
  if (query.opcode !== DNS_OPCODE.query) {
    return DNS_RCODE.notImplemented;
  }
  if (question === undefined || query.questions.length > 1) {
    return DNS_RCODE.formatError;
  }
  const isKnown = question.class === DNS_CLASS.internet && ANSWERED_TYPES.includes(question.type);
  return isKnown ? undefined : DNS_RCODE.notImplemented;
}

function addressRecord(name: string, address: Ipv4Address): DnsRecord {
  return {
    name,
    type: DNS_TYPE.a,
    class: DNS_CLASS.internet,
    ttl: ANSWER_TTL,
    data: { kind: 'ipv4', address },
  };
}
