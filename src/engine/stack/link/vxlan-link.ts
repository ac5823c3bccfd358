/**
 * VXLAN interfaces (RFC 7348) as Linux makes them (drivers/net/vxlan): Ethernet frames in UDP datagrams of the machine's own stack, sent to
 * the remote end where their destination was heard, or to every one. The outer packet has TTL 64, no DF and a checksum, and its source
 * port tells the inner flow (measured on Linux 6.18).
 */
import type { IpAddress } from '../../../net/ip-address';
import { isGroupMac } from '../../../net/mac-address';
import type { ResolvedLink } from '../../../topology/resolved';
import {
  destinationMac,
  ETHERNET_HEADER_BYTES,
  ETHERTYPE,
  etherType,
  sourceMac,
} from '../../../wire/ethernet';
import { typeOfService } from '../../../wire/ipv4';
import { checkVxlan, VXLAN_HEADER_BYTES, vxlanNetworkIdentifier, writeVxlan } from '../../../wire/vxlan';
import type { Frame } from '../../kernel/frame';
import type { PacketOptions } from '../ipv4/ip-packet';
import { LINUX } from '../linux-policy';
import type { Link, NetworkInterface } from '../network-interface';
import type { Stack } from '../stack';
import type { DatagramReceiver } from '../udp-layer';
import { flowHash, flowSourcePort } from './flow-hash';
import { VxlanStations } from './vxlan-stations';

export type VxlanConfig = Extract<ResolvedLink, { kind: 'vxlan' }>;

/** The outer packet's marks by the inner one's ECN field: congestion experienced is not passed on outwards (`INET_ECN_encapsulate`). */
const OUTER: readonly PacketOptions[] = [0, 1, 2, 2].map(outerOptions);
const OUTER_OF_OTHERS = outerOptions(0);

function outerOptions(typeOfService: number): PacketOptions {
  return { timeToLive: LINUX.timeToLive, typeOfService, dontFragment: false };
}

export class VxlanLink implements Link {
  readonly carrier = true;
  readonly stations = new VxlanStations();
  private readonly seed: number;
  private sending = false;

  constructor(
    private readonly on: NetworkInterface,
    private readonly stack: Stack,
    private readonly config: VxlanConfig,
  ) {
    on.link = this;
    // One secret for a machine, as the kernel has (`hashrnd` of the flow dissector).
    this.seed = stack.simulator.random(`flows ${stack.name}`).word();
  }

  send(frame: Frame): void {
    if (this.sending) {
      this.on.drop(frame, 'link-loop');
      return;
    }
    const destination = destinationMac(frame.bytes);
    const remote = isGroupMac(destination)
      ? undefined
      : this.stations.find(destination, this.on.simulator.now);
    const remotes = remote === undefined ? this.config.remotes : [remote];
    if (remotes.length === 0) {
      this.on.drop(frame, 'vxlan-no-remote');
      return;
    }
    this.sending = true;
    for (const each of remotes) {
      this.sendTo(frame, each);
    }
    this.sending = false;
  }

  /** A frame of this network has come from a remote end. */
  receive(bytes: Uint8Array, remote: IpAddress): void {
    const { on } = this;
    const { simulator } = on;
    const frame = simulator.frame(bytes);
    if (bytes.length < ETHERNET_HEADER_BYTES) {
      on.drop(frame, 'malformed');
      return;
    }
    const source = sourceMac(bytes);
    if (source === on.mac) {
      on.drop(frame, 'own-source');
    } else if (isGroupMac(source)) {
      on.drop(frame, 'source-invalid');
    } else {
      this.stations.learn(source, remote, simulator.now);
      on.receive(frame);
    }
  }

  private sendTo(frame: Frame, remote: IpAddress): void {
    const { bytes } = frame;
    const { id, local, port } = this.config;
    const data = new Uint8Array(VXLAN_HEADER_BYTES + bytes.length);
    writeVxlan(data, 0, id);
    data.set(bytes, VXLAN_HEADER_BYTES);
    const isPacket = etherType(bytes) === ETHERTYPE.ipv4;
    const marked = isPacket ? OUTER[typeOfService(bytes, ETHERNET_HEADER_BYTES) & 3] : undefined;
    const options = marked ?? OUTER_OF_OTHERS;
    const flow = flowSourcePort(flowHash(bytes, this.seed), LINUX.firstLocalPort, LINUX.lastLocalPort);
    this.stack.udp.send(data, { port: flow, options }, remote, port, local);
  }
}

/** What hears the datagrams of one UDP port for all VXLAN interfaces of a machine that use it. */
export class VxlanSocket implements DatagramReceiver<IpAddress> {
  private readonly links = new Map<number, VxlanLink>();

  constructor(stack: Stack, port: number) {
    stack.udp.openDual(port, this);
  }

  add(networkIdentifier: number, link: VxlanLink): void {
    this.links.set(networkIdentifier, link);
  }

  datagram(data: Uint8Array, from: IpAddress, _fromPort: number, _to: IpAddress, on: NetworkInterface): void {
    const { simulator } = on;
    const inner = simulator.pool.copy(data.subarray(Math.min(VXLAN_HEADER_BYTES, data.length)));
    if (checkVxlan(data, 0, data.length) !== undefined) {
      on.drop(simulator.frame(inner), 'vxlan-header-invalid');
      return;
    }
    const link = this.links.get(vxlanNetworkIdentifier(data, 0));
    if (link === undefined) {
      on.drop(simulator.frame(inner), 'vxlan-unknown');
    } else {
      link.receive(inner, from);
    }
  }
}
