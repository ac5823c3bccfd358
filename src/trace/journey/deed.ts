/** What a device did with a packet between receiving and sending it, read off the two frames: one plain statement for each layer. */
import type { SeenFrame } from './continuation';
import { valueOf } from './continuation';
import { fieldChanges, type FieldChange } from './field-changes';
import { matchLayers, type LayerMatch } from './layers';

export type Deed =
  /** Nothing changed: a switch or hub passed it on. */
  | { readonly kind: 'passed' }
  /** Routed: the number of hops it may still go is one less. */
  | { readonly kind: 'routed'; readonly before: string; readonly after: string }
  /** The stations of the next link were put in. */
  | { readonly kind: 'readdressed'; readonly before: string; readonly after: string }
  | { readonly kind: 'source-rewritten'; readonly before: string; readonly after: string }
  | { readonly kind: 'destination-rewritten'; readonly before: string; readonly after: string }
  | { readonly kind: 'tagged'; readonly vlan: string }
  | { readonly kind: 'untagged'; readonly vlan: string }
  | { readonly kind: 'retagged'; readonly before: string; readonly after: string }
  /** Put into other protocols: a tunnel begins. Names from outside to inside. */
  | { readonly kind: 'wrapped'; readonly layers: readonly string[] }
  | { readonly kind: 'unwrapped'; readonly layers: readonly string[] }
  /** Only a part of it: fragment at this byte of so many. */
  | { readonly kind: 'fragmented'; readonly offset: string }
  | { readonly kind: 'reassembled' }
  /** Sent anew by a proxy of connections: other sequence numbers. */
  | { readonly kind: 'made-anew' }
  /** Fields that none of the above explains. */
  | { readonly kind: 'changed'; readonly label: string; readonly before: string; readonly after: string };

export interface Hop {
  readonly deeds: readonly Deed[];
  readonly changes: readonly FieldChange[];
}

/** Fields that follow from others and say nothing of their own. */
const CONSEQUENCES =
  /checksum|^(ip|udp)\.len|\.length$|^ip\.hdr_len|^tcp\.(stream|len)|^eth\.(len|padding)|^ip\.flags/;

/** Kinds of fields by the deed that explains them. */
const EXPLAINED =
  /^(ip\.(ttl|src|dst|id|frag_offset|flags\..*)|ipv6\.(hlim|src|dst)|eth\.(src|dst)|(tcp|udp)\.(srcport|dstport)|tcp\.(seq_raw|ack_raw|seq|ack)|icmp\.ident|vlan\.id)$/;

export function hopBetween(before: SeenFrame, after: SeenFrame): Hop {
  const match = matchLayers(before.layers, after.layers);
  const changes = match.both.flatMap(([from, to]) => fieldChanges(from, to));
  const deeds = [
    ...wrapping(match),
    ...routing(changes),
    ...fragmenting(before, after),
    ...rewriting(before, after, changes),
    ...readdressing(changes),
    ...other(changes),
  ];
  return { deeds: deeds.length === 0 ? [{ kind: 'passed' }] : deeds, changes };
}

function wrapping({ both, added, removed }: LayerMatch): Deed[] {
  const deeds: Deed[] = [];
  const tag = (layers: typeof added): string | undefined => {
    const [only] = layers;
    return layers.length === 1 && only?.name === 'vlan' ? valueOf(only, 'vlan.id') : undefined;
  };
  const put = tag(added);
  const taken = tag(removed);
  if (taken !== undefined) {
    deeds.push({ kind: 'untagged', vlan: taken });
  } else if (removed.some(({ name }) => name !== 'data') && both.length > 0) {
    deeds.push({ kind: 'unwrapped', layers: removed.map(({ text }) => protocolOf(text)) });
  }
  if (put !== undefined) {
    deeds.push({ kind: 'tagged', vlan: put });
  } else if (added.some(({ name }) => name !== 'data')) {
    deeds.push({ kind: 'wrapped', layers: added.map(({ text }) => protocolOf(text)) });
  }
  return deeds;
}

/** `Internet Protocol Version 4, Src: …` is the Internet Protocol Version 4. */
function protocolOf(text: string): string {
  return text.split(/[,(:]/)[0]?.trim() ?? text;
}

function routing(changes: readonly FieldChange[]): Deed[] {
  const hops = changes.find(({ name }) => name === 'ip.ttl' || name === 'ipv6.hlim');
  const vlan = changes.find(({ name }) => name === 'vlan.id');
  return [
    ...(hops === undefined
      ? []
      : [{ kind: 'routed', before: hops.before, after: hops.after } satisfies Deed]),
    ...(vlan === undefined
      ? []
      : [{ kind: 'retagged', before: vlan.before, after: vlan.after } satisfies Deed]),
  ];
}

function fragmenting(before: SeenFrame, after: SeenFrame): Deed[] {
  const was = fragmentOf(before);
  const is = fragmentOf(after);
  if (was === undefined && is !== undefined) {
    return [{ kind: 'fragmented', offset: is }];
  }
  return was !== undefined && is === undefined ? [{ kind: 'reassembled' }] : [];
}

/** The place of a fragment, in units of 8 bytes; undefined for a whole packet. */
function fragmentOf({ layers }: SeenFrame): string | undefined {
  const ip = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  if (ip === undefined) {
    return undefined;
  }
  const offset = valueOf(ip, ip.name === 'ip' ? 'ip.frag_offset' : 'ipv6.fraghdr.offset');
  const more = valueOf(ip, ip.name === 'ip' ? 'ip.flags.mf' : 'ipv6.fraghdr.more');
  return offset === undefined || (Number(offset) === 0 && !isSet(more)) ? undefined : offset;
}

function isSet(flag: string | undefined): boolean {
  return flag === '1' || flag === 'True' || flag === 'true';
}

function rewriting(before: SeenFrame, after: SeenFrame, changes: readonly FieldChange[]): Deed[] {
  const has = (...names: string[]): boolean => changes.some(({ name }) => names.includes(name));
  const deeds: Deed[] = [];
  if (has('ip.src', 'ipv6.src', 'tcp.srcport', 'udp.srcport', 'icmp.ident')) {
    deeds.push({ kind: 'source-rewritten', before: endOf(before, 'src'), after: endOf(after, 'src') });
  }
  if (has('ip.dst', 'ipv6.dst', 'tcp.dstport', 'udp.dstport')) {
    deeds.push({ kind: 'destination-rewritten', before: endOf(before, 'dst'), after: endOf(after, 'dst') });
  }
  if (has('tcp.seq_raw')) {
    deeds.push({ kind: 'made-anew' });
  }
  return deeds;
}

/** `10.0.2.15:5000`, `[2001:db8::1]:80`, `10.0.2.15 id 0x1234`. */
function endOf({ layers }: SeenFrame, side: 'src' | 'dst'): string {
  const ip = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  const address = ip === undefined ? '' : (valueOf(ip, `${ip.name}.${side}`) ?? '');
  const transport = layers.findLast(({ name }) => ['tcp', 'udp', 'icmp'].includes(name));
  if (transport === undefined) {
    return address;
  }
  if (transport.name === 'icmp') {
    const identifier = side === 'src' ? valueOf(transport, 'icmp.ident') : undefined;
    return identifier === undefined ? address : `${address} id ${identifier}`;
  }
  const port = valueOf(transport, `${transport.name}.${side}port`);
  return ip?.name === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function readdressing(changes: readonly FieldChange[]): Deed[] {
  const station = (name: string): FieldChange | undefined => changes.find(change => change.name === name);
  const to = station('eth.dst') ?? station('eth.src');
  return to === undefined ? [] : [{ kind: 'readdressed', before: to.before, after: to.after }];
}

function other(changes: readonly FieldChange[]): Deed[] {
  return changes
    .filter(({ name }) => !EXPLAINED.test(name) && !CONSEQUENCES.test(name))
    .map(({ label, before, after }) => ({ kind: 'changed', label, before, after }));
}
