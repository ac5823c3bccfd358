/** Attached to a generic driver: UDPTunnel sends each frame as one UDP datagram of the host (DrvUDPTunnel.cpp). */
import { ipv4FromNumber } from '../../../net/ipv4-address';
import { parseIp, type IpAddress } from '../../../net/ip-address';
import type { TopologyPath } from '../../resolved';
import { DEFAULT_CABLE } from '../cable-properties';
import { addPart, type Draft } from '../draft';
import type { AdapterDraft } from '../interfaces';
import { claimPort } from '../listening';
import { plugTogether } from '../plugging';
import { nearest } from '../../suggestion';

/** DrvUDPTunnel.cpp. */
const DEFAULTS = { sport: 4444, dport: 4445, dest: ipv4FromNumber(0x7f000001) } as const;

export function attachGeneric(draft: Draft, { on, source }: AdapterDraft, host: string): void {
  if (source.driver === 'VDE') {
    // Said where it stands; the adapter stays without a cable.
    return;
  }
  const path = [...on.path, 'properties'];
  const properties = source.properties ?? {};
  for (const key of Object.keys(properties)) {
    if (!Object.hasOwn(DEFAULTS, key)) {
      const suggestion = draft.report.full ? undefined : nearest(key, Object.keys(DEFAULTS));
      const place = { key: [...path, key] };
      if (suggestion === undefined) {
        draft.report.add('unknown-key', place, [key, 'UDPTunnel']);
      } else {
        const options = { replacement: suggestion };
        draft.report.add('unknown-key/suggestion', place, [key, 'UDPTunnel', suggestion], options);
      }
    }
  }
  const localPort = readPort(draft, properties['sport'], DEFAULTS.sport, [...path, 'sport']);
  const remotePort = readPort(draft, properties['dport'], DEFAULTS.dport, [...path, 'dport']);
  const remote = readDestination(draft, properties['dest'], [...path, 'dest']);
  claimPort(draft, host, 'udp', undefined, localPort, { key: on.path });
  const id = `${on.node}:${on.slot ?? 1}/tunnel`;
  addPart(draft, on.node, () => ({
    kind: 'tunnel',
    id,
    label: 'UDP tunnel',
    inside: host,
    source: on.path,
    ports: [{ name: 'device', source: on.path }],
    carries: 'ethernet',
    packetInformation: false,
    host,
    localPort,
    remote,
    remotePort,
  }));
  plugTogether(draft, on, { device: id, port: 'device' }, id, on.path, { ...DEFAULT_CABLE, up: on.up });
}

function readPort(
  draft: Draft,
  written: string | number | undefined,
  otherwise: number,
  place: TopologyPath,
): number {
  const port = written === undefined ? otherwise : Number(written);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    draft.report.add('out-of-range', place, [String(place.at(-1)), 1, 65_535]);
    return otherwise;
  }
  return port;
}

function readDestination(draft: Draft, written: string | number | undefined, place: TopologyPath): IpAddress {
  const address = written === undefined ? DEFAULTS.dest : parseIp(String(written));
  if (address === undefined) {
    draft.report.add('bad-address', place, [String(written)]);
  }
  return address ?? DEFAULTS.dest;
}
