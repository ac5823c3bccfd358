/** The cabling with each broadcast domain in a look of its own: colour, pattern and a mark at every cable. */
import type { ResolvedTopology } from '../../../src/topology/resolved';
import { diagramModel, type DiagramCable, type DiagramModel } from '../model';
import { fill, type DiagramStrings } from '../strings';
import { broadcastDomains, UNTAGGED, type BroadcastDomain, type TaggedDomain } from './broadcast-domains';
import type { LegendEntry, ViewContent } from './view';

export function domainsView(topology: ResolvedTopology, strings: DiagramStrings): ViewContent {
  const model = diagramModel(topology, strings);
  const found = broadcastDomains(topology);
  const marks = marksOf(found.domains, strings);
  const tagged = (cable: DiagramCable): readonly TaggedDomain[] => travelling(cable, model, found.ofCable);
  const ofCable = new Map(
    model.cables.map(cable => [cable.id, [...new Set(tagged(cable).map(({ domain }) => domain))]] as const),
  );
  return {
    model: {
      ...model,
      nodes: model.nodes.map(node => ({
        ...node,
        // Addresses belong to the layer above.
        ports: node.ports.map(port => ({
          ...port,
          address: '',
          widestAddress: '',
          hidesAddress: true as const,
        })),
      })),
      cables: model.cables.map(cable =>
        cable.kind === 'cable'
          ? { ...cable, label: cableMark(tagged(cable), marks, cable.label, strings) }
          : cable,
      ),
    },
    paint: { ofCable, legend: legendOf(found.domains, marks, model) },
  };
}

/** What travels on a cable; on the line from a network card to its bridge, what travels on the card's cable. */
function travelling(
  cable: DiagramCable,
  model: DiagramModel,
  ofCable: ReadonlyMap<string, readonly TaggedDomain[]>,
): readonly TaggedDomain[] {
  switch (cable.kind) {
    case 'cable':
      return ofCable.get(cable.id) ?? [];
    case 'member': {
      const outer = model.cables.find(one => one.kind === 'cable' && one.ends.includes(cable.ends[0]));
      return outer === undefined ? [] : (ofCable.get(outer.id) ?? []);
    }
    case 'sockets':
      return [];
  }
}

/** `VLAN 10` where it has that number everywhere and no other domain has it, a letter otherwise. */
function marksOf(domains: readonly BroadcastDomain[], strings: DiagramStrings): string[] {
  let letters = 0;
  return domains.map(({ vlans }, index) => {
    const [vlan, ...more] = vlans;
    const alone = domains.every((other, at) => at === index || !other.vlans.includes(vlan ?? UNTAGGED));
    return vlan !== undefined && more.length === 0 && alone ? fill(strings.vlan, vlan) : letter(letters++);
  });
}

/** A to Z, then AA, AB and so on. */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last;
}

/** The mark of what has no tag on the cable, and the numbers of what has one. */
function cableMark(
  tagged: readonly TaggedDomain[],
  marks: readonly string[],
  physical: string,
  strings: DiagramStrings,
): string {
  const tags = tagged.filter(({ tag }) => tag !== UNTAGGED).map(({ tag }) => tag);
  const untagged = tagged.filter(({ tag }) => tag === UNTAGGED).map(({ domain }) => marks[domain] ?? '');
  const parts = [
    ...(tags.length === 0 ? [] : [fill(strings.trunk, shortened(tags))]),
    ...(tags.length === 0 || untagged.length === 0 ? untagged : [fill(strings.native, untagged.join(', '))]),
  ];
  return parts.length === 0 ? physical : parts.join(' · ');
}

/** Numbers beyond these are counted. */
const MOST_TAGS = 5;

function shortened(tags: readonly number[]): string {
  const shown = tags.slice(0, MOST_TAGS).join(', ');
  return tags.length <= MOST_TAGS ? shown : `${shown} … +${tags.length - MOST_TAGS}`;
}

function legendOf(
  domains: readonly BroadcastDomain[],
  marks: readonly string[],
  model: DiagramModel,
): LegendEntry[] {
  return domains.map((domain, index) => ({
    mark: marks[index] ?? '',
    name: domainName(domain, model),
    subnets: domain.subnets,
    stations: domain.interfaces.length,
  }));
}

/** The name of its network or first switch, or who it joins. */
export function domainName({ segments, interfaces }: BroadcastDomain, model: DiagramModel): string {
  const nodes = segments.flatMap(id => model.nodes.find(node => node.id === id) ?? []);
  const named = nodes.find(({ kind }) => kind === 'network') ?? nodes[0];
  return named?.label ?? interfaces.map(id => id.slice(0, id.lastIndexOf(':'))).join(' – ');
}
