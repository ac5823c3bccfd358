/** The identification that begins an SSH connection (RFC 4253 4.2); what follows it is encrypted, or leads there. */
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { groupLine, textLine, type FieldDeclaration } from './field';

export const SSH_FIELDS = {
  protocol: { name: 'ssh.protocol', label: 'Protocol', type: 'text' },
} as const satisfies Record<string, FieldDeclaration>;

/** Bytes of an identification at most, its end of line among them. */
const LONGEST = 255;

/** SSH's port (RFC 4253 4). */
const SERVER_PORT = 22;

export function dissectSsh(packet: PacketInProgress, at: number, end: number): number {
  const { bytes } = packet;
  const feed = bytes.subarray(at, Math.min(end, at + LONGEST)).indexOf(0x0a);
  const text =
    feed < 0 ? '' : new TextDecoder('latin1').decode(bytes.subarray(at, at + feed)).replace(/\r$/, '');
  if (!text.startsWith('SSH-')) {
    return dissectData(packet, at, end);
  }
  const children = [textLine(SSH_FIELDS.protocol, at, feed + 1, text)];
  packet.add(groupLine('ssh', at, feed + 1, 'SSH Protocol', { children }));
  packet.show('SSH', `${packet.sourcePort === SERVER_PORT ? 'Server' : 'Client'}: Protocol (${text})`);
  return dissectData(packet, at + feed + 1, end);
}
