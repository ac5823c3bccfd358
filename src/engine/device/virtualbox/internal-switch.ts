/**
 * VirtualBox's own switch (SrvIntNetR0.cpp of 7.0.10): internal, host-only and NAT networks, and the filter on a bridged network card.
 * It learns nothing: each station has the hardware address that it was configured with, and an unknown destination leads out of the
 * virtual network, to the trunk, or nowhere. So a bridge, container or VM nested in a guest hears broadcasts and no answers, unless its
 * adapter's promiscuous mode policy lets it.
 */
import { isGroupMac, type MacAddress } from '../../../net/mac-address';
import type { ResolvedVirtualBoxSwitch, ResolvedVirtualBoxSwitchPort } from '../../../topology/resolved';
import { destinationMac, ETHERNET_HEADER_BYTES, sourceMac } from '../../../wire/ethernet';
import type { Frame } from '../../kernel/frame';
import type { FrameReceiver, Port } from '../../kernel/port';
import type { Simulator } from '../../kernel/simulator';
import { SharedMacOnWire } from './shared-mac-on-wire';

/** What is plugged into a port of the switch. */
export interface SwitchStation {
  readonly port: Port;
  readonly role: ResolvedVirtualBoxSwitchPort['role'];
  readonly promiscuous: ResolvedVirtualBoxSwitchPort['promiscuous'];
  /**
   * The configured address (DrvIntNet.cpp sets it when the VM starts). Without one a station gets everything until its first frame
   * tells its address, which is then kept for good.
   */
  mac: MacAddress | undefined;
}

export class VirtualBoxSwitch implements FrameReceiver {
  private readonly byPort = new Map<Port, SwitchStation>();
  /** Adapters of VMs and VirtualBox's own services. */
  private readonly members: SwitchStation[] = [];
  /** The two directions of the trunk: the host's own stack, and the wire behind a bridged card. */
  private host: SwitchStation | undefined;
  private wire: SwitchStation | undefined;
  private readonly sharedMac: SharedMacOnWire | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly config: ResolvedVirtualBoxSwitch,
  ) {
    const hostMac = config.ports.find(({ role }) => role === 'host')?.stationMac;
    this.sharedMac =
      config.sharedMacOnWire === true && hostMac !== undefined
        ? new SharedMacOnWire(simulator, hostMac)
        : undefined;
  }

  plug(name: string, port: Port): void {
    const config = this.config.ports.find(each => each.name === name);
    if (config === undefined) {
      return;
    }
    const { role, promiscuous, stationMac } = config;
    const station: SwitchStation = { port, role, promiscuous, mac: stationMac };
    this.byPort.set(port, station);
    switch (role) {
      case 'adapter':
      case 'service':
        this.members.push(station);
        return;
      case 'host':
        this.host = station;
        return;
      case 'wire':
        this.wire = station;
        return;
    }
  }

  /** The switch's own table, which a user compares with what guests really send from. */
  table(): Iterable<SwitchStation> {
    return this.byPort.values();
  }

  receive(frame: Frame, from: Port): void {
    const sender = this.byPort.get(from);
    if (sender === undefined || frame.bytes.length < ETHERNET_HEADER_BYTES) {
      this.simulator.drop(from.number, frame, 'malformed');
      return;
    }
    if (this.sharedMac !== undefined && sender === this.wire) {
      this.receiveFromAir(frame, sender, this.sharedMac);
      return;
    }
    if (isMember(sender)) {
      sender.mac ??= firstAddress(frame);
      this.sharedMac?.snoop(frame.bytes, sender);
    }
    this.switchByAddress(frame, sender);
  }

  private switchByAddress(frame: Frame, sender: SwitchStation): void {
    if (isGroupMac(destinationMac(frame.bytes))) {
      this.broadcast(frame, sender);
    } else {
      this.unicast(frame, sender);
    }
  }

  /** intnetR0NetworkSwitchBroadcast: everybody active but the sender. There is no IGMP snooping. */
  private broadcast(frame: Frame, sender: SwitchStation): void {
    for (const member of this.members) {
      if (member !== sender && member.port.carrier) {
        member.port.send(frame);
      }
    }
    if (this.host !== undefined && this.host !== sender && this.host.port.carrier) {
      this.host.port.send(frame);
    }
    this.sendToWire(frame, sender);
  }

  /** intnetR0NetworkSwitchUnicast: everybody with that address, whoever listens to others, and the wire where nobody has it. */
  private unicast(frame: Frame, sender: SwitchStation): void {
    const destination = destinationMac(frame.bytes);
    const { host } = this;
    let holders = 0;
    for (const member of this.members) {
      holders += member.mac === destination && member.port.carrier ? 1 : 0;
    }
    let sent = this.sendToMembers(frame, sender, destination, holders > 0);
    if (host?.mac === destination && host.port.carrier) {
      holders++;
    }
    if (this.reachesHost(sender, destination)) {
      host?.port.send(frame);
      sent = true;
    }
    if (holders === 0 && this.sendToWire(frame, sender)) {
      sent = true;
    }
    if (!sent) {
      const reason = sender.mac === destination ? 'same-port' : 'no-such-adapter';
      this.simulator.drop(sender.port.number, frame, reason);
    }
  }

  /** @param concernsMembers whether some member has the destination, so that `allow-vms` lets a frame of the trunk be seen */
  private sendToMembers(
    frame: Frame,
    sender: SwitchStation,
    destination: MacAddress,
    concernsMembers: boolean,
  ): boolean {
    const fromTrunk = !isMember(sender);
    let sent = false;
    for (const member of this.members) {
      if (member === sender || !member.port.carrier) {
        continue;
      }
      const isAddressed = member.mac === destination || member.mac === undefined;
      if (isAddressed || (listens(member) && mayOverhear(member, fromTrunk, concernsMembers))) {
        member.port.send(frame);
        sent = true;
      }
    }
    return sent;
  }

  /** A host-only interface sees every frame, as tcpdump on vboxnet0 shows; a bridged card's stack gets what is for it. */
  private reachesHost(sender: SwitchStation, destination: MacAddress): boolean {
    const { host } = this;
    return (
      host !== undefined &&
      host !== sender &&
      host.port.carrier &&
      (this.config.role === 'host-only' || host.mac === undefined || host.mac === destination)
    );
  }

  private sendToWire(frame: Frame, sender: SwitchStation): boolean {
    const { wire } = this;
    if (wire === undefined || wire === sender || !wire.port.carrier) {
      return false;
    }
    wire.port.send(this.sharedMac !== undefined && isMember(sender) ? this.sharedMac.toAir(frame) : frame);
    return true;
  }

  /** Over Wi-Fi all guests have the host's address, so their IP addresses say whose a frame is. */
  private receiveFromAir(arrived: Frame, sender: SwitchStation, sharedMac: SharedMacOnWire): void {
    const frame = sharedMac.fromAir(arrived);
    const member = sharedMac.memberFor(frame.bytes);
    if (member === undefined) {
      sharedMac.snoopLease(frame.bytes, this.members);
      this.switchByAddress(frame, sender);
    } else if (member.mac === undefined || !member.port.carrier) {
      this.simulator.drop(sender.port.number, frame, 'no-such-adapter');
    } else {
      member.port.send(sharedMac.addressedTo(frame, member.mac));
      this.members
        .filter(each => each !== member && each.port.carrier && listens(each))
        .forEach(each => each.port.send(frame));
    }
  }
}

function isMember({ role }: SwitchStation): boolean {
  return role === 'adapter' || role === 'service';
}

/** Whether a guest's adapter asks for frames of others: its policy lets it, and the guest has switched promiscuous mode on. */
function listens({ promiscuous, port }: SwitchStation): boolean {
  return promiscuous !== 'deny' && port.other?.promiscuous === true;
}

/** `allow-all` sees all that passes; `allow-vms` what members send, and what comes from the trunk for one of them. */
function mayOverhear({ promiscuous }: SwitchStation, fromTrunk: boolean, concernsMembers: boolean): boolean {
  return promiscuous === 'allow-all' || !fromTrunk || concernsMembers;
}

function firstAddress({ bytes }: Frame): MacAddress | undefined {
  const mac = sourceMac(bytes);
  return isGroupMac(mac) ? undefined : mac;
}
