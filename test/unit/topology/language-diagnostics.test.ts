import { describe, expect, it } from 'vitest';
import { readTopology } from '../../../src/topology/topology-file';
import { problemsOf } from './reading';

type Cases = readonly (readonly [title: string, text: string, ...problems: string[]])[];

const VIRTUALBOX: Cases = [
  [
    'a port forward that exists',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['tcp 2222 -> 22', 'ssh,tcp,,2222,,22', 'tcp_2222_22,tcp,,2223,,22']}}}\n",
    '4:81: error: tcp 2222 is forwarded already. [duplicate-forward]',
    '4:102: error: A port forward called `tcp_2222_22` exists already. [duplicate-forward]',
  ],
  [
    'one port of the host for two VMs',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['tcp 2222 -> 22']}}}\n  w: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['tcp 127.0.0.1:2222 -> 22']}}}\n",
    '5:63: error: Something listens on tcp 2222 of `h (127.0.0.1)` already. [port-in-use]',
  ],
  [
    'ports that the host’s own DHCP server, name forwarder and VXLAN listen on',
    "vnet: 1\nnetworks: {lan: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: {server: h}}}\nnodes:\n  h: {kind: host, interfaces: {eth0: {network: lan, address: 10.0.0.1/24}, vxlan1: {type: vxlan, remote: 10.0.0.9}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['udp 10067 -> 67', 'udp 127.0.0.1:8472 -> 1', 'tcp 10053 -> 53']}}}\n",
    '4:76: error: Something listens on udp 8472 of `h` already. [port-in-use]',
  ],
  [
    'one port of the host at two of its addresses',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['udp 127.0.0.1:2222 -> 22', 'other,udp,127.0.0.2,2222,,22']}}}\n",
  ],
  [
    'a forward of a port that only root has',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['udp 53 -> 53']}}}\n",
    '4:63: warning: Port 53 is below 1024: unless it runs as root, VirtualBox can’t listen on it and the VM does not start. [forward-privileged]',
  ],
  [
    'a forward of an impossible port',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, forwards: ['tcp 0 -> 22', 'tcp 10.0.0.300:2222 -> 22']}}}\n",
    '4:63: error: `port` must be from 1 to 65535. [out-of-range]',
    '4:78: error: `10.0.0.300` is not an IPv4 address a machine can have. [bad-address]',
  ],
  [
    'a NAT network’s forward without a guest',
    "vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {nat-networks: {NatNetwork: {forwards: ['ssh:tcp:[]:2222:[]:22']}}}}\n",
    '3:71: error: `ssh:tcp:[]:2222:[]:22` leads nowhere: write the inner address, as in `tcp 8080 -> 10.0.0.5:80`. [forward-without-target]',
  ],
  [
    'DNS settings that a release has no more',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {version: "7.1"}}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, dns-proxy: true, dns-host-resolver: true}}}\n',
    '4:52: warning: `dns-proxy` has no effect in VirtualBox 7.1. [not-in-release]',
    '4:69: warning: `dns-host-resolver` has no effect in VirtualBox 7.1. [not-in-release]',
  ],
  [
    'a loopback that 6.1 can’t close',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {version: "6.1"}}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, localhost-reachable: false}}}\n',
    '4:52: warning: `localhost-reachable: false` has no effect in VirtualBox 6.1. [not-in-release]',
  ],
  [
    'a NAT network that is too small',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {nat-networks: {NatNetwork: {subnet: 10.9.0.0/30}}}}\n',
    '3:68: error: 10.9.0.0/30 is too small: a NAT network needs at least a /29. [subnet-too-small]',
  ],
  [
    'an IPv6 prefix that is no /64',
    "vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {nat-networks: {NatNetwork: {ipv6: 'fd00::/48'}}}}\n",
    '3:66: error: fd00::/48 must be a /64. [prefix-not-64]',
  ],
  [
    'a name that is nearly one in the list',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {nat-networks: {NatNetwork: }}}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat-network, network: NatNetwrok}}}\n',
    '4:69: warning: `NatNetwrok` makes a new network; did you mean `NatNetwork`? [similar-network]',
  ],
  [
    'one name for two kinds of networks',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat-network, network: x}, 2: {attach: internal, network: x}}}\n',
    '4:104: error: `x` is the name of a network of another kind: nat-network, not internal. [network-role]',
  ],
  [
    'a host-only name that VirtualBox does not give',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: host-only, network: vmnet1}}}\n',
    '4:67: error: `vmnet1` is not a host-only interface: they are called vboxnet0 to vboxnet127. [host-only-name]',
  ],
  [
    'a host-only address outside the allowed ranges',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {host-only: {vboxnet0: {address: 10.0.0.1/24}}}}\n',
    '3:64: error: VirtualBox refuses 10.0.0.1/24 for a host-only interface: only 192.168.56.0/21 is allowed. Allow more with `host-only-ranges`. [host-only-range]',
  ],
  [
    'a host-only number whose address is outside',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: host-only, network: vboxnet8}}}\n',
    '4:67: error: VirtualBox refuses 192.168.64.1/24 for a host-only interface: only 192.168.56.0/21 is allowed. Allow more with `host-only-ranges`. [host-only-range]',
  ],
  [
    'vboxnet0 among the interfaces',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {vboxnet0: {address: 192.168.56.1/24}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: host-only}}}\n',
    '3:32: error: `vboxnet0` is made by VirtualBox: describe it under `virtualbox: host-only`. [interface-is-host-only]',
  ],
  [
    'an internal DHCP server without an address',
    'vnet: 1\nnodes:\n  h: {kind: host, virtualbox: {internal: {intnet: {dhcp: true}, other: {dhcp: {range: 10.0.0.5-10.0.0.9}}}}}\n',
    '3:52: error: DHCP needs `server`. [missing-key]',
    '3:73: error: DHCP needs `server`. [missing-key]',
  ],
  [
    'a bridged adapter without a card',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: bridged}}}\n',
    '4:35: error: `h` has no network card to be bridged to. [without-choice]',
  ],
  [
    'a bridged adapter with several cards',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}, wlan0: {wifi: true}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: bridged}}}\n',
    '4:35: error: `h` has several: choose one of eth0, wlan0 with `to`. [without-choice]',
  ],
  [
    'a bridged adapter to what is no card',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}, tap0: {type: tap}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: bridged, to: tap0}, 2: {attach: bridged, to: eht0}}}\n',
    '4:60: error: `tap0` is not a network card: for a TAP device write `attach: tap`, for a bridge use one of its taps. [bridged-to]',
    '4:92: error: `h` has no interface `eht0`; did you mean `eth0`? [unknown-interface]',
  ],
  [
    'a TAP device that is not there, is none, or is taken',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}, tap0: {type: tap}}}\n  v: {kind: vm, on: h, adapters: {1: {attach: tap, to: tap1}, 2: {attach: tap, to: eth0}, 3: {attach: tap, to: tap0}, 4: {attach: tap, to: tap0}}}\n',
    '4:56: error: `h` has no interface `tap1`; did you mean `tap0`? [unknown-interface]',
    '4:84: error: `eth0` is not an interface of type tap. [tap-to]',
    '4:140: error: `h:tap0` is already plugged in. [interface-in-use]',
  ],
  [
    'no TAP device',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: tap}}}\n',
    '4:35: error: `h` has no interface of type tap. [without-choice]',
  ],
  [
    'properties of a UDP tunnel',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: generic, properties: {sprot: 1, dport: 0, dest: nobody}}}}\n',
    '4:69: error: Unknown key `sprot` in UDPTunnel; did you mean `sport`? [unknown-key]',
    '4:86: error: `dport` must be from 1 to 65535. [out-of-range]',
    '4:95: error: `nobody` is not an IPv4 address a machine can have. [bad-address]',
  ],
  [
    'two tunnels with one port',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: generic}, 2: {attach: generic}}}\n',
    '4:57: error: Something listens on udp 4444 of `h` already. [port-in-use]',
  ],
  [
    'a group address for an adapter',
    "vnet: 1\nnodes:\n  h: {kind: host}\n  v: {kind: vm, on: h, adapters: {1: {attach: nat, mac: '090027000001'}}}\n",
    '4:57: error: `090027000001` is a group address: VirtualBox wants a second digit that is even. [bad-mac]',
  ],
];

const LINUX: Cases = [
  [
    'a member of two bridges, a missing one and one without frames',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}, tun0: {type: tun}, br0: {type: bridge, members: [eth0, eth1, tun0]}, br1: {type: bridge, members: [eth0]}}}\n',
    '3:97: error: `h` has no interface `eth1`; did you mean `eth0`? [unknown-interface]',
    '3:103: error: `tun0` is of type tun, which can’t be a member of a bridge. [bridge-member]',
    '3:141: error: `eth0` is a member of `br0` already. [bridge-member]',
  ],
  [
    'an address on a member',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {address: 10.0.0.1/24}, br0: {type: bridge, members: [eth0]}}}\n',
    '3:48: warning: `eth0` is a member of `br0`: give the address to the bridge. [bridge-member]',
  ],
  [
    'keys of other types',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {members: [eth1], stp: true, id: 5, wifi: true}, br0: {type: bridge, wifi: true, parent: eth0}}}\n',
    '3:49: error: `members` is a key of interfaces of type bridge. [key-of-type]',
    '3:56: error: `stp` is a key of interfaces of type bridge. [key-of-type]',
    '3:67: error: `id` is a key of interfaces of type vlan, vxlan. [key-of-type]',
    '3:107: error: `wifi` is a key of interfaces of type physical. [key-of-type]',
    '3:119: error: `parent` is a key of interfaces of type vlan, vxlan. [key-of-type]',
  ],
  [
    'a VLAN without a parent, without a number, with a number too large',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}, a: {type: vlan, id: 5}, b: {type: vlan, parent: eth0}, eth0.4095: {type: vlan}, c: {type: vlan, parent: ehh0, id: 1}}}\n',
    '3:42: error: Interface a needs `parent`. [missing-key]',
    '3:66: error: Interface b needs `id`. [missing-key]',
    '3:97: error: `id` must be from 1 to 4094. [out-of-range]',
    '3:146: error: `h` has no interface `ehh0`; did you mean `eth0`? [unknown-interface]',
  ],
  [
    'a VLAN on itself',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {a: {type: vlan, parent: b, id: 1}, b: {type: vlan, parent: a, id: 2}}}\n',
    '3:56: error: `a` would carry itself. [vlan-circle]',
    '3:91: error: `b` would carry itself. [vlan-circle]',
  ],
  [
    'a VXLAN without what it needs',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {vx: {type: vxlan}, vy: {type: vxlan, id: 0, remote: [10.0.0.1, 'fd00::1']}}}\n",
    '3:32: error: Interface vx needs `id`. [missing-key]',
    '3:32: error: Interface vx needs `remote`. [missing-key]',
    '3:51: error: 10.0.0.1 and fd00::1 are of different IP versions. [mixed-versions]',
    '3:73: error: `id` must be from 1 to 16777215. [out-of-range]',
  ],
  [
    'a bridge, a TUN and a veth in a network',
    'vnet: 1\nnetworks: {n: {}}\nnodes:\n  h: {kind: host, interfaces: {br0: {type: bridge, network: n}, tun0: {type: tun, network: n}, v0: {type: veth, network: n}}}\n',
    '4:61: error: A bridge is not plugged in itself: plug one of its members into the network. [network-without-port]',
    '4:92: error: An interface of type tun can’t be plugged into a network. [network-without-port]',
    '4:122: error: A veth pair joins a bridge (`bridge`) or another interface (`peer`), not a network. [network-without-port]',
  ],
  [
    'VLANs of a port without a network',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {vlan: 5}, eth1: {trunk: all}}}\n',
    '3:39: error: `vlan` describes the port of a network’s switch: it needs `network`. The ports of a switch are described by its `ports`. [vlan-without-network]',
    '3:56: error: `trunk` describes the port of a network’s switch: it needs `network`. The ports of a switch are described by its `ports`. [vlan-without-network]',
  ],
  [
    'a cable to a bridge',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {br0: {type: bridge}}}\n  s: {kind: switch}\nlinks: [[h:br0, s:1]]\n',
    '5:10: error: `h:br0` is of type bridge: a cable needs a physical interface. [cable-without-port]',
  ],
  [
    'containers without and with too many bridges',
    'vnet: 1\nnodes:\n  h: {kind: host}\n  c: {kind: container, on: h}\n  i: {kind: host, interfaces: {br0: {type: bridge}, br1: {type: bridge}}}\n  d: {kind: container, on: i}\n  e: {kind: container, on: i, interfaces: {eth0: {bridge: br2}}}\n',
    '4:3: error: `h` has no bridge that the container could join. [container-without-bridge]',
    '6:3: error: `i` has several bridges: choose one of br0, br1 with `bridge`. [container-without-bridge]',
    '7:59: error: `i` has no interface `br2`; did you mean `br0`? [unknown-interface]',
  ],
  [
    'a container on a switch, on a container, with a card and with a cable',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {br0: {type: bridge}}}\n  s: {kind: switch}\n  c: {kind: container, on: s}\n  d: {kind: container, on: h, interfaces: {eth0: {type: physical}}}\n  e: {kind: container, on: d}\nlinks: [[d:eth1, s:1]]\n',
    '5:28: error: `s` is a switch: a container runs on a host, a router or a VM. [wrong-kind]',
    '6:57: error: A container has no network cards of its own: join a bridge with `bridge`, or write `peer`. [container-physical]',
    '7:28: error: `d` is a container: a container runs on a host, a router or a VM. [wrong-kind]',
    '8:10: error: `d` is a container: it joins a bridge of its host, not a cable. [container-cable]',
  ],
  [
    'veth pairs that do not meet',
    "vnet: 1\nnodes:\n  a: {kind: host, interfaces: {v0: {type: veth, peer: 'b:v0'}, v1: {type: veth, peer: 'a:v2'}, v2: {type: veth, peer: 'a:v3'}, v3: {type: veth, peer: 'a:v2'}, v4: {type: veth, peer: 'a:eth0'}, eth0: {}}}\n  b: {kind: host}\n",
    '3:55: error: A veth pair is within one machine: `a` and `b` are not. [peer]',
    '3:87: error: The peer of `a:v2` is `a:v3`. [peer]',
    '3:183: error: `a:eth0` is not an interface of type veth that could be the other end. [peer]',
  ],
  [
    'tunnels that do not meet',
    "vnet: 1\nnodes:\n  a: {kind: host, interfaces: {tun0: {type: tun, peer: 'b:tun0'}, tun1: {type: tun, peer: 'b:tap1'}, tun2: {type: tun, peer: 'b:tun9'}, tun3: {type: tun, remote: 10.0.0.1}}}\n  b: {kind: host, interfaces: {tun0: {type: tun}, tap1: {type: tap, peer: 'a:tun1'}}}\n",
    '3:56: error: `b:tun0` must name this interface as its peer: write `peer: a:tun0` there. [peer]',
    '3:91: error: `b:tap1` is not an interface of type tun that could be the other end. [peer]',
    '3:126: error: `b` has no interface `tun9`; did you mean `tun0`? [unknown-interface]',
    '3:137: error: Interface tun3 needs `peer`. [missing-key]',
    '4:75: error: `a:tun1` is not an interface of type tap that could be the other end. [peer]',
  ],
  [
    'a tunnel to an address that nobody knows yet',
    "vnet: 1\nnetworks: {n: {}}\nnodes:\n  a: {kind: host, interfaces: {eth0: {network: n}, tun0: {type: tun, peer: 'b:tun0'}}}\n  b: {kind: host, interfaces: {eth0: {network: n, address: 10.0.0.2/24}, tun0: {type: tun, peer: 'a:tun0'}}}\n",
    '5:74: error: No address of `a` is known before the network runs: write `remote`, or give `a` a static address. [tunnel-without-remote]',
  ],
  [
    'two tunnels of one machine with one port',
    "vnet: 1\nnetworks: {n: {}}\nnodes:\n  a: {kind: host, interfaces: {eth0: {network: n, address: 10.0.0.1/24}, tun0: {type: tun, peer: 'b:tun0'}, tun1: {type: tun, peer: 'b:tun1'}}}\n  b: {kind: host, interfaces: {eth0: {network: n, address: 10.0.0.2/24}, tun0: {type: tun, peer: 'a:tun0'}, tun1: {type: tun, peer: 'a:tun1', port: 1195}}}\n",
    '4:109: error: Something listens on udp 55555 of `a` already. [port-in-use]',
  ],
  [
    'timers of a spanning tree that do not fit',
    'vnet: 1\nnodes:\n  s: {kind: switch, stp: {hello: 2s, max-age: 40s, forward-delay: 15s}}\n  t: {kind: switch, stp: {hello: 11s, priority: 4096}}\n',
    '3:21: error: Hello 2 s, max age 40 s and forward delay 15 s do not fit together: 2 × (forward delay − 1) ≥ max age ≥ 2 × (hello + 1). [stp-timers]',
    '4:34: error: `hello` must be from 1s to 10s. [out-of-range]',
  ],
  [
    'a priority that is no step',
    'vnet: 1\nnodes:\n  s: {kind: switch, stp: {priority: 5}}\n',
    '3:37: error: `5` is not a value of `priority`. [bad-value]',
  ],
  [
    'VLANs where they are switched off, a mirror of itself',
    'vnet: 1\nnodes:\n  s: {kind: switch, vlan: false, ports: {1: {vlan: 5}, 2: {mirror: 2}, 3: {mirror: 4}}}\n',
    '3:46: error: `vlan` has no effect: `s` says `vlan: false`. [vlan-off]',
    '3:68: error: Port `2` can’t mirror itself. [mirror-itself]',
    '3:84: error: `s` has no interface `4`. [unknown-interface]',
  ],
  [
    'a trunk that can’t be',
    "vnet: 1\nnodes:\n  s: {kind: switch, ports: {1: {trunk: '20-10'}}}\n  h: {kind: host}\nlinks: [[h:eth0, s:1]]\n",
    '3:40: error: `trunk` must be from 1 to 4094. [out-of-range]',
  ],
  [
    'a ring over a bridge of a host',
    'vnet: 1\nnodes:\n  s: {kind: switch}\n  h: {kind: host, interfaces: {eth0: {}, eth1: {}, br0: {type: bridge, members: [eth0, eth1]}}}\nlinks: [[h:eth0, s:1], [h:eth1, s:2]]\n',
    '5:24: warning: This cable closes a ring of switches; without the spanning tree protocol broadcasts circle in it. [switching-loop]',
  ],
  [
    'a ring that a spanning tree opens',
    'vnet: 1\nnodes:\n  s: {kind: switch, stp: true}\n  t: {kind: switch}\nlinks: [[s:1, t:1], [s:2, t:2]]\n',
  ],
];

const IPV6: Cases = [
  [
    'two subnets of one version',
    "vnet: 1\nnetworks: {n: {subnet: ['fd00::/64', 'fd01::/64']}}\n",
    '2:38: error: A network has one IPv6 subnet. [second-subnet]',
  ],
  [
    'an address outside its network',
    "vnet: 1\nnetworks: {n: {subnet: 'fd00::/64'}}\nnodes:\n  h: {kind: host, interfaces: {e: {network: n, address: 'fd01::1/64'}}}\n",
    '4:57: error: `fd01::1/64` is outside fd00::/64, the subnet of `n`. [outside-subnet]',
  ],
  [
    'impossible addresses',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {e: {address: ['::1/128', 'ff02::1/64', 'fd00::1/129', '1::2::3/64']}}}\n",
    '3:46: error: `::1/128` is not an IPv6 address and prefix length. [bad-address]',
    '3:57: error: `ff02::1/64` is not an IPv6 address and prefix length. [bad-address]',
    '3:71: error: `fd00::1/129` is not an IPv6 address and prefix length. [bad-address]',
    '3:86: error: `1::2::3/64` is not an IPv6 address and prefix length. [bad-address]',
  ],
  [
    'host bits',
    "vnet: 1\nnetworks: {n: {subnet: 'fd00::1/64'}}\n",
    '2:24: error: `fd00::1/64` has host bits set; the network is fd00::/64. [host-bits]',
  ],
  [
    'one address twice',
    "vnet: 1\nnetworks: {n: {subnet: 'fd00::/64'}}\nnodes:\n  a: {kind: host, interfaces: {e: {network: n, address: 'fd00::1/64'}}}\n  b: {kind: host, interfaces: {e: {network: n, address: 'fd00:0::1/64'}}}\n",
    '5:57: error: fd00::1 is already the address of `a:e` on this segment. [duplicate-address]',
  ],
  [
    'a gateway out of reach',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {e: {address: 'fd00::1/64', gateway: 'fd01::1'}}}\n",
    '3:68: error: The gateway fd01::1 is not on a network of this interface. [gateway-unreachable]',
  ],
  [
    'a prefix of which nobody can make an address',
    "vnet: 1\nnetworks: {n: {subnet: 'fd00::/56', gateway: 'fd00::1'}}\nnodes:\n  r: {kind: router, interfaces: {e: {network: n, address: 'fd00::1/56'}}}\n",
    '2:24: warning: Machines can’t make themselves addresses of fd00::/56: autoconfiguration needs a /64. [prefix-not-64]',
  ],
  [
    'leases and written addresses at once',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {e: {address: [dhcp, 10.0.0.1/24]}}}\n',
    '3:36: error: Written addresses, `dhcp` and `auto` exclude each other for IPv4. [mixed-addressing]',
  ],
  [
    'a route of two versions',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {e: {address: [10.0.0.1/24, 'fd00::1/64']}}, routes: [{to: 10.9.0.0/16, via: 'fd00::2'}, {to: default, via: 'fd01::2'}]}\n",
    '3:108: error: 10.9.0.0/16 and fd00::2 are of different IP versions. [mixed-versions]',
    '3:139: error: The next router fd01::2 is not on a network of `h`. [route-unreachable]',
  ],
  [
    'a server with a private address',
    "vnet: 1\nnodes:\n  i: {kind: internet, servers: {a.example: {address: 'fd00::1'}}}\n",
    '3:54: error: fd00::1 is not a public address. [server-address]',
  ],
];

const RULES: Cases = [
  [
    'words that no rule has',
    "vnet: 1\nnodes:\n  h: {kind: host, firewall: ['drop input form 10.0.0.1', 'drop input colour red', 'drop input proto tpc', 'drop input in eth0 in eth1']}\n",
    '3:30: error: `form` is not a word of a rule; did you mean `from`? [rule-word]',
    '3:58: error: `colour` is not a word of a rule: write in, out, proto, from, to, port, source-port, state, name. [rule-word]',
    '3:83: error: `tpc` is not a value of `proto`: write tcp, udp, icmp, icmpv6. [unknown-value]',
    '3:107: error: `in` stands twice in this rule. [rule-word]',
  ],
  [
    'rules without sense',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}}, firewall: [{chain: input, action: drop, out: eth0}, {chain: output, action: reject-with-reset, in: eth0}, {chain: forward, action: drop, port: 80}, {chain: forward, action: drop, proto: tcp, port: 90-80}, {chain: forward, action: drop, in: eht0}, {chain: forward, action: drop, from: 10.0.0.1/24, to: 'fd00::1'}]}\n",
    '3:88: error: `out` has no meaning in the chain input. [rule-interface]',
    '3:119: error: `reject-with-reset` needs `proto` tcp. [rule-reset]',
    '3:142: error: `in` has no meaning in the chain output. [rule-interface]',
    '3:186: error: `port` needs `proto` tcp or udp. [rule-port]',
    '3:240: error: `port` must be from 1 to 65535. [out-of-range]',
    '3:283: error: `h` has no interface `eht0`; did you mean `eth0`? [unknown-interface]',
    '3:327: error: `10.0.0.1/24` has host bits set; the network is 10.0.0.0/24. [host-bits]',
  ],
  [
    'two rules of one name',
    "vnet: 1\nnodes:\n  h: {kind: host, firewall: ['drop input name a', {chain: input, action: drop, name: a}]}\n",
    '3:86: error: A rule called `a` exists already. [duplicate-rule]',
  ],
  [
    'a forward that leads nowhere',
    "vnet: 1\nnodes:\n  h: {kind: host, interfaces: {eth0: {}}, nat: {outside: eth0, forwards: ['tcp 80 -> 80']}}\n",
    '3:75: error: `tcp 80 -> 80` leads nowhere: write the inner address, as in `tcp 8080 -> 10.0.0.5:80`. [forward-without-target]',
  ],
  [
    'services',
    "vnet: 1\nnodes:\n  h: {kind: host, services: {http: {banner: x}, quake: , ssh: 22, sftp: 22, dns: {records: {a.example: 10.0.0.1, b.example: 'CNAME a..b'}}}}\n",
    '3:37: error: `banner` is not a key of the service http. [service-key]',
    '3:49: error: Write the port of `quake`: it has no usual one. [service-without-port]',
    '3:67: error: Something listens on tcp 22 of `h` already. [port-in-use]',
    '3:125: error: `CNAME a..b` is not an address, `CNAME name`, `PTR name` or `TXT text`. [bad-record]',
  ],
  [
    'a DHCP service without an interface',
    'vnet: 1\nnodes:\n  h: {kind: host, interfaces: {a: {address: 10.0.0.1/24}, b: {address: 10.0.1.1/24}}, services: {dhcp: }}\n',
    '3:98: error: `h` needs `interface`: DHCP leases on one interface with a static address. [dhcp-interface]',
  ],
  [
    'DHCP options and reservations',
    "vnet: 1\nnetworks:\n  n:\n    subnet: 10.0.0.0/24\n    gateway: 10.0.0.1\n    dhcp: {options: {ntp-server: 10.0.0.5, 53: 1, interface-mtu: big, 300: 1}, reservations: {p: 10.0.1.5, q: 10.0.0.6, '02:00:00:00:00:01': 10.0.0.7, '02:00:00:00:00:02': 10.0.0.7}}\nnodes:\n  r: {kind: router, interfaces: {e: {network: n, address: 10.0.0.1/24}}}\n  p: {kind: host, interfaces: {e: {network: n}}}\n",
    '6:22: error: `ntp-server` is no DHCP option; did you mean `ntp-servers`? [dhcp-option]',
    '6:44: error: DHCP option 53 is decided by the protocol or by a key of its own. [dhcp-option]',
    '6:66: error: This is not a value of the DHCP option `interface-mtu`. [dhcp-option]',
    '6:71: error: `300` is no DHCP option: write its number or its name. [dhcp-option]',
    '6:98: error: `10.0.1.5` is outside 10.0.0.0/24, the subnet of `n`. [outside-subnet]',
    '6:108: error: There is no node called `q`. [unknown-node]',
    '6:173: error: 10.0.0.7 is reserved twice. [duplicate-reservation]',
  ],
  [
    'a relay that is not there',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: {server: s, relay: s}}}\nnodes:\n  s: {kind: host, interfaces: {e: {address: 10.9.0.1/24}}}\n  r: {kind: router, interfaces: {e: {network: a, address: 10.0.0.1/24}}}\n',
    '2:81: error: `s` has no static address on `a`, so it can’t pass on questions from there. [dhcp-without-server]',
  ],
];

const SCENARIOS: Cases = [
  [
    'targets without a port',
    "vnet: 1\nnodes: {p: {kind: host}}\nscenarios:\n  s:\n    - tcp: {from: p, to: p}\n    - udp: {from: p, to: 'p:70000'}\n    - tcp: {from: p, to: 'p:eth0', port: 80}\n",
    '5:26: error: `p` needs a port: write `port`, or end it in one, as in `web.example:80`. [target-without-port]',
    '6:26: error: `p:70000` needs a port: write `port`, or end it in one, as in `web.example:80`. [target-without-port]',
    '7:26: error: `p` has no interface `eth0`. [unknown-interface]',
  ],
  [
    'URLs',
    "vnet: 1\nnodes: {p: {kind: host}}\nscenarios:\n  s:\n    - http: {from: p, to: 'https://p/'}\n    - http: {from: p, to: 'http://'}\n    - http: {from: p, to: 'http://q/'}\n",
    '5:27: error: `https` is not simulated: pages are fetched by http. [bad-url]',
    '6:27: error: `http://` is not a URL such as http://web.example/. [bad-url]',
    '7:27: error: `q` is no node, address or name that DNS knows. [unknown-target]',
  ],
  [
    'changes',
    "vnet: 1\nnodes: {p: {kind: host, interfaces: {eth0: {}}, firewall: ['drop input name a']}, q: {kind: host, firewall: ['drop input name a']}, s: {kind: switch}}\nlinks: [[p:eth0, s:1], [q:eth0, s:7]]\nscenarios:\n  s:\n    - set: {up: false}\n    - set: {link: [p:eth0, s:1], interface: 'p:eth0', up: false}\n    - set: {link: [p:eth0, s:1]}\n    - set: {interface: 'p:eth0', rate: 1Mbit, up: true}\n    - set: {link: [p:eth0, s:2], up: false}\n    - set: {link: 'p:eth1', up: false}\n    - set: {link: [p:eth0, q:eth0], up: false}\n    - set: {rule: b, enabled: false}\n    - set: {rule: a, enabled: false}\n    - set: {rule: 'p:a', enabled: false}\n",
    '6:7: error: Write one thing to change: link, interface, rule. [set-subject]',
    '7:7: error: Write one thing to change: link, interface, rule. [set-subject]',
    '8:7: error: Say what changes: a `link` has up, rate, delay, loss. [set-nothing]',
    '9:34: error: `rate` is not a change of `interface`: write up. [set-change]',
    '10:28: error: No cable is plugged into `s:2`; did you mean `s:1`? [no-cable]',
    '11:19: error: No cable is plugged into `p:eth1`; did you mean `p:eth0`? [no-cable]',
    '12:13: error: No cable joins `p:eth0` and `q:eth0`. [no-cable]',
    '13:19: error: There is no firewall rule or port forward called `b`. [unknown-rule]',
    '14:19: error: Several machines have a rule `a`: write one of p:a, q:a. [unknown-rule]',
  ],
  [
    'tables',
    'vnet: 1\nnodes: {p: {kind: host}, s: {kind: switch}, u: {kind: hub}}\nscenarios:\n  s:\n    - expect: {node: p}\n    - expect: {node: s, lease: 10.0.0.1}\n    - expect: {node: u, mac: 02:00:00:00:00:01}\n    - expect: {node: s, mac: 02:00:00:00:00:01}\n    - expect: {node: p, lease: none, arp: 10.0.0.1}\n',
    '5:7: error: Write one table to look into: lease, arp, neighbour, route, mac. [expect-table]',
    '6:22: error: `s` is a switch: only a machine with a TCP/IP stack can do this. [wrong-kind]',
    '7:22: error: `u` is a hub: only a machine with a TCP/IP stack can do this. [wrong-kind]',
    '9:7: error: Write one table to look into: lease, arp, neighbour, route, mac. [expect-table]',
  ],
  [
    'capture points',
    "vnet: 1\nnodes: {p: {kind: host, interfaces: {eth0: {}, br0: {type: bridge, members: [eth0]}}}}\nscenarios:\n  s:\n    - capture: {at: 'p:br0'}\n    - capture: {at: 'p:eth1'}\n    - capture: {at: 'q:eth0'}\n",
    '5:21: error: `p:br0` has no port where frames could be counted: choose one that a cable is plugged into. [no-port]',
    '6:21: error: `p` has no interface `eth1`; did you mean `eth0`? [unknown-interface]',
    '7:21: error: There is no node called `q`. [unknown-node]',
  ],
  [
    'whoever can’t act',
    "vnet: 1\nnodes: {p: {kind: host}, s: {kind: switch}}\nscenarios:\n  s:\n    - ping: {from: internet, to: p}\n    - dhcp: {node: s}\n    - traceroute: {from: p, to: 10.0.0.1, expect: [s, '*']}\n",
    '5:20: error: There is no node called `internet`. [unknown-node]',
    '6:20: error: `s` is a switch: only a machine with a TCP/IP stack can do this. [wrong-kind]',
    '7:52: error: `s` is a switch: it has no address of its own. [wrong-kind]',
  ],
];

describe.each([
  ['VirtualBox', VIRTUALBOX],
  ['Linux interfaces, containers and switches', LINUX],
  ['IPv6', IPV6],
  ['rules, services and leases', RULES],
  ['steps', SCENARIOS],
] as const)('diagnostics of %s', (_area, cases) => {
  it.each(cases)('%s', (_title, text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it.each(cases)('errors, and only errors, keep %s from running', (_title, text) => {
    const { topology, diagnostics } = readTopology(text);
    expect(topology === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  });
});
