/** What a user reads over a word of a file: what it means, and what became of it. */
import { formatInterfaceAddress } from '../net/ipv4-prefix';
import { formatIpv4 } from '../net/ipv4-address';
import { formatIpv6 } from '../net/ipv6-address';
import { formatIpv6InterfaceAddress } from '../net/ipv6-prefix';
import { formatMac } from '../net/mac-address';
import type { DiagnosticMessage } from './diagnostic';
import { HOVER_TEXTS } from './hover-texts';
import type { ResolvedInterface, ResolvedStackDevice, TopologyPath } from './resolved';
import { schemaAt, textOf, valuesOf, type Schema } from './schema';
import { entryAt, nodeAt, pathAtOffset } from './source-tree';
import type { TextRange } from './text-range';
import type { TopologyFile } from './topology-file';

export interface Hover {
  readonly range: TextRange;
  /** Markdown, a paragraph each; templates are keys for translation. */
  readonly paragraphs: readonly DiagnosticMessage[];
}

/** The hover at an offset; undefined where there is nothing to say. */
export function hoverAt(file: TopologyFile, offset: number): Hover | undefined {
  if (file.root === undefined) {
    return undefined;
  }
  const { path, onKey } = pathAtOffset(file.root, offset);
  const span = onKey ? entryAt(file.root, path)?.keySpan : nodeAt(file.root, path)?.span;
  const scalar = nodeAt(file.root, path)?.kind === 'scalar';
  if (span === undefined || offset < span[0] || offset > span[1] || (!onKey && !scalar)) {
    return undefined;
  }
  const schema = schemaAt(file.root, path);
  const paragraphs = [...resolvedFacts(file, path), ...(schema ? meaning(schema) : [])];
  return paragraphs.length === 0 ? undefined : { range: file.lines.range(span[0], span[1]), paragraphs };
}

function meaning(schema: Schema): DiagnosticMessage[] {
  const lines: DiagnosticMessage[] = [];
  if (schema.description !== undefined) {
    lines.push({ template: schema.description, values: [] });
  }
  const values = valuesOf(schema);
  if (values.length > 1) {
    lines.push(say('values', values.map(code).join(', ')));
  }
  if (schema.default !== undefined) {
    lines.push(say('default', code(textOf(schema.default))));
  }
  const examples = (schema.examples ?? []).filter(one => typeof one === 'string');
  if (examples.length > 0) {
    lines.push(say('examples', examples.map(code).join(', ')));
  }
  if (schema.notSimulated === true) {
    lines.push(say('not-simulated'));
  }
  return lines;
}

/** Addresses, and where they come from, for a machine or one of its interfaces. */
function resolvedFacts(file: TopologyFile, path: TopologyPath): DiagnosticMessage[] {
  const [section, node, part, name] = path;
  if (
    section !== 'nodes' ||
    (path.length !== 2 && (path.length !== 4 || (part !== 'interfaces' && part !== 'adapters')))
  ) {
    return [];
  }
  const device = file.topology?.devices.find(({ id }) => id === node);
  if (device === undefined || !('interfaces' in device)) {
    return [];
  }
  const wanted = device.interfaces.filter(
    one => name === undefined || one.name === name || String(one.slot) === name,
  );
  return wanted.flatMap(one => [interfaceFact(device, one), ...ipv6Facts(device, one)]);
}

function interfaceFact(device: ResolvedStackDevice, one: ResolvedInterface): DiagnosticMessage {
  const label = code(`${device.id}:${one.name}`);
  const mac = code(formatMac(one.mac));
  switch (one.addressing.kind) {
    case 'none':
      return say('interface-none', label, mac);
    case 'dhcp':
      return say('interface-dhcp', label, mac);
    case 'static': {
      const addresses = one.addressing.addresses
        .map(address => code(formatInterfaceAddress(address)))
        .join(', ');
      const { gateway } = one.addressing;
      return gateway === undefined
        ? say('interface-static', label, mac, addresses)
        : say('interface-gateway', label, mac, addresses, code(formatIpv4(gateway)));
    }
  }
}

function ipv6Facts(device: ResolvedStackDevice, { name, ipv6 }: ResolvedInterface): DiagnosticMessage[] {
  const label = code(`${device.id}:${name}`);
  const addresses = (ipv6?.addresses ?? []).map(address => code(formatIpv6InterfaceAddress(address)));
  const written =
    ipv6?.gateway === undefined
      ? say('interface-ipv6', label, addresses.join(', '))
      : say('interface-ipv6-gateway', label, addresses.join(', '), code(formatIpv6(ipv6.gateway)));
  return [
    ...(addresses.length > 0 ? [written] : []),
    ...(ipv6?.autoconfiguration === true ? [say('interface-slaac', label)] : []),
  ];
}

const say = (id: keyof typeof HOVER_TEXTS, ...values: string[]): DiagnosticMessage => ({
  template: HOVER_TEXTS[id],
  values,
});

const code = (text: string): string => `\`${text}\``;
