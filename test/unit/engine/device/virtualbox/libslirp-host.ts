/** The host that libslirp was recorded on: no network but its own loopback, and these services and clients there. */
import type { UdpSocket } from '../../../../../src/engine/stack/udp-layer';
import type { TcpSocket } from '../../../../../src/engine/stack/tcp/socket';
import { UDP_PORT } from '../../../../../src/wire/udp';
import { word } from '../../packets';
import { ip, net6 } from '../../topologies';
import { NatBench } from './nat-bench';

/** Where the recorded host had its services, and the port forward. */
export const PORT = { web: 8080, echo: 7007, forward: 8081, guestWeb: 80 } as const;

/** ns between two steps of a program on the host. */
const STEP = 100_000;

const LOOPBACK = ip('127.0.0.1');

/** What a program on the host does with a connection: each entry is written at once, the connection ended after the last. */
export type Writes = readonly Uint8Array[];

/** What a browser on the host asks the guest's web server. */
export interface BrowserVisit {
  readonly localPort: number;
  readonly request: Uint8Array;
  /** Who ends the connection first: the browser, when so many bytes have come, or the server. */
  readonly end: { readonly afterBytes: number } | 'with-server';
}

export class LibslirpHost extends NatBench {
  /** @param answers of the name server, each a whole message, found by its identification */
  constructor(answers: readonly Uint8Array[]) {
    super('7.2', {
      localhostReachable: true,
      ipv6: net6('fec0::/64'),
      forwards: [
        {
          name: 'web',
          protocol: 'tcp',
          outsidePort: PORT.forward,
          insidePort: PORT.guestWeb,
          source: [],
        },
      ],
    });
    this.stack.routes.remove(({ origin }) => origin === 'static' || origin === 'connected');
    this.stack.setNameServers([LOOPBACK]);
    this.serve(UDP_PORT.dns, asked => answers.find(answer => word(answer, 0) === word(asked, 0)));
    this.serve(PORT.echo, asked => asked);
    this.engine.boot();
  }

  /** Web pages: what is written to the first connection, the second, and so on, when a request has come. */
  servePages(pages: readonly Writes[]): void {
    const waiting = [...pages];
    this.stack.tcp.listen({
      port: PORT.web,
      accept: () => {
        const writes = waiting.shift() ?? [];
        return { data: socket => this.write(socket, writes), peerClosed: () => undefined };
      },
    });
  }

  /** Asks the guest's web server by way of the port forward. */
  browse({ localPort, request, end }: BrowserVisit): void {
    let heard = 0;
    this.stack.tcp.connect({
      remote: { address: LOOPBACK, port: PORT.forward },
      localPort,
      handler: {
        connected: socket => socket.send(request),
        data: (socket, data) => {
          heard += data.length;
          if (end !== 'with-server' && heard === end.afterBytes) {
            socket.finish();
          }
        },
        peerClosed: socket => {
          if (end === 'with-server') {
            socket.finish();
          }
        },
      },
    });
  }

  /** A UDP service that answers each datagram, or not. */
  private serve(port: number, answer: (data: Uint8Array) => Uint8Array | undefined): void {
    const socket: UdpSocket | undefined = this.stack.udp.open(port, {
      datagram: (data, from, fromPort) => {
        const said = answer(data);
        if (said !== undefined) {
          socket?.send(said, from, fromPort);
        }
      },
    });
  }

  private write(socket: TcpSocket, writes: Writes): void {
    const { simulator } = this;
    writes.forEach((data, index) => {
      const step = { occur: () => socket.send(data) };
      simulator.schedule(simulator.now + STEP * (index + 1), step, null, 0);
    });
    const end = { occur: () => socket.finish() };
    simulator.schedule(simulator.now + STEP * (writes.length + 1), end, null, 0);
  }
}
