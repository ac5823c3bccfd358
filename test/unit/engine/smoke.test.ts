import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { createNetwork } from '../../../src/engine/network';
import { natTopology } from './topologies';
import { formatIpv4 } from '../../../src/net/ipv4-address';

test('smoke', () => {
  const out: Buffer[] = [];
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b23c4d, 0); head.writeUInt16LE(2, 4); head.writeUInt16LE(4, 6); head.writeUInt32LE(65535, 16); head.writeUInt32LE(1, 20);
  out.push(head);
  const t = natTopology();
  const drops: string[] = [];
  let n = 0;
  const network = createNetwork(t, { seed: 1, listener: { addressesChanged: (d, p, a) => { console.log(d, p, a.map(x => formatIpv4(x.address))); } }, observer: {
    transmitted(dep, _arr, port, frame, cause) { const h = Buffer.alloc(16); h.writeUInt32LE(Math.floor(dep / 1e9), 0); h.writeUInt32LE(dep % 1e9, 4); h.writeUInt32LE(frame.bytes.length, 8); h.writeUInt32LE(frame.bytes.length, 12); out.push(h, Buffer.from(frame.bytes)); n++; },
    dropped(time, port, frame, reason, cause) { drops.push(`${n++} ${time} ${network.ports[port]?.device} ${reason} <- ${cause}`); },
  } });
  network.boot();
  network.runUntil(3e10);
  network.ping('nat-1', { kind: 'name', name: 'web.example' }, { count: 2, within: 1e9 }, r => { console.log(JSON.stringify(r)); });
  network.runUntil(4e10);
  network.lookup('nat-2', 'no.example', 5e9, r => { console.log(JSON.stringify(r)); });
  network.runUntil(5e10);
  console.log(drops.join('\n'), network.booted, network.nextEventTime);
  writeFileSync('/tmp/smoke.pcap', Buffer.concat(out));
});
