/** What VirtualBox's NAT engines need: their own policies as data, and connections that are answered only when somebody has decided. */
import { describe, expect, it } from 'vitest';
import type { ConnectionRequest } from '../../../../../src/engine/stack/tcp/listener';
import {
  LIBSLIRP_TCP,
  VIRTUALBOX_LWIP_TCP,
  VIRTUALBOX_SLIRP_TCP,
} from '../../../../../src/engine/stack/tcp/policy';
import { Dialogue, SYN_OPTIONS } from './dialogue';

const GUEST_SYN = `S 0:0(0) win 64240 <${SYN_OPTIONS}>`;

/** A listener on every port that holds each SYN. */
function holding(): { dialogue: Dialogue; requests: ConnectionRequest[] } {
  const dialogue = new Dialogue({ policy: VIRTUALBOX_SLIRP_TCP });
  const requests: ConnectionRequest[] = [];
  dialogue.tcp.listen({
    port: undefined,
    incoming: request => requests.push(request),
    accept: socket => {
      dialogue.socket = socket;
      return { data: (_, data) => dialogue.events.push(`data ${data.length}`) };
    },
  });
  return { dialogue, requests };
}

describe('the policy of VirtualBox’s slirp', () => {
  it('offers an MSS alone, a window of 65535, and acknowledges every segment at once', () => {
    const dialogue = new Dialogue({ policy: VIRTUALBOX_SLIRP_TCP }).listen().inject(GUEST_SYN);
    expect(dialogue.lastOptions).toEqual({ timeToLive: 255, typeOfService: 0, dontFragment: false });
    dialogue.expect('S. 0:0(0) ack 1 win 65535 <mss 1460>');
    dialogue.inject('. 1:1(0) ack 1 win 65535');
    for (let number = 0; number < 5; number++) {
      const start = 1 + 1460 * number;
      dialogue.inject(`. ${start}:${start + 1460}(1460) ack 1 win 65535`);
      expect(dialogue.take().map(line => line.split(' win ')[0])).toEqual([`. 1:1(0) ack ${start + 1460}`]);
    }
  });

  it('counts its first sequence numbers: 64000 more for each connection and each half second', () => {
    const dialogue = new Dialogue({ policy: VIRTUALBOX_SLIRP_TCP });
    dialogue.connect();
    // One second, two slow ticks, has passed since the start.
    const [first] = dialogue.sent;
    expect(new DataView(first!.bytes.buffer).getUint32(4)).toBe(1 + 2 * 64_000);
  });

  it('resets with window 0, libslirp with 65535; lwIP has a window of 32768', () => {
    new Dialogue({ policy: VIRTUALBOX_SLIRP_TCP }).inject(GUEST_SYN).expect('R. 0:0(0) ack 1 win 0');
    new Dialogue({ policy: LIBSLIRP_TCP }).inject(GUEST_SYN).expect('R. 0:0(0) ack 1 win 65535');
    new Dialogue({ policy: VIRTUALBOX_LWIP_TCP })
      .listen()
      .inject(GUEST_SYN)
      .expect('S. 0:0(0) ack 1 win 32768 <mss 1460>');
  });

  it('sends 1440 bytes in a segment of libslirp', () => {
    const dialogue = new Dialogue({ policy: LIBSLIRP_TCP })
      .listen()
      .inject(GUEST_SYN)
      .inject('. 1:1(0) ack 1 win 65535');
    dialogue.take();
    dialogue.write(3000);
    expect(dialogue.take()[0]).toMatch(/^\. 1:1441\(1440\)/);
  });
});

describe('a held connection', () => {
  it('is answered when it is accepted; SYNs that repeat it are ignored', () => {
    const { dialogue, requests } = holding();
    dialogue.inject(GUEST_SYN, GUEST_SYN).silence().wait(30).inject(GUEST_SYN).silence();
    expect([requests.length, dialogue.drops]).toEqual([1, ['tcp-old-duplicate', 'tcp-old-duplicate']]);
    expect(requests[0]).toMatchObject({ local: { port: 80 }, remote: { port: 40_000 } });
    expect(requests[0]!.accept()?.state).toBe('syn-received');
    dialogue.expect('S. 0:0(0) ack 1 win 65535 <mss 1460>');
    dialogue.inject('P. 1:6(5) ack 1 win 502').heard('data 5');
    expect(requests[0]!.accept()).toBeUndefined();
  });

  it('is reset when it is refused', () => {
    const { dialogue, requests } = holding();
    dialogue.inject(GUEST_SYN);
    requests[0]!.refuse();
    dialogue.expect('R. 0:0(0) ack 1 win 0');
    requests[0]!.refuse();
    dialogue.silence();
  });

  it('begins anew after it was ignored', () => {
    const { dialogue, requests } = holding();
    dialogue.inject(GUEST_SYN);
    requests[0]!.ignore();
    dialogue.inject(GUEST_SYN).silence();
    expect(requests).toHaveLength(2);
  });

  it('a listener of a port of its own comes before that of all ports', () => {
    const { dialogue, requests } = holding();
    dialogue.listen().inject(GUEST_SYN).expect('S. 0:0(0) ack 1 win 65535 <mss 1460>');
    expect(requests).toEqual([]);
  });
});
