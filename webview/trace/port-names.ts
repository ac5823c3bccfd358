/** What port numbers in records mean: the ports of all devices in the topology's order, and who is at the other end. */
import type { CapturedInterface } from '../../src/simulation/panel-protocol';
import type { ResolvedTopology } from '../../src/topology/resolved';

interface PortName {
  readonly text: string;
  readonly peer: string;
}

/** Names for the ports of one topology, or for the interfaces of a capture file. */
export class PortNames {
  #ports: readonly PortName[];

  constructor(topology?: ResolvedTopology) {
    const peers = new Map<string, string>();
    for (const { ends } of topology?.cables ?? []) {
      const [a, b] = ends.map(({ device, port }) => `${device}:${port}`);
      if (a !== undefined && b !== undefined) {
        peers.set(a, b);
        peers.set(b, a);
      }
    }
    this.#ports = (topology?.devices ?? []).flatMap(({ id, ports }) =>
      ports.map(({ name }) => ({ text: `${id}:${name}`, peer: peers.get(`${id}:${name}`) ?? '' })),
    );
  }

  static ofInterfaces(interfaces: readonly CapturedInterface[]): PortNames {
    const names = new PortNames();
    names.#ports = interfaces.map(({ device, port }) => ({
      text: port === '' ? device : `${device}:${port}`,
      peer: '',
    }));
    return names;
  }

  /** `device:port`; empty for a number no port has. */
  name(port: number): string {
    return this.#ports[port]?.text ?? '';
  }

  /** `device:port` at the other end of the cable; empty where nothing is plugged in. */
  peer(port: number): string {
    return this.#ports[port]?.peer ?? '';
  }
}
