/** A NAT engine on a bench: the guest's end of its cable and the end of the host's cable are in the test's hand. */
import type { NatEngine } from '../../../../../src/engine/device/virtualbox/nat-engine';
import { virtualBoxNat } from '../../../../../src/engine/device/virtualbox/nat-mode';
import { Port } from '../../../../../src/engine/kernel/port';
import type { MacAddress } from '../../../../../src/net/mac-address';
import type { ResolvedVirtualBoxNat, VirtualBoxVersion } from '../../../../../src/topology/resolved';
import { arpFrame, type Ends } from '../../packets';
import { Bench, cableFor, Station } from '../../station';
import { ip, mac, natEngine } from '../../topologies';

export const GUEST = '10.0.2.15';
export const GATEWAY = '10.0.2.2';
export const HOST = '192.168.1.100';
/** A server on the internet. */
export const SERVER = '203.0.113.10';
export const VERSIONS = ['7.2', '7.0'] as const;

/** The gateway's hardware address. */
export const GATEWAY_MAC: Record<VirtualBoxVersion, MacAddress> = {
  '7.2': mac('52:55:0a:00:02:02'),
  '7.1': mac('52:55:0a:00:02:02'),
  '7.0': mac('52:54:00:12:35:02'),
  '6.1': mac('52:54:00:12:35:02'),
};

export class NatBench extends Bench {
  readonly guest: Station;
  readonly engine: NatEngine;

  constructor(
    readonly version: VirtualBoxVersion,
    more: Partial<ResolvedVirtualBoxNat> = {},
  ) {
    super([`${HOST}/24`]);
    this.stack.addDefaultRoute(this.station().address, this.on(), 'static');
    this.stack.setNameServers([ip('9.9.9.9'), ip('8.8.8.8')]);
    this.station().answersArp = true;
    this.engine = virtualBoxNat(
      this.simulator,
      { ...natEngine('nat-1', 'bench', version), ...more },
      this.stack,
    );
    const port = new Port(this.simulator, 1, this.engine);
    this.engine.plug(port);
    this.guest = new Station(this.simulator, 101, mac('08:00:27:00:00:01'), ip(GUEST));
    port.connect(this.guest.port, cableFor(this.simulator));
    // The first packet of the host asks for its router; tests look at what follows.
    this.stack.udp.open(9, { datagram: () => undefined })?.send(new Uint8Array(1), ip(SERVER), 9);
    this.run(0.001);
    this.station().take();
    this.takeReasons();
  }

  /** The guest says who it is, as every guest does before its first packet. */
  meet(): this {
    this.guest.send(arpFrame(1, { mac: this.guest.mac, ip: this.guest.address }, { ip: ip(GATEWAY) }));
    this.run(0.001);
    this.guest.take();
    return this;
  }

  /** From the guest to an address, by way of the gateway. */
  toward(to: string): Ends {
    return {
      fromMac: this.guest.mac,
      toMac: GATEWAY_MAC[this.version],
      from: this.guest.address,
      to: ip(to),
    };
  }

  /** From a server to the host. */
  fromOutside(from = SERVER): Ends {
    return this.ends(ip(HOST), 0, from);
  }

  /** Sends from the guest and lets a millisecond pass; what comes back to the guest. */
  ask(bytes: Uint8Array): Uint8Array[] {
    this.guest.send(bytes);
    this.run(0.001);
    return this.guest.take();
  }

  /** What the host sent into its network since the last call. */
  outside(): Uint8Array[] {
    return this.station().take();
  }

  /** Sends from outside to the host; what reaches the guest. */
  answer(bytes: Uint8Array): Uint8Array[] {
    this.inject(bytes);
    return this.guest.take();
  }
}
