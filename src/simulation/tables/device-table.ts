/** A table of a device as it is at one moment: plain data, in the words of the real system's own tools. */

/** What a table is of. */
export type TableKind =
  | 'interfaces'
  | 'neighbours'
  | 'routes'
  | 'stations'
  | 'connections'
  | 'sockets'
  | 'leases'
  | 'names'
  | 'spanning-tree';

/** What a column holds; the panel has a heading for each. */
export type TableColumn =
  | 'address'
  | 'bridge'
  | 'client'
  | 'cost'
  | 'destination'
  | 'expires'
  | 'flags'
  | 'gateway'
  | 'groups'
  | 'interface'
  | 'lease'
  | 'local'
  | 'mac'
  | 'metric'
  | 'mtu'
  | 'name'
  | 'original'
  | 'origin'
  | 'peer'
  | 'port'
  | 'protocol'
  | 'record'
  | 'reply'
  | 'role'
  | 'server'
  | 'state'
  | 'type'
  | 'vlan';

export interface TableRow {
  /** The same for the same thing at other moments. */
  readonly key: string;
  /** One text for each column. */
  readonly cells: readonly string[];
  /** The record that made the row what it is; undefined where no packet did. */
  readonly record?: number;
  /** Made by the newest packet that reached the device. */
  readonly changed?: true;
}

export interface DeviceTable {
  readonly kind: TableKind;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Rows there are beyond those told. */
  readonly more: number;
}

/** Rows told of one table: more than anybody reads, and small enough to send some times a second. */
export const MOST_ROWS = 500;

/** A row before it is known whether it is new. */
export interface RowDraft {
  readonly key: string;
  readonly cells: readonly string[];
  /** The record that made it, or NO_CAUSE. */
  readonly cause?: number;
}

/** A table before it is known which rows are new. */
export interface TableDraft {
  readonly kind: TableKind;
  readonly columns: readonly TableColumn[];
  readonly rows: Iterable<RowDraft>;
}

/** @param newest the newest record that reached the device; what it made is marked */
export function finishTable({ kind, columns, rows }: TableDraft, newest: number): DeviceTable {
  const told: TableRow[] = [];
  let more = 0;
  for (const { key, cells, cause = -1 } of rows) {
    if (told.length === MOST_ROWS) {
      more++;
    } else {
      told.push({
        key,
        cells,
        ...(cause < 0 ? {} : { record: cause }),
        ...(cause >= 0 && cause >= newest ? { changed: true as const } : {}),
      });
    }
  }
  return { kind, columns, rows: told, more };
}
