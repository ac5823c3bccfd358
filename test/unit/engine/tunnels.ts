/** Hand-written topologies of two hosts with a VPN between them: a process on each carries what a TUN or TAP device gives over UDP. */
import type {
  ResolvedCable,
  ResolvedInterface,
  ResolvedStackDevice,
  ResolvedTopology,
  ResolvedTunnel,
} from '../../../src/topology/resolved';
import { parseInterfaceAddress } from '../../../src/net/ipv4-prefix';
import { cables, ip, mac, machine, topology } from './topologies';

export interface VpnOptions {
  readonly kind?: 'tun' | 'tap';
  /** Of each host's process. */
  readonly packetInformation?: readonly [boolean, boolean];
  readonly mtu?: number;
  /** What is cabled to the other end of host a's process, other than host b: properties of the cable between the two. */
  readonly wire?: Partial<ResolvedCable>;
}

/** A further interface of a hand-written machine: TUN and TAP have a port of their own. */
export function withInterface(
  device: ResolvedStackDevice,
  more: Partial<ResolvedInterface> & Pick<ResolvedInterface, 'name' | 'link'>,
  address?: string,
): ResolvedStackDevice {
  const added: ResolvedInterface = {
    mac: mac('00:00:00:00:00:00'),
    mtu: 1500,
    addressing:
      address === undefined
        ? { kind: 'none' }
        : { kind: 'static', addresses: [parseInterfaceAddress(address)!] },
    source: [],
    ...more,
  };
  const kind = more.link?.kind;
  const port = { name: more.name, source: [], ...(kind === 'tun' ? { carries: 'ip' as const } : {}) };
  const hasPort = kind === undefined || kind === 'port' || kind === 'tun' || kind === 'tap';
  return {
    ...device,
    interfaces: [...device.interfaces, added],
    ports: hasPort ? [...device.ports, port] : device.ports,
  };
}

export function tunnel(
  host: string,
  remote: string,
  more: Partial<ResolvedTunnel> & Pick<ResolvedTunnel, 'carries'>,
): ResolvedTunnel {
  return {
    kind: 'tunnel',
    id: `${host}:vpn`,
    label: 'vpn',
    inside: host,
    source: [],
    ports: [{ name: 'device', source: [], carries: more.carries }],
    packetInformation: false,
    host,
    localPort: 5555,
    remote: ip(remote),
    remotePort: 5555,
    ...more,
  };
}

/** 192.0.2.1 and 192.0.2.2 on one cable, and 10.8.0.1 and 10.8.0.2 through the VPN. Ports: a 0 and 1, b 2 and 3, processes 4 and 5. */
export function vpn(options: VpnOptions = {}): ResolvedTopology {
  const { kind = 'tun', packetInformation = [false, false], mtu = 1500 } = options;
  const carries = kind === 'tun' ? 'ip' : 'ethernet';
  const host = (id: string, index: number) =>
    withInterface(
      machine(id, { eth0: { address: `192.0.2.${index}/24`, mac: `02:00:00:00:00:0${index}` } }),
      {
        name: 'vpn0',
        link: { kind },
        mtu,
        mac: mac(kind === 'tun' ? '00:00:00:00:00:00' : `02:00:00:00:08:0${index}`),
      },
      `10.8.0.${index}/24`,
    );
  return topology(
    [
      host('a', 1),
      host('b', 2),
      tunnel('a', '192.0.2.2', { carries, packetInformation: packetInformation[0] }),
      tunnel('b', '192.0.2.1', { carries, packetInformation: packetInformation[1] }),
    ],
    [
      ...cables(['a:eth0 -- b:eth0'], options.wire),
      ...cables(['a:vpn0 -- a:vpn:device', 'b:vpn0 -- b:vpn:device'], {
        rate: Number.POSITIVE_INFINITY,
        delay: 0,
      }),
    ],
  );
}
