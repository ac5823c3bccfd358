/** The bytes of a question to a name server. */
import { emitDns } from '../../src/wire/dns';
import { DNS_CLASS } from '../../src/wire/dns-record';
import type { QuestionAction } from './action';

/** Of every question that a test writes. */
const IDENTIFIER = 0x1234;

/** As a stub resolver asks: recursion desired, nothing else. */
export function questionBytes({ name, type }: Pick<QuestionAction, 'name' | 'type'>): Uint8Array {
  return emitDns({
    id: IDENTIFIER,
    response: false,
    opcode: 0,
    authoritative: false,
    truncated: false,
    recursionDesired: true,
    recursionAvailable: false,
    rcode: 0,
    questions: [{ name, type, class: DNS_CLASS.internet }],
    answers: [],
    authorities: [],
    additionals: [],
  });
}
