/** The networks that several tests share. Every hardware address is fixed, so that it can be compared. */
import type { Service } from './action';
import type { NetworkPlan } from './network-plan';

/**
 * Two hosts on a bridge behind a masquerading router, and a server on the other side.
 */
export const MASQUERADING_HOME: NetworkPlan = {
  machines: [
    {
      name: 'a',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0a', address: '192.168.1.10/24' }],
      gateway: '192.168.1.1',
    },
    {
      name: 'b',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:0b', address: '192.168.1.11/24' }],
      gateway: '192.168.1.1',
    },
    {
      name: 'router',
      interfaces: [
        { name: 'lan', mac: '02:00:00:00:00:01', address: '192.168.1.1/24' },
        { name: 'wan', mac: '02:00:00:00:00:11', address: '203.0.113.1/24' },
      ],
      forwards: true,
      masquerade: 'wan',
    },
    {
      name: 'server',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:50', address: '203.0.113.80/24' }],
    },
  ],
  bridges: [
    {
      name: 'bridge',
      ports: [
        { name: 'pa', mac: '02:00:00:00:00:fa' },
        { name: 'pb', mac: '02:00:00:00:00:fb' },
        { name: 'pr', mac: '02:00:00:00:00:f1' },
      ],
    },
  ],
  cables: [
    'a:eth0 -- bridge:pa',
    'b:eth0 -- bridge:pb',
    'router:lan -- bridge:pr',
    'router:wan -- server:eth0',
  ],
};

/** Two hosts with three routers between them; the link between the second and the third has room for this many bytes. */
export function threeRouters(narrowest = 1500): NetworkPlan {
  return {
    machines: [
      {
        name: 'h1',
        interfaces: [{ name: 'eth0', mac: '02:00:00:00:01:01', address: '10.1.0.2/24' }],
        gateway: '10.1.0.1',
      },
      {
        name: 'r1',
        forwards: true,
        interfaces: [
          { name: 'e0', mac: '02:00:00:00:01:fe', address: '10.1.0.1/24' },
          { name: 'e1', mac: '02:00:00:00:12:01', address: '10.12.0.1/24' },
        ],
        routes: [
          { to: '10.3.0.0/24', via: '10.12.0.2' },
          { to: '10.23.0.0/24', via: '10.12.0.2' },
          { to: '10.99.0.0/16', via: '10.12.0.2' },
        ],
      },
      {
        name: 'r2',
        forwards: true,
        interfaces: [
          { name: 'e0', mac: '02:00:00:00:12:02', address: '10.12.0.2/24' },
          { name: 'e1', mac: '02:00:00:00:23:02', address: '10.23.0.2/24', mtu: narrowest },
        ],
        routes: [
          { to: '10.1.0.0/24', via: '10.12.0.1' },
          { to: '10.3.0.0/24', via: '10.23.0.3' },
          { to: '10.99.1.0/24', type: 'prohibit' },
          { to: '10.99.2.0/24', type: 'blackhole' },
          { to: '10.99.3.0/24', type: 'unreachable' },
        ],
      },
      {
        name: 'r3',
        forwards: true,
        interfaces: [
          { name: 'e0', mac: '02:00:00:00:23:03', address: '10.23.0.3/24', mtu: narrowest },
          { name: 'e1', mac: '02:00:00:00:03:fe', address: '10.3.0.1/24' },
        ],
        routes: [
          { to: '10.1.0.0/24', via: '10.23.0.2' },
          { to: '10.12.0.0/24', via: '10.23.0.2' },
        ],
      },
      {
        name: 'h2',
        interfaces: [{ name: 'eth0', mac: '02:00:00:00:03:02', address: '10.3.0.2/24' }],
        gateway: '10.3.0.1',
      },
    ],
    bridges: [],
    cables: ['h1:eth0 -- r1:e0', 'r1:e1 -- r2:e0', 'r2:e1 -- r3:e0', 'r3:e1 -- h2:eth0'],
  };
}

/** Two hosts with a router between them, by IPv6. */
export const ROUTED_IPV6: NetworkPlan = {
  machines: [
    {
      name: 'h1',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:01:01', ipv6: { address: '2001:db8:1::2/64' } }],
      ipv6Gateway: '2001:db8:1::1',
    },
    {
      name: 'r1',
      forwards: true,
      interfaces: [
        { name: 'e0', mac: '02:00:00:00:01:fe', ipv6: { address: '2001:db8:1::1/64' } },
        { name: 'e1', mac: '02:00:00:00:02:fe', ipv6: { address: '2001:db8:2::1/64' } },
      ],
    },
    {
      name: 'h2',
      interfaces: [{ name: 'eth0', mac: '02:00:00:00:02:02', ipv6: { address: '2001:db8:2::2/64' } }],
      ipv6Gateway: '2001:db8:2::1',
    },
  ],
  bridges: [],
  cables: ['h1:eth0 -- r1:e0', 'r1:e1 -- h2:eth0'],
};

/** A machine without an address beside one that leases them. */
export const LEASING: NetworkPlan = {
  machines: [
    { name: 'server', interfaces: [{ name: 'eth0', mac: '02:00:00:00:04:01', address: '10.4.0.1/24' }] },
    { name: 'client', interfaces: [{ name: 'eth0', mac: '02:00:00:00:04:02' }] },
  ],
  bridges: [],
  cables: ['client:eth0 -- server:eth0'],
};

export const LEASING_SERVER: Service = {
  ...{ kind: 'dhcp', on: 'server', interface: 'eth0', subnet: '10.4.0.0/24', address: '10.4.0.100' },
  ...{ domain: 'lab.test', leaseSeconds: 600 },
};
