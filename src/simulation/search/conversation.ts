/** Filters for what a packet is part of, in the words that Wireshark's "Conversation Filter" uses. */
import { dissect } from '../../trace/dissect/dissect';
import type { PacketField } from '../../trace/dissect/packet-field';
import { valueOf } from '../../trace/journey/continuation';
import type { TraceView } from '../trace-view';

/** What a packet is part of. */
export interface Conversation {
  /** A display filter for all packets between the same ends. */
  readonly filter: string;
  /** What its bytes can be followed as; undefined for what is neither TCP nor UDP. */
  readonly protocol: 'tcp' | 'udp' | undefined;
}

/** Undefined for a record that is not kept, and for a frame that names no ends. */
export function conversationOf(view: TraceView, record: number): Conversation | undefined {
  if (!Number.isInteger(record) || record < view.oldest || record >= view.end) {
    return undefined;
  }
  const { layers } = dissect(view.bytes(record), view.linkType(record));
  const network = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  const behind = network === undefined ? [] : layers.slice(layers.indexOf(network) + 1);
  const transport = behind.find(({ name }) => name === 'tcp' || name === 'udp');
  const addresses =
    network && pair(network, `${network.name}.addr`, `${network.name}.src`, `${network.name}.dst`);
  if (addresses !== undefined) {
    const ports = transport && portsOf(transport);
    return {
      filter: ports === undefined ? addresses : `(${addresses}) and (${ports})`,
      protocol: transport?.name === 'tcp' ? 'tcp' : transport?.name === 'udp' ? 'udp' : undefined,
    };
  }
  const link = layers.findLast(({ name }) => name === 'eth');
  const stations = link && pair(link, 'eth.addr', 'eth.src', 'eth.dst');
  return stations === undefined ? undefined : { filter: stations, protocol: undefined };
}

function portsOf(transport: PacketField): string | undefined {
  const { name } = transport;
  return pair(transport, `${name}.port`, `${name}.srcport`, `${name}.dstport`);
}

function pair(layer: PacketField, field: string, source: string, destination: string): string | undefined {
  const one = valueOf(layer, source);
  const other = valueOf(layer, destination);
  return one === undefined || other === undefined ? undefined : `${field} eq ${one} and ${field} eq ${other}`;
}
