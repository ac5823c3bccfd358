/** What a planned machine is told by a user who configures Linux: the commands to run on it, in order. */
import type { PlannedMachine, PlannedPortForward } from './network-plan';

/** Each command as a program and its arguments. */
export function configurationCommands(machine: PlannedMachine): readonly (readonly string[])[] {
  const { interfaces, gateway, routes = [] } = machine;
  const ip = [
    ...interfaces.map(({ name, mtu = 1500 }) => `link set ${name} mtu ${mtu}`),
    ...interfaces.map(({ name, address }) => `addr add ${address} dev ${name}`),
    ...(gateway === undefined ? [] : [`route add default via ${gateway}`]),
    ...routes.map(
      ({ to, via, type }) =>
        `route add ${type === undefined ? '' : `${type} `}${to}${via === undefined ? '' : ` via ${via}`}`,
    ),
  ];
  const rules = translation(machine);
  return [
    ...ip.map(command => ['ip', ...command.split(' ')]),
    ...(rules.length === 0 ? [] : [['nft', rules.join('\n')]]),
  ];
}

/** Rules of nftables. */
function translation({ masquerade, forwardedPorts = [] }: PlannedMachine): string[] {
  if (masquerade === undefined) {
    return [];
  }
  return [
    'add table ip nat',
    'add chain ip nat in { type nat hook prerouting priority dstnat; }',
    'add chain ip nat out { type nat hook postrouting priority srcnat; }',
    ...forwardedPorts.map(
      ({ protocol, outside, port, inside, insidePort }) =>
        `add rule ip nat in ip daddr ${outside} ${protocol} dport ${port} dnat to ${inside}:${insidePort}`,
    ),
    `add rule ip nat out oifname "${masquerade}" masquerade`,
    ...forwardedPorts.flatMap(hairpinRule),
  ];
}

/** Answers to a machine on the same link must come back through the router. */
function hairpinRule({ protocol, inside, insidePort, hairpin }: PlannedPortForward): string[] {
  return hairpin === undefined
    ? []
    : [
        `add rule ip nat out ip saddr ${hairpin} ip daddr ${inside} ${protocol} dport ${insidePort} masquerade`,
      ];
}
