/**
 * Passes DNS questions on to the host's own resolvers and the answers back, as dnsmasq on a home router does: with a cache, and with no
 * timer of its own, since whoever asks asks again (measured with dnsmasq 2.90).
 */
import type { IpAddress } from '../../../net/ip-address';
import { writeUint16 } from '../../../wire/bytes';
import { DNS_RCODE, dnsId, parseDns, type DnsForm, type DnsMessage } from '../../../wire/dns';
import { UDP_PORT } from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { Simulator } from '../../kernel/simulator';
import type { NetworkInterface } from '../network-interface';
import type { Stack } from '../stack';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';
import { DnsCache, type CachedName } from './cache';
import { notReady, tcpAnswer, udpAnswer } from './edns';
import {
  ForwardedQuestions,
  isSameAsker,
  questionKey,
  type Asker,
  type ForwardedQuestion,
} from './forwarded-questions';
import { questionIn, takeQuestion } from './question';
import { replyTo } from './reply';
import { askOverTcp } from './tcp-client';
import { listenForDns } from './tcp-server';
import { UpstreamServers } from './upstream-servers';
import type { DnsZone } from './zone';

/** Codes that another server may know better than (measured: the question goes to all servers once more, also to the same). */
const ASK_AGAIN: readonly number[] = [DNS_RCODE.serverFailure, DNS_RCODE.refused];

const DNSMASQ_FORM: DnsForm = { wholeNamesInData: true };

export class DnsForwarder implements DatagramReceiver<IpAddress> {
  private readonly simulator: Simulator;
  private readonly udp: UdpLayer;
  private readonly tcp: Stack['tcp'];
  private readonly socket: UdpSocket<IpAddress> | undefined;
  private readonly cache = new DnsCache();
  private readonly forwarded: ForwardedQuestions;
  private readonly upstream: UpstreamServers;

  /** @param servers the host's present resolvers */
  constructor(
    { simulator, udp, tcp }: Pick<Stack, 'simulator' | 'udp' | 'tcp'>,
    servers: () => readonly IpAddress[],
    name: string,
    /** What it knows itself, as dnsmasq knows its address=, cname= and host-record=. */
    private readonly local?: DnsZone,
  ) {
    this.simulator = simulator;
    this.udp = udp;
    this.tcp = tcp;
    this.upstream = new UpstreamServers(servers);
    this.forwarded = new ForwardedQuestions(simulator.random(`dns forwarder ${name}`));
    this.socket = udp.openDual(UDP_PORT.dns, this);
    listenForDns(simulator, tcp, UDP_PORT.dns, (question, answer) => {
      this.askedOverTcp(question, answer);
    });
  }

  /** What it remembers. */
  cachedNames(): Iterable<CachedName> {
    return this.cache.list(this.simulator.now);
  }

  datagram(
    data: Uint8Array,
    from: IpAddress,
    fromPort: number,
    to: IpAddress,
    on: NetworkInterface,
    frame: Frame,
  ): void {
    const query = takeQuestion(data, on, frame);
    if (query === undefined) {
      return;
    }
    const asker: Asker = { client: from, clientPort: fromPort, askedAt: to, on, id: query.id };
    const answer = this.ownAnswer(query) ?? this.forward(data, query, asker);
    if (answer !== undefined) {
      this.socket?.send(udpAnswer(query, answer, DNSMASQ_FORM), from, fromPort, to, on);
    }
  }

  /** What it knows without asking. */
  private ownAnswer(query: DnsMessage): DnsMessage | undefined {
    const own = this.local?.answer(query);
    if (own !== undefined && own.answers.length > 0) {
      // It is sure of what it was told itself; for another type of a name that it knows it asks as for any other name (measured).
      return { ...own, authoritative: true };
    }
    const cached = this.cache.answer(query, this.simulator.now);
    return cached ?? (this.upstream.servers().length === 0 ? refusal(query) : undefined);
  }

  /** Passes a question on; the answer to give at once where it can not be. */
  private forward(data: Uint8Array, query: DnsMessage, asker: Asker): DnsMessage | undefined {
    // First, since looking for room forgets the questions whose time is over.
    const hasRoom = this.forwarded.hasRoom(this.simulator.now);
    const same = this.forwarded.find(query);
    if (same?.askers.some(other => isSameAsker(other, asker)) === true) {
      this.send(same, this.upstream.servers());
      return undefined;
    }
    if (!hasRoom) {
      return refusal(query);
    }
    if (same !== undefined) {
      // One question serves all who ask it, so that many cannot be asked at once to guess one identifier (dnsmasq 2.83).
      this.forwarded.join(same, asker);
      return undefined;
    }
    const id = this.forwarded.freeIdentifier();
    const socket = this.udp.openDual(0, {
      datagram: (answer, server, port, _to, on, frame) => {
        this.answered(id, answer, server, port, on, frame);
      },
    });
    if (socket === undefined) {
      return refusal(query);
    }
    const bytes = data.slice();
    writeUint16(bytes, 0, id);
    const since = this.simulator.now;
    const question = { id, key: questionKey(query), bytes, socket, askers: [asker], since, askedAll: false };
    this.forwarded.add(question);
    this.send(question, this.upstream.choose(since));
    return undefined;
  }

  private send(question: ForwardedQuestion, servers: readonly IpAddress[]): void {
    for (const server of servers) {
      question.socket.send(question.bytes, server, UDP_PORT.dns);
    }
  }

  private answered(
    id: number,
    data: Uint8Array,
    server: IpAddress,
    port: number,
    on: NetworkInterface,
    frame: Frame,
  ): void {
    const question = this.forwarded.get(id);
    const answer = parseDns(data, 0, data.length);
    if (typeof answer === 'string') {
      on.drop(frame, 'malformed');
      return;
    }
    const isFromServer = port === UDP_PORT.dns && this.upstream.servers().includes(server);
    const isAnswer = answer.response && answer.id === id && questionKey(answer) === question?.key;
    if (question === undefined || !isFromServer || !isAnswer) {
      on.drop(frame, 'dns-ignored');
      return;
    }
    const isFailure = ASK_AGAIN.includes(answer.rcode);
    if (isFailure && !question.askedAll) {
      question.askedAll = true;
      this.send(question, this.upstream.servers());
      return;
    }
    if (!isFailure) {
      this.upstream.answered(server);
    }
    this.cache.store(answer, this.simulator.now, this.simulator.cause);
    this.forwarded.close(question);
    for (const { client, clientPort, askedAt, on: out, id: clientId } of question.askers) {
      const bytes = data.slice();
      writeUint16(bytes, 0, clientId);
      this.socket?.send(bytes, client, clientPort, askedAt, out);
    }
  }

  private askedOverTcp(data: Uint8Array, answer: (bytes: Uint8Array | undefined) => void): void {
    const query = questionIn(data);
    if (query === undefined) {
      answer(undefined);
      return;
    }
    const own = this.ownAnswer(query);
    if (own === undefined) {
      this.relayOverTcp(data, query, this.upstream.inTurn(), answer);
    } else {
      answer(tcpAnswer(query, own, DNSMASQ_FORM));
    }
  }

  /** Asks over TCP what was asked over TCP: the servers one after the other, until one answers. */
  private relayOverTcp(
    data: Uint8Array,
    query: DnsMessage,
    [server, ...others]: readonly IpAddress[],
    answer: (bytes: Uint8Array | undefined) => void,
  ): void {
    if (server === undefined) {
      answer(tcpAnswer(query, refusal(query), DNSMASQ_FORM));
      return;
    }
    let over = false;
    const connection = askOverTcp(this.tcp, server, [data], {
      message: bytes => {
        const parsed = parseDns(bytes, 0, bytes.length);
        if (over || typeof parsed === 'string' || !parsed.response || dnsId(bytes, 0) !== query.id) {
          return;
        }
        over = true;
        connection?.close();
        if (questionKey(parsed) === questionKey(query)) {
          this.cache.store(parsed, this.simulator.now, this.simulator.cause);
        }
        answer(bytes);
      },
      ended: () => {
        if (!over) {
          over = true;
          this.relayOverTcp(data, query, others, answer);
        }
      },
    });
    if (connection === undefined) {
      this.relayOverTcp(data, query, others, answer);
    }
  }
}

/** There is nobody to ask, or no room to keep the question (dnsmasq's setup_reply: REFUSED). */
function refusal(query: DnsMessage): DnsMessage {
  return notReady(query, replyTo(query, DNS_RCODE.refused, [], []));
}
