/** What differs between the packets of a simulation and those of a capture file. */
import { COLUMNS, type Column, type ColumnName } from './columns';

/** `simulation`: packets have hops, causes and consequences, and grow while one looks. `capture`: only what a file holds. */
export type TraceKind = 'simulation' | 'capture';

/** Of a file all captured at one interface, that is no news. */
const NEVER = Number.POSITIVE_INFINITY;

/** The columns of a capture file of so many interfaces. */
export function captureColumns(interfaces: number): readonly Column[] {
  const left: Partial<Record<ColumnName, Partial<Column>>> = {
    from: { title: 'Interface', from: interfaces > 1 ? 640 : NEVER },
    source: { from: 0 },
    destination: { from: 0 },
    length: { from: 560 },
  };
  return COLUMNS.filter(({ name }) => name !== 'to').map(column => ({ ...column, ...left[column.name] }));
}
