/** What the tour changes in each network on the picture, and what the file says then. */

/** One place of the text, and what stands there after an edit. */
type Change = readonly [before: string, after: string];

/** The text after all of these; each has to find its place. */
export function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((now, [before, after]) => {
    if (!now.includes(before)) throw new Error(`the file does not say ${before}`);
    return now.replace(before, () => after);
  }, text);
}

export interface TourEdits {
  /** A new host, `pc1`. */
  readonly host: readonly Change[];
  /** Its cable, to what is there already. */
  readonly cable: { readonly to: string; readonly id: string; readonly changes: readonly Change[] };
  /** What can't get a cable from `pc1`, and why. */
  readonly refused?: { readonly device: string; readonly words: string };
  /** A new router, `r1`. */
  readonly router: readonly Change[];
  /** The cable is pulled out. */
  readonly pulled: readonly Change[];
  /** Another device is called `desk`. */
  readonly rename: { readonly device: string; readonly taken: string; readonly changes: readonly Change[] };
  readonly address: {
    readonly taken: string;
    readonly free: string;
    readonly changes: readonly Change[];
  };
  readonly forward: {
    readonly device: string;
    readonly rule: string;
    readonly changes: readonly Change[];
  };
  /** A cable from one to the other, drawn by keys. */
  readonly keyCable: { readonly from: string; readonly to: string; readonly line: string };
  /** Deleted with all that names it. */
  readonly deleted: { readonly device: string; readonly stays: string };
}

export const SIDE_BY_SIDE_EDITS: TourEdits = {
  host: [["peer: 'server:tun0' }\n", "peer: 'server:tun0' }\n  pc1: { kind: host }\n"]],
  cable: {
    to: 'home',
    id: 'pc1:eth0 -- home:5',
    changes: [['pc1: { kind: host }', 'pc1: { kind: host, interfaces: { eth0: { network: home } } }']],
  },
  refused: { device: 'nat-1', words: '`nat-1` is a VM: it reaches the outside by its host `laptop`.' },
  router: [
    [
      'pc1: { kind: host, interfaces: { eth0: { network: home } } }\n',
      'pc1: { kind: host, interfaces: { eth0: { network: home } } }\n  r1: { kind: router }\n',
    ],
  ],
  pulled: [
    [
      'pc1: { kind: host, interfaces: { eth0: { network: home } } }',
      'pc1: { kind: host, interfaces: { eth0: { network: home, up: false } } }',
    ],
  ],
  rename: {
    device: 'laptop',
    taken: 'server',
    changes: [
      ['  laptop:', '  desk:'],
      ['on: laptop', 'on: desk'],
    ],
  },
  address: {
    taken: '192.168.1.1/24',
    free: '192.168.1.20/24',
    changes: [['network: home, address: dhcp', 'network: home, address: 192.168.1.20/24']],
  },
  forward: {
    device: 'nat-1',
    rule: 'tcp 127.0.0.1:2222 -> 22',
    changes: [['{ attach: nat }', "{ attach: nat, forwards: ['tcp 127.0.0.1:2222 -> 22'] }"]],
  },
  keyCable: { from: 'vpn-client', to: 'home-router', line: '[vpn-client:eth1, home-router:eth0]' },
  deleted: { device: 'vpn-client', stays: 'tap-1' },
};

export const LARGE_EDITS: TourEdits = {
  host: [['\nlinks:', '\n  pc1: { kind: host }\nlinks:']],
  cable: {
    to: 'floor-12',
    id: 'pc1:eth0 -- floor-12:11',
    changes: [['\nscenarios:', '\n  - [pc1:eth0, floor-12:11]\nscenarios:']],
  },
  router: [['\n  pc1: { kind: host }\n', '\n  pc1: { kind: host }\n  r1: { kind: router }\n']],
  pulled: [['[pc1:eth0, floor-12:11]', '{ between: [pc1:eth0, floor-12:11], up: false }']],
  rename: {
    device: 'pc-12-1',
    taken: 'core',
    changes: [
      ['  pc-12-1:', '  desk:'],
      ['pc-12-1:eth0', 'desk:eth0'],
    ],
  },
  address: {
    taken: '10.0.0.1/16',
    free: '10.0.12.77/16',
    changes: [['10.0.12.1/16', '10.0.12.77/16']],
  },
  forward: {
    device: 'edge',
    rule: 'tcp 2222 -> 10.0.2.2:22',
    changes: [["-> 10.0.2.2:80']", "-> 10.0.2.2:80', 'tcp 2222 -> 10.0.2.2:22']"]],
  },
  keyCable: { from: 'pc-12-8', to: 'pc-12-9', line: '[pc-12-8:eth1, pc-12-9:eth1]' },
  deleted: { device: 'pc-12-9', stays: 'pc-12-8' },
};
