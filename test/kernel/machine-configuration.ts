/** What a planned machine is told by a user who configures Linux: the commands to run on it, in order. */
import {
  hasIpv6,
  type PlannedInterface,
  type PlannedMachine,
  type PlannedPortForward,
  type PlannedRule,
} from './network-plan';

/** Each command as a program and its arguments. */
export function configurationCommands(machine: PlannedMachine): readonly (readonly string[])[] {
  const { interfaces, gateway, ipv6Gateway, routes = [] } = machine;
  const ip = [
    ...interfaces.flatMap(madeLink),
    ...interfaces.map(({ name, mtu = 1500 }) => `link set ${name} mtu ${mtu}`),
    ...interfaces.flatMap(({ name, address }) =>
      address === undefined ? [] : [`addr add ${address} dev ${name}`],
    ),
    ...interfaces.flatMap(({ name, ipv6 }) =>
      ipv6?.address === undefined ? [] : [`-6 addr add ${ipv6.address} dev ${name}`],
    ),
    ...(gateway === undefined ? [] : [`route add default via ${gateway}`]),
    ...(ipv6Gateway === undefined ? [] : [`-6 route add default via ${ipv6Gateway}`]),
    ...routes.map(
      ({ to, via, type }) =>
        `route add ${type === undefined ? '' : `${type} `}${to}${via === undefined ? '' : ` via ${via}`}`,
    ),
  ];
  const rules = [...translation(machine), ...filter(machine)];
  return [
    ...ip.map(command => ['ip', ...command.split(' ')]),
    ...(rules.length === 0 ? [] : [['nft', rules.join('\n')]]),
  ];
}

/** An interface that a command makes; a process has made those that are a TUN or TAP device. */
function madeLink({ name, mac, link }: PlannedInterface): string[] {
  switch (link?.kind) {
    case undefined:
      return [];
    case 'tun':
      return [`link set ${name} up`];
    case 'tap':
      return [`link set ${name} address ${mac} up`];
    case 'vxlan': {
      const { id, remote, port } = link;
      return [
        `link add ${name} address ${mac} type vxlan id ${id} remote ${remote} dstport ${port}`,
        `link set ${name} up`,
      ];
    }
  }
}

/** Settings below /proc/sys/net that IPv6 needs, or that keep it silent. */
export function ipv6Settings(machine: PlannedMachine): Readonly<Record<string, string>> {
  const { interfaces, forwards = false } = machine;
  if (!hasIpv6(machine)) {
    return {};
  }
  return {
    'ipv6/conf/all/forwarding': forwards ? '1' : '0',
    'ipv6/conf/lo/disable_ipv6': '0',
    ...Object.fromEntries(
      interfaces
        .filter(({ ipv6 }) => ipv6 !== undefined)
        .flatMap(({ name, ipv6 }) => [
          [`ipv6/conf/${name}/accept_ra`, ipv6?.autoconfiguration === true ? '1' : '0'],
          [`ipv6/conf/${name}/disable_ipv6`, '0'],
        ]),
    ),
  };
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

const HOOKS = { input: 'input', forward: 'forward', output: 'output' } as const;

const VERDICTS = {
  accept: 'accept',
  drop: 'drop',
  reject: 'reject',
  'reject-with-reset': 'reject with tcp reset',
} as const;

/** The family `inet` is both versions of IP. */
function filter({ firewall = [] }: PlannedMachine): string[] {
  return firewall.length === 0
    ? []
    : [
        'add table inet fw',
        ...Object.values(HOOKS).map(
          hook => `add chain inet fw ${hook} { type filter hook ${hook} priority filter; }`,
        ),
        ...firewall.map(filterRule),
      ];
}

function filterRule({ chain, action, protocol, port, states, inInterface }: PlannedRule): string {
  const conditions = [
    inInterface === undefined ? '' : `iifname "${inInterface}"`,
    states === undefined ? '' : `ct state ${states.join(',')}`,
    protocol === undefined ? '' : `meta l4proto ${protocol === 'icmpv6' ? 'ipv6-icmp' : protocol}`,
    port === undefined ? '' : `th dport ${port}`,
  ].filter(condition => condition !== '');
  return ['add rule inet fw', HOOKS[chain], ...conditions, VERDICTS[action]].join(' ');
}

/** Answers to a machine on the same link must come back through the router. */
function hairpinRule({ protocol, inside, insidePort, hairpin }: PlannedPortForward): string[] {
  return hairpin === undefined
    ? []
    : [
        `add rule ip nat out ip saddr ${hairpin} ip daddr ${inside} ${protocol} dport ${insidePort} masquerade`,
      ];
}
