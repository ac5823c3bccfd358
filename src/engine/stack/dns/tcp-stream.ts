/** DNS messages over TCP: each has its length in two bytes before it (RFC 1035 4.2.2, RFC 7766 8). */
import { readUint16, writeUint16 } from '../../../wire/bytes';

const LENGTH_BYTES = 2;

/** The bytes of these messages on a connection, to be sent at once, so that each is not split from its length (RFC 7766 8). */
export function onConnection(messages: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(messages.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  let at = 0;
  for (const message of messages) {
    writeUint16(bytes, at, message.length);
    bytes.set(message, at + LENGTH_BYTES);
    at += LENGTH_BYTES + message.length;
  }
  return bytes;
}

/** Finds the messages in what comes on a connection. It keeps less than one message: 64 KiB. */
export class DnsStream {
  private bytes = new Uint8Array(0);

  /** The messages that are whole with this. */
  take(data: Uint8Array): Uint8Array[] {
    const all = new Uint8Array(this.bytes.length + data.length);
    all.set(this.bytes);
    all.set(data, this.bytes.length);
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at + LENGTH_BYTES <= all.length) {
      const end = at + LENGTH_BYTES + readUint16(all, at);
      if (end > all.length) {
        break;
      }
      messages.push(all.slice(at + LENGTH_BYTES, end));
      at = end;
    }
    this.bytes = all.slice(at);
    return messages;
  }
}
