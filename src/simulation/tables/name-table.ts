/** What a machine's DNS forwarder remembers. */
import type { CachedName } from '../../engine/stack/dns/cache';
import { recordDataText, recordTypeName } from '../../engine/stack/dns/record-words';
import type { TableDraft } from './device-table';

export function nameTable(names: readonly CachedName[]): TableDraft {
  return {
    kind: 'names',
    columns: ['name', 'type', 'record', 'expires'],
    rows: names.map(({ name, type, ttl, record, cause }, index) => {
      const typeText = type === undefined ? '' : recordTypeName(type);
      const text =
        record === undefined ? (type === undefined ? 'NXDOMAIN' : 'NODATA') : recordDataText(record);
      return { key: `${name} ${typeText} ${text} ${index}`, cells: [name, typeText, text, `${ttl}s`], cause };
    }),
  };
}
