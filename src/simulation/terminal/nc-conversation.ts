/** What `nc` does while it is connected: carries what is typed to the peer and prints what comes, until both have ended (its readwrite()). */
import { Timer, type TimerOwner } from '../../engine/kernel/timer';
import type { Simulator } from '../../engine/kernel/simulator';
import type { NcSettings } from './nc-arguments';

/** The peer, by TCP or UDP. */
export interface NcChannel {
  send(data: Uint8Array): void;
  /** Sends no more; what comes is still taken. */
  finish(): void;
  close(): void;
}

/** What is typed, before and while somebody is there to get it. */
export class NcInput {
  private readonly lines: Uint8Array[] = [];
  private bytes = 0;
  private over: boolean;
  private reader: NcConversation | undefined;

  constructor(private readonly settings: NcSettings) {
    this.over = settings.detached;
  }

  type(line: string): void {
    const data = new TextEncoder().encode(`${line}${this.settings.carriageReturns ? '\r' : ''}\n`);
    if (this.over) {
      return;
    }
    if (this.reader !== undefined) {
      this.reader.typed(data);
    } else if (this.bytes + data.length <= MOST_TYPED) {
      this.lines.push(data);
      this.bytes += data.length;
    }
  }

  end(): void {
    if (!this.over) {
      this.over = true;
      this.reader?.inputEnded();
    }
  }

  /** Gives it what was typed so far, and what will be. */
  connectTo(reader: NcConversation): void {
    this.reader = reader;
    this.lines.splice(0).forEach(data => {
      reader.typed(data);
    });
    this.bytes = 0;
    if (this.over) {
      reader.inputEnded();
    }
  }

  disconnect(): void {
    this.reader = undefined;
  }
}

/** Bytes typed that wait for a peer at most: what a terminal keeps is far less. */
const MOST_TYPED = 65_536;

/** Bytes of one conversation that are printed: nobody reads more of them in a terminal. */
const MOST_PRINTED = 1 << 20;

/** ns. */
const SECOND = 1e9;

/** What would move a terminal's cursor or more, but for ends of lines and tabs. */
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

export class NcConversation implements TimerOwner {
  private readonly idle: Timer;
  private readonly quit: Timer;
  private readonly decoder = new TextDecoder();
  private printed = 0;
  private inputOver = false;
  private peerOver = false;
  private over = false;

  constructor(
    simulator: Simulator,
    private readonly settings: NcSettings,
    private readonly channel: NcChannel,
    private readonly print: (text: string) => void,
    private readonly done: () => void,
  ) {
    this.idle = new Timer(simulator, this);
    this.quit = new Timer(simulator, this);
    this.stir();
  }

  typed(data: Uint8Array): void {
    this.stir();
    this.channel.send(data);
  }

  inputEnded(): void {
    const { finishes, quitSeconds } = this.settings;
    this.inputOver = true;
    this.stir();
    if (finishes) {
      this.channel.finish();
    }
    if (quitSeconds !== undefined) {
      this.quit.arm(quitSeconds * SECOND);
    }
    this.endIfBoth();
  }

  received(data: Uint8Array): void {
    this.stir();
    const kept = data.subarray(0, Math.max(0, MOST_PRINTED - this.printed));
    this.printed += kept.length;
    const text = this.decoder.decode(kept, { stream: true }).replaceAll('\r\n', '\n');
    if (text !== '') {
      this.print(text.replace(CONTROLS, '\ufffd'));
    }
  }

  /** The peer sends no more, or is gone. It ends with what is typed all the same (measured: 1.219), but for one that listens again. */
  peerEnded(): void {
    this.peerOver = true;
    this.stir();
    if (this.settings.again) {
      this.end();
    } else {
      this.endIfBoth();
    }
  }

  timerExpired(): void {
    this.end();
  }

  end(): void {
    if (!this.over) {
      this.over = true;
      this.idle.cancel();
      this.quit.cancel();
      this.channel.close();
      this.done();
    }
  }

  private endIfBoth(): void {
    if (this.inputOver && this.peerOver) {
      this.end();
    }
  }

  /** Something happened: `-w` counts from here. */
  private stir(): void {
    const { seconds } = this.settings;
    if (seconds !== undefined && !this.over) {
      this.idle.arm(seconds * SECOND);
    }
  }
}
