/** The terminal of the simulation beside the real tools in network namespaces: the same commands, the same text. */
import { describe, expect, test } from 'vitest';
import type { NameService, Service } from './action';
import { obstacle } from './kernel-case';
import type { NetworkPlan } from './network-plan';
import { MASQUERADING_HOME, threeRouters } from './planned-networks';
import { runSession, type Line } from './terminal-session';

/** More than a datagram takes. */
const LONG_TEXT = Array.from({ length: 6 }, (_, index) => String(index).repeat(255));

const NAMES: NameService = {
  kind: 'names',
  on: 'server',
  addresses: [{ name: 'web.lab.test', addresses: ['203.0.113.99', '2001:db8:6::80'] }],
  aliases: [{ name: 'www.lab.test', of: 'web.lab.test' }],
  texts: [
    { name: 'note.lab.test', text: 'of "interest"' },
    { name: 'long.lab.test', text: LONG_TEXT },
  ],
};

/** A capture while another machine, or the same, does something; `a` does where nothing else is said. */
function captured(on: string, line: string, does: string, listens?: string): Line {
  const doing: Line = { on: 'a', line: does };
  const meanwhile = {
    after: 'listening on',
    lines: listens === undefined ? [doing] : [servedBy(listens, doing)],
  };
  return { on, line, meanwhile };
}

/** A program on the server that runs while another one is used. */
function servedBy(listens: string, used: Line): Line {
  return { on: 'server', line: `${listens} -vn`, meanwhile: { after: 'Listening', lines: [used] } };
}

const CASES: readonly {
  readonly name: string;
  readonly plan: NetworkPlan;
  readonly services?: readonly Service[];
  readonly lines: readonly (readonly [machine: string, line: string] | Line)[];
}[] = [
  {
    name: 'ping: answers, and what is said of none',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping -c 2 203.0.113.80'],
      ['a', 'ping -n -c 1 -s 1000 192.168.1.1'],
      ['a', 'ping -q -c 1 203.0.113.80'],
      ['a', 'ping -c 1 -t 1 203.0.113.80'],
      ['a', 'ping -c 1 10.9.9.9'],
      ['a', 'ping -c 1 203.0.113.77'],
      ['a', 'ping -c 1 192.168.1.77'],
      ['server', 'ping -c 1 10.9.9.9'],
    ],
  },
  {
    name: 'ping: wrong use',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping'],
      ['a', 'ping -c 0 192.168.1.1'],
    ],
  },
  {
    name: 'ip: addresses, links, neighbours, routes',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'ping -q -c 1 203.0.113.80'],
      ['a', 'ip addr show eth0'],
      ['a', 'ip a s dev eth0'],
      ['a', 'ip -4 addr show eth0'],
      ['a', 'ip link show eth0'],
      ['a', 'ip -br link show eth0'],
      ['a', 'ip -br addr show eth0'],
      ['a', 'ip neigh'],
      ['a', 'arp -n'],
      ['a', 'ip route'],
      ['router', 'ip r'],
      ['a', 'ip route get 203.0.113.80'],
      ['a', 'ip route get 192.168.1.11'],
      ['server', 'ip route get 10.9.9.9'],
      ['a', 'ip link show eth7'],
      ['a', 'ip nonsense'],
    ],
  },
  {
    name: 'curl: what it says of servers that are none',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'curl -s -S http://203.0.113.80:81/'],
      ['a', 'curl -sS 192.168.1.1'],
      ['a', 'curl -s http://192.168.1.1/'],
      ['server', 'curl -sS http://10.9.9.9/x'],
      ['a', 'curl'],
    ],
  },
  {
    name: 'dig: answers, and what is said of servers that are none',
    plan: MASQUERADING_HOME,
    services: [NAMES],
    lines: [
      ['a', 'dig @203.0.113.80 web.lab.test'],
      ['a', 'dig @203.0.113.80 www.lab.test +noall +answer +authority'],
      ['a', 'dig -t aaaa @203.0.113.80 web.lab.test'],
      ['a', 'dig @203.0.113.80 -x 203.0.113.99'],
      ['a', 'dig @203.0.113.80 +tcp www.lab.test note.lab.test txt'],
      ['a', 'dig @203.0.113.80 note.lab.test TXT +short'],
      ['a', 'dig +short www.lab.test @203.0.113.80'],
      ['a', 'dig @203.0.113.80 long.lab.test txt'],
      ['a', 'dig @203.0.113.80 web.lab.test any +noedns'],
      ['a', 'dig @203.0.113.80 +norecurse'],
      ['a', 'dig @203.0.113.80 a-name-of-more-than-24-letters.test mx'],
      ['a', 'dig @192.168.1.1 web.lab.test'],
      ['a', 'dig @192.168.1.1 web.lab.test +tcp +tries=2'],
      ['server', 'dig @10.9.9.9 web.lab.test'],
      ['a', 'dig @192.168.1.77 web.lab.test +time=1 +tries=2 +short'],
      ['a', 'dig @192.168.1.77 web.lab.test +tcp'],
      ['a', 'dig @203.0.113.80 web.lab.test +nonsense'],
      ['a', 'dig @203.0.113.80 two..dots'],
    ],
  },
  {
    name: 'nc: ports that are open, closed and nowhere, by TCP and UDP',
    plan: MASQUERADING_HOME,
    services: [NAMES, { kind: 'bytes', on: 'server', port: 7000 }],
    lines: [
      ['a', 'nc -zv 203.0.113.80 53'],
      ['a', 'nc -z 203.0.113.80 53'],
      ['a', 'nc -zv 203.0.113.80 80'],
      ['a', 'nc -zvn 203.0.113.80 53'],
      ['a', 'nc -z 203.0.113.80 80'],
      ['a', 'nc -vz 203.0.113.80 52-54 7000 http'],
      ['a', 'nc -zvu -w1 203.0.113.80 53'],
      ['a', 'nc -zvu -w1 203.0.113.80 9'],
      ['a', 'nc -zv -w 1 192.168.1.77 80'],
      ['a', 'nc -zv 192.168.1.77 80'],
      ['server', 'nc -zv 10.9.9.9 80'],
      ['server', 'nc -zvu 10.9.9.9 80'],
    ],
  },
  {
    name: 'nc: what is typed goes over, and what comes is printed',
    plan: MASQUERADING_HOME,
    services: [{ kind: 'bytes', on: 'server', port: 7000 }],
    lines: [
      { on: 'a', line: 'nc -N 203.0.113.80 7000', input: 'send 40\n' },
      { on: 'a', line: 'nc -v -q 1 203.0.113.80 7000', input: 'send 5\n' },
      {
        on: 'server',
        line: 'nc -lvn 5000',
        meanwhile: {
          after: 'Listening',
          lines: [{ on: 'a', line: 'nc -vN 203.0.113.80 5000', input: 'one\ntwo\n' }],
        },
      },
      {
        on: 'server',
        line: 'nc -lvn 203.0.113.80 5000',
        input: 'hello\n',
        meanwhile: {
          after: 'Listening',
          lines: [{ on: 'a', line: 'nc -N 203.0.113.80 5000' }],
        },
      },
      {
        on: 'server',
        line: 'nc -luvn -w 2 5001',
        meanwhile: {
          after: 'Bound',
          lines: [{ on: 'a', line: 'nc -u -w 1 203.0.113.80 5001', input: 'datagram\n' }],
        },
      },
      { on: 'a', line: 'nc -u -w 1 203.0.113.80 9', input: 'nobody\n' },
    ],
  },
  {
    name: 'nc: wrong use',
    plan: MASQUERADING_HOME,
    services: [NAMES],
    lines: [
      'nc',
      'nc 203.0.113.80',
      'nc -l',
      'nc -l -z 80',
      'nc -k 203.0.113.80 80',
      'nc -Q',
      'nc -w',
      'nc -w x 203.0.113.80 80',
      'nc -w -1 203.0.113.80 80',
      'nc -q x 203.0.113.80 80',
      'nc -z 203.0.113.80 nosuch',
      'nc -z 203.0.113.80 0',
      'nc -z 203.0.113.80 70000',
      'nc -6 -z 203.0.113.80 80',
      'nc -zn web.lab.test 80',
      'nc -l x',
      'nc -l 1 2 3',
      'nc -l 203.0.113.99 5000',
    ].map(line => ['server', line] as const),
  },
  {
    name: 'tcpdump: what crosses an interface while others use it',
    plan: MASQUERADING_HOME,
    services: [NAMES],
    lines: [
      captured('a', 'tcpdump -n -i eth0 -c 4', 'ping -c 1 192.168.1.11'),
      captured('a', 'tcpdump -ne -c 2 icmp', 'ping -c 1 203.0.113.80'),
      captured(
        'router',
        'tcpdump -n -i wan -c 2 icmp and src 203.0.113.1 or dst 203.0.113.1',
        'ping -c 1 203.0.113.80',
      ),
      captured('router', 'tcpdump -n -i any -c 4 icmp', 'ping -c 1 203.0.113.80'),
      captured('a', 'tcpdump -n -c 2 port 53', 'dig @203.0.113.80 www.lab.test'),
      captured('a', 'tcpdump -n -c 2 tcp port 81', 'nc -z 203.0.113.80 81'),
      // Up to the FIN: its acknowledgement goes alone or with the other end's own, as that process comes to run.
      captured('a', 'tcpdump -n -c 4 tcp port 5000', 'nc -z 203.0.113.80 5000', 'nc -l 5000'),
      captured('a', 'tcpdump -n -t -c 1 "tcp[tcpflags] & tcp-rst != 0"', 'nc -z 203.0.113.80 81'),
      captured('a', 'tcpdump -n -c 2 icmp', 'ping -c 1 -t 1 203.0.113.80'),
      captured('a', "tcpdump -n -c 2 'icmp or udp port 53'", 'dig @192.168.1.1 web.lab.test +tries=1'),
    ],
  },
  {
    name: 'tcpdump: wrong use',
    plan: MASQUERADING_HOME,
    lines: [
      ['a', 'tcpdump -i eth9'],
      ['a', 'tcpdump -n tcp port'],
      ['a', 'tcpdump -n port 99999'],
      ['a', 'tcpdump -n host 192.168.1.1/24'],
      ['a', 'tcpdump -c 0'],
    ],
  },
  {
    name: 'traceroute: over three routers',
    plan: threeRouters(),
    lines: [
      ['h1', 'traceroute -n 10.3.0.2'],
      ['h1', 'traceroute -n -q 1 10.12.0.2'],
    ],
  },
];

/** What may differ, all of it: times, which another machine may be slower at, and what only a namespace's end of a cable has. */
const FREE: readonly (readonly [RegExp, string])[] = [
  [/time=[\d.]+ ms/g, 'time=T ms'],
  [/, time \d+ms/g, ', time Tms'],
  [/after \d+ ms/g, 'after T ms'],
  [/= [\d.]+\/[\d.]+\/[\d.]+\/[\d.]+ ms/g, '= T ms'],
  [/, pipe \d+/g, ''],
  [/^pipe \d+$/gm, ''],
  [/ {2}[\d.]+ ms/g, '  T ms'],
  // Of dig: its version, and when it asked what.
  [/<<>> DiG \S+/g, '<<>> DiG'],
  [/, id: \d+$/gm, ', id: N'],
  [/^;; Query time: \d+ msec$/gm, ';; Query time: T msec'],
  [/^;; WHEN: .*$/gm, ';; WHEN: T'],
  // Of nc: the port that the kernel chose.
  [/^(Connection received on \S+) \d+$/gm, '$1 P'],
  // Of tcpdump: times, and numbers that are drawn or follow from the size of buffers. How many were seen depends on when it stops.
  [/^\d\d:\d\d:\d\d\.\d{6} /gm, 'T '],
  [/(ICMP echo \w+, id) \d+/g, '$1 N'],
  [/(\S+\.53): \d+/g, '$1: N'],
  [/(\S+\.53 > \S+): \d+/g, '$1: N'],
  [/(\d+\.\d+\.\d+\.\d+)\.\d{5}\b/g, '$1.P'],
  [/(Flags \[S\.?\], seq) \d+/g, '$1 N'],
  [/(ack) \d{4,}/g, '$1 N'],
  [/\bwin \d+/g, 'win W'],
  [/TS val \d+ ecr \d+/g, 'TS'],
  [/wscale \d+/g, 'wscale N'],
  [/^\d+ packets? received by filter$/gm, 'N packets received by filter'],
  // The other end of a veth pair, and the number of an interface.
  [/^\d+: /gm, 'N: '],
  [/@if\d+/g, ''],
  [/ link-netns \S+/g, ''],
  [/ link-netnsid \d+/g, ''],
  [/ {2,}(?=[A-Z])/g, ' '],
  // Systems give an address its broadcast, `ip address add` alone does not.
  [/ brd \d+\.\d+\.\d+\.\d+/g, ''],
  // Whoever writes to its terminal first, a program's two outputs have no order.
  [/\n+$/g, '\n'],
];

function free(text: string): string {
  return FREE.reduce((said, [pattern, instead]) => said.replace(pattern, instead), text);
}

describe.skipIf(obstacle !== undefined)('a terminal', () => {
  test.each(CASES)('$name', async ({ plan, services = [], lines }) => {
    const all = lines.map(each => ('line' in each ? each : { on: each[0], line: each[1] }));
    for (const { command, real, simulated } of await runSession(plan, services, all)) {
      console.log(`${command}\n${real}`);
      expect(free(simulated), command).toBe(free(real));
    }
  });
});
