/** Answers of a name server. */
import type { DnsMessage } from '../../../wire/dns';
import type { DnsRecord } from '../../../wire/dns-record';

/** An answer to a query, without an opinion on its truth: no authority. */
export function replyTo(
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
