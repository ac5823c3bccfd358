/** `curl` 7.88: fetches a page by HTTP and prints it; its messages and their numbers are the real one's. */
import { requestHttp, type HttpOutcome } from '../../engine/stack/service/http-client';
import { parseTarget } from '../targets';
import type { Command } from './command';
import { readOptions } from './options';

/** ns that a look-up may take. */
const LOOKUP = 15e9;
/** ns: how long Linux tries to connect (net.ipv4.tcp_syn_retries 6: 127 s), and curl with it. */
const PATIENCE = 134e9;
const HTTP_PORT = 80;

export const curl: Command = (args, { network, topology, device, print, ended }) => {
  const read = readOptions(args, 'sSivm:');
  const [operand] = typeof read === 'string' ? [] : read.operands;
  const url = operand === undefined ? undefined : readUrl(operand);
  if (typeof read === 'string' || operand === undefined || url === undefined) {
    print(
      typeof read === 'string'
        ? `curl: option ${args.find(arg => arg.startsWith('-')) ?? ''}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`
        : operand === undefined
          ? "curl: try 'curl --help' or 'curl --manual' for more information\n"
          : 'curl: (3) URL using bad/illegal format or missing URL\n',
    );
    ended();
    return undefined;
  }
  const seconds = Number(read.options.get('m'));
  const within = seconds > 0 ? seconds * 1e9 : PATIENCE;
  const isSilent = read.options.has('s') && !read.options.has('S');
  let interrupted = false;
  network.resolve(device, parseTarget(topology, url.host), LOOKUP, address => {
    const stack = network.stackOf(device);
    if (interrupted) {
      return;
    }
    if (address === undefined || stack === undefined) {
      print(isSilent ? '' : `curl: (6) Could not resolve host: ${url.host}\n`);
      ended();
      return;
    }
    const { host, port, path } = url;
    const field = port === HTTP_PORT ? host : `${host}:${port}`;
    requestHttp(stack.tcp, { server: { address, port }, host: field, path, within }, outcome => {
      if (!interrupted) {
        print(outcome.kind === 'response' || !isSilent ? outcomeText(outcome, host, port) : '');
        ended();
      }
    });
  });
  return {
    interrupt: () => {
      interrupted = true;
      print('^C\n');
      ended();
    },
  };
};

interface Url {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `http://` may be left out, as curl lets one; other schemes are not simulated. */
function readUrl(text: string): Url | undefined {
  try {
    const url = new URL(text.includes('://') ? text : `http://${text}`);
    return url.protocol === 'http:' && url.hostname !== ''
      ? {
          host: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port === '' ? HTTP_PORT : Number(url.port),
          path: `${url.pathname}${url.search}`,
        }
      : undefined;
  } catch {
    return undefined;
  }
}

function outcomeText(outcome: HttpOutcome, host: string, port: number): string {
  const after = Math.floor(outcome.time / 1e6);
  const failed = `Failed to connect to ${host} port ${port} after ${after} ms: Couldn't connect to server\n`;
  switch (outcome.kind) {
    case 'response':
      return new TextDecoder().decode(outcome.body);
    case 'refused':
    case 'unreachable':
      return `curl: (7) ${failed}`;
    case 'timeout':
      return `curl: (28) ${failed}`;
    case 'reset':
      return 'curl: (56) Recv failure: Connection reset by peer\n';
    case 'bad-response':
      return 'curl: (1) Received HTTP/0.9 when not allowed\n';
  }
}
