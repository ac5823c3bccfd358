/** A bench for one stack: a simulator, its records, and stations with hand-made ports that send any bytes and keep what they hear. */
import type { Frame } from '../../../src/engine/kernel/frame';
import { Port, type Cable, type FrameReceiver } from '../../../src/engine/kernel/port';
import { Simulator } from '../../../src/engine/kernel/simulator';
import type { NetworkInterface } from '../../../src/engine/stack/network-interface';
import { Stack } from '../../../src/engine/stack/stack';
import type { Ipv4Address } from '../../../src/net/ipv4-address';
import { parseInterfaceAddress } from '../../../src/net/ipv4-prefix';
import { macFromNumber, type MacAddress } from '../../../src/net/mac-address';
import { etherType, sourceMac } from '../../../src/wire/ethernet';
import { readUint32 } from '../../../src/wire/bytes';
import { arpFrame, frameLine, type Ends } from './packets';
import { Recorder } from './recorder';
import { ip } from './topologies';

export const SECOND = 1_000_000_000;

/** A cable without delay worth speaking of: 1 Gbit/s, 2 µs. */
export function cableFor(simulator: Simulator, more: Partial<Cable> = {}): Cable {
  return {
    nanosecondsPerByte: 8,
    delay: 2000,
    jitter: 0,
    loss: 0,
    queue: 1000,
    up: true,
    random: simulator.random('cable'),
    ...more,
  };
}

/** One end of a cable in the test's hand. */
export class Station implements FrameReceiver {
  readonly heard: { readonly time: number; readonly bytes: Uint8Array }[] = [];
  readonly port: Port;
  /** Whether it answers every ARP request, as whoever was asked for, and does not keep it. */
  answersArp = false;

  constructor(
    readonly simulator: Simulator,
    number: number,
    readonly mac: MacAddress,
    readonly address: Ipv4Address,
  ) {
    this.port = new Port(simulator, number, this);
  }

  receive(frame: Frame): void {
    const { bytes } = frame;
    if (this.answersArp && etherType(bytes) === 0x0806 && bytes[21] === 1) {
      const asker = { mac: sourceMac(bytes), ip: readUint32(bytes, 28) as Ipv4Address };
      const answer = arpFrame(2, { mac: this.mac, ip: readUint32(bytes, 38) as Ipv4Address }, asker);
      this.port.send(this.simulator.frame(answer));
      return;
    }
    this.heard.push({ time: this.simulator.now, bytes: frame.bytes });
  }

  /** What came since the last call, in lines. */
  lines(): string[] {
    return this.take().map(frameLine);
  }

  /** What came since the last call. */
  take(): Uint8Array[] {
    return this.heard.splice(0).map(({ bytes }) => bytes);
  }

  send(bytes: Uint8Array): void {
    this.simulator.cause = -1;
    this.port.send(this.simulator.frame(bytes));
  }
}

/** A stack under test. Station `index` is on the cable of interface `eth{index}`, whose networks are given. */
export class Bench {
  readonly recorder = new Recorder();
  readonly simulator: Simulator;
  readonly stack: Stack;
  readonly stations: Station[] = [];

  /** @param networks each interface's addresses in CIDR form, separated by blanks; its station is host 2 of the first network */
  constructor(
    networks: readonly string[],
    options: {
      readonly forwarding?: boolean;
      readonly mtu?: number;
      /** By interface, in place of `mtu`. */
      readonly mtus?: readonly number[];
    } = {},
  ) {
    this.simulator = new Simulator(1, this.recorder);
    this.stack = new Stack(this.simulator, 'bench', options.forwarding ?? false, undefined);
    networks.forEach((text, index) => {
      const on = this.stack.addInterface(
        `eth${index}`,
        macFromNumber(0x020000000100 + index),
        options.mtus?.[index] ?? options.mtu ?? 1500,
        index,
      );
      const port = new Port(this.simulator, index, on);
      on.port = port;
      const addresses = text
        .split(' ')
        .filter(Boolean)
        .map(each => parseInterfaceAddress(each)!);
      const network = (addresses[0]?.address ?? 0) & 0xffffff00;
      const station = new Station(
        this.simulator,
        100 + index,
        macFromNumber(0x020000000200 + index),
        ((network >>> 0) + 2) as Ipv4Address,
      );
      port.connect(station.port, cableFor(this.simulator));
      this.stations.push(station);
      if (addresses.length > 0) {
        this.stack.setAddresses(on, addresses);
      }
    });
  }

  on(index = 0): NetworkInterface {
    return this.stack.interfaces[index]!;
  }

  station(index = 0): Station {
    return this.stations[index]!;
  }

  /** From the station of an interface to the stack's own hardware address; `to` may be anywhere. */
  ends(to: string | Ipv4Address = this.on().primaryAddress!, index = 0, from?: string): Ends {
    const station = this.station(index);
    return {
      fromMac: station.mac,
      toMac: this.on(index).mac,
      from: from === undefined ? station.address : ip(from),
      to: typeof to === 'string' ? ip(to) : to,
    };
  }

  /** Teaches the stack the station's hardware address, as an exchange before the test would have. */
  introduce(index = 0, address: Ipv4Address = this.station(index).address): void {
    const station = this.station(index);
    const own = this.on(index).addressTowards(address) ?? this.on(index).primaryAddress!;
    station.send(arpFrame(1, { mac: station.mac, ip: address }, { ip: own }));
    this.run(0.001);
    station.take();
  }

  /** Lets this many seconds pass. */
  run(seconds: number): void {
    this.simulator.runUntil(this.simulator.now + Math.round(seconds * SECOND));
  }

  /** Sends from a station and lets a millisecond pass: everything but timers. */
  inject(bytes: Uint8Array, index = 0): void {
    this.station(index).send(bytes);
    this.run(0.001);
  }

  /** Drops since the last call. */
  takeReasons(): string[] {
    const fresh = this.recorder.records.slice(this.seen);
    this.seen = this.recorder.records.length;
    return fresh.flatMap(({ reason }) => reason ?? []);
  }

  private seen = 0;
}
