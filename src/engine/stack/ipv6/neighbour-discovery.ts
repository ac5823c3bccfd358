/** Neighbour discovery between neighbours (RFC 4861 7): asks for hardware addresses, answers for the node's own, notices duplicates. */
import {
  ALL_NODES_IPV6,
  isMulticastIpv6,
  UNSPECIFIED_IPV6,
  type Ipv6Address,
} from '../../../net/ipv6-address';
import { solicitedNodeGroup } from '../../../net/ipv6-link-layer';
import type { MacAddress } from '../../../net/mac-address';
import {
  NDP_HOP_LIMIT,
  ndpBytes,
  type NdpMessage,
  type NeighbourAdvertisement,
  type NeighbourSolicitation,
} from '../../../wire/ndp';
import { ipv6Source } from '../../../wire/ipv6';
import type { DropReason } from '../../kernel/drop-reason';
import type { NetworkInterface } from '../network-interface';
import type { DuplicateAddressDetection } from './duplicate-address-detection';
import type { Ipv6Interface } from './ipv6-interface';
import type { Ipv6Packet } from './ipv6-layer';
import { IPV6_AT } from './ip-packet';
import type { Ipv6Sender } from './ipv6-sender';
import type { NeighbourCache, NeighbourCacheOwner } from './neighbour-cache';

/** Hears of what neighbour discovery finds out for others. */
export interface NeighbourListener {
  /** Nobody answered: `bytes` is a frame that waited, its hardware addresses still unwritten. */
  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void;
  /** A neighbour that was a router is none any more, or does not answer. */
  routerLost(address: Ipv6Address, on: NetworkInterface, stillRouter: boolean): void;
}

export class NeighbourDiscovery implements NeighbourCacheOwner {
  constructor(
    private readonly sender: Ipv6Sender,
    private readonly side: Ipv6Interface,
    private readonly duplicates: DuplicateAddressDetection,
    /** Undefined where next hops have no hardware addresses. */
    private readonly cache: () => NeighbourCache | undefined,
    private readonly listener: NeighbourListener,
  ) {}

  solicit(target: Ipv6Address, mac: MacAddress | undefined, waiting: Uint8Array | undefined): void {
    const { side, sender } = this;
    const wanted = waiting === undefined ? undefined : ipv6Source(waiting, IPV6_AT);
    // The packet's own source, so that the answer finds it known (RFC 4861 7.2.2); a probe comes from the link (measured).
    const source = wanted !== undefined && sender.interfaces.isOwnUnicast(wanted) ? wanted : side.linkLocal;
    if (source === undefined) {
      return;
    }
    const message: NdpMessage = {
      kind: 'neighbour-solicitation',
      target,
      options: [{ kind: 'source-link-layer', mac: side.on.mac }],
    };
    const destination = mac === undefined ? solicitedNodeGroup(target) : target;
    sender.sendControl(side.on, source, destination, ndpBytes(message), NDP_HOP_LIMIT);
  }

  neighbourUnresolved(bytes: Uint8Array, on: NetworkInterface): void {
    this.listener.neighbourUnresolved(bytes, on);
  }

  routerLost(address: Ipv6Address, stillRouter: boolean): void {
    this.listener.routerLost(address, this.side.on, stillRouter);
  }

  /** Why the message is of no use, or undefined. */
  receiveSolicitation(message: NeighbourSolicitation, packet: Ipv6Packet): DropReason | undefined {
    const { source, destination } = packet;
    const link = linkLayerOf(message, 'source-link-layer');
    const testing = source === UNSPECIFIED_IPV6;
    if (testing && (link !== undefined || destination !== solicitedNodeGroup(message.target))) {
      return 'neighbour-discovery-invalid';
    }
    const entry = this.side.entryOf(message.target);
    if (entry?.uniqueness === 'tentative') {
      if (testing) {
        const nonce = message.options.find(option => option.kind === 'nonce');
        this.duplicates.conflict(message.target, nonce?.nonce);
      }
      // Someone who asks for an address that is not yet ours gets no answer (RFC 4862 5.4.3).
      return 'address-tentative';
    }
    const anycast = entry === undefined;
    if (anycast ? !this.isOwnAnycast(message.target) : entry.uniqueness !== 'unique') {
      return 'not-for-this-station';
    }
    if (!testing && link !== undefined) {
      this.cache()?.heard(source, link);
    }
    this.answer(message.target, testing ? undefined : source, isMulticastIpv6(destination), anycast);
    return undefined;
  }

  /** Why the message is of no use, or undefined. */
  receiveAdvertisement(message: NeighbourAdvertisement, packet: Ipv6Packet): DropReason | undefined {
    if (message.solicited && isMulticastIpv6(packet.destination)) {
      return 'neighbour-discovery-invalid';
    }
    if (this.side.entryOf(message.target) !== undefined) {
      this.duplicates.conflict(message.target, undefined);
      return 'neighbour-discovery-ignored';
    }
    const mac = linkLayerOf(message, 'target-link-layer');
    return this.cache()?.advertised(message.target, mac, message) === true ? undefined : 'no-such-request';
  }

  private isOwnAnycast(target: Ipv6Address): boolean {
    return this.sender.interfaces.isAnycast(target);
  }

  /**
   * RFC 4861 7.2.4; Linux ndisc_recv_ns: the hardware address, and with it the override flag, is told only to who asked everyone.
   * @param asker undefined for a test for duplicates, which everyone hears the answer to
   */
  private answer(
    target: Ipv6Address,
    asker: Ipv6Address | undefined,
    askedEveryone: boolean,
    anycast: boolean,
  ): void {
    const { side } = this;
    const message: NdpMessage = {
      kind: 'neighbour-advertisement',
      router: side.forwarding,
      solicited: asker !== undefined,
      override: askedEveryone && !anycast,
      target,
      options: askedEveryone ? [{ kind: 'target-link-layer', mac: side.on.mac }] : [],
    };
    const source = anycast ? side.linkLocal : target;
    if (source !== undefined) {
      this.sender.sendControl(side.on, source, asker ?? ALL_NODES_IPV6, ndpBytes(message), NDP_HOP_LIMIT);
    }
  }
}

/** The hardware address that a message tells by an option of this kind. */
export function linkLayerOf(
  { options }: NdpMessage,
  kind: 'source-link-layer' | 'target-link-layer',
): MacAddress | undefined {
  for (const option of options) {
    if (option.kind === kind) {
      return option.mac;
    }
  }
  return undefined;
}
