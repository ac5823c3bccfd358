/** Packets as lines of text. */
import type { PacketRow } from '../simulation/protocol';
import type { ResolvedTopology } from '../topology/resolved';

/** Wider names of ports than this push their line's columns to the right. */
const WIDEST_PORT = 28;

/** Protocol names of the dissector fit into this. */
const PROTOCOL_WIDTH = 6;

/** Lines with columns as wide as the names of this topology need: number, time in s, from, to, protocol, info. */
export function packetLineFormat(topology: ResolvedTopology): (row: PacketRow) => string {
  const names = topology.devices.flatMap(({ id, ports }) => ports.map(({ name }) => `${id}:${name}`.length));
  const width = Math.min(
    WIDEST_PORT,
    names.reduce((widest, length) => Math.max(widest, length), 0),
  );
  return ({ number, time, from, to, protocol, info, drop, rule }) =>
    [
      String(number).padStart(6),
      seconds(time).padStart(14),
      from.padEnd(width),
      to === '' ? ' '.repeat(width + 2) : `→ ${to.padEnd(width)}`,
      protocol.padEnd(PROTOCOL_WIDTH),
      drop === undefined ? info : `${info}  [dropped: ${drop}${rule === undefined ? '' : `: ${rule}`}]`,
    ]
      .join('  ')
      .trimEnd();
}

/** `1.000000250`: whole nanoseconds of virtual time, in seconds. */
export function seconds(time: number): string {
  return (time / 1e9).toFixed(9);
}
