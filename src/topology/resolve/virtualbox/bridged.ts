/** Attached to a bridged adapter: a filter in the host's network card is a switch between the wire, the host and its VMs. */
import type { TopologyPath } from '../../resolved';
import { reportUnknownInterface } from '../bridges';
import { cableBetween, DEFAULT_CABLE } from '../cable-properties';
import { domainOf, findInterface, interfacesOf, type Draft, type InterfaceDraft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { plugAdapter, virtualBoxNetwork, type VirtualBoxNetwork } from './network';

export function attachBridged(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  const card = cardOf(draft, on, host, source.to);
  if (card !== undefined) {
    plugAdapter(draft, filterOf(draft, card), on, source);
  }
}

/** The network card that the adapter names, or the only one. */
function cardOf(
  draft: Draft,
  on: InterfaceDraft,
  host: string,
  written: string | undefined,
): InterfaceDraft | undefined {
  const place = [...on.path, 'to'];
  if (written !== undefined) {
    const found = findInterface(draft, host, written);
    if (found === undefined) {
      reportUnknownInterface(draft, host, written, place);
      return undefined;
    }
    if (!isCard(found)) {
      draft.report.add('bridged-to', place, [written]);
      return undefined;
    }
    return found;
  }
  const cards = interfacesOf(draft, host).filter(isCard);
  const [only, another] = cards;
  if (only === undefined || another !== undefined) {
    const id = only === undefined ? 'without-choice/none' : 'without-choice';
    draft.report.add(id, { key: on.path }, [host, cards.map(({ name }) => name).join(', ')]);
    return undefined;
  }
  return only;
}

const isCard = (one: InterfaceDraft): boolean =>
  one.link.kind === 'port' &&
  (one.source.type ?? 'physical') === 'physical' &&
  !one.name.startsWith('vboxnet');

/** The filter on a card, put between it and its cable when it is first asked for (VBoxNetFlt; ConsoleImpl2.cpp names it). */
function filterOf(draft: Draft, card: InterfaceDraft): VirtualBoxNetwork {
  const name = `HostInterfaceNetworking-${card.name}`;
  const { network, isNew } = virtualBoxNetwork(draft, card.node, name, () => ({
    label: card.name,
    role: 'bridged',
    source: card.path,
  }));
  if (isNew) {
    network.ports.push({
      name: 'host',
      role: 'host',
      promiscuous: 'allow-all',
      station: card,
      source: card.path,
    });
    moveCable(draft, card, network);
    const ends = [
      { device: card.node, port: card.name },
      { device: network.id, port: 'host' },
    ] as const;
    draft.cables.push(cableBetween(ends, DEFAULT_CABLE, card.path));
    draft.segments.join(network.id, domainOf(card));
    if (card.source.wifi === true) {
      network.sharedMacOnWire = true;
    }
  }
  return network;
}

/** What was plugged into the card is plugged into the filter's wire; the cable keeps its name. */
function moveCable(draft: Draft, card: InterfaceDraft, network: VirtualBoxNetwork): void {
  const index = draft.cables.findIndex(({ ends }) =>
    ends.some(end => end.device === card.node && end.port === card.name),
  );
  const cable = draft.cables[index];
  if (cable === undefined) {
    return;
  }
  const wire = { device: network.id, port: 'wire' };
  const [one, other] = cable.ends;
  const first = one.device === card.node && one.port === card.name;
  draft.cables[index] = { ...cable, ends: first ? [wire, other] : [one, wire] };
  const source: TopologyPath = cable.source;
  network.ports.push({ name: 'wire', role: 'wire', promiscuous: 'allow-all', source });
}
