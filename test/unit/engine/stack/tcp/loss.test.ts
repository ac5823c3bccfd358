/** Loss: the retransmission timer (RFC 6298), fast retransmit with and without SACK (RFC 5681, 6582, 6675, 8985), with Linux's numbers. */
import { describe, expect, it } from 'vitest';
import { Dialogue } from './dialogue';

const PLAIN = 'mss 1460';

/** The `number`th full segment of a connection with timestamps, from 0. */
const full = (number: number, time: number, push = false) => {
  const start = 1 + 1448 * number;
  return `${push ? 'P' : ''}. ${start}:${start + 1448}(1448) ack 1 win 510 <nop,nop,TS ${time} 100>`;
};

/** Of a connection without options. */
const plain = (number: number) => `. ${1 + 1460 * number}:${1461 + 1460 * number}(1460) ack 1 win 64240`;

describe('the retransmission timer', () => {
  it('sends a segment again after 200 ms and a round trip, once more after that time, and then waits twice as long each time', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).take();
    dialogue.wait(13);
    const lines = dialogue.sent.map(({ line }) => line);
    expect(new Set(lines.map(line => line.replace(/TS \d+/, 'TS')))).toEqual(
      new Set(['P. 1:11(10) ack 1 win 510 <nop,nop,TS 100>']),
    );
    expect(dialogue.takeTimes()).toEqual([0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8]);
  });

  it('gives up after 15 minutes', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).take();
    dialogue.wait(1040).heard().wait(10).heard('timed-out');
    expect(dialogue.take()).toHaveLength(17);
  });

  it('gives up when the user’s time is over', () => {
    const dialogue = new Dialogue().established();
    dialogue.socket!.setUserTimeout(5_000_000_000);
    dialogue.write(10).wait(6).heard().wait(2).heard('timed-out');
  });

  it('begins with one segment again, and sends the rest as it is acknowledged', () => {
    const dialogue = new Dialogue().established(PLAIN).write(1460 * 4);
    dialogue.take();
    dialogue.wait(0.201).expect(plain(0));
    dialogue.inject('. 1:1(0) ack 1461 win 65535').expect(plain(1), plain(2));
    dialogue.inject('. 1:1(0) ack 5841 win 65535').silence();
    expect(dialogue.state).toBe('established');
  });

  it('takes no round trip from what was sent twice, without timestamps (Karn)', () => {
    const dialogue = new Dialogue().established(PLAIN);
    dialogue.write(10).take();
    dialogue.wait(0.201).take();
    // Acknowledged late: it could be either of the two, so the time-out stays doubled.
    dialogue.wait(0.35).inject('. 1:1(0) ack 11 win 65535').write(10).take();
    dialogue.wait(0.39).silence().wait(0.02).expect('P. 11:21(10) ack 1 win 64240');
  });

  it('measures by timestamps what was sent twice', () => {
    const dialogue = new Dialogue().established();
    dialogue.write(10).take();
    dialogue.wait(0.201).take();
    dialogue.wait(0.1).inject('. 1:1(0) ack 11 win 512 <nop,nop,TS 400 200>').write(10).take();
    dialogue.wait(0.19).silence();
  });

  it('follows the round trip', () => {
    const dialogue = new Dialogue().established();
    for (let number = 0; number < 30; number++) {
      const start = 1 + 10 * number;
      dialogue.write(10).take();
      dialogue
        .wait(0.5)
        .inject(`. 1:1(0) ack ${start + 10} win 512 <nop,nop,TS ${100 + number} ${500 * number}>`);
      dialogue.take();
    }
    dialogue.write(10).take();
    // Smoothed 500 ms, and the variance has come down to its floor of 200 ms.
    dialogue.wait(0.65).silence().wait(0.2);
    expect(dialogue.take()).toHaveLength(1);
  });
});

describe('fast retransmit without SACK', () => {
  const lossy = () => {
    const dialogue = new Dialogue().established(PLAIN).write(1460 * 10);
    dialogue.take();
    dialogue.wait(0.05);
    return dialogue;
  };

  it('sends again after three duplicates, not after two', () => {
    const dialogue = lossy();
    dialogue.inject('. 1:1(0) ack 1 win 65535', '. 1:1(0) ack 1 win 65535').silence();
    dialogue.inject('. 1:1(0) ack 1 win 65535').expect(plain(0));
  });

  it('sends nothing again after the third duplicate until the first is acknowledged', () => {
    const dialogue = lossy();
    for (let duplicate = 0; duplicate < 9; duplicate++) {
      dialogue.inject('. 1:1(0) ack 1 win 65535');
    }
    dialogue.expect(plain(0));
    dialogue.inject('. 1:1(0) ack 14601 win 65535').silence();
  });

  it('sends the next hole at a partial acknowledgment (NewReno)', () => {
    const dialogue = lossy();
    for (let duplicate = 0; duplicate < 8; duplicate++) {
      dialogue.inject('. 1:1(0) ack 1 win 65535');
    }
    dialogue.expect(plain(0));
    dialogue.inject('. 1:1(0) ack 4381 win 65535').expect(plain(3));
    dialogue.inject('. 1:1(0) ack 14601 win 65535').silence();
  });

  it('takes no acknowledgment with data or with another window for a duplicate', () => {
    const dialogue = lossy();
    for (let number = 0; number < 4; number++) {
      dialogue.inject(`P. ${1 + number}:${2 + number}(1) ack 1 win 65535`);
    }
    expect(dialogue.take().filter(line => line.includes('1:1461'))).toEqual([]);
    const other = new Dialogue().established(PLAIN, 60_000).write(1460 * 10);
    other
      .inject('. 1:1(0) ack 1 win 60001', '. 1:1(0) ack 1 win 60002', '. 1:1(0) ack 1 win 60003')
      .wait(0.1);
    expect(other.take()).toHaveLength(10);
  });

  it.each([
    ['cubic', 7],
    ['reno', 5],
  ] as const)('leaves %s with a window of %s segments', (congestionControl, segments) => {
    const dialogue = new Dialogue({ policy: { congestionControl } }).established(PLAIN).write(1460 * 40);
    dialogue.take();
    dialogue.wait(0.05);
    for (let duplicate = 0; duplicate < 9; duplicate++) {
      dialogue.inject('. 1:1(0) ack 1 win 65535');
    }
    const inRecovery = dialogue.take().length - 1;
    dialogue.inject(`. 1:1(0) ack ${1 + 1460 * (10 + inRecovery)} win 65535`);
    expect(dialogue.take()).toHaveLength(segments);
  });
});

describe('the tail loss probe', () => {
  it('sends the last segment again after two round trips and 2 ms, and the time-out begins anew', () => {
    const dialogue = new Dialogue().established();
    dialogue.socket!.setNoDelay(true);
    dialogue.write(100).write(100).write(100).take();
    dialogue.wait(0.0021).expect('P. 201:301(100) ack 1 win 510 <nop,nop,TS 2 100>');
    dialogue.wait(0.199).silence().wait(0.002).expect('P. 1:101(100) ack 1 win 510 <nop,nop,TS 202 100>');
  });

  it('sends new data where there is any', () => {
    const dialogue = new Dialogue().established().write(1448 * 12);
    dialogue.take();
    dialogue.wait(0.0021).expect(full(10, 2));
  });

  it('lets the peer tell what is missing', () => {
    const dialogue = new Dialogue().established().write(1448 * 4);
    dialogue.take();
    dialogue.wait(0.0021).take();
    dialogue.inject('. 1:1(0) ack 1 win 512 <nop,nop,TS 102 0,nop,nop,sack 4345:5793>');
    dialogue.wait(0.01);
    const parts = () => dialogue.take().map(line => line.split(' ')[1]);
    // One for each that arrives, and one more when the first hole is filled (proportional rate reduction).
    expect(parts()).toEqual(['1:1449(1448)']);
    dialogue.inject('. 1:1(0) ack 1449 win 512 <nop,nop,TS 112 12,nop,nop,sack 4345:5793>');
    expect(parts()).toEqual(['1449:2897(1448)', '2897:4345(1448)']);
  });

  it('needs SACK', () => {
    const dialogue = new Dialogue().established(PLAIN).write(1460 * 3);
    dialogue.take();
    dialogue.wait(0.1).silence();
  });
});

describe('fast retransmit with SACK', () => {
  const lossy = (segments = 10) => {
    const dialogue = new Dialogue().established().write(1448 * segments);
    dialogue.take();
    dialogue.wait(0.001);
    return dialogue;
  };
  const sack = (ack: number, ...blocks: readonly (readonly [number, number])[]) =>
    `. 1:1(0) ack ${1 + 1448 * ack} win 512 <nop,nop,TS 150 0,nop,nop,sack ${blocks
      .map(([from, to]) => `${1 + 1448 * from}:${1 + 1448 * to}`)
      .join(' ')}>`;

  it('sends the hole again when three segments behind it have come', () => {
    const dialogue = lossy();
    dialogue.inject(sack(0, [1, 2]), sack(0, [1, 3])).silence();
    dialogue.inject(sack(0, [1, 4])).expect(full(0, 1).replace('100>', '150>'));
  });

  it('sends every hole once, in order', () => {
    const dialogue = lossy();
    dialogue.inject(sack(0, [1, 2]), sack(0, [3, 4], [1, 2]), sack(0, [5, 6], [3, 4], [1, 2]));
    dialogue.inject(sack(0, [7, 8], [5, 6], [3, 4]), sack(0, [7, 10], [5, 6], [3, 4]));
    const sequences = dialogue.take().map(line => Number(/ (\d+):/.exec(line)?.[1]));
    expect(sequences).toEqual([0, 2, 4, 6].map(number => 1 + 1448 * number));
    dialogue.inject(sack(10, [12, 12])).silence();
  });

  it('waits a quarter of a round trip for one that is only late, and then sends it again (RACK)', () => {
    const dialogue = new Dialogue()
      .connect()
      .wait(0.1)
      .inject('S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 100 0,nop,wscale 7>');
    dialogue.write(1448 * 4);
    dialogue.take();
    dialogue.wait(0.1).inject('. 1:1(0) ack 1 win 512 <nop,nop,TS 150 0,nop,nop,sack 1449:2897>').silence();
    dialogue.wait(0.02).silence().wait(0.01).expect('. 1:1449(1448) ack 1 win 502 <nop,nop,TS 225 150>');
  });

  it('does not send again what comes in the meantime', () => {
    const dialogue = new Dialogue()
      .connect()
      .wait(0.1)
      .inject('S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 100 0,nop,wscale 7>');
    dialogue.write(1448 * 4);
    dialogue.take();
    dialogue.wait(0.1).inject('. 1:1(0) ack 1 win 512 <nop,nop,TS 150 0,nop,nop,sack 1449:2897>');
    dialogue.wait(0.01).inject('. 1:1(0) ack 2897 win 512 <nop,nop,TS 150 0>').wait(0.05).silence();
  });

  it('sends a hole again that was lost twice, when later ones have come', () => {
    const dialogue = lossy(20);
    dialogue.inject(sack(0, [1, 10]));
    expect(dialogue.take()[0]).toContain(' 1:1449(');
    // New segments were sent behind the repeated one; they arrive, it does not.
    dialogue
      .wait(0.05)
      .inject(sack(0, [1, 10]))
      .wait(0.05)
      .inject(sack(0, [1, 11]), sack(0, [1, 12]));
    expect(dialogue.take().filter(line => line.includes(' 1:1449('))).toHaveLength(1);
  });

  it('does not believe SACK of what was not sent, and takes D-SACK for no news', () => {
    const dialogue = lossy(2);
    dialogue.inject(sack(0, [50, 60]), sack(1, [0, 1]), sack(1, [5, 3])).silence();
    expect(dialogue.state).toBe('established');
  });
});
