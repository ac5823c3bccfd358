import { describe, expect, it } from 'vitest';
import { readTopology } from '../../../src/topology/topology-file';
import { problemsOf } from './reading';

const HOME = 'networks: {home: {subnet: 192.168.1.0/24}}\n';

/** Each file and all that is said about it. */
const CASES: readonly (readonly [title: string, text: string, ...problems: string[]])[] = [
  // The text
  ['an empty file', '', '1:1: error: The file is empty. A topology starts with `vnet: 1`. [file-empty]'],
  [
    'only comments',
    '# nothing\n',
    '1:1: error: The file is empty. A topology starts with `vnet: 1`. [file-empty]',
  ],
  [
    'a binary file',
    'vnet: 1\n\u0000PNG',
    '2:1: error: This is not a text file: it holds the character U+0000. [not-text]',
  ],
  [
    'a bracket that is not closed',
    'vnet: 1\nlinks: [[a:b, c:d]\n',
    '3:1: error: The indentation does not fit the lines above. [yaml-syntax]',
  ],
  [
    'a tab as indentation',
    'vnet: 1\nnodes:\n\tpc1: {kind: host}\n',
    '3:1: error: YAML is indented with spaces, not with tabs. [yaml-syntax]',
  ],
  [
    'a key without a colon',
    'vnet: 1\nnodes\n',
    '2:1: error: A key needs a colon and a space after it, on one line. [yaml-syntax]',
  ],
  [
    'a second document',
    'vnet: 1\n---\nvnet: 1\n',
    '2:1: error: A file is one topology: remove this `---` and what follows it. [several-documents]',
  ],
  [
    'a list',
    '- vnet: 1\n',
    '1:1: error: `the file` must be a map of keys and values, not a list. [wrong-type]',
  ],
  [
    'a key written twice',
    'vnet: 1\nname: a\nname: b\n',
    '3:1: error: `name` is written twice here. [duplicate-key]',
  ],
  [
    'a map as a key',
    'vnet: 1\n{a: b}: 1\n',
    '2:1: error: A key must be a plain word or number. [key-not-text]',
  ],
  ['an unknown alias', 'vnet: 1\nname: *x\n', '2:7: error: No anchor `&x` stands above. [alias-unknown]'],
  [
    'an alias inside itself',
    'vnet: 1\nnodes: &n {a: *n}\n',
    '2:15: error: The alias `*n` stands inside the value it names. [alias-cycle]',
  ],
  // The shape
  [
    'no version',
    'name: x\n',
    '1:1: error: The version of the language is missing: begin with `vnet: 1`. [missing-version]',
  ],
  [
    'another version',
    'vnet: 2\n',
    '1:7: error: Version 2 of the language is not known; this is version 1. [unknown-version]',
  ],
  [
    'a misspelt key',
    'vnet: 1\nnodes: {pc1: {kind: host, interfaces: {eth0: {adress: dhcp}}}}\n',
    '2:47: error: Unknown key `adress` in interface eth0; did you mean `address`? [unknown-key]',
  ],
  ['an unknown key', 'vnet: 1\nfoo: 1\n', '2:1: error: Unknown key `foo` in the file. [unknown-key]'],
  [
    'a misspelt kind',
    'vnet: 1\nnodes: {pc1: {kind: hots}}\n',
    '2:21: error: `hots` is not a value of `kind`; did you mean `host`? [unknown-value]',
  ],
  ['no kind', 'vnet: 1\nnodes: {pc1: {}}\n', '2:9: error: Node pc1 needs `kind`. [missing-key]'],
  [
    'a key of another kind',
    'vnet: 1\nnodes: {sw1: {kind: switch, interfaces: {}}}\n',
    '2:29: error: Unknown key `interfaces` in switch sw1. [unknown-key]',
  ],
  [
    'a wrong type',
    'vnet: 1\nnodes: {pc1: {kind: host, interfaces: {eth0: {mtu: big}}}}\n',
    '2:52: error: `mtu` must be a whole number, not `big`. [wrong-type]',
  ],
  [
    'a number out of range',
    'vnet: 1\nnodes: {pc1: {kind: host, interfaces: {eth0: {mtu: 5}}}}\n',
    '2:52: error: `mtu` must be from 68 to 65535. [out-of-range]',
  ],
  [
    'a name with a space',
    'vnet: 1\nnodes: {pc 1: {kind: switch}}\n',
    '2:9: error: A name starts with a letter, a digit or `_` and goes on with those, `-` and `.`, up to 63 characters. [bad-value]',
  ],
  [
    'a link with one end',
    'vnet: 1\nnodes: {pc1: {kind: host}}\nlinks: [[pc1:eth0]]\n',
    '3:9: error: Link needs 2 entries, not 1. [wrong-count]',
  ],
  [
    'a ninth adapter',
    'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {9: {attach: nat}}}}\n',
    '2:58: error: Adapters are numbered by slot, 1 to 8. [bad-value]',
  ],
  [
    'a bare number as delay',
    'vnet: 1\nnodes: {a: {kind: host}, b: {kind: host}}\nlinks: [{between: [a:x, b:x], delay: 5}]\n',
    '3:38: error: Write a time with its unit: ns, us, ms, s, min, h or d, such as 5ms. [bad-value]',
  ],
  // References
  [
    'a network that is not there',
    `vnet: 1\n${HOME}nodes: {pc1: {kind: host, interfaces: {eth0: {network: hone}}}}\n`,
    '3:56: error: There is no network or internet called `hone`; did you mean `home`? [unknown-network]',
  ],
  [
    'a switch as network',
    'vnet: 1\nnodes: {sw1: {kind: switch}, pc1: {kind: host, interfaces: {eth0: {network: sw1}}}}\n',
    '2:77: error: `sw1` is a switch: `network` names an entry of `networks` or a node of kind internet. Use a cable in `links`. [wrong-kind]',
  ],
  [
    'a link to nowhere',
    'vnet: 1\nnodes: {pc1: {kind: host}}\nlinks: [[pc1:eth0, pc2:eth0]]\n',
    '3:20: error: There is no node called `pc2`; did you mean `pc1`? [unknown-node]',
  ],
  [
    'a link to a network',
    `vnet: 1\n${HOME}nodes: {pc1: {kind: host}}\nlinks: [[pc1:eth0, home:1]]\n`,
    '4:20: error: `home` is a network: plug an interface into it with `network: home`. [wrong-kind]',
  ],
  [
    'two cables in one socket',
    'vnet: 1\nnodes: {a: {kind: host}, b: {kind: host}, c: {kind: host}}\nlinks: [[a:x, b:x], [a:x, c:x]]\n',
    '3:22: error: `a:x` is already plugged in. [interface-in-use]',
  ],
  [
    'a port the switch does not have',
    'vnet: 1\nnodes: {sw: {kind: switch, ports: 4}, a: {kind: host}}\nlinks: [[a:x, sw:5]]\n',
    '3:15: error: `sw` has 4 ports: there is no port `5`. [unknown-interface]',
  ],
  [
    'one name twice',
    `vnet: 1\n${HOME}nodes: {home: {kind: host}}\n`,
    '3:9: error: `home` names a network and a node; each name may be used once. [duplicate-name]',
  ],
  [
    'a VM without a host',
    'vnet: 1\nnodes: {laptop: {kind: host}, vm1: {kind: vm}}\n',
    '2:31: error: `vm1` runs nowhere: write `on: laptop`. [vm-without-host]',
  ],
  [
    'a VM on a router',
    'vnet: 1\nnodes: {r: {kind: router}, vm1: {kind: vm, on: r}}\n',
    '2:48: error: `r` is a router: a VM runs on a node of kind host. [wrong-kind]',
  ],
  [
    'a cable into a VM',
    'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h}}\nlinks: [[v:enp0s3, h:eth0]]\n',
    '3:10: error: `v` is a VM: it is plugged in by its `adapters`, not by a cable. [vm-cable]',
  ],
  [
    'NAT to an interface that is not there',
    'vnet: 1\nnodes: {r: {kind: router, interfaces: {wan: {}, lan: {}}, nat: {outside: wann}}}\n',
    '2:74: error: `r` has no interface `wann`; did you mean `wan`? [unknown-interface]',
  ],
  [
    'a ring of switches',
    'vnet: 1\nnodes: {s: {kind: switch}, t: {kind: switch}}\nlinks: [[s:1, t:1], [s:2, t:2]]\n',
    '3:21: warning: This cable closes a ring of switches; without the spanning tree protocol broadcasts circle in it. [switching-loop]',
  ],
  [
    'a second internet',
    'vnet: 1\nnodes: {i: {kind: internet}, j: {kind: internet}}\n',
    '2:30: error: There is one internet in a file; `j` is a second one. [second-internet]',
  ],
  // Addresses
  [
    'host bits',
    'vnet: 1\nnetworks: {home: {subnet: 192.168.1.1/24}}\n',
    '2:27: error: `192.168.1.1/24` has host bits set; the network is 192.168.1.0/24. [host-bits]',
  ],
  [
    'an address outside its network',
    `vnet: 1\n${HOME}nodes: {pc1: {kind: host, interfaces: {eth0: {network: home, address: 192.168.2.7/24}}}}\n`,
    '3:71: error: `192.168.2.7/24` is outside 192.168.1.0/24, the subnet of `home`. [outside-subnet]',
  ],
  [
    'one address twice',
    `vnet: 1\n${HOME}nodes:\n` +
      '  a: {kind: host, interfaces: {eth0: {network: home, address: 192.168.1.7/24}}}\n' +
      '  b: {kind: host, interfaces: {eth0: {network: home, address: 192.168.1.7/24}}}\n',
    '5:63: error: 192.168.1.7 is already the address of `a:eth0` on this segment. [duplicate-address]',
  ],
  [
    'one hardware address twice on a segment',
    'vnet: 1\nnodes: {a: {kind: host, interfaces: {x: {mac: 02:00:00:00:00:01}}}, b: {kind: host, interfaces: {x: {mac: 02-00-00-00-00-01}}}}\nlinks: [[a:x, b:x]]\n',
    '2:107: error: 02:00:00:00:00:01 is already the hardware address of `a:x` on this segment. [duplicate-mac]',
  ],
  [
    'the broadcast address',
    `vnet: 1\n${HOME}nodes: {a: {kind: host, interfaces: {x: {network: home, address: 192.168.1.255/24}}}}\n`,
    '3:66: error: `192.168.1.255` is the broadcast address of 192.168.1.0/24; a machine can’t have it. [bad-address]',
  ],
  [
    'a group that is none',
    'vnet: 1\nnodes: {a: {kind: host, interfaces: {x: {groups: [239.1.2.3, 10.0.0.1]}}}, b: {kind: vm, on: a, adapters: {1: {attach: nat, groups: 224.0.0.1}}}}\n',
    '2:62: error: `10.0.0.1` is no multicast group: write an address from 224.0.0.2 to 239.255.255.255. [bad-group]',
    '2:133: error: `224.0.0.1` is no multicast group: write an address from 224.0.0.2 to 239.255.255.255. [bad-group]',
  ],
  [
    'an impossible address',
    `vnet: 1\n${HOME}nodes: {a: {kind: host, interfaces: {x: {network: home, address: 192.168.1.300/24}}}}\n`,
    '3:66: error: `192.168.1.300/24` is not an IPv4 address and prefix length. [bad-address]',
  ],
  [
    'overlapping subnets of one router',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/8}, b: {subnet: 10.1.0.0/16}}\n' +
      'nodes: {r: {kind: router, interfaces: {x: {network: a, address: 10.0.0.1/8}, y: {network: b, address: 10.1.0.1/16}}}}\n',
    '2:49: error: 10.1.0.0/16 overlaps 10.0.0.0/8 of network `a`, and `r` is on both. [overlapping-subnets]',
  ],
  [
    'one private network in two homes',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24}, b: {subnet: 10.0.0.0/24}}\n',
    '2:50: warning: 10.0.0.0/24 overlaps 10.0.0.0/24 of network `a`: machines of one can’t address those of the other. [overlapping-subnets]',
  ],
  [
    'a gateway that nobody has',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24, gateway: 10.0.0.1}}\n',
    '2:46: warning: No interface on `a` has the gateway’s address 10.0.0.1. [gateway-not-owned]',
  ],
  [
    'DHCP without a server',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: true}}\n',
    '2:56: error: Nobody leases addresses on `a`: an interface with the gateway’s address is needed, or `server`. [dhcp-without-server]',
  ],
  [
    'DHCP without a gateway',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24, dhcp: true}}\n',
    '2:37: error: Nobody leases addresses on `a`: the network needs a `gateway`, or `dhcp: { server: NODE }`. [dhcp-without-server]',
  ],
  [
    'DHCP without a subnet',
    'vnet: 1\nnetworks: {a: {dhcp: true}}\n',
    '2:16: error: `dhcp` needs the `subnet` of the network. [missing-subnet]',
  ],
  [
    'a range the wrong way round',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/24, gateway: 10.0.0.1, dhcp: {range: 10.0.0.9-10.0.0.2}}}\n',
    '2:46: warning: No interface on `a` has the gateway’s address 10.0.0.1. [gateway-not-owned]',
    '2:70: error: The range must lie inside 10.0.0.0/24 and begin with its lower address. [dhcp-range]',
  ],
  [
    'a full subnet',
    'vnet: 1\nnetworks: {a: {subnet: 10.0.0.0/30}}\nnodes:\n' +
      ['p', 'q', 'r']
        .map(name => `  ${name}: {kind: host, interfaces: {x: {network: a, address: auto}}}\n`)
        .join(''),
    '6:57: error: No address is left in 10.0.0.0/30. [subnet-full]',
  ],
  [
    'auto without a network',
    'vnet: 1\nnodes: {p: {kind: host, interfaces: {x: {address: auto}}}}\n',
    '2:51: error: `auto` needs an interface on a network with a `subnet`. [auto-without-subnet]',
  ],
  [
    'a gateway out of reach',
    'vnet: 1\nnodes: {p: {kind: host, interfaces: {x: {address: 10.0.0.2/24, gateway: 10.0.1.1}}}}\n',
    '2:73: error: The gateway 10.0.1.1 is not on a network of this interface. [gateway-unreachable]',
  ],
  [
    'a server with a private address',
    'vnet: 1\nnodes: {i: {kind: internet, servers: {a.example: {address: 10.0.0.1}}}}\n',
    '2:60: error: 10.0.0.1 is not a public address. [server-address]',
  ],
  [
    'a server among the customers',
    'vnet: 1\nnodes: {i: {kind: internet, servers: {a.example: {address: 198.51.100.9}}}}\n',
    '2:60: error: 198.51.100.9 is inside 198.51.100.0/24; a server on the internet needs a public address outside. [server-address]',
  ],
  [
    'a route out of reach',
    'vnet: 1\nnodes: {p: {kind: host, interfaces: {x: {address: 10.0.0.2/24}}, routes: [{to: default, via: 10.9.9.9}, {to: default}]}}\n',
    '2:94: error: The next router 10.9.9.9 is not on a network of `p`. [route-unreachable]',
    '2:105: error: A route needs `via` or `dev`. [route-without-way]',
  ],
  // Scenarios
  [
    'a target nobody knows',
    'vnet: 1\nnodes: {p: {kind: host}}\nscenarios: {s: [ping: {from: p, to: pc7}]}\n',
    '3:37: error: `pc7` is no node, address or name that DNS knows. [unknown-target]',
  ],
  [
    'a name no server has',
    'vnet: 1\nnodes: {p: {kind: host}, i: {kind: internet, servers: {web.example: }}}\nscenarios: {s: [ping: {from: p, to: wbe.example}]}\n',
    '3:37: warning: No server is called `wbe.example`, so DNS will not know it; did you mean `web.example`? [unknown-name]',
  ],
  [
    'a switch that pings',
    'vnet: 1\nnodes: {p: {kind: host}, s: {kind: switch}}\nscenarios: {s: [ping: {from: s, to: p}]}\n',
    '3:30: error: `s` is a switch: only a machine with a TCP/IP stack can do this. [wrong-kind]',
  ],
  // Not simulated yet
  [
    'a VDE switch and the type of a network card',
    'vnet: 1\nnodes: {h: {kind: host}, v: {kind: vm, on: h, adapters: {1: {attach: generic, driver: VDE, type: virtio}}}}\n',
    '2:87: warning: `driver: VDE` is not simulated yet. [not-simulated]',
    '2:92: warning: `type` is not simulated yet and has no effect. [not-simulated]',
  ],
  ['what is off anyway', 'vnet: 1\nnodes: {s: {kind: switch, stp: false}}\n'],
];

describe('diagnostics', () => {
  it.each(CASES)('%s', (_title, text, ...problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  it.each(CASES)('errors, and only errors, keep %s from running', (_title, text) => {
    const { topology, diagnostics } = readTopology(text);
    expect(topology === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  });

  it('carry a fix that mends what it promises', () => {
    const text = 'vnet: 1\nnodes: {pc1: {kind: hots}}\n';
    const { fix } = readTopology(text).diagnostics[0]!;
    const mended = text.slice(0, fix!.range.start.offset) + fix!.text + text.slice(fix!.range.end.offset);
    expect(problemsOf(mended)).toEqual([]);
  });

  it('begin an empty file when asked to', () => {
    expect(readTopology('').diagnostics[0]!.fix).toMatchObject({ text: 'vnet: 1\n' });
  });

  it('tell where the first of two stands', () => {
    const [problem] = readTopology('vnet: 1\nname: a\nname: b\n').diagnostics;
    expect(problem!.related![0]!.range.start).toEqual({ line: 2, column: 1, offset: 8 });
  });

  it.each([
    ['a byte order mark', '\uFEFFvnet: 2\n', '1:7'],
    ['CR LF', 'vnet: 1\r\nname: a\r\nnodes: {a: {kind: x}}\r\n', '3:19'],
    ['JSON', '{\n\t"vnet": 1,\n\t"nodes": {"a": {"kind": "x"}}\n}\n', '3:26'],
  ])('count lines and columns with %s', (_title, text, place) => {
    expect(problemsOf(text)[0]).toMatch(new RegExp(`^${place}: `));
  });

  it('stop at a limit and say how many there are', () => {
    const text = `vnet: 1\n${Array.from({ length: 500 }, (_, index) => `zz${index}: 1`).join('\n')}`;
    const problems = problemsOf(text);
    expect(problems.length).toBe(201);
    expect(problems.at(-1)).toBe('1:1: error: There are 300 more problems. [too-many-problems]');
  });
});
