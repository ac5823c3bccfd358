/** The cables that the file spells out under `links`. */
import type { CableSource, LinkSource, NodeSource } from '../file-source';
import type { TopologyPath } from '../resolved';
import { nearest } from '../suggestion';
import { cableBetween, readCable } from './cable-properties';
import { addPort, findInterface, type Draft, type InterfaceDraft } from './draft';
import { draftInterface } from './interfaces';
import { findNode } from './names';
import { addNetworkPort } from './plugging';

/** One end of a cable that can be plugged in. */
interface LinkEnd {
  readonly device: string;
  readonly port: string;
  readonly path: TopologyPath;
  /** The segment of a switch; a machine's interface has none before. */
  readonly segment?: string;
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
  joinSegments(draft, first, second, path);
  const up = properties.up && (first.interface?.up ?? true) && (second.interface?.up ?? true);
  const ends = [
    { device: first.device, port: first.port },
    { device: second.device, port: second.port },
  ] as const;
  draft.cables.push(cableBetween(ends, { ...properties, up }, path));
}

function joinSegments(draft: Draft, first: LinkEnd, second: LinkEnd, path: TopologyPath): void {
  const segment = first.segment ?? second.segment ?? `${first.device}:${first.port}`;
  if (first.segment !== undefined && second.segment !== undefined) {
    if (!draft.segments.join(first.segment, second.segment)) {
      draft.report.add('switching-loop', path, [], { severity: 'warning' });
    }
  }
  for (const end of [first, second]) {
    if (end.interface !== undefined) {
      end.interface.segment = segment;
      const plan = draft.plans.get(segment);
      if (plan !== undefined) {
        end.interface.plan = plan;
      }
    }
  }
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
    case 'container':
    case 'hub':
      report.add('not-simulated/left-out', path, [device]);
      return undefined;
    case 'vm':
      report.add('vm-cable', path, [device]);
      return undefined;
    case 'switch':
    case 'internet':
      return plugPort(draft, device, port, node, path);
    case 'host':
    case 'router': {
      const type = node.interfaces?.[port]?.type ?? 'physical';
      if (type !== 'physical') {
        report.add('not-simulated/left-out', path, [port]);
        return undefined;
      }
      // An interface that only a cable names has all the defaults.
      const on = findInterface(draft, device, port) ?? draftInterface(draft, device, port, path, {}, true);
      if (on.pluggedAt !== undefined) {
        const related = { id: 'interface-in-use/place', place: on.pluggedAt } as const;
        report.add('interface-in-use', path, [text], { related });
        return undefined;
      }
      on.pluggedAt = link;
      return { device, port, path, interface: on };
    }
  }
}

function plugPort(
  draft: Draft,
  device: string,
  port: string,
  node: Extract<NodeSource, { readonly kind: 'switch' | 'internet' }>,
  path: TopologyPath,
): LinkEnd | undefined {
  const used = draft.ports.get(device)?.get(port);
  if (used !== undefined) {
    const related = { id: 'interface-in-use/place', place: used.source } as const;
    draft.report.add('interface-in-use', path, [`${device}:${port}`], { related });
    return undefined;
  }
  if (node.kind === 'switch' && !hasPort(draft, device, port, node.ports, path)) {
    return undefined;
  }
  if (node.kind === 'switch') {
    addPort(draft, device, { name: port, source: path });
  } else {
    addNetworkPort(draft, device, port, path);
  }
  return { device, port, path, segment: device };
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
    const suggestion = nearest(port, Object.keys(ports));
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
