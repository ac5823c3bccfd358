/** A bench for one stack with IPv6: station `index` is on the cable of interface `eth{index}`, with hand-made frames. */
import type { NetworkInterface } from '../../../../../src/engine/stack/network-interface';
import { Port } from '../../../../../src/engine/kernel/port';
import { Simulator } from '../../../../../src/engine/kernel/simulator';
import type { Ipv6LinkConfig } from '../../../../../src/engine/stack/ipv6/ipv6-link';
import type { Ipv6Stack } from '../../../../../src/engine/stack/ipv6/ipv6-stack';
import { Stack } from '../../../../../src/engine/stack/stack';
import { formatIpv6InterfaceAddress, parseIpv6InterfaceAddress } from '../../../../../src/net/ipv6-prefix';
import { macFromNumber } from '../../../../../src/net/mac-address';
import { ip, ip6 } from '../../topologies';
import { cableFor, SECOND, Station } from '../../station';
import { Recorder } from '../../recorder';
import { ndpFrame, type Ipv6Ends } from '../../ipv6-packets';

export interface BenchOptions {
  readonly forwarding?: boolean;
  readonly mtu?: number;
  readonly config?: Partial<Ipv6LinkConfig>;
}

/** The station's own address on the link. */
export const PEER = 'fe80::2';

export class Ipv6Bench {
  readonly recorder = new Recorder();
  readonly simulator: Simulator;
  readonly stack: Stack;
  readonly stations: Station[] = [];
  /** How often the stack told of other addresses. */
  changes = 0;

  /** @param networks each interface's IPv6 addresses in CIDR form, separated by blanks */
  constructor(networks: readonly string[], options: BenchOptions = {}) {
    this.simulator = new Simulator(1, this.recorder);
    this.stack = new Stack(this.simulator, 'bench', false, {
      addressesChanged: () => {
        this.changes++;
      },
    });
    networks.forEach((text, index) => {
      const mac = macFromNumber(0x020000000041 + index);
      const on = this.stack.addInterface(`eth${index}`, mac, options.mtu ?? 1500, index);
      const port = new Port(this.simulator, index, on);
      on.port = port;
      const station = new Station(
        this.simulator,
        100 + index,
        macFromNumber(0x020000000200 + index),
        ip('0.0.0.0'),
      );
      port.connect(station.port, cableFor(this.simulator));
      this.stations.push(station);
      const addresses = text
        .split(' ')
        .filter(Boolean)
        .map(each => parseIpv6InterfaceAddress(each)!);
      this.stack.enableIpv6(
        on,
        { addresses, autoconfiguration: false, statelessDhcp: false, ...options.config },
        options.forwarding ?? false,
      );
    });
  }

  /** A bench whose addresses are tested and whose first reports are over. */
  static ready(networks: readonly string[], options: BenchOptions = {}): Ipv6Bench {
    const bench = new Ipv6Bench(networks, options);
    bench.run(4);
    bench.stations.forEach(station => station.take());
    bench.takeReasons();
    return bench;
  }

  get ipv6(): Ipv6Stack {
    return this.stack.ipv6!;
  }

  on(index = 0): NetworkInterface {
    return this.stack.interfaces[index]!;
  }

  station(index = 0): Station {
    return this.stations[index]!;
  }

  addresses(index = 0): string[] {
    return this.ipv6.addressesOf(this.on(index)).map(formatIpv6InterfaceAddress);
  }

  /** From the station of an interface to the stack. */
  ends(to: string, from = PEER, index = 0): Ipv6Ends {
    return { fromMac: this.station(index).mac, toMac: this.on(index).mac, from: ip6(from), to: ip6(to) };
  }

  /** Teaches the stack the station's hardware address for this address of it. */
  introduce(address = PEER, index = 0): void {
    const own = this.ipv6.addressesOf(this.on(index)).at(-1)!.address;
    this.station(index).send(
      ndpFrame(
        { fromMac: this.station(index).mac, toMac: this.on(index).mac, from: ip6(address), to: own },
        {
          kind: 'neighbour-solicitation',
          target: own,
          options: [{ kind: 'source-link-layer', mac: this.station(index).mac }],
        },
      ),
    );
    this.run(0.001);
    this.station(index).take();
  }

  /** Lets this many seconds pass. */
  run(seconds: number): void {
    this.simulator.runUntil(this.simulator.now + Math.round(seconds * SECOND));
  }

  /** Sends from a station and lets a millisecond pass; gives what came back. */
  inject(bytes: Uint8Array, index = 0): string[] {
    this.station(index).send(bytes);
    this.run(0.001);
    return this.station(index).lines();
  }

  /** Drops since the last call. */
  takeReasons(): string[] {
    const fresh = this.recorder.records.slice(this.seen);
    this.seen = this.recorder.records.length;
    return fresh.flatMap(({ reason }) => reason ?? []);
  }

  private seen = 0;
}
