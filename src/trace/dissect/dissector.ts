/** How dissectors of one layer find those of the next: by number, in tables, so that no layer knows what lies above it. */
import { groupLine } from './field';
import type { Dissection, PacketField } from './packet-field';

/**
 * Adds the lines of one layer, and of those above it, for the bytes from `at` up to `end`; returns where what it used ends, so that
 * padding can be told. Any bytes are dissected; what they can't be is said in `problem`.
 */
export type Dissector = (packet: PacketInProgress, at: number, end: number) => number;

/** Numbers by which a layer names the next one. */
export interface DissectorTables {
  readonly etherType: ReadonlyMap<number, Dissector>;
  readonly ipProtocol: ReadonlyMap<number, Dissector>;
  readonly udpPort: ReadonlyMap<number, Dissector>;
  readonly tcpPort: ReadonlyMap<number, Dissector>;
  /** The one for frames with a length instead of an EtherType. */
  readonly llc: Dissector;
}

/** Packets quoted in packets, one in the other, are followed this deep. */
const DEEPEST = 4;

/** A packet while it is dissected. */
export class PacketInProgress {
  #source = '';
  #destination = '';
  #protocol = '';
  #info = '';
  #layers: PacketField[] = [];
  #quoted = 0;
  /** Where the addresses lie that count in the checksum of the transport layer. */
  addresses = { at: 0, length: 0 };
  /** Whether the transport layer lacks the rest of its data, which is in other fragments. */
  fragmented = false;
  /** Time to live or hop limit of the innermost IP header. */
  timeToLive = 0;
  /** Of the innermost transport header. */
  sourcePort = 0;

  constructor(
    readonly bytes: Uint8Array,
    readonly tables: DissectorTables,
  ) {}

  /** Whether this is a packet quoted in another: incomplete by nature, and no matter for columns. */
  get quoted(): boolean {
    return this.#quoted > 0;
  }

  get dissection(): Dissection {
    return {
      columns: {
        source: this.#source,
        destination: this.#destination,
        protocol: this.#protocol,
        info: this.#info,
      },
      layers: this.#layers,
    };
  }

  /** The addresses of the columns; a higher layer's replace a lower one's. */
  showAddresses(source: string, destination: string): void {
    if (!this.quoted) {
      this.#source = source;
      this.#destination = destination;
    }
  }

  /** Protocol and Info of the columns; a higher layer's replace a lower one's. */
  show(protocol: string, info: string): void {
    if (!this.quoted) {
      this.#protocol = protocol;
      this.#info = info;
    }
  }

  add(layer: PacketField): void {
    this.#layers.push(layer);
  }

  /** Adds what the bytes are when they can't be what they should. */
  addMalformed(protocol: string, at: number, end: number, problem: string): void {
    this.add(
      groupLine('_ws.malformed', at, Math.max(0, end - at), `[Malformed Packet: ${protocol}]`, { problem }),
    );
    if (!this.quoted) {
      this.#protocol = protocol;
      this.#info = '[Malformed Packet]';
    }
  }

  /** The layers that `dissector` finds in a quoted packet, to be children of the layer that quotes it. */
  quote(dissector: Dissector, at: number, end: number): readonly PacketField[] {
    if (this.#quoted >= DEEPEST) {
      return [];
    }
    const { addresses, fragmented, timeToLive } = this;
    const outer = this.#layers;
    this.#layers = [];
    this.#quoted += 1;
    dissector(this, at, end);
    const inner = this.#layers;
    this.#quoted -= 1;
    this.#layers = outer;
    this.addresses = addresses;
    this.fragmented = fragmented;
    this.timeToLive = timeToLive;
    return inner;
  }
}
