/** `nc`: OpenBSD netcat as Debian 12 has it (1.219); its messages and what ends it are the real one's (compared with it). */
import type { Stack } from '../../engine/stack/stack';
import type { ConnectionFailure } from '../../engine/stack/tcp/control-block';
import type { TcpSocket } from '../../engine/stack/tcp/socket';
import { formatIp, isIpv4, parseIp, type IpAddress } from '../../net/ip-address';
import { serviceName } from '../../net/service-names';
import { parseTarget } from '../targets';
import type { Command, CommandContext, RunningCommand } from './command';
import { Delay } from './delay';
import { readNcArguments, type NcSettings } from './nc-arguments';
import { TcpChannel, UdpChannel, type NcReceiver } from './nc-channels';
import { NcConversation, NcInput, type NcChannel } from './nc-conversation';
import { NcListening } from './nc-listening';

/** ns. */
const SECOND = 1e9;
/** ns that a look-up may take. */
const LOOKUP = 15 * SECOND;
/** Seconds for which an answer to the try of a UDP port is waited for (Debian's UDP_SCAN_TIMEOUT). */
const UDP_SCAN_SECONDS = 3;

export const nc: Command = (args, context) => {
  const settings = readNcArguments(args);
  const stack = context.network.stackOf(context.device);
  if (typeof settings === 'string' || stack === undefined) {
    context.print(typeof settings === 'string' ? settings : 'nc: socket: Function not implemented\n');
    context.ended();
    return undefined;
  }
  const run = new NcRun(context, stack, settings);
  run.start();
  return run;
};

/** From finding the address of the host on. */
class NcRun implements RunningCommand {
  private readonly keyboard: NcInput;
  private work: NcCalls | NcListening | undefined;
  private over = false;

  constructor(
    private readonly context: CommandContext,
    private readonly stack: Stack,
    private readonly settings: NcSettings,
  ) {
    this.keyboard = new NcInput(settings);
  }

  start(): void {
    const { network, topology, device } = this.context;
    const { host, numeric, version } = this.settings;
    if (host === undefined) {
      this.begin(undefined);
      return;
    }
    if (parseIp(host) === undefined && numeric) {
      this.fail(host, 'Name or service not known');
      return;
    }
    network.resolve(device, parseTarget(topology, host), LOOKUP, (address, problem) => {
      if (this.over) {
        return;
      }
      if (address === undefined) {
        const isUnknown = problem.includes('no such name');
        this.fail(host, isUnknown ? 'Name or service not known' : 'Temporary failure in name resolution');
      } else if (version !== undefined && isIpv4(address) !== (version === 4)) {
        this.fail(host, 'Address family for hostname not supported');
      } else {
        this.begin(address);
      }
    });
  }

  input(line: string): void {
    this.keyboard.type(line);
  }

  interrupt(): void {
    this.context.print('^C\n');
    this.end();
  }

  inputEnded(): void {
    this.keyboard.end();
  }

  private begin(address: IpAddress | undefined): void {
    const { context, stack, settings, keyboard } = this;
    const done = (): void => {
      this.end();
    };
    if (settings.listens) {
      this.work = new NcListening(context, stack, settings, keyboard, done);
      this.work.start(address);
    } else if (address !== undefined) {
      this.work = new NcCalls(context, stack, settings, address, keyboard, done);
      this.work.start();
    }
  }

  private fail(host: string, why: string): void {
    this.context.print(`nc: getaddrinfo for host "${host}" port ${this.settings.ports[0] ?? 0}: ${why}\n`);
    this.end();
  }

  private end(): void {
    if (!this.over) {
      this.over = true;
      this.work?.stop();
      this.context.ended();
    }
  }
}

/** One peer, port by port. */
class NcCalls {
  private readonly patience: Delay;
  private conversation: NcConversation | undefined;
  /** What is open and not yet a conversation. */
  private opened: { close(): void } | undefined;
  private over = false;

  constructor(
    private readonly context: CommandContext,
    private readonly stack: Stack,
    private readonly settings: NcSettings,
    private readonly address: IpAddress,
    private readonly input: NcInput,
    private readonly done: () => void,
  ) {
    this.patience = new Delay(stack.simulator);
  }

  start(): void {
    this.call(0);
  }

  stop(): void {
    this.over = true;
    this.patience.cancel();
    this.conversation?.end();
    this.opened?.close();
  }

  private call(number: number): void {
    const port = this.settings.ports[number];
    if (port === undefined) {
      this.done();
      return;
    }
    const next = (): void => {
      this.conversation = undefined;
      this.opened = undefined;
      this.input.disconnect();
      if (number + 1 >= this.settings.ports.length) {
        this.done();
      } else if (!this.over) {
        // Not at once: there may be as many ports as there are.
        this.patience.run(0, () => {
          this.call(number + 1);
        });
      }
    };
    if (this.settings.protocol === 'tcp') {
      this.connect(port, next);
    } else {
      this.openSocket(port, next);
    }
  }

  private connect(port: number, next: () => void): void {
    const { settings, stack, address, patience } = this;
    const { seconds, localPort } = settings;
    let isAtOnce = true;
    const socket = stack.tcp.connect({
      remote: { address, port },
      ...(localPort === undefined ? {} : { localPort }),
      handler: {
        connected: opened => {
          patience.cancel();
          this.connected(opened, port, next);
        },
        failed: (_socket, why) => {
          patience.cancel();
          this.tellFailure(port, isAtOnce ? 'Network is unreachable' : FAILURES[why]);
          next();
        },
      },
    });
    isAtOnce = false;
    if (socket === undefined) {
      this.tellFailure(port, 'Cannot assign requested address');
      next();
    } else if (socket.state === 'syn-sent') {
      this.opened = socket;
      if (seconds !== undefined) {
        patience.run(seconds * SECOND, () => {
          socket.abort();
          this.tell(`nc: connect to ${this.place(port)} (tcp) timed out: Operation now in progress\n`);
          next();
        });
      }
    }
  }

  private connected(socket: TcpSocket, port: number, next: () => void): void {
    this.tellSuccess(port);
    if (this.settings.scans) {
      socket.close();
      next();
      return;
    }
    const channel = new TcpChannel(socket);
    this.converse(channel, next, conversation => {
      channel.listen(conversation);
    });
  }

  private openSocket(port: number, next: () => void): void {
    const { stack, address, settings } = this;
    if (stack.tcp.sourceFor(address) === undefined) {
      this.tellFailure(port, 'Network is unreachable');
      next();
      return;
    }
    const channel = UdpChannel.open(stack.udp, settings.localPort, address, port);
    if (channel === undefined) {
      this.tellFailure(port, 'Address already in use');
      next();
      return;
    }
    this.opened = channel;
    const isThere = (): void => {
      this.tellSuccess(port);
      if (settings.scans) {
        channel.close();
        next();
      } else {
        this.converse(channel, next, conversation => {
          channel.receiver = conversation;
        });
      }
    };
    if (settings.verbose) {
      this.knock(channel, isThere, next);
    } else {
      isThere();
    }
  }

  /** Whether somebody has the UDP port: nobody has where an error comes back (Debian's udptest(); only `-v` asks, measured). */
  private knock(channel: UdpChannel, isThere: () => void, next: () => void): void {
    const letter = new TextEncoder().encode('X');
    let left = this.settings.seconds ?? UDP_SCAN_SECONDS;
    const again = (): void => {
      if (channel.refused) {
        channel.close();
        next();
        return;
      }
      if (left-- > 0) {
        this.patience.run(SECOND, () => {
          if (!channel.refused) {
            channel.send(letter);
          }
          again();
        });
      } else {
        isThere();
      }
    };
    channel.send(letter);
    channel.send(letter);
    again();
  }

  private converse(channel: NcChannel, next: () => void, listen: (receiver: NcReceiver) => void): void {
    const { simulator } = this.stack;
    const conversation = new NcConversation(simulator, this.settings, channel, this.context.print, next);
    this.conversation = conversation;
    this.opened = undefined;
    listen(conversation);
    this.input.connectTo(conversation);
  }

  private tell(text: string): void {
    if (this.settings.verbose) {
      this.context.print(text);
    }
  }

  private tellFailure(port: number, why: string): void {
    this.tell(`nc: connect to ${this.place(port)} (${this.settings.protocol}) failed: ${why}\n`);
  }

  private tellSuccess(port: number): void {
    const { protocol, numeric } = this.settings;
    const service = (numeric ? undefined : serviceName(port, protocol)) ?? '*';
    this.tell(`Connection to ${this.named} ${port} port [${protocol}/${service}] succeeded!\n`);
  }

  /** The host as it was typed, with its address where that is another text. */
  private get named(): string {
    const { host = '' } = this.settings;
    const address = formatIp(this.address);
    return host === address ? host : `${host} (${address})`;
  }

  private place(port: number): string {
    return `${this.named} port ${port}`;
  }
}

/** As strerror(3) says them. */
const FAILURES: Readonly<Record<ConnectionFailure, string>> = {
  refused: 'Connection refused',
  reset: 'Connection reset by peer',
  'timed-out': 'Connection timed out',
  unreachable: 'No route to host',
};
