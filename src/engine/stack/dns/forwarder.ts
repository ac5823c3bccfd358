/** Passes DNS questions on to the host's own resolvers and the answers back, as dnsmasq on a home router does, without a cache. */
import type { IpAddress } from '../../../net/ip-address';
import { writeUint16 } from '../../../wire/bytes';
import {
  DNS_HEADER_BYTES,
  DNS_UDP_BYTES,
  dnsFlags,
  dnsId,
  DNS_FLAG,
  emitDns,
  parseDns,
} from '../../../wire/dns';
import { UDP_PORT } from '../../../wire/udp';
import type { RandomStream } from '../../kernel/random-stream';
import type { Simulator } from '../../kernel/simulator';
import { SECOND } from '../linux-policy';
import type { NetworkInterface } from '../network-interface';
import type { DatagramReceiver, UdpLayer, UdpSocket } from '../udp-layer';
import type { DnsZone } from './zone';

/** Questions under way (dnsmasq --dns-forward-max: 150). */
const MAXIMUM_QUESTIONS = 150;

/** An unanswered question makes room for another after this (dnsmasq TIMEOUT: 10 s). */
const QUESTION_LIFETIME = 10 * SECOND;

interface Pending {
  readonly client: IpAddress;
  readonly clientPort: number;
  readonly askedAt: IpAddress;
  readonly on: NetworkInterface;
  readonly id: number;
  readonly socket: UdpSocket<IpAddress>;
  readonly since: number;
}

export class DnsForwarder implements DatagramReceiver<IpAddress> {
  private readonly socket: UdpSocket<IpAddress> | undefined;
  private readonly pending = new Map<number, Pending>();
  private readonly random: RandomStream;

  /** @param servers the host's present resolvers */
  constructor(
    private readonly simulator: Simulator,
    private readonly udp: UdpLayer,
    private readonly servers: () => readonly IpAddress[],
    name: string,
    /** What it knows itself, as dnsmasq knows its address=, cname= and host-record=. */
    private readonly local?: DnsZone,
  ) {
    this.socket = udp.openDual(UDP_PORT.dns, this);
    this.random = simulator.random(`dns forwarder ${name}`);
  }

  datagram(data: Uint8Array, from: IpAddress, fromPort: number, to: IpAddress, on: NetworkInterface): void {
    const known = this.knownAnswer(data);
    if (known !== undefined) {
      this.socket?.send(known, from, fromPort, to, on);
      return;
    }
    const server = this.servers()[0];
    if (
      data.length < DNS_HEADER_BYTES ||
      (dnsFlags(data, 0) & DNS_FLAG.response) !== 0 ||
      server === undefined
    ) {
      return;
    }
    this.forgetOld();
    if (this.pending.size >= MAXIMUM_QUESTIONS) {
      return;
    }
    // Each question gets an identifier and a port of its own, so that answers are hard to forge (RFC 5452).
    const id = this.freeIdentifier();
    const socket = this.udp.openDual(0, {
      datagram: answer => {
        this.answer(id, answer);
      },
    });
    if (socket === undefined) {
      return;
    }
    this.pending.set(id, {
      client: from,
      clientPort: fromPort,
      askedAt: to,
      on,
      id: dnsId(data, 0),
      socket,
      since: this.simulator.now,
    });
    const question = data.slice();
    writeUint16(question, 0, id);
    socket.send(question, server, UDP_PORT.dns);
  }

  private knownAnswer(data: Uint8Array): Uint8Array | undefined {
    const query = this.local === undefined ? 'truncated' : parseDns(data, 0, data.length);
    const name = typeof query === 'string' || query.response ? undefined : query.questions[0]?.name;
    return typeof query !== 'string' && name !== undefined && this.local?.knows(name) === true
      ? emitDns(this.local.answer(query), DNS_UDP_BYTES)
      : undefined;
  }

  private answer(id: number, data: Uint8Array): void {
    const question = this.pending.get(id);
    if (question === undefined || data.length < DNS_HEADER_BYTES || dnsId(data, 0) !== id) {
      return;
    }
    this.close(id, question);
    const answer = data.slice();
    writeUint16(answer, 0, question.id);
    this.socket?.send(answer, question.client, question.clientPort, question.askedAt, question.on);
  }

  private close(id: number, question: Pending): void {
    this.pending.delete(id);
    question.socket.close();
  }

  private forgetOld(): void {
    for (const [id, question] of this.pending) {
      if (this.simulator.now - question.since >= QUESTION_LIFETIME) {
        this.close(id, question);
      }
    }
  }

  private freeIdentifier(): number {
    let id = this.random.integer(0, 0xffff);
    while (this.pending.has(id)) {
      id = (id + 1) & 0xffff;
    }
    return id;
  }
}
