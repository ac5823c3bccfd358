/** The questions that a forwarder has passed on and that are not answered yet (dnsmasq's forwarding table). */
import type { IpAddress } from '../../../net/ip-address';
import type { DnsMessage } from '../../../wire/dns';
import type { RandomStream } from '../../kernel/random-stream';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { UdpSocket } from '../udp-layer';

/** Questions under way, and those who wait for their answers (dnsmasq --dns-forward-max: 150). */
const MAXIMUM_QUESTIONS = 150;

/** An unanswered question makes room for another after this (dnsmasq TIMEOUT: 10 s). */
const QUESTION_LIFETIME = 10 * SECOND;

/** Who wants the answer. */
export interface Asker {
  readonly client: IpAddress;
  readonly clientPort: number;
  readonly askedAt: IpAddress;
  readonly on: NetworkInterface;
  readonly id: number;
}

export interface ForwardedQuestion {
  /** The identifier towards the servers. */
  readonly id: number;
  readonly key: string;
  /** What is asked, under that identifier. */
  readonly bytes: Uint8Array;
  readonly socket: UdpSocket<IpAddress>;
  readonly askers: Asker[];
  readonly since: number;
  /** It was sent to all servers at once after the first try failed. */
  askedAll: boolean;
}

export class ForwardedQuestions {
  private readonly byIdentifier = new Map<number, ForwardedQuestion>();
  private askers = 0;

  constructor(private readonly random: RandomStream) {}

  /** Whether another who asks finds room. @param now ns */
  hasRoom(now: number): boolean {
    this.forgetOld(now);
    return this.askers < MAXIMUM_QUESTIONS;
  }

  /** The same question, from whomever. */
  find(query: DnsMessage): ForwardedQuestion | undefined {
    const key = questionKey(query);
    for (const question of this.byIdentifier.values()) {
      if (question.key === key) {
        return question;
      }
    }
    return undefined;
  }

  get(id: number): ForwardedQuestion | undefined {
    return this.byIdentifier.get(id);
  }

  add(question: ForwardedQuestion): void {
    this.byIdentifier.set(question.id, question);
    this.askers += question.askers.length;
  }

  join(question: ForwardedQuestion, asker: Asker): void {
    question.askers.push(asker);
    this.askers++;
  }

  close(question: ForwardedQuestion): void {
    this.byIdentifier.delete(question.id);
    this.askers -= question.askers.length;
    question.socket.close();
  }

  /** One that is not in use: each question has its own, so that answers are hard to forge (RFC 5452). */
  freeIdentifier(): number {
    let id = this.random.integer(0, 0xffff);
    while (this.byIdentifier.has(id)) {
      id = (id + 1) & 0xffff;
    }
    return id;
  }

  private forgetOld(now: number): void {
    for (const question of this.byIdentifier.values()) {
      if (now - question.since >= QUESTION_LIFETIME) {
        this.close(question);
      }
    }
  }
}

/** The same for questions that one answer serves. */
export function questionKey({ questions }: DnsMessage): string {
  return questions.map(({ name, type, class: group }) => `${name.toLowerCase()} ${type} ${group}`).join('\n');
}

export function isSameAsker(a: Asker, b: Asker): boolean {
  return a.id === b.id && a.clientPort === b.clientPort && a.client === b.client;
}
