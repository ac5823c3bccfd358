/** What a user does in a network: one list, done in both worlds in this order, each action after the one before has ended. */

export type Action = PingAction | DatagramAction | WaitAction;

/** `ping`: ends when every request was answered, by an echo or an error, or its time is over. */
export interface PingAction {
  readonly kind: 'ping';
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly identifier: number;
  /** Bytes of data; 56 when left out. */
  readonly size?: number;
  readonly timeToLive?: number;
}

/** One UDP datagram from an unconnected socket; ends when it was sent, or answered where an answer is due. */
export interface DatagramAction {
  readonly kind: 'datagram';
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly text: string;
  readonly answered: boolean;
}

/** Lets time pass, for what machines do on their own; in the kernel no longer than until everything expected has been seen. */
export interface WaitAction {
  readonly kind: 'wait';
  readonly seconds: number;
}

/** A program on a machine that sends each datagram back to where it came from; it runs before the first action. */
export interface EchoService {
  readonly on: string;
  readonly port: number;
}

/** Seconds between the requests of one ping. */
export const PING_INTERVAL = 0.5;

/** Seconds for which a ping waits for its last answer: longer than a failing address resolution, which takes three. */
export const PING_PATIENCE = 5;

/** Seconds of quiet after the last action in which late consequences show. */
export const AFTERMATH = 0.3;
