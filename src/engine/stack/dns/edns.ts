/** What a question says of the answers it can take: EDNS (RFC 6891). */
import { DNS_UDP_BYTES, emitDns, type DnsForm, type DnsMessage } from '../../../wire/dns';
import { DNS_TYPE, type DnsRecord } from '../../../wire/dns-record';

/** The largest answer over UDP, whatever the question allows: dnsmasq's --edns-packet-max, 1232 (2.90; the DNS flag day of 2020). */
const LARGEST_UDP_ANSWER = 1232;

/** Bytes of an answer over UDP: 512 to a question without EDNS, which glibc sends (RFC 1035 2.3.4; measured with glibc and dnsmasq 2.90). */
function udpAnswerBytes(question: DnsMessage): number {
  const option = optionOf(question);
  return option === undefined
    ? DNS_UDP_BYTES
    : Math.min(LARGEST_UDP_ANSWER, Math.max(DNS_UDP_BYTES, option.class));
}

/** The bytes of an answer over UDP. Where it is too long, it is cut and says so. */
export function udpAnswer(question: DnsMessage, answer: DnsMessage, form: DnsForm = {}): Uint8Array {
  return emitDns(withOption(question, answer), { ...form, maximumBytes: udpAnswerBytes(question) });
}

/** The bytes of an answer over TCP. */
export function tcpAnswer(question: DnsMessage, answer: DnsMessage, form: DnsForm = {}): Uint8Array {
  return emitDns(withOption(question, answer), form);
}

/** An answer to a question with OPT has one too (RFC 6891 6.1.1). */
function withOption(question: DnsMessage, answer: DnsMessage): DnsMessage {
  return optionOf(question) === undefined || optionOf(answer) !== undefined
    ? answer
    : { ...answer, additionals: [...answer.additionals, option(new Uint8Array(0))] };
}

/** EDNS option "extended DNS error" (RFC 8914), with the code 14: not ready. */
const NOT_READY = Uint8Array.of(0, 15, 0, 2, 0, 14);

/** An answer that says, to who can hear it, that the server is not ready to ask others (dnsmasq 2.90 without servers; measured). */
export function notReady(question: DnsMessage, answer: DnsMessage): DnsMessage {
  return optionOf(question) === undefined
    ? answer
    : { ...answer, additionals: [...answer.additionals, option(NOT_READY)] };
}

function option(bytes: Uint8Array): DnsRecord {
  // Its class is the size of datagrams that its sender can take.
  return { name: '', type: DNS_TYPE.opt, class: LARGEST_UDP_ANSWER, ttl: 0, data: { kind: 'raw', bytes } };
}

function optionOf({ additionals }: DnsMessage): DnsRecord | undefined {
  return additionals.find(({ type }) => type === DNS_TYPE.opt);
}
