/** What a switch or bridge has learned, as `bridge fdb` shows it. */
import type { MacAddress } from '../../net/mac-address';
import type { Bridge } from '../stack/bridge/bridge';

/** A station in the forwarding database. */
export interface LearnedStation {
  readonly mac: MacAddress;
  /** The name of the port behind which it is. */
  readonly port: string;
  /** 0 where tags are not looked at. */
  readonly vlan: number;
  /** When it last sent, in ns. */
  readonly heard: number;
  /** The record by which it came to be there. */
  readonly cause: number;
}

export function learnedStations(bridge: Bridge): LearnedStation[] {
  return [...bridge.table()]
    .filter(({ local }) => !local)
    .map(({ mac, vlan, port, heard, cause }) => ({ mac, vlan, port: port.name, heard, cause }));
}
