/** Opening connections (RFC 9293 3.5), with the options and numbers of Linux. */
import { describe, expect, it } from 'vitest';
import { Dialogue, SYN_OPTIONS } from './dialogue';

const OWN_SYN = `S 0:0(0) win 64240 <mss 1460,sackOK,TS 0 0,nop,wscale 7>`;
const SYN_ACK = `S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 0 100,nop,wscale 7>`;

describe('a listener', () => {
  it('answers SYN with SYN and ACK, and is open with the acknowledgment', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .heard()
      .inject('. 1:1(0) ack 1 win 502 <nop,nop,TS 100 0>')
      .silence()
      .heard('connected');
  });

  it.each([
    ['no option', '', 64_240, 'mss 1460'],
    ['MSS', 'mss 1000', 64_240, 'mss 1460'],
    ['SACK permitted', 'mss 1460,nop,nop,sackOK', 64_240, 'mss 1460,nop,nop,sackOK'],
    ['timestamps', 'mss 1460,nop,nop,TS 100 0', 65_160, 'mss 1460,nop,nop,TS 0 100'],
    ['window scale', 'mss 1460,nop,wscale 3', 64_240, 'mss 1460,nop,wscale 7'],
    [
      'SACK permitted and window scale',
      'mss 1460,nop,nop,sackOK,nop,wscale 3',
      64_240,
      'mss 1460,nop,nop,sackOK,nop,wscale 7',
    ],
  ])('answers with what the SYN offers: %s', (_, offered, window, answered) => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 1024 <${offered}>`)
      .expect(`S. 0:0(0) ack 1 win ${window} <${answered}>`);
  });

  it('marks SYN and ACK with DF and identification 0', () => {
    const dialogue = new Dialogue().listen().inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`);
    expect(dialogue.lastOptions).toEqual({
      timeToLive: 64,
      typeOfService: 0,
      dontFragment: true,
      identification: 0,
    });
  });

  it('repeats SYN and ACK at 1, 3, 7, 15 and 31 s, and forgets at 63 s', () => {
    const dialogue = new Dialogue().listen().inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`).expect(SYN_ACK);
    dialogue.wait(62);
    expect(dialogue.takeTimes()).toEqual([1, 3, 7, 15, 31]);
    dialogue.wait(2).silence().heard();
    dialogue.inject('. 1:1(0) ack 1 win 502 <nop,nop,TS 100 0>').expect('R 1:1(0) win 0');
  });

  it('answers a repeated SYN at once', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .wait(0.6)
      .inject(`S 0:0(0) win 64240 <mss 1460,sackOK,TS 700 0,nop,wscale 7>`)
      .expect(`S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 600 100,nop,wscale 7>`);
  });

  it('resets who acknowledges what was not sent', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .inject('. 1:1(0) ack 2 win 502 <nop,nop,TS 100 0>')
      .expect('R 2:2(0) win 0')
      .inject('. 1:1(0) ack 1 win 502 <nop,nop,TS 100 0>')
      .heard('connected');
  });

  it('forgets who resets before the end of the handshake', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .inject('R 1:1(0)')
      .silence()
      .heard()
      .inject('. 1:1(0) ack 1 win 502 <nop,nop,TS 100 0>')
      .expect('R 1:1(0) win 0');
  });

  it('takes data that comes with the last step of the handshake', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .inject('P. 1:6(5) ack 1 win 502 <nop,nop,TS 100 0>')
      .expect('. 1:1(0) ack 6 win 510 <nop,nop,TS 0 100>')
      .heard('connected', 'data 5');
  });

  it('does not take data of a SYN', () => {
    new Dialogue()
      .listen()
      .inject(`S 0:5(5) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK)
      .inject('. 6:6(0) ack 1 win 502 <nop,nop,TS 100 0>')
      .heard('connected');
  });

  it('answers the SYN of an open connection with a challenge', () => {
    const dialogue = new Dialogue().established();
    dialogue
      .inject(`S 0:0(0) win 64240 <mss 1460,sackOK,TS 200 0,nop,wscale 7>`)
      .expect('. 1:1(0) ack 1 win 510 <nop,nop,TS 0 100>');
    expect(dialogue.state).toBe('established');
  });

  it('keeps no more half-open connections than its backlog', () => {
    const dialogue = new Dialogue({ backlog: 1 })
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .expect(SYN_ACK);
    const other = new Dialogue({ backlog: 0 })
      .listen()
      .inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`)
      .silence();
    expect([dialogue.drops, other.drops]).toEqual([[], ['listen-backlog-full']]);
  });
});

describe('a connection that opens', () => {
  it('sends SYN, and acknowledges the answer at once', () => {
    new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .wait(0.02)
      .inject('S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 700 0,nop,wscale 7>')
      .expect('. 1:1(0) ack 1 win 502 <nop,nop,TS 20 700>')
      .heard('connected');
  });

  it('counts the identification of its packets, SYN first', () => {
    const dialogue = new Dialogue().connect();
    const first = dialogue.lastOptions.identification!;
    dialogue.inject('S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 700 0,nop,wscale 7>');
    expect(dialogue.lastOptions.identification).toBe((first + 1) & 0xffff);
  });

  it('repeats SYN at 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s, and gives up at 131 s', () => {
    const dialogue = new Dialogue().connect();
    dialogue.wait(130.9);
    expect(dialogue.takeTimes()).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    dialogue.heard().wait(0.2).silence().heard('timed-out');
  });

  it('repeats SYN with a new timestamp and the same number', () => {
    new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .wait(1)
      .expect('S 0:0(0) win 64240 <mss 1460,sackOK,TS 1000 0,nop,wscale 7>');
  });

  it('is refused by RST and ACK', () => {
    new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .inject('R. 0:0(0) ack 1')
      .silence()
      .heard('refused')
      .wait(5)
      .silence();
  });

  it.each([
    ['a RST without ACK', 'R 0:0(0)'],
    ['a RST of another number', 'R. 0:0(0) ack 2'],
    ['an acknowledgment without SYN', '. 0:0(0) ack 1 win 100'],
    ['a FIN', 'F 0:0(0)'],
  ])('is not moved by %s', (_, line) => {
    const dialogue = new Dialogue().connect().expect(OWN_SYN).inject(line).silence().heard();
    expect([dialogue.state, dialogue.drops]).toEqual(['syn-sent', ['tcp-not-acceptable']]);
  });

  it('resets who acknowledges what was not sent', () => {
    const dialogue = new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .inject('S. 0:0(0) ack 2 win 100')
      .expect('R 2:2(0) win 0');
    expect(dialogue.state).toBe('syn-sent');
  });

  it('opens when both sides send SYN at once', () => {
    const dialogue = new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .inject('S 0:0(0) win 65535 <mss 1460,sackOK,TS 100 0,nop,wscale 7>')
      .expect(SYN_ACK)
      .heard()
      .inject('S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS 100 0,nop,wscale 7>')
      .heard('connected');
    expect(dialogue.state).toBe('established');
  });

  it('sends data that was given before with the last step', () => {
    const dialogue = new Dialogue().connect().expect(OWN_SYN);
    dialogue
      .write(5)
      .silence()
      .inject('S. 0:0(0) ack 1 win 65160 <mss 1460,sackOK,TS 700 0,nop,wscale 7>')
      .expect('P. 1:6(5) ack 1 win 502 <nop,nop,TS 0 700>');
  });

  it('uses no option that the answer does not have', () => {
    new Dialogue()
      .connect()
      .expect(OWN_SYN)
      .inject('S. 0:0(0) ack 1 win 8192 <mss 1460>')
      .expect('. 1:1(0) ack 1 win 64240')
      .write(3000)
      .expect(
        '. 1:1461(1460) ack 1 win 64240',
        '. 1461:2921(1460) ack 1 win 64240',
        'P. 2921:3001(80) ack 1 win 64240',
      );
  });

  it('tells a smaller MSS on a narrower link', () => {
    new Dialogue({ mtu: 1400 }).connect().expect('S 0:0(0) win 65280 <mss 1360,sackOK,TS 0 0,nop,wscale 7>');
  });

  it.each([
    ['has none', '', 536],
    ['says 0', 'mss 0', 536],
    ['says 10', 'mss 10', 48],
    ['says 1000', 'mss 1000', 1000],
    ['says 9000', 'mss 9000', 1460],
  ])('cuts data to the MSS: an answer that %s', (_, options, size) => {
    const dialogue = new Dialogue().connect().inject(`S. 0:0(0) ack 1 win 8192 <${options}>`);
    dialogue.take();
    dialogue.write(2000);
    expect(dialogue.take()[0]).toBe(`. 1:${1 + size}(${size}) ack 1 win 64240`);
  });

  it('takes a shift of more than 14 for 14', () => {
    const dialogue = new Dialogue()
      .connect()
      .inject('S. 0:0(0) ack 1 win 1000 <mss 1460,nop,wscale 15>')
      .inject('. 1:1(0) ack 1 win 1');
    dialogue.take();
    dialogue.write(100_000);
    const bytes = () => dialogue.sent.reduce((sum, { bytes: each }) => sum + each.length - 20, 0);
    expect(bytes()).toBe(10 * 1460);
    for (let acknowledged = 1; acknowledged < 14_601; acknowledged += 2920) {
      dialogue.inject(`. 1:1(0) ack ${acknowledged + 2920} win 1`);
    }
    // 16384 bytes of window: whole segments of 1460 fit eleven times.
    expect(bytes()).toBe(14_600 + 11 * 1460);
  });

  it('is told at once when there is no way', () => {
    const dialogue = new Dialogue();
    dialogue.sourceFor = () => undefined as never;
    dialogue.connect().silence().heard('unreachable');
  });
});

describe('no listener', () => {
  it('resets a SYN with ACK, window 0 and identification 0', () => {
    const dialogue = new Dialogue().inject(`S 0:0(0) win 64240 <${SYN_OPTIONS}>`);
    expect(dialogue.lastOptions).toEqual({
      timeToLive: 64,
      typeOfService: 0,
      dontFragment: true,
      identification: 0,
    });
    dialogue.expect('R. 0:0(0) ack 1 win 0');
    expect(dialogue.drops).toEqual(['port-unreachable']);
  });

  it('counts data, SYN and FIN of what it resets', () => {
    new Dialogue().inject('SF 7:12(5) win 100').expect('R. 0:0(0) ack 14 win 0');
  });

  it('resets what acknowledges with the number it names', () => {
    new Dialogue().inject('. 9:9(0) ack 77 win 100').expect('R 0:0(0) win 0');
  });

  it('never resets a RST', () => {
    const dialogue = new Dialogue().inject('R 1:1(0)', 'R. 1:1(0) ack 1').silence();
    expect(dialogue.drops).toEqual(['port-unreachable', 'port-unreachable']);
  });
});
