import { describe, expect, it } from 'vitest';
import { dropReasonCode } from '../../../src/engine/kernel/drop-reason';
import { createNetwork } from '../../../src/engine/network';
import { TraceView } from '../../../src/simulation/trace-view';
import { PacketStore } from '../../../src/trace/packet-store';
import { ip } from '../engine/topologies';
import { vpn } from '../engine/tunnels';

/** The trace of one ping through a VPN. */
function traceOfVpn(): TraceView {
  const store = new PacketStore({ reasonCode: dropReasonCode });
  const network = createNetwork(vpn(), { seed: 1, observer: store });
  network.boot();
  const target = { kind: 'address', address: ip('10.8.0.2') } as const;
  network.ping('a', target, { count: 1, within: 1e9 }, () => undefined);
  network.runUntil(3e9);
  return new TraceView(store, network.ports);
}

describe('the packet list of a VPN over TUN', () => {
  const view = traceOfVpn();
  const rows = view.rows(0, 100);

  it('reads what a TUN port carries as an IP packet', () => {
    expect(rows[0]).toMatchObject({
      from: 'a:vpn0',
      to: 'a:vpn:device',
      source: '10.8.0.1',
      destination: '10.8.0.2',
      protocol: 'ICMP',
      length: 84,
    });
    expect(view.summary(0).protocol).toBe('icmp');
    expect(view.packet(0)?.layers.map(({ name }) => name)).toEqual(['ip', 'icmp', 'data']);
  });

  it('reads what the network card carries as Ethernet', () => {
    const outer = rows.find(({ from, protocol }) => from === 'a:eth0' && protocol === 'UDP');
    expect(outer).toMatchObject({ source: '192.0.2.1', destination: '192.0.2.2', length: 14 + 28 + 84 });
    expect(view.packet(outer!.number)?.layers[0]?.name).toBe('eth');
  });
});
