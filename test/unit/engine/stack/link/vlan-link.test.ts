import { describe, expect, it } from 'vitest';
import { fromMac, word } from '../../packets';
import { Running } from '../../running';
import { cables, mac, machine, topology } from '../../topologies';
import { withInterface } from '../../tunnels';
import { Bench } from '../../station';

/** Two hosts on one cable, each with VLAN 10 on eth0, and a third VLAN on one of them alone. Ports: a 0, b 1. */
function trunk(): Running {
  const host = (id: string, index: number) =>
    withInterface(
      machine(id, { eth0: { address: `192.0.2.${index}/24`, mac: `02:00:00:00:00:0${index}` } }),
      { name: 'eth0.10', link: { kind: 'vlan', parent: 'eth0', id: 10 }, mtu: 9000 },
      `10.10.0.${index}/24`,
    );
  const vlan20 = { name: 'eth0.20', link: { kind: 'vlan', parent: 'eth0', id: 20 } } as const;
  return new Running(
    topology(
      [withInterface(host('a', 1), vlan20, '10.20.0.1/24'), host('b', 2)],
      cables(['a:eth0 -- b:eth0']),
    ),
  );
}

describe('a VLAN interface', () => {
  it('sends with its tag, priority 0, from the hardware address of its parent', () => {
    const running = trunk();
    expect(running.results('a', '10.10.0.2')).toEqual(['reply']);
    const frames = running.recorder.sent.map(({ bytes }) => bytes);
    expect(frames.map(bytes => [fromMac(bytes), word(bytes, 12), word(bytes, 14), word(bytes, 16)])).toEqual([
      ['02:00:00:00:00:01', 0x8100, 10, 0x0806],
      ['02:00:00:00:00:02', 0x8100, 10, 0x0806],
      ['02:00:00:00:00:01', 0x8100, 10, 0x0800],
      ['02:00:00:00:00:02', 0x8100, 10, 0x0800],
    ]);
    // An ARP packet of 28 bytes, as sent without a tag, and 4 more: 46 B on Linux (measured).
    expect(frames.map(({ length }) => length)).toEqual([46, 46, 102, 102]);
    expect(running.recorder.reasons).toEqual([]);
  });

  it('has the hardware address and at most the MTU of its parent', () => {
    const [, vlan] = trunk().network.stackOf('a')!.interfaces;
    expect([vlan!.mac, vlan!.mtu]).toEqual([mac('02:00:00:00:00:01'), 1500]);
  });

  it('is on a network of its own: a VLAN that the other end does not have drops there', () => {
    const running = trunk();
    expect(running.results('a', '10.20.0.2')).toEqual(['timeout']);
    const [first] = running.recorder.drops;
    expect([first!.port, first!.reason, word(first!.bytes, 14)]).toEqual([1, 'vlan-unknown', 20]);
  });

  it('leaves frames without a tag to its parent', () => {
    const running = trunk();
    expect(running.results('a', '192.0.2.2')).toEqual(['reply']);
    expect(running.recorder.sent.map(({ bytes }) => word(bytes, 12))).toEqual([
      0x0806, 0x0806, 0x0800, 0x0800,
    ]);
  });

  it('records what it drops as it was on the wire, with the tag', () => {
    const running = trunk();
    running.network
      .stackOf('a')!
      .udp.open(0, { datagram: () => undefined })!
      .send(Uint8Array.of(1), 0x0a0a0002 as never, 9);
    running.run(1);
    const [drop] = running.recorder.drops;
    expect([drop!.port, drop!.reason, word(drop!.bytes, 12), word(drop!.bytes, 14)]).toEqual([
      1,
      'port-unreachable',
      0x8100,
      10,
    ]);
    expect(running.recorder.records[drop!.cause]!.bytes).toEqual(drop!.bytes);
  });

  it('goes down and up with its parent, and loses its routes meanwhile', () => {
    const running = trunk();
    const { interfaces, routes } = running.network.stackOf('a')!;
    const [parent, vlan] = interfaces;
    const routed = () => routes.all.filter(({ on }) => on === vlan).length;
    expect([vlan!.up, vlan!.running, routed()]).toEqual([true, true, 1]);
    parent!.up = false;
    expect([vlan!.up, vlan!.running, routed()]).toEqual([false, false, 0]);
    parent!.up = true;
    expect([vlan!.up, vlan!.running, routed()]).toEqual([true, true, 1]);
    expect(running.results('a', '10.10.0.2')).toEqual(['reply']);
  });

  it('loses its carrier with that of its parent', () => {
    const running = trunk();
    const told: boolean[] = [];
    const vlan = running.network.stackOf('a')!.interfaces[1]!;
    vlan.observe({ interfaceChanged: on => told.push(on.running) });
    running.network.stackOf('b')!.interfaces[0]!.up = false;
    running.network.stackOf('b')!.interfaces[0]!.up = true;
    expect(told).toEqual([false, true]);
  });

  it('may stand on another: two tags, the outer one of the lower interface', () => {
    const host = (id: string, index: number) => {
      const lower = withInterface(machine(id, { eth0: {} }), {
        name: 'eth0.10',
        link: { kind: 'vlan', parent: 'eth0', id: 10 },
      });
      return withInterface(
        lower,
        { name: 'eth0.10.7', link: { kind: 'vlan', parent: 'eth0.10', id: 7 } },
        `10.7.0.${index}/24`,
      );
    };
    const running = new Running(topology([host('a', 1), host('b', 2)], cables(['a:eth0 -- b:eth0'])));
    expect(running.results('a', '10.7.0.2')).toEqual(['reply']);
    const [first] = running.recorder.sent;
    expect([12, 14, 16, 18, 20].map(at => word(first!.bytes, at))).toEqual([0x8100, 10, 0x8100, 7, 0x0806]);
  });

  it('has no link where VLANs are each other’s parents, and harms nobody', () => {
    const circle = withInterface(
      withInterface(
        machine('a', { eth0: {} }),
        { name: 'x', link: { kind: 'vlan', parent: 'y', id: 1 } },
        '10.1.0.1/24',
      ),
      { name: 'y', link: { kind: 'vlan', parent: 'x', id: 2 } },
    );
    const running = new Running(topology([circle], []));
    expect(running.results('a', '10.1.0.2')).toEqual(['timeout']);
    expect(running.recorder.reasons[0]).toBe('port-unconnected');
  });
});

describe('a tag that gives a priority only', () => {
  it('is taken off by an interface without VLANs (VID 0 is no VLAN)', () => {
    const bench = new Bench(['10.0.0.1/24']);
    const station = bench.station();
    // A who-has for 10.0.0.1 with priority 5.
    const request = Uint8Array.from(
      [
        'ffffffffffff',
        '020000000200',
        '8100a000',
        '0806',
        '0001080006040001',
        '020000000200',
        '0a000002',
        '000000000000',
        '0a000001',
      ]
        .join('')
        .match(/../g)!
        .map(digits => parseInt(digits, 16)),
    );
    bench.inject(request);
    expect(station.lines().length).toBe(1);
    request[15] = 9;
    bench.inject(request);
    expect(station.lines()).toEqual([]);
    expect(bench.takeReasons()).toEqual(['vlan-unknown']);
    bench.inject(request.slice(0, 16));
    expect(bench.takeReasons()).toEqual(['malformed']);
  });
});
