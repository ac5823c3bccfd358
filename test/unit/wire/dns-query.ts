/** DNS questions for tests. */
import type { DnsMessage } from '../../../src/wire/dns';
import { DNS_TYPE } from '../../../src/wire/dns-record';

/** A question as a resolver asks it. */
export function query(name: string, type: number = DNS_TYPE.a, more: Partial<DnsMessage> = {}): DnsMessage {
  return {
    id: 0x1234,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: 0,
    questions: [{ name, type, class: 1 }],
    answers: [],
    authorities: [],
    additionals: [],
    ...more,
  };
}
