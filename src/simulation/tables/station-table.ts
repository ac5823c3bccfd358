/** `bridge fdb`: the stations that a switch or bridge has learned. */
import type { LearnedStation } from '../../engine/device/learned-stations';
import { formatMac } from '../../net/mac-address';
import type { TableDraft } from './device-table';

export function stationTable(stations: readonly LearnedStation[]): TableDraft {
  return {
    kind: 'stations',
    columns: ['mac', 'vlan', 'port'],
    rows: stations.map(({ mac, vlan, port, cause }) => {
      const text = formatMac(mac);
      return { key: `${vlan} ${text}`, cells: [text, vlan === 0 ? '' : String(vlan), port], cause };
    }),
  };
}
