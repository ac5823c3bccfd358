/** The Linux bridge inside a machine: a host `kvm` whose eth0 and eth1 are members of br0, with a station on each. */
import { describe, expect, it } from 'vitest';
import { createNetwork, type NetworkControl, type PingResult } from '../../../../../src/engine/network';
import { parseInterfaceAddress } from '../../../../../src/net/ipv4-prefix';
import type {
  ResolvedBridgeLink,
  ResolvedInterface,
  ResolvedStackDevice,
} from '../../../../../src/topology/resolved';
import { Recorder } from '../../recorder';
import { SECOND } from '../../station';
import { cables, mac, machine, topology } from '../../topologies';
import { STP } from './spanning-tree-bench';

const BRIDGE_MAC = '02:00:00:00:0b:00';

function bridgingHost(link: ResolvedBridgeLink): ResolvedStackDevice {
  const base = machine('kvm', { eth0: { mac: BRIDGE_MAC }, eth1: { mac: '02:00:00:00:0b:01' } });
  const br0: ResolvedInterface = {
    name: 'br0',
    link,
    mac: mac(BRIDGE_MAC),
    mtu: 1500,
    addressing: { kind: 'static', addresses: [parseInterfaceAddress('10.0.0.254/24')!] },
    source: [],
  };
  return { ...base, interfaces: [...base.interfaces.map(each => ({ ...each, bridge: 'br0' })), br0] };
}

class Bench {
  readonly recorder = new Recorder();
  readonly network: NetworkControl;

  constructor(more: Partial<ResolvedBridgeLink> = {}) {
    this.network = createNetwork(
      topology(
        [
          bridgingHost({ kind: 'bridge', ageingSeconds: 300, ...more }),
          machine('a', { eth0: { address: '10.0.0.1/24' } }),
          machine('b', { eth0: { address: '10.0.0.2/24' } }),
        ],
        cables(['kvm:eth0 -- a:eth0', 'kvm:eth1 -- b:eth0']),
      ),
      { seed: 1, observer: this.recorder },
    );
    this.network.boot();
  }

  run(seconds: number): void {
    this.network.runUntil(this.network.now + seconds * SECOND);
  }

  /** Results of pings one second apart. */
  ping(from: string, to: string, count = 1): string {
    let result: PingResult | undefined;
    const target = { kind: 'device', device: to } as const;
    this.network.ping(from, target, { count, within: SECOND }, done => (result = done));
    this.run(count + 4);
    return result!.replies.map(reply => reply.result).join(' ');
  }
}

describe('a bridge inside a machine', () => {
  it('joins the stations on its members, and the machine itself', () => {
    const bench = new Bench();
    expect(bench.ping('a', 'b')).toBe('reply');
    expect(bench.ping('b', 'kvm')).toBe('reply');
    expect(bench.ping('kvm', 'a')).toBe('reply');
    expect(bench.recorder.changedFrames).toEqual([]);
  });

  it('keeps what is between two stations off the machine, and what is for the machine off the other member', () => {
    const bench = new Bench();
    bench.ping('a', 'b');
    bench.ping('a', 'kvm');
    bench.recorder.records.length = 0;
    bench.ping('a', 'kvm');
    const ports = bench.network.ports.map(({ device, name }) => `${device}:${name}`);
    expect(new Set(bench.recorder.sent.map(({ port }) => ports[port]))).toEqual(
      new Set(['a:eth0', 'kvm:eth0']),
    );
    expect(bench.recorder.drops).toEqual([]);
  });

  it('forwards frames as they are', () => {
    const bench = new Bench();
    bench.ping('a', 'b');
    const byFrame = new Map<number, number>();
    for (const { frame } of bench.recorder.sent) {
      byFrame.set(frame.id, (byFrame.get(frame.id) ?? 0) + 1);
    }
    expect(Math.max(...byFrame.values())).toBe(2);
  });

  it('does nothing while it is down', () => {
    const bench = new Bench();
    const own = bench.network.stackOf('kvm')!.interfaces.find(({ name }) => name === 'br0')!;
    expect(own.running).toBe(true);
    own.up = false;
    expect(bench.ping('a', 'b')).not.toBe('reply');
    expect(new Set(bench.recorder.reasons)).toContain('interface-down');
    own.up = true;
    expect(bench.ping('a', 'b')).toBe('reply');
  });

  it('has carrier while a member has', () => {
    const bench = new Bench();
    const { interfaces } = bench.network.stackOf('kvm')!;
    const own = interfaces.find(({ name }) => name === 'br0')!;
    const members = interfaces.filter(({ name }) => name !== 'br0');
    members[0]!.up = false;
    expect(own.running).toBe(true);
    expect(bench.ping('b', 'kvm')).toBe('reply');
    members[1]!.up = false;
    expect(own.running).toBe(false);
    members[0]!.up = true;
    expect(own.running).toBe(true);
    expect(bench.ping('a', 'kvm')).toBe('reply');
  });

  it('with a spanning tree lets the first ping through after two forward delays: 30 s', () => {
    const bench = new Bench({ spanningTree: STP });
    const own = bench.network.stackOf('kvm')!.interfaces.find(({ name }) => name === 'br0')!;
    bench.run(24);
    expect(own.running).toBe(false);
    expect(bench.ping('a', 'b')).toBe('timeout');
    bench.run(29.9 - bench.network.now / SECOND);
    expect(own.running).toBe(false);
    bench.run(0.2);
    expect(own.running).toBe(true);
    expect(bench.ping('a', 'b')).toBe('reply');
    expect(bench.ping('a', 'kvm')).toBe('reply');
    expect(new Set(bench.recorder.reasons)).toContain('port-learning');
  });
});
