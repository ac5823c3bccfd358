/** The blocks of a pcapng file, little endian (draft-ietf-opsawg-pcapng-02). */
import { LINK_TYPE } from './link-type';

/** Block types (section 4), as the file holds them. */
export const BLOCK = {
  interfaceDescription: 1,
  simplePacket: 3,
  enhancedPacket: 6,
  sectionHeader: 0x0a0d0d0a,
} as const;

/** Options (sections 3.5, 4.1, 4.2, 4.3); the same code means another thing in another block. */
export const OPTION = {
  endOfOptions: 0,
  comment: 1,
  interfaceName: 2,
  interfaceDescription: 3,
  userApplication: 4,
  packetFlags: 2,
  timestampResolution: 9,
  timestampOffset: 14,
} as const;

/** The magic that tells the byte order of a section (section 4.1). */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** The low two bits of epb_flags (section 4.3.1). */
export const DIRECTION = { inbound: 1, outbound: 2 } as const;

/** Bytes of an Enhanced Packet Block around its data and options. */
const PACKET_BLOCK_BYTES = 32;

/** Bytes of epb_flags with its header, and of the end of options. */
const FLAGS_BYTES = 8;
const END_BYTES = 4;

/** Bytes that a variable part takes: multiples of four. */
function padded(length: number): number {
  return (length + 3) & ~3;
}

/** Writes blocks one behind the other into a buffer that is emptied by `take`. */
export class BlockWriter {
  #bytes = new Uint8Array(65_536);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** What was written; the writer is empty then. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  /** Begins a section of unknown length. */
  sectionHeader(application: string): void {
    const begin = this.#begin(BLOCK.sectionHeader);
    this.#uint32(BYTE_ORDER_MAGIC);
    this.#uint16(1);
    this.#uint16(0);
    this.#uint32(0xffffffff);
    this.#uint32(0xffffffff);
    this.#textOption(OPTION.userApplication, application);
    this.#endOptions();
    this.#end(begin);
  }

  /** An interface whose packets have timestamps in ns. Interfaces count from 0 in the order of their blocks. */
  interfaceDescription(name: string, description: string, linkType: number = LINK_TYPE.ethernet): void {
    const begin = this.#begin(BLOCK.interfaceDescription);
    this.#uint16(linkType);
    this.#uint16(0);
    this.#uint32(0);
    this.#textOption(OPTION.interfaceName, name);
    if (description !== '') {
      this.#textOption(OPTION.interfaceDescription, description);
    }
    this.#bytesOption(OPTION.timestampResolution, Uint8Array.of(9));
    this.#endOptions();
    this.#end(begin);
  }

  /**
   * A packet.
   * @param time ns
   * @param direction a DIRECTION
   * @param comments each in UTF-8
   */
  enhancedPacket(
    interfaceNumber: number,
    time: number,
    data: Uint8Array,
    direction: number,
    comments: readonly Uint8Array[],
  ): void {
    const commentBytes = comments.reduce((sum, comment) => sum + 4 + padded(comment.length), 0);
    const total = PACKET_BLOCK_BYTES + padded(data.length) + commentBytes + FLAGS_BYTES + END_BYTES;
    this.#reserve(total);
    const view = this.#view;
    let at = this.#length;
    view.setUint32(at, BLOCK.enhancedPacket, true);
    view.setUint32(at + 4, total, true);
    view.setUint32(at + 8, interfaceNumber, true);
    view.setUint32(at + 12, Math.floor(time / 0x1_0000_0000), true);
    view.setUint32(at + 16, time >>> 0, true);
    view.setUint32(at + 20, data.length, true);
    view.setUint32(at + 24, data.length, true);
    at += 28;
    this.#bytes.set(data, at);
    this.#bytes.fill(0, at + data.length, at + padded(data.length));
    this.#length = at + padded(data.length);
    for (const comment of comments) {
      this.#bytesOption(OPTION.comment, comment);
    }
    at = this.#length;
    view.setUint16(at, OPTION.packetFlags, true);
    view.setUint16(at + 2, 4, true);
    view.setUint32(at + 4, direction, true);
    view.setUint32(at + 8, OPTION.endOfOptions, true);
    view.setUint32(at + 12, total, true);
    this.#length = at + 16;
  }

  /** Opens a block; returns where it begins. */
  #begin(type: number): number {
    const begin = this.#length;
    this.#uint32(type);
    this.#uint32(0);
    return begin;
  }

  /** Closes the block: its length goes to both of its ends. */
  #end(begin: number): void {
    const total = this.#length + 4 - begin;
    this.#uint32(total);
    this.#view.setUint32(begin + 4, total, true);
  }

  #textOption(code: number, text: string): void {
    this.#bytesOption(code, new TextEncoder().encode(text));
  }

  #bytesOption(code: number, data: Uint8Array): void {
    const kept = data.subarray(0, 0xfffc);
    this.#uint16(code);
    this.#uint16(kept.length);
    const space = padded(kept.length);
    this.#reserve(space);
    this.#bytes.set(kept, this.#length);
    this.#bytes.fill(0, this.#length + kept.length, this.#length + space);
    this.#length += space;
  }

  #endOptions(): void {
    this.#uint32(OPTION.endOfOptions);
  }

  #uint16(value: number): void {
    this.#reserve(2);
    this.#view.setUint16(this.#length, value, true);
    this.#length += 2;
  }

  #uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  #reserve(more: number): void {
    if (this.#length + more > this.#bytes.length) {
      const larger = new Uint8Array((this.#bytes.length + more) * 2);
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
  }
}
