import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINK_TYPE } from '../../../src/trace/link-type';
import { BlockWriter, DIRECTION } from '../../../src/trace/pcapng-blocks';
import { sampleFrames } from '../trace/sample-frames';
import { vnetCommand } from './vnet-command';

const { file, folder, vnet } = vnetCommand('dissect');

const frames = sampleFrames();

/** A DNS query on Ethernet at 1 s, and the same packet without its Ethernet header 1.5 µs later on another interface. */
function mixedCapture(): Uint8Array {
  const writer = new BlockWriter();
  writer.sectionHeader('test');
  writer.interfaceDescription('vm1:eth0', 'a card');
  writer.interfaceDescription('vm1:tun0', '', LINK_TYPE.raw);
  const comment = new TextEncoder().encode('dropped: no route');
  writer.enhancedPacket(0, 1e9, frames['dns query'], DIRECTION.outbound, [comment]);
  writer.enhancedPacket(1, 1e9 + 1500, frames['dns query'].subarray(14), DIRECTION.inbound, []);
  return writer.take();
}

describe('vnet dissect', () => {
  it('prints a line for each packet, whatever its link, with ns where the file has them', async () => {
    const { status, out } = await vnet('dissect', file('mixed.pcapng', mixedCapture()));
    expect(status).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^ {4}1 0\.000000000 +10\.0\.2\.15 → 10\.0\.2\.3 +DNS \d+ Standard query 0x\w{4} A web\.example$/,
    );
    expect(lines[1]).toMatch(
      /^ {4}2 0\.000001500 +10\.0\.2\.15 → 10\.0\.2\.3 +DNS \d+ Standard query 0x\w{4} A web\.example$/,
    );
  });

  it('finds packets by what was written about them', async () => {
    const path = file('mixed.pcapng', mixedCapture());
    const { out } = await vnet('dissect', path, '-Y', 'frame.comment contains "no route"');
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect((await vnet('dissect', path, '-Y', 'not frame.comment')).out).toMatch(/^ +2 /);
  });

  it('prints Wireshark’s names and structure as JSON', async () => {
    const { status, out } = await vnet('dissect', file('mixed.pcapng', mixedCapture()), '-T', 'json');
    expect(status).toBe(0);
    const [first, second] = JSON.parse(out) as {
      _source: { layers: Record<string, Record<string, unknown>> };
    }[];
    expect(first?._source.layers).toMatchObject({
      frame: {
        'frame.interface_id': '0',
        'frame.interface_id_tree': {
          'frame.interface_name': 'vm1:eth0',
          'frame.interface_description': 'a card',
        },
        'frame.time': 'Jan  1, 1970 00:00:01.000000000 UTC',
        'frame.time_epoch': '1.000000000',
        'frame.protocols': 'eth:ethertype:ip:udp:dns',
        'frame.comment': 'dropped: no route',
      },
      ip: { 'ip.src': '10.0.2.15', 'ip.flags_tree': { 'ip.flags.df': '0' } },
      dns: { Queries: { 'web.example: type A, class IN': { 'dns.qry.name': 'web.example' } } },
    });
    expect(second?._source.layers).toMatchObject({
      frame: {
        'frame.time_relative': '0.000001500',
        'frame.encap_type': '7',
        'frame.protocols': 'ip:udp:dns',
      },
    });
    expect(second?._source.layers.eth).toBeUndefined();
  });

  it('reads what is there of a file that ends too early, says so, and fails', async () => {
    const whole = mixedCapture();
    const { status, out, error } = await vnet(
      'dissect',
      file('cut.pcapng', whole.subarray(0, whole.length - 6)),
    );
    expect(status).toBe(1);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    expect(error).toMatch(/cut\.pcapng: the file ends in the middle of a packet; 1 packets were read/);
  });

  it.each([
    ['text', new TextEncoder().encode('hello, this is no capture file at all')],
    ['nothing', new Uint8Array(0)],
    ['noise', Uint8Array.from({ length: 300 }, (_, index) => (index * 97) & 255)],
  ])('refuses %s as wrong use', async (name, content) => {
    const { status, out, error } = await vnet('dissect', file(`${name}.pcap`, content));
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain('neither a pcap nor a pcapng file');
  });

  it('prints only what a display filter lets pass, with its number in the file', async () => {
    const path = file('filtered.pcapng', mixedCapture());
    const { status, out } = await vnet('dissect', path, '-Y', 'dns && !eth');
    expect(status).toBe(0);
    expect(out).toMatch(/^ {4}2 [^\n]*\n$/);
  });

  it('numbers streams as Wireshark does', async () => {
    const path = file('streams.pcapng', mixedCapture());
    const all = await vnet('dissect', path, '-Y', 'udp.stream');
    const first = await vnet('dissect', path, '-Y', 'udp.stream eq 0');
    expect(all.out).not.toBe('');
    expect(first.out).not.toBe('');
    expect(all.out).toContain(first.out.split('\n')[0]);
    expect((await vnet('dissect', path, '-Y', 'udp.stream eq 1000')).out).toBe('');
  });

  it('shows where a display filter is wrong', async () => {
    const path = file('filtered.pcapng', mixedCapture());
    expect(await vnet('dissect', path, '-Y', 'ip.src == hello')).toEqual({
      status: 2,
      out: '',
      error: 'vnet: -Y: “hello” is not an IPv4 address.\n    ip.src == hello\n              ^^^^^\n',
    });
  });

  it('says which file is not there', async () => {
    expect(await vnet('dissect', join(folder, 'nowhere.pcap'))).toMatchObject({
      status: 2,
      error: expect.stringContaining('No such file or directory'),
    });
  });

  it('prints an empty list for a capture without packets', async () => {
    const writer = new BlockWriter();
    writer.sectionHeader('test');
    const path = file('empty.pcapng', writer.take());
    expect(await vnet('dissect', path, '-T', 'json')).toMatchObject({ status: 0, out: '[]\n' });
    expect(await vnet('dissect', path)).toMatchObject({ status: 0, out: '' });
  });
});
