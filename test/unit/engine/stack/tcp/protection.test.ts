/** Segments that do not belong: RST rules and challenges (RFC 5961), PAWS (RFC 7323 5), acknowledgments and data outside the window. */
import { describe, expect, it } from 'vitest';
import { Dialogue } from './dialogue';

const CHALLENGE = '. 1:1(0) ack 1 win 510 <nop,nop,TS 0 100>';

describe('RST', () => {
  it('ends a connection with exactly the next number', () => {
    const dialogue = new Dialogue().established().inject('R 1:1(0)').silence().heard('reset');
    expect([...dialogue.tcp.connections]).toEqual([]);
  });

  it('with another number in the window is challenged', () => {
    const dialogue = new Dialogue().established().inject('R 100:100(0)').expect(CHALLENGE).heard();
    expect([dialogue.state, dialogue.drops]).toEqual(['established', ['tcp-not-acceptable']]);
  });

  it.each(['R -1000:-1000(0)', 'R 70000:70000(0)'])('outside of the window is passed over: %s', line => {
    const dialogue = new Dialogue().established().inject(line).silence().heard();
    expect(dialogue.state).toBe('established');
  });

  it('ends it whatever its timestamp', () => {
    new Dialogue().established().inject('R 1:1(0) <nop,nop,TS 5 0>').heard('reset');
  });

  it('behind what came out of order ends it too', () => {
    const dialogue = new Dialogue().established().inject('. 101:201(100) ack 1 win 512 <nop,nop,TS 100 0>');
    dialogue.inject('R 201:201(0)').heard('reset');
  });
});

describe('challenges', () => {
  it('answer SYN in an open connection', () => {
    new Dialogue().established().inject('S 5000:5000(0) win 100').expect(CHALLENGE).heard();
  });

  it('are at least half a second apart', () => {
    const dialogue = new Dialogue().established();
    dialogue.inject('S 5000:5000(0) win 100', 'S 5000:5000(0) win 100').expect(CHALLENGE);
    dialogue.wait(0.4).inject('S 5000:5000(0) win 100').silence();
    dialogue.wait(0.2).inject('S 5000:5000(0) win 100').expect('. 1:1(0) ack 1 win 510 <nop,nop,TS 600 100>');
  });

  it('answer an acknowledgment of what was not sent, whose data is not taken', () => {
    new Dialogue()
      .established()
      .inject('P. 1:11(10) ack 500 win 512 <nop,nop,TS 100 0>')
      .expect(CHALLENGE)
      .heard();
  });

  it('answer an acknowledgment older than any window', () => {
    new Dialogue()
      .established()
      .inject('P. 1:11(10) ack -100000 win 512 <nop,nop,TS 100 0>')
      .expect(CHALLENGE)
      .heard();
  });

  it('do not answer one that is only late', () => {
    const dialogue = new Dialogue().established().write(10);
    dialogue.inject('. 1:1(0) ack 11 win 512 <nop,nop,TS 100 0>').take();
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>').heard('data 10');
  });
});

describe('PAWS', () => {
  it('answers data with an older timestamp and does not take it', () => {
    const dialogue = new Dialogue()
      .established()
      .inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 99 0>')
      .expect(CHALLENGE)
      .heard();
    expect(dialogue.drops).toEqual(['tcp-old-duplicate']);
  });

  it('takes data with the same or a later one, also across the wrap', () => {
    const dialogue = new Dialogue()
      .listen()
      .inject('S 0:0(0) win 65535 <mss 1460,sackOK,TS 4294967290 0,nop,wscale 7>');
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 4294967290 0>').heard('connected', 'data 10');
    dialogue.inject('P. 11:21(10) ack 1 win 512 <nop,nop,TS 5 0>').heard('data 10');
    dialogue.inject('P. 21:31(10) ack 1 win 512 <nop,nop,TS 4294967295 0>').heard();
  });

  it('takes a timestamp for old no more after 24 days', () => {
    const dialogue = new Dialogue().established();
    dialogue
      .wait(25 * 86_400)
      .inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 99 0>')
      .heard('data 10');
  });

  it('echoes the timestamp of what it acknowledges, not of what came out of order', () => {
    new Dialogue()
      .established()
      .inject('. 101:201(100) ack 1 win 512 <nop,nop,TS 120 0>')
      .expect('. 1:1(0) ack 1 win 510 <nop,nop,TS 0 100,nop,nop,sack 101:201>')
      .inject('. 1:101(100) ack 1 win 512 <nop,nop,TS 110 0>')
      .expect('. 1:1(0) ack 201 win 509 <nop,nop,TS 0 110>');
  });
});

describe('segments outside of the window', () => {
  it('in front of it are acknowledged and dropped', () => {
    const dialogue = new Dialogue().established().inject('P. -99:1(100) ack 1 win 512 <nop,nop,TS 100 0>');
    expect(dialogue.take()).toEqual(['. 1:1(0) ack 1 win 510 <nop,nop,TS 0 100,nop,nop,sack -99:1>']);
    expect(dialogue.drops).toEqual(['tcp-old-duplicate']);
  });

  it('behind it are acknowledged and dropped', () => {
    const dialogue = new Dialogue()
      .established()
      .inject('P. 70000:70100(100) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect(CHALLENGE);
    expect(dialogue.drops).toEqual(['tcp-outside-window']);
  });

  it('that begin in front of it and reach into it bring what is new', () => {
    const dialogue = new Dialogue()
      .established()
      .inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>')
      .heard('data 10');
    dialogue.inject('P. 1:21(20) ack 1 win 512 <nop,nop,TS 100 0>').heard('data 10');
  });

  it('without ACK are dropped', () => {
    const dialogue = new Dialogue()
      .established()
      .inject('P 1:11(10) win 512 <nop,nop,TS 100 0>')
      .silence()
      .heard();
    expect(dialogue.drops).toEqual(['tcp-not-acceptable']);
  });

  it('that a keep-alive of the peer sends are answered', () => {
    new Dialogue()
      .established()
      .inject('. 0:0(0) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect(CHALLENGE)
      .heard();
  });
});

describe('keep-alive', () => {
  it('probes after two hours, every 75 s, and gives up after nine', () => {
    const dialogue = new Dialogue().established();
    dialogue.socket!.setKeepAlive(true);
    dialogue.wait(7199).silence().wait(2).expect('. 0:0(0) ack 1 win 510 <nop,nop,TS 7200000 100>');
    dialogue.wait(75 * 9 - 10).heard();
    expect(dialogue.take()).toHaveLength(8);
    dialogue.wait(20).heard('timed-out');
  });

  it('begins anew with every answer', () => {
    const dialogue = new Dialogue().established();
    dialogue.socket!.setKeepAlive(true);
    dialogue.wait(7201).inject('. 1:1(0) ack 1 win 512 <nop,nop,TS 7201100 0>').take();
    dialogue.wait(7190).silence().wait(15);
    expect(dialogue.take()).toHaveLength(1);
  });
});

describe('ICMP', () => {
  it('ends an attempt to connect', () => {
    const refused = new Dialogue().connect();
    expect(refused.icmp(0, { kind: 'unreachable', why: 'refused' })).toBe(true);
    refused.heard('refused');
    const unreachable = new Dialogue().connect();
    unreachable.icmp(0, { kind: 'unreachable', why: 'unreachable' });
    unreachable.heard('unreachable');
  });

  it('of another sequence number is not believed', () => {
    const dialogue = new Dialogue().connect();
    dialogue.icmp(5000, { kind: 'unreachable', why: 'refused' });
    dialogue.heard();
  });

  it('does not end an open connection, but says why it ended when nothing else comes', () => {
    const dialogue = new Dialogue().established().write(10);
    dialogue.icmp(1, { kind: 'unreachable', why: 'unreachable' });
    dialogue.heard().wait(1100).heard('unreachable');
  });

  it('too big: sends again at once what one write gave, cut anew, and goes on with smaller segments', () => {
    const dialogue = new Dialogue().established().write(1448 * 3);
    dialogue.take();
    expect(dialogue.icmp(1, { kind: 'too-big', mtu: 1400 })).toBe(true);
    expect(dialogue.take().map(line => line.replace(/ ack.*/, ''))).toEqual([
      '. 1:1349(1348)',
      '. 1349:2697(1348)',
      '. 2697:4045(1348)',
      'P. 4045:4345(300)',
    ]);
    dialogue.inject('. 1:1(0) ack 4345 win 512 <nop,nop,TS 100 0>').write(3000);
    expect(dialogue.take().at(-3)).toMatch(/^\. 4345:5693\(1348\)/);
  });

  it('of a connection that is not there is not used', () => {
    expect(new Dialogue().icmp(0, { kind: 'unreachable', why: 'refused' })).toBe(false);
  });
});
