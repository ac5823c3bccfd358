/** Values that occur in the network, to be offered where a filter compares a field with one: addresses with the interface they are of. */
import { formatIpInterfaceAddress } from '../../src/net/ip-address';
import { formatMac } from '../../src/net/mac-address';
import type { AddressesNow } from '../../src/simulation/protocol';
import type { CapturedInterface } from '../../src/simulation/panel-protocol';
import type { ResolvedTopology } from '../../src/topology/resolved';
import type { Completion } from '../../src/trace/filter/completion';
import type { Domain } from '../../src/trace/filter/values';
import { quoted } from './filter-text';

/** Values of one kind offered at most; a user of a large network types the beginning. */
const MOST = 2000;

export class KnownValues {
  #macs: readonly Completion[] = [];
  #interfaces: readonly Completion[] = [];
  /** By `device:port`. */
  readonly #addresses = new Map<string, readonly string[]>();

  setTopology({ devices }: ResolvedTopology): void {
    const ports = devices.flatMap(({ id, ports: all }) => all.map(port => ({ id, ...port })));
    this.#macs = ports
      .flatMap(({ id, name, mac }) =>
        mac === undefined ? [] : [{ text: formatMac(mac), detail: `${id}:${name}` }],
      )
      .slice(0, MOST);
    this.#interfaces = ports
      .map(({ id, name }) => ({ text: quoted(`${id}:${name}`), detail: '' }))
      .slice(0, MOST);
    this.#addresses.clear();
    for (const device of devices) {
      for (const { name, addressing, ipv6 } of 'interfaces' in device ? device.interfaces : []) {
        const ipv4 = addressing.kind === 'static' ? addressing.addresses : [];
        const addresses = [...ipv4, ...(ipv6?.addresses ?? [])].map(formatIpInterfaceAddress);
        this.setAddresses({ device: device.id, port: name, addresses });
      }
    }
  }

  /** The interfaces of a capture file. */
  setInterfaces(interfaces: readonly CapturedInterface[]): void {
    this.#interfaces = interfaces
      .map(({ device, port }) => ({ text: quoted(port === '' ? device : `${device}:${port}`), detail: '' }))
      .slice(0, MOST);
  }

  /** What an interface has now, each as `10.0.2.15/24`. */
  setAddresses({ device, port, addresses }: AddressesNow): void {
    this.#addresses.set(
      `${device}:${port}`,
      addresses.map(address => address.split('/')[0] ?? ''),
    );
  }

  /** Values for a field whose values are of this kind. */
  for(field: string, domain: Domain): readonly Completion[] {
    switch (domain) {
      case 'mac':
        return this.#macs;
      case 'ipv4':
        return this.#addressesThat(address => !address.includes(':'));
      case 'ipv6':
        return this.#addressesThat(address => address.includes(':'));
      case 'text':
        return field === 'frame.interface_name' ? this.#interfaces : [];
      case 'number':
      case 'boolean':
      case 'bytes':
        return [];
    }
  }

  #addressesThat(fits: (address: string) => boolean): readonly Completion[] {
    return [...this.#addresses]
      .flatMap(([detail, addresses]) => addresses.filter(fits).map(text => ({ text, detail })))
      .slice(0, MOST);
  }
}
