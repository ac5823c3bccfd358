/** The cables that the file spells out under `links`. */
import type { CableSource, HubSource, InternetSource, LinkSource, SwitchSource } from '../file-source';
import type { TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { cableBetween, readCable } from './cable-properties';
import { addPort, domainOf, findInterface, type Draft, type InterfaceDraft } from './draft';
import { draftInterface } from './interfaces';
import { findNode } from './names';
import { addNetworkPort, joinRing } from './plugging';
import { switchPort } from './switches';

/** One end of a cable that can be plugged in. */
interface LinkEnd {
  readonly device: string;
  readonly port: string;
  /** The broadcast domain; none for a trunk. */
  readonly domain: string | undefined;
  readonly interface?: InterfaceDraft;
}

/** Plugs in every link. */
export function plugLinks(draft: Draft): void {
  (draft.source.links ?? []).forEach((link, index) => plugLink(draft, link, ['links', index]));
}

function plugLink(draft: Draft, link: LinkSource, path: TopologyPath): void {
  const source: CableSource = 'between' in link ? link : { between: link };
  const betweenPath = 'between' in link ? [...path, 'between'] : path;
  const [first, second] = source.between.map((text, index) =>
    plugEnd(draft, text, [...betweenPath, index], path),
  );
  const properties = readCable(source, path, draft.report);
  if (first === undefined || second === undefined) {
    return;
  }
  if (first.domain !== undefined && second.domain !== undefined) {
    draft.segments.join(first.domain, second.domain);
  }
  joinRing(draft, first.domain ?? first.device, second.domain ?? second.device, path);
  for (const end of [first, second]) {
    const other = end === first ? second : first;
    const plan = other.domain === undefined ? undefined : draft.plans.get(other.domain);
    if (end.interface !== undefined && plan !== undefined) {
      end.interface.plan = plan;
    }
  }
  const ends = [
    { device: first.device, port: first.port },
    { device: second.device, port: second.port },
  ] as const;
  draft.cables.push(cableBetween(ends, properties, path));
}

/** Finds or makes what the cable's end goes into; reports and returns nothing where that can't be. */
function plugEnd(draft: Draft, text: string, path: TopologyPath, link: TopologyPath): LinkEnd | undefined {
  const { report, names } = draft;
  const colon = text.indexOf(':');
  const device = text.slice(0, colon);
  const port = text.slice(colon + 1);
  if (names.networks.has(device)) {
    report.add('wrong-kind/link-network', path, [device]);
    return undefined;
  }
  const node = findNode(names, device, path, report);
  switch (node?.kind) {
    case undefined:
      return undefined;
    case 'vm':
      report.add('vm-cable', path, [device]);
      return undefined;
    case 'container':
      report.add('container-cable', path, [device]);
      return undefined;
    case 'switch':
    case 'hub':
    case 'internet':
      return plugPort(draft, device, port, node, path);
    case 'host':
    case 'router': {
      // An interface that only a cable names has all the defaults.
      const on = findInterface(draft, device, port) ?? draftInterface(draft, device, port, path, {}, true);
      const type = on.source.type ?? 'physical';
      if (type !== 'physical') {
        report.add('cable-without-port', path, [text, type]);
        return undefined;
      }
      if (on.pluggedAt !== undefined) {
        const related = { id: 'interface-in-use/place', place: on.pluggedAt } as const;
        report.add('interface-in-use', path, [text], { related });
        return undefined;
      }
      on.pluggedAt = link;
      return { device, port: on.name, domain: domainOf(on), interface: on };
    }
  }
}

function plugPort(
  draft: Draft,
  device: string,
  port: string,
  node: SwitchSource | HubSource | InternetSource,
  path: TopologyPath,
): LinkEnd | undefined {
  const used = draft.ports.get(device)?.get(port);
  if (used !== undefined) {
    const related = { id: 'interface-in-use/place', place: used.source } as const;
    draft.report.add('interface-in-use', path, [`${device}:${port}`], { related });
    return undefined;
  }
  if (node.kind === 'internet') {
    addNetworkPort(draft, device, { name: port, source: path });
    return { device, port, domain: device };
  }
  if (!hasPort(draft, device, port, node.ports, path)) {
    return undefined;
  }
  const { vlans, domain } = switchPort(draft, device, node, port);
  addPort(draft, device, { name: port, ...vlans, source: path });
  return { device, port, domain };
}

/** Whether a switch that lists or counts its ports has this one. */
function hasPort(
  draft: Draft,
  device: string,
  port: string,
  ports: number | Readonly<Record<string, unknown>> | undefined,
  path: TopologyPath,
): boolean {
  if (typeof ports === 'number') {
    const number = /^\d+$/.test(port) ? Number(port) : 0;
    if (number < 1 || number > ports) {
      draft.report.add('unknown-interface/port', path, [device, ports, port]);
      return false;
    }
  } else if (ports !== undefined && !Object.hasOwn(ports, port)) {
    const suggestion = draft.report.full ? undefined : nearest(port, Object.keys(ports));
    if (suggestion === undefined) {
      draft.report.add('unknown-interface', path, [device, port]);
    } else {
      const replacement = `${device}:${suggestion}`;
      draft.report.add('unknown-interface/suggestion', path, [device, port, suggestion], { replacement });
    }
    return false;
  }
  return true;
}
