/** Between whom a packet goes, read off its layers. */
import type { PacketField } from '../../trace/dissect/packet-field';
import { valueOf } from '../../trace/journey/continuation';

export interface ConversationEnds {
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly filter: string;
}

/** Undefined for a frame that names no ends. */
export function conversationEnds(layers: readonly PacketField[]): ConversationEnds | undefined {
  const network = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  if (network === undefined) {
    const link = layers.findLast(({ name }) => name === 'eth');
    const top = layers.at(-1);
    return link && ends(link, top === link ? 'Ethernet' : (top?.name ?? '').toUpperCase(), 'eth', undefined);
  }
  const behind = layers.slice(layers.indexOf(network) + 1);
  const transport = behind.find(({ name }) => name === 'tcp' || name === 'udp');
  const above = transport ?? behind[0] ?? network;
  return ends(network, above.name.toUpperCase(), network.name, transport);
}

function ends(
  layer: PacketField,
  protocol: string,
  prefix: string,
  transport: PacketField | undefined,
): ConversationEnds | undefined {
  const source = valueOf(layer, `${prefix}.src`);
  const destination = valueOf(layer, `${prefix}.dst`);
  if (source === undefined || destination === undefined) {
    return undefined;
  }
  const addresses = `${prefix}.addr eq ${source} and ${prefix}.addr eq ${destination}`;
  const from = transport && valueOf(transport, `${transport.name}.srcport`);
  const to = transport && valueOf(transport, `${transport.name}.dstport`);
  if (transport === undefined || from === undefined || to === undefined) {
    const narrowed = prefix === 'eth' || protocol === '' ? '' : ` and ${protocol.toLowerCase()}`;
    return { protocol, source, destination, filter: `${addresses}${narrowed}` };
  }
  const place = (address: string, port: string): string =>
    prefix === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`;
  return {
    protocol,
    source: place(source, from),
    destination: place(destination, to),
    filter: `(${addresses}) and (${transport.name}.port eq ${from} and ${transport.name}.port eq ${to})`,
  };
}
