/** Data in both directions: segments, Nagle's algorithm, acknowledgments and windows (RFC 9293 3.8, RFC 1122 4.2.3), with Linux's choices. */
import { describe, expect, it } from 'vitest';
import { Dialogue, SYN_OPTIONS } from './dialogue';

const PLAIN = 'mss 1460';

describe('sending', () => {
  it('cuts data into segments of the MSS less the timestamps, and pushes the end of what was written', () => {
    new Dialogue()
      .established()
      .write(3000)
      .expect(
        '. 1:1449(1448) ack 1 win 510 <nop,nop,TS 0 100>',
        '. 1449:2897(1448) ack 1 win 510 <nop,nop,TS 0 100>',
        'P. 2897:3001(104) ack 1 win 510 <nop,nop,TS 0 100>',
      );
  });

  it('begins with ten segments and sends two for each one acknowledged', () => {
    const dialogue = new Dialogue().established().write(100_000);
    expect(dialogue.take()).toHaveLength(10);
    dialogue.wait(0.01).inject('. 1:1(0) ack 1449 win 512 <nop,nop,TS 110 0>');
    expect(dialogue.take()).toHaveLength(2);
    dialogue.inject('. 1:1(0) ack 4345 win 512 <nop,nop,TS 110 0>');
    expect(dialogue.take()).toHaveLength(4);
  });

  it('holds a small segment back while another is on its way (Nagle)', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).expect('P. 1:11(10) ack 1 win 510 <nop,nop,TS 0 100>');
    dialogue.write(20).silence();
    dialogue.write(5).silence();
    dialogue
      .inject('. 1:1(0) ack 11 win 512 <nop,nop,TS 100 0>')
      .expect('P. 11:36(25) ack 1 win 510 <nop,nop,TS 0 100>');
  });

  it('sends a full segment whatever is on its way, and its small end too (Minshall)', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(1448).expect('P. 1:1449(1448) ack 1 win 510 <nop,nop,TS 0 100>');
    dialogue.write(10).expect('P. 1449:1459(10) ack 1 win 510 <nop,nop,TS 0 100>');
    dialogue.write(10).silence();
    dialogue.write(1438).expect('P. 1459:2907(1448) ack 1 win 510 <nop,nop,TS 0 100>');
  });

  it('does not wait with Nagle’s algorithm off', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).take();
    dialogue.write(20).silence();
    dialogue.socket!.setNoDelay(true);
    dialogue.expect('P. 11:31(20) ack 1 win 510 <nop,nop,TS 0 100>');
    dialogue.write(1).expect('P. 31:32(1) ack 1 win 510 <nop,nop,TS 0 100>');
  });

  it('puts FIN on the last data, small or not', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).take();
    dialogue.write(20).silence();
    dialogue.socket!.finish();
    dialogue.expect('FP. 11:31(20) ack 1 win 510 <nop,nop,TS 0 100>');
  });

  it('says how much it takes, and when there is room again', () => {
    const dialogue = new Dialogue({ policy: { sendBuffer: 2000 } }).established();
    expect(dialogue.socket!.send(new Uint8Array(3000))).toBe(2000);
    expect([dialogue.socket!.room, dialogue.take().length]).toEqual([0, 2]);
    dialogue.inject('. 1:1(0) ack 1449 win 512 <nop,nop,TS 100 0>').heard('writable');
    expect(dialogue.socket!.room).toBe(1448);
  });

  it('begins with a small window again after a pause', () => {
    const dialogue = new Dialogue().established().write(40_000);
    for (let acknowledged = 1449; acknowledged < 40_000; acknowledged += 1448) {
      dialogue.inject(`. 1:1(0) ack ${acknowledged} win 2048 <nop,nop,TS 100 0>`);
    }
    dialogue.inject('. 1:1(0) ack 40001 win 2048 <nop,nop,TS 100 0>');
    expect(dialogue.take()).toHaveLength(28);
    dialogue.wait(10).write(100_000);
    expect(dialogue.take()).toHaveLength(10);
  });
});

describe('receiving', () => {
  it('acknowledges the first segments at once', () => {
    new Dialogue()
      .established()
      .inject('P. 1:101(100) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 101 win 509 <nop,nop,TS 0 100>')
      .heard('data 100');
  });

  it('lets an answer carry the acknowledgment in a conversation', () => {
    const dialogue = new Dialogue({
      handler: {
        data: (socket, data) => {
          socket.send(data.slice());
        },
      },
    }).established();
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>').take();
    dialogue
      .wait(0.01)
      .inject('P. 11:21(10) ack 11 win 512 <nop,nop,TS 110 0>')
      .expect('P. 11:21(10) ack 21 win 509 <nop,nop,TS 10 110>');
  });

  it('acknowledges 40 ms later when no answer comes in a conversation', () => {
    const dialogue = new Dialogue().established();
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>').write(10).take();
    dialogue.wait(0.01).inject('P. 11:21(10) ack 11 win 512 <nop,nop,TS 110 0>').silence();
    dialogue.wait(0.039).silence().wait(0.002).expect('. 11:11(0) ack 21 win 509 <nop,nop,TS 50 110>');
  });

  it('acknowledges every second full segment', () => {
    const dialogue = new Dialogue().established();
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>').write(10).take();
    const segment = (number: number) => {
      const start = 11 + 1448 * number;
      return `. ${start}:${start + 1448}(1448) ack 11 win 512 <nop,nop,TS 100 0>`;
    };
    const acknowledged: number[] = [];
    for (let number = 0; number < 8; number++) {
      dialogue.inject(segment(number));
      acknowledged.push(dialogue.take().length);
    }
    // The first tells how large segments are: it counts as more than one.
    expect(acknowledged.slice(1)).toEqual([1, 0, 1, 0, 1, 0, 1].map((_, index) => acknowledged[1 + index]));
    expect(acknowledged.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(5);
  });

  it('acknowledges at once what comes behind a hole, with SACK, and what fills it', () => {
    new Dialogue()
      .established()
      .inject('. 1449:2897(1448) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 1 win 532 <nop,nop,TS 0 100,nop,nop,sack 1449:2897>')
      .inject('. 4345:5793(1448) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 1 win 555 <nop,nop,TS 0 100,nop,nop,sack 4345:5793 1449:2897>')
      .inject('. 1:1449(1448) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 2897 win 563 <nop,nop,TS 0 100,nop,nop,sack 4345:5793>')
      .heard('data 2896')
      .inject('. 2897:4345(1448) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 5793 win 574 <nop,nop,TS 0 100>')
      .heard('data 2896');
  });

  it('sends three SACK blocks beside timestamps, and four without', () => {
    const blocks = (options: string, more: string) => {
      const dialogue = new Dialogue().established(options);
      for (const start of [1001, 3001, 5001, 7001, 9001]) {
        dialogue.inject(`. ${start}:${start + 100}(100) ack 1 win 512 ${more}`);
      }
      return /sack ([^>]*)/.exec(dialogue.take().at(-1)!)?.[1];
    };
    expect(blocks(SYN_OPTIONS, '<nop,nop,TS 100 0>')).toBe('9001:9101 7001:7101 5001:5101');
    expect(blocks('mss 1460,nop,nop,sackOK', '')).toBe('9001:9101 7001:7101 5001:5101 3001:3101');
  });

  it('sends no SACK to who did not permit it', () => {
    new Dialogue()
      .established(PLAIN)
      .inject('. 101:201(100) ack 1 win 512')
      .expect('. 1:1(0) ack 1 win 64240');
  });

  it('reports a duplicate (D-SACK)', () => {
    new Dialogue()
      .established()
      .inject('. 1:101(100) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 101 win 509 <nop,nop,TS 0 100>')
      .inject('. 1:101(100) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 101 win 509 <nop,nop,TS 0 100,nop,nop,sack 1:101>')
      .heard('data 100');
  });

  it('joins overlapping pieces and gives each byte once', () => {
    const dialogue = new Dialogue().established();
    dialogue
      .inject('. 51:151(100) ack 1 win 512 <nop,nop,TS 100 0>')
      .inject('. 101:301(200) ack 1 win 512 <nop,nop,TS 100 0>')
      .inject('. 1:61(60) ack 1 win 512 <nop,nop,TS 100 0>')
      .heard('data 300');
    expect(dialogue.take().at(-1)).toBe('. 1:1(0) ack 301 win 508 <nop,nop,TS 0 100>');
  });

  it('keeps unread data, closes its window, and opens it when the program reads', () => {
    const dialogue = new Dialogue({
      policy: { receiveWindow: 8192, receiveWindowMaximum: 8192 },
    }).established(PLAIN);
    dialogue.socket!.pause();
    for (let start = 1; start < 7301; start += 1460) {
      dialogue.inject(`. ${start}:${start + 1460}(1460) ack 1 win 65535`);
    }
    dialogue.wait(0.2);
    expect(dialogue.take().at(-1)).toBe('. 1:1(0) ack 7301 win 0');
    dialogue.heard().inject('. 7301:7302(1) ack 1 win 65535').expect('. 1:1(0) ack 7301 win 0');
    expect(dialogue.drops).toEqual(['tcp-outside-window']);
    expect(dialogue.socket!.read(500)).toHaveLength(500);
    dialogue.silence();
    dialogue.socket!.resume();
    dialogue.heard('data 6800').expect('. 1:1(0) ack 7301 win 5840');
  });

  it('cuts off what lies behind the window', () => {
    const dialogue = new Dialogue({
      policy: { receiveWindow: 2920, receiveWindowMaximum: 2920 },
    }).established(PLAIN);
    dialogue.inject('. 1:1461(1460) ack 1 win 65535').heard('data 1460');
    dialogue.inject('. 1461:6461(5000) ack 1 win 65535');
    expect(dialogue.events.splice(0)).toEqual(['data 2920']);
  });
});

describe('the peer’s window', () => {
  it('bounds what is sent', () => {
    const dialogue = new Dialogue().established(SYN_OPTIONS, 16);
    dialogue.write(5000).expect('. 1:1449(1448) ack 1 win 510 <nop,nop,TS 0 100>');
    dialogue
      .inject('. 1:1(0) ack 1449 win 512 <nop,nop,TS 100 0>')
      .expect(
        '. 1449:2897(1448) ack 1 win 510 <nop,nop,TS 0 100>',
        '. 2897:4345(1448) ack 1 win 510 <nop,nop,TS 0 100>',
        'P. 4345:5001(656) ack 1 win 510 <nop,nop,TS 0 100>',
      );
  });

  it('is probed while it is closed, further and further apart, without data', () => {
    const dialogue = new Dialogue().established().inject('. 1:1(0) ack 1 win 0 <nop,nop,TS 100 0>');
    dialogue.write(10).silence().wait(0.201).expect('. 0:0(0) ack 1 win 510 <nop,nop,TS 200 100>');
    dialogue.wait(6.3);
    expect(dialogue.takeTimes()).toEqual([0.6, 1.4, 3, 6.2]);
    dialogue
      .inject('. 1:1(0) ack 1 win 512 <nop,nop,TS 6500 0>')
      .expect('P. 1:11(10) ack 1 win 510 <nop,nop,TS 6501 6500>');
  });

  it('may stay closed as long as the peer answers', () => {
    const dialogue = new Dialogue().established().inject('. 1:1(0) ack 1 win 0 <nop,nop,TS 100 0>').write(10);
    for (let minute = 1; minute < 60; minute++) {
      dialogue.wait(60).inject('. 1:1(0) ack 1 win 0 <nop,nop,TS 100 0>');
    }
    expect(dialogue.state).toBe('established');
  });

  it('ends the connection when nobody answers fifteen probes', () => {
    const dialogue = new Dialogue().established().inject('. 1:1(0) ack 1 win 0 <nop,nop,TS 100 0>').write(10);
    dialogue.wait(2000).heard('timed-out');
    expect(dialogue.take()).toHaveLength(15);
  });

  it('gets part of a segment when it stays smaller than that', () => {
    const dialogue = new Dialogue().established(SYN_OPTIONS, 2);
    dialogue.write(1000).silence().wait(0.201).expect('. 1:257(256) ack 1 win 510 <nop,nop,TS 200 100>');
  });
});
