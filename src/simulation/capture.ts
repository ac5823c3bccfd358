/** The trace of a simulation as a capture file. */
import { DROP_REASONS, dropReasonOf } from '../engine/kernel/drop-reason';
import type { NetworkPort } from '../engine/network';
import type { PacketStore } from '../trace/packet-store';
import { writePcapng, type CommentText, type PacketChoice } from '../trace/pcapng';
import { linkTypeOf } from './link-type';

/** Every port a capture point, named `device:port`. */
export function captureOf(
  store: PacketStore,
  ports: readonly NetworkPort[],
  comment?: CommentText,
  choice?: PacketChoice,
): Uint8Array {
  const points = ports.map(port => ({
    name: `${port.device}:${port.name}`,
    description: '',
    peer: port.peer,
    linkType: linkTypeOf(port),
  }));
  return writePcapng(store, points, dropText, comment, choice);
}

/** `firewall: a firewall rule stopped it (rule no-strangers)` */
function dropText(code: number, rule: string | undefined): string {
  const reason = dropReasonOf(code);
  const text = reason === undefined ? 'unknown reason' : `${reason}: ${DROP_REASONS[reason]}`;
  return rule === undefined ? text : `${text} (rule ${rule})`;
}
