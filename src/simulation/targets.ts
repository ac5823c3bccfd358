/** What a user types as the far end of a ping. */
import { formatIp, parseIp } from '../net/ip-address';
import type { ResolvedDevice, ResolvedTarget, ResolvedTopology } from '../topology/resolved';

/** Reads an address, a device, `device:interface`, or else a name that DNS may know. */
export function parseTarget(topology: ResolvedTopology, text: string): ResolvedTarget {
  const address = parseIp(text);
  if (address !== undefined) {
    return { kind: 'address', address };
  }
  for (const device of topology.devices) {
    if (device.id === text) {
      return { kind: 'device', device: text };
    }
    const name = interfaceNames(device).get(text.slice(device.id.length + 1));
    if (name !== undefined && text.startsWith(`${device.id}:`)) {
      return { kind: 'device', device: device.id, interface: name };
    }
  }
  return { kind: 'name', name: text.replace(/\.$/, '') };
}

/** Interface names by what a user may call them: the name itself, or the adapter's slot. */
function interfaceNames(device: ResolvedDevice): ReadonlyMap<string, string> {
  const interfaces = 'interfaces' in device ? device.interfaces : [];
  return new Map(
    interfaces.flatMap(({ name, slot }) => [
      ...(slot === undefined ? [] : [[String(slot), name] as const]),
      [name, name] as const,
    ]),
  );
}

/** Writes a target as a user would type it. */
export function formatTarget(target: ResolvedTarget): string {
  switch (target.kind) {
    case 'device':
      return target.interface === undefined ? target.device : `${target.device}:${target.interface}`;
    case 'address':
      return formatIp(target.address);
    case 'name':
      return target.name;
  }
}

/** Whether a user can sit at this device and ping: it has a TCP/IP stack of its own. */
export function canPing(device: ResolvedDevice): boolean {
  switch (device.kind) {
    case 'host':
    case 'vm':
    case 'router':
    case 'container':
      return true;
    case 'switch':
    case 'hub':
    case 'tunnel':
    case 'virtualbox-nat':
    case 'virtualbox-switch':
    case 'virtualbox-dhcp':
    case 'virtualbox-nat-network':
    case 'internet':
      return false;
  }
}
