/** The name servers of a machine: of its own records, and the forwarder that asks others. They live as long as their sockets. */
import type { ResolvedStackDevice } from '../../topology/resolved';
import { UDP_PORT } from '../../wire/udp';
import { DnsForwarder } from '../stack/dns/forwarder';
import { DnsServer } from '../stack/dns/server';
import { DnsZone } from '../stack/dns/zone';
import type { Stack } from '../stack/stack';

/** Starts them and gives the forwarder, where there is one; records on the forwarder's port are answered by the forwarder, as dnsmasq does both. */
export function startNames(
  stack: Stack,
  { dnsForwarder, services = [], id }: ResolvedStackDevice,
): DnsForwarder | undefined {
  const local = new DnsZone();
  for (const service of services) {
    if (service.kind !== 'dns') {
      continue;
    }
    const { records, port } = service;
    if (dnsForwarder && port === UDP_PORT.dns) {
      for (const record of records) {
        local.add(record);
      }
    } else {
      const server = new DnsServer(stack, port);
      for (const record of records) {
        server.addRecord(record);
      }
    }
  }
  if (dnsForwarder) {
    return new DnsForwarder(stack, () => stack.resolver.servers, id, local);
  }
  return undefined;
}
