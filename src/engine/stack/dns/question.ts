/** What comes to a name server's port: a question, or something that is none. */
import { parseDns, type DnsMessage } from '../../../wire/dns';
import type { Frame } from '../../kernel/frame';
import type { NetworkInterface } from '../network-interface';

/** The question in these bytes; undefined for an answer, and for what is no DNS message. */
export function questionIn(data: Uint8Array): DnsMessage | undefined {
  const message = parseDns(data, 0, data.length);
  return typeof message === 'string' || message.response ? undefined : message;
}

/** The question in a datagram; undefined where there is none, which is recorded as a drop of its frame. */
export function takeQuestion(data: Uint8Array, on: NetworkInterface, frame: Frame): DnsMessage | undefined {
  const message = parseDns(data, 0, data.length);
  if (typeof message === 'string' || message.response) {
    on.drop(frame, typeof message === 'string' ? 'malformed' : 'dns-ignored');
    return undefined;
  }
  return message;
}
