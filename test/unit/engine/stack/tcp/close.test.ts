/** Closing in order (RFC 9293 3.6), half closed, both at once, TIME-WAIT, and what comes late. */
import { describe, expect, it } from 'vitest';
import type { TcpHandler } from '../../../../../src/engine/stack/tcp/socket';
import { Dialogue } from './dialogue';

/** A program that decides itself when to close. */
const HALF: TcpHandler = {};

const open = () => new Dialogue({ handler: HALF }).established();

describe('closing', () => {
  it('first: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT for 60 s', () => {
    const dialogue = open();
    dialogue.socket!.close();
    dialogue.expect('F. 1:1(0) ack 1 win 510 <nop,nop,TS 0 100>');
    expect(dialogue.state).toBe('fin-wait-1');
    dialogue.inject('. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>').silence();
    expect(dialogue.state).toBe('fin-wait-2');
    dialogue
      .inject('F. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>')
      .expect('. 2:2(0) ack 2 win 510 <nop,nop,TS 0 100>');
    dialogue.heard('closed');
    dialogue.wait(59.9);
    expect(dialogue.state).toBe('time-wait');
    dialogue.wait(0.2).silence();
    expect([dialogue.state, [...dialogue.tcp.connections]]).toEqual(['closed', []]);
  });

  it('second: CLOSE-WAIT, LAST-ACK, and gone at once', () => {
    const dialogue = open().inject('F. 1:1(0) ack 1 win 512 <nop,nop,TS 100 0>').heard('peer-closed');
    expect(dialogue.state).toBe('close-wait');
    dialogue.socket!.close();
    expect(dialogue.state).toBe('last-ack');
    expect(dialogue.take().at(-1)).toBe('F. 1:1(0) ack 2 win 510 <nop,nop,TS 0 100>');
    dialogue.inject('. 2:2(0) ack 2 win 512 <nop,nop,TS 100 0>').silence().heard('closed');
    expect(dialogue.state).toBe('closed');
  });

  it('answers FIN with its own in one segment when the program closes at once', () => {
    new Dialogue({
      handler: {
        peerClosed: socket => {
          socket.close();
        },
      },
    })
      .established()
      .inject('F. 1:1(0) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('F. 1:1(0) ack 2 win 510 <nop,nop,TS 0 100>');
  });

  it('acknowledges FIN soon when the program does not close', () => {
    const dialogue = open().inject('F. 1:1(0) ack 1 win 512 <nop,nop,TS 100 0>').wait(0.05);
    dialogue.expect('. 1:1(0) ack 2 win 510 <nop,nop,TS 0 100>');
  });

  it('both at once: CLOSING, TIME-WAIT', () => {
    const dialogue = open();
    dialogue.socket!.finish();
    dialogue.take();
    dialogue
      .inject('F. 1:1(0) ack 1 win 512 <nop,nop,TS 100 0>')
      .expect('. 2:2(0) ack 2 win 510 <nop,nop,TS 0 100>');
    expect(dialogue.state).toBe('closing');
    dialogue.inject('. 2:2(0) ack 2 win 512 <nop,nop,TS 100 0>').silence();
    expect(dialogue.state).toBe('time-wait');
  });

  it('FIN and its acknowledgment in one segment', () => {
    const dialogue = open();
    dialogue.socket!.finish();
    dialogue.take();
    dialogue
      .inject('F. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>')
      .expect('. 2:2(0) ack 2 win 510 <nop,nop,TS 0 100>');
    expect(dialogue.state).toBe('time-wait');
  });

  it('half: the peer’s data still comes', () => {
    const dialogue = open();
    dialogue.socket!.finish();
    dialogue.take();
    dialogue
      .inject('. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>')
      .inject('P. 1:101(100) ack 2 win 512 <nop,nop,TS 100 0>')
      .expect('. 2:2(0) ack 101 win 510 <nop,nop,TS 0 100>')
      .heard('data 100');
    expect(dialogue.socket!.send(new Uint8Array(5))).toBe(0);
    dialogue.wait(600);
    expect(dialogue.state).toBe('fin-wait-2');
  });

  it('half by the peer: data still goes', () => {
    const dialogue = open().inject('F. 1:1(0) ack 1 win 512 <nop,nop,TS 100 0>').wait(0.05);
    dialogue.take();
    dialogue.write(10).expect('P. 1:11(10) ack 2 win 510 <nop,nop,TS 50 100>');
  });

  it('waits for data that is missing in front of FIN', () => {
    const dialogue = open().inject('FP. 101:201(100) ack 1 win 512 <nop,nop,TS 100 0>').heard();
    expect(dialogue.state).toBe('established');
    dialogue.inject('. 1:101(100) ack 1 win 512 <nop,nop,TS 100 0>').heard('data 200', 'peer-closed');
    expect(dialogue.state).toBe('close-wait');
  });

  it('repeats FIN as any data', () => {
    const dialogue = open();
    dialogue.socket!.finish();
    dialogue.take();
    dialogue.wait(1.5);
    expect(dialogue.sent.every(({ line }) => line.startsWith('F. 1:1(0) ack 1'))).toBe(true);
    expect(dialogue.takeTimes()).toEqual([0.2, 0.4, 0.8]);
  });

  it('waits 60 s for FIN when nobody reads any more', () => {
    const dialogue = open();
    dialogue.socket!.close();
    dialogue.inject('. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>').take();
    dialogue.wait(59).heard();
    dialogue.wait(2).heard('closed').silence();
  });

  it('resets data that comes when nobody reads any more', () => {
    const dialogue = open();
    dialogue.socket!.close();
    dialogue.inject('. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>').take();
    dialogue.inject('P. 1:11(10) ack 2 win 512 <nop,nop,TS 100 0>').expect('R 2:2(0) win 0');
    expect([dialogue.state, dialogue.drops]).toEqual(['closed', ['tcp-connection-closed']]);
  });

  it('resets when it leaves data unread', () => {
    const dialogue = open();
    dialogue.socket!.pause();
    dialogue.inject('P. 1:11(10) ack 1 win 512 <nop,nop,TS 100 0>').take();
    dialogue.socket!.close();
    dialogue.expect('R. 1:1(0) ack 11 win 509 <nop,nop,TS 0 100>');
  });

  it('sends everything that was written before FIN', () => {
    const dialogue = open().write(3000);
    dialogue.socket!.close();
    expect(dialogue.take().map(line => line.replace(/ ack.*/, ''))).toEqual([
      '. 1:1449(1448)',
      '. 1449:2897(1448)',
      'P. 2897:3001(104)',
      'F. 3001:3001(0)',
    ]);
  });

  it('abort: RST at once', () => {
    const dialogue = open().write(10);
    dialogue.take();
    dialogue.socket!.abort();
    dialogue.expect('R. 11:11(0) ack 1 win 510 <nop,nop,TS 0 100>').heard().wait(5).silence();
  });
});

describe('TIME-WAIT', () => {
  const waiting = () => {
    const dialogue = open();
    dialogue.socket!.finish();
    dialogue.inject('F. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>').take();
    return dialogue;
  };

  it('acknowledges a repeated FIN and waits anew', () => {
    const dialogue = waiting().wait(50);
    dialogue
      .inject('F. 1:1(0) ack 2 win 512 <nop,nop,TS 50100 0>')
      .expect('. 2:2(0) ack 2 win 510 <nop,nop,TS 50000 100>');
    dialogue.wait(59);
    expect(dialogue.state).toBe('time-wait');
  });

  it('makes way for a new connection with a later sequence number or timestamp', () => {
    const dialogue = waiting().wait(1);
    const old = dialogue.socket;
    dialogue.inject(`S 1000000:1000000(0) win 65535 <mss 1460,sackOK,TS 1100 0,nop,wscale 7>`);
    expect(dialogue.take()[0]).toMatch(/^S\. .* ack 1000001 win 65160/);
    expect(old!.state).toBe('closed');
  });

  it('does not for an older one', () => {
    const dialogue = waiting();
    dialogue.inject(`S -500:-500(0) win 65535 <mss 1460,sackOK,TS 50 0,nop,wscale 7>`);
    expect(dialogue.take()).toEqual(['. 2:2(0) ack 2 win 510 <nop,nop,TS 0 100>']);
  });

  it('ends by a RST of the right number alone', () => {
    const dialogue = waiting().inject('R 5:5(0)').silence();
    expect(dialogue.state).toBe('time-wait');
    dialogue.inject('R 2:2(0)').silence();
    expect(dialogue.state).toBe('closed');
  });

  it('is bounded: beyond the limit a connection ends at once', () => {
    const dialogue = new Dialogue({ policy: { timeWaits: 0 } }).established();
    dialogue.socket!.finish();
    dialogue.inject('F. 1:1(0) ack 2 win 512 <nop,nop,TS 100 0>');
    expect(dialogue.state).toBe('closed');
  });
});
