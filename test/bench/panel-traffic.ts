/** A network that makes as many packets as asked for, of several protocols. */

/** Records that one echo and its reply make on the line of switches: 2 × (1 + SWITCHES). */
const SWITCHES = 10;
const RECORDS_OF_A_PING = 2 * (1 + SWITCHES);
/** Most that one step may have. */
const PINGS_OF_A_STEP = 1000;

/** At least this many records: pings over a line of switches, with DNS and HTTP between them. */
export function trafficNetwork(records: number): string {
  const switches = Array.from({ length: SWITCHES }, (_, index) => `sw${index + 1}`);
  const links = switches.slice(1).map((name, index) => `[sw${index + 1}:2, ${name}:1]`);
  const steps = Math.ceil(records / (RECORDS_OF_A_PING * PINGS_OF_A_STEP));
  return `vnet: 1
name: ${records} packets
nodes:
  client: { kind: host, interfaces: { eth0: { address: 10.0.0.2/24, gateway: 10.0.0.1 } }, dns: 198.51.100.53 }
  server: { kind: host, interfaces: { eth0: { address: 10.0.0.3/24 } }, services: { http: 80 } }
  router:
    kind: router
    interfaces: { lan: { address: 10.0.0.1/24 }, wan: { network: internet } }
    nat: { outside: wan }
  internet: { kind: internet, servers: { web.example: { address: 203.0.113.10, services: { http: 80 } } } }
${switches.map(name => `  ${name}: { kind: switch }`).join('\n')}
links:
  - [client:eth0, sw1:1]
${links.map(link => `  - ${link}`).join('\n')}
  - [sw${SWITCHES}:2, server:eth0]
  - [sw${SWITCHES}:3, router:lan]
scenarios:
  traffic:
${Array.from(
  { length: steps },
  () => `    - dns: { from: client, name: web.example }
    - http: { from: client, to: 'http://web.example/' }
    - http: { from: client, to: 'http://server/' }
    - ping: { from: client, to: server, count: ${PINGS_OF_A_STEP} }`,
).join('\n')}
`;
}
