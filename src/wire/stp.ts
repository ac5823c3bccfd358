/**
 * Spanning tree messages, BPDUs (IEEE 802.1D-2004 clause 9): the Configuration and Topology Change Notification BPDUs of STP, the Rapid
 * Spanning Tree BPDU of RSTP, and the LLC frame that carries them.
 */
import type { MacAddress } from '../net/mac-address';
import { readUint16, readUint32, readUint48, writeUint16, writeUint32, writeUint48 } from './bytes';
import { ETHERNET_HEADER_BYTES, ETHERTYPE_MINIMUM, etherType, writeEthernetHeader } from './ethernet';
import type { WireProblem } from './problem';

/** 01:80:c2:00:00:00, all bridges of a LAN (IEEE 802.1D-2004 table 7-10). */
export const BRIDGE_GROUP_MAC = 0x0180c2000000 as MacAddress;

/** DSAP and SSAP of spanning tree, and the control field of unnumbered information (IEEE 802.1D-2004 table 7-9, ISO/IEC 8802-2). */
const LLC = { sap: 0x42, control: 0x03, bytes: 3 } as const;

/** Lengths of whole BPDUs (IEEE 802.1D-2004 9.3.1 to 9.3.3). */
export const BPDU_BYTES = { configuration: 35, topologyChange: 4, rapid: 36 } as const;

/** BPDU types (IEEE 802.1D-2004 9.3). */
export const BPDU_TYPE = { configuration: 0x00, topologyChange: 0x80, rapid: 0x02 } as const;

/** Times in BPDUs count 1/256 s (IEEE 802.1D-2004 9.2.8). */
export const BPDU_TICKS_PER_SECOND = 256;

/** Bits of the flags octet (IEEE 802.1D-2004 9.3.3). */
const FLAG = {
  topologyChange: 0x01,
  proposal: 0x02,
  learning: 0x10,
  forwarding: 0x20,
  agreement: 0x40,
  topologyChangeAcknowledgment: 0x80,
} as const;

/** Encodings of the port role, bits 3 and 4 of the flags (IEEE 802.1D-2004 9.2.9). */
export const BPDU_ROLES = ['unknown', 'alternate-or-backup', 'root', 'designated'] as const;
export type BpduRole = (typeof BPDU_ROLES)[number];

/** Who a bridge is: a settable priority in front of its address; the smaller one is the better (IEEE 802.1D-2004 9.2.5). */
export interface BridgeId {
  /** 0 to 65535. */
  readonly priority: number;
  readonly mac: MacAddress;
}

/** What a Configuration and a Rapid Spanning Tree BPDU have in common. */
interface BpduBody {
  /** Protocol version: 0 for STP, 2 for RSTP; others are of later standards. */
  readonly version: number;
  readonly topologyChange: boolean;
  readonly topologyChangeAcknowledgment: boolean;
  readonly root: BridgeId;
  readonly rootPathCost: number;
  readonly bridge: BridgeId;
  /** Priority and number of the port that sent it. */
  readonly port: number;
  /** In 1/256 s, as the other three. */
  readonly messageAge: number;
  readonly maximumAge: number;
  readonly helloTime: number;
  readonly forwardDelay: number;
}

export interface ConfigurationBpdu extends BpduBody {
  readonly kind: 'configuration';
}

export interface RapidBpdu extends BpduBody {
  readonly kind: 'rapid';
  readonly proposal: boolean;
  readonly agreement: boolean;
  readonly role: BpduRole;
  readonly learning: boolean;
  readonly forwarding: boolean;
}

export interface TopologyChangeBpdu {
  readonly kind: 'topology-change';
  readonly version: number;
}

export type Bpdu = ConfigurationBpdu | RapidBpdu | TopologyChangeBpdu;

/** Negative when `one` is the better bridge, 0 for the same. */
export function compareBridgeIds(one: BridgeId, other: BridgeId): number {
  return one.priority - other.priority || one.mac - other.mac;
}

/**
 * Reads the BPDU in an Ethernet frame. `bad-magic` when the frame carries something else than spanning tree (IEEE 802.1D-2004 9.3.4);
 * bytes behind the BPDU are no fault.
 */
export function parseBpduFrame(b: Uint8Array): Bpdu | WireProblem {
  const length = etherType(b);
  const body = ETHERNET_HEADER_BYTES + LLC.bytes;
  if (b.length < body || length < LLC.bytes) {
    return 'truncated';
  }
  const isSpanningTree =
    length < ETHERTYPE_MINIMUM &&
    b[ETHERNET_HEADER_BYTES] === LLC.sap &&
    b[ETHERNET_HEADER_BYTES + 1] === LLC.sap &&
    b[ETHERNET_HEADER_BYTES + 2] === LLC.control;
  if (!isSpanningTree) {
    return 'bad-magic';
  }
  return parseBpdu(b, body, Math.min(b.length, ETHERNET_HEADER_BYTES + length) - body);
}

/** Reads a BPDU of which `available` bytes are there. */
export function parseBpdu(b: Uint8Array, at: number, available: number): Bpdu | WireProblem {
  if (available < BPDU_BYTES.topologyChange) {
    return 'truncated';
  }
  if (readUint16(b, at) !== 0) {
    return 'bad-magic';
  }
  const version = b[at + 2] ?? 0;
  switch (b[at + 3]) {
    case BPDU_TYPE.topologyChange:
      return { kind: 'topology-change', version };
    case BPDU_TYPE.configuration:
      if (available < BPDU_BYTES.configuration) {
        return 'truncated';
      }
      return { kind: 'configuration', ...readBody(b, at) };
    case BPDU_TYPE.rapid: {
      if (version < 2) {
        return 'bad-version';
      }
      if (available < BPDU_BYTES.rapid) {
        return 'truncated';
      }
      const flags = b[at + 4] ?? 0;
      return {
        kind: 'rapid',
        ...readBody(b, at),
        proposal: (flags & FLAG.proposal) !== 0,
        agreement: (flags & FLAG.agreement) !== 0,
        role: BPDU_ROLES[(flags >>> 2) & 3] ?? 'unknown',
        learning: (flags & FLAG.learning) !== 0,
        forwarding: (flags & FLAG.forwarding) !== 0,
      };
    }
    default:
      return 'bad-value';
  }
}

/** Bytes of the frame that carries the BPDU, without padding: 52, 21 and 53. */
export function bpduFrameBytes(bpdu: Bpdu): number {
  return ETHERNET_HEADER_BYTES + LLC.bytes + bpduBytes(bpdu);
}

/** Writes the frame that carries the BPDU at the start of `b`. */
export function writeBpduFrame(bpdu: Bpdu, source: MacAddress, b: Uint8Array): void {
  writeEthernetHeader(b, BRIDGE_GROUP_MAC, source, LLC.bytes + bpduBytes(bpdu));
  b[ETHERNET_HEADER_BYTES] = LLC.sap;
  b[ETHERNET_HEADER_BYTES + 1] = LLC.sap;
  b[ETHERNET_HEADER_BYTES + 2] = LLC.control;
  emitBpdu(bpdu, b, ETHERNET_HEADER_BYTES + LLC.bytes);
}

/** Writes the BPDU at `at`. */
export function emitBpdu(bpdu: Bpdu, b: Uint8Array, at: number): void {
  writeUint16(b, at, 0);
  b[at + 2] = bpdu.version;
  switch (bpdu.kind) {
    case 'topology-change':
      b[at + 3] = BPDU_TYPE.topologyChange;
      return;
    case 'configuration':
      b[at + 3] = BPDU_TYPE.configuration;
      writeBody(bpdu, 0, b, at);
      return;
    case 'rapid':
      b[at + 3] = BPDU_TYPE.rapid;
      writeBody(bpdu, rapidFlags(bpdu), b, at);
      // Version 1 Length: no Version 1 information (IEEE 802.1D-2004 9.3.3).
      b[at + BPDU_BYTES.configuration] = 0;
  }
}

function bpduBytes(bpdu: Bpdu): number {
  switch (bpdu.kind) {
    case 'configuration':
      return BPDU_BYTES.configuration;
    case 'topology-change':
      return BPDU_BYTES.topologyChange;
    case 'rapid':
      return BPDU_BYTES.rapid;
  }
}

function rapidFlags({ proposal, agreement, role, learning, forwarding }: RapidBpdu): number {
  return (
    (proposal ? FLAG.proposal : 0) |
    (BPDU_ROLES.indexOf(role) << 2) |
    (learning ? FLAG.learning : 0) |
    (forwarding ? FLAG.forwarding : 0) |
    (agreement ? FLAG.agreement : 0)
  );
}

function readBody(b: Uint8Array, at: number): BpduBody {
  const flags = b[at + 4] ?? 0;
  return {
    version: b[at + 2] ?? 0,
    topologyChange: (flags & FLAG.topologyChange) !== 0,
    topologyChangeAcknowledgment: (flags & FLAG.topologyChangeAcknowledgment) !== 0,
    root: readBridgeId(b, at + 5),
    rootPathCost: readUint32(b, at + 13),
    bridge: readBridgeId(b, at + 17),
    port: readUint16(b, at + 25),
    messageAge: readUint16(b, at + 27),
    maximumAge: readUint16(b, at + 29),
    helloTime: readUint16(b, at + 31),
    forwardDelay: readUint16(b, at + 33),
  };
}

function writeBody(body: BpduBody, moreFlags: number, b: Uint8Array, at: number): void {
  b[at + 4] =
    moreFlags |
    (body.topologyChange ? FLAG.topologyChange : 0) |
    (body.topologyChangeAcknowledgment ? FLAG.topologyChangeAcknowledgment : 0);
  writeBridgeId(body.root, b, at + 5);
  writeUint32(b, at + 13, body.rootPathCost);
  writeBridgeId(body.bridge, b, at + 17);
  writeUint16(b, at + 25, body.port);
  writeUint16(b, at + 27, body.messageAge);
  writeUint16(b, at + 29, body.maximumAge);
  writeUint16(b, at + 31, body.helloTime);
  writeUint16(b, at + 33, body.forwardDelay);
}

function readBridgeId(b: Uint8Array, at: number): BridgeId {
  return { priority: readUint16(b, at), mac: readUint48(b, at + 2) as MacAddress };
}

function writeBridgeId(id: BridgeId, b: Uint8Array, at: number): void {
  writeUint16(b, at, id.priority);
  writeUint48(b, at + 2, id.mac);
}
