/** HTTP/1.1 (RFC 9112) as far as one segment shows it: the start line, the fields, and how many bytes of content follow. */
import { dissectData } from './data';
import type { PacketInProgress } from './dissector';
import { groupLine, textLine, type FieldDeclaration } from './field';
import type { PacketField } from './packet-field';

export const HTTP_FIELDS = {
  method: { name: 'http.request.method', label: 'Request Method', type: 'text' },
  uri: { name: 'http.request.uri', label: 'Request URI', type: 'text' },
  requestVersion: { name: 'http.request.version', label: 'Request Version', type: 'text' },
  responseVersion: { name: 'http.response.version', label: 'Response Version', type: 'text' },
  code: { name: 'http.response.code', label: 'Status Code', type: 'text' },
  phrase: { name: 'http.response.phrase', label: 'Response Phrase', type: 'text' },
  host: { name: 'http.host', label: 'Host', type: 'text' },
  userAgent: { name: 'http.user_agent', label: 'User-Agent', type: 'text' },
  accept: { name: 'http.accept', label: 'Accept', type: 'text' },
  connection: { name: 'http.connection', label: 'Connection', type: 'text' },
  contentType: { name: 'http.content_type', label: 'Content-Type', type: 'text' },
  contentLength: { name: 'http.content_length_header', label: 'Content-Length', type: 'text' },
  server: { name: 'http.server', label: 'Server', type: 'text' },
  date: { name: 'http.date', label: 'Date', type: 'text' },
  lastModified: { name: 'http.last_modified', label: 'Last-Modified', type: 'text' },
  location: { name: 'http.location', label: 'Location', type: 'text' },
  transferEncoding: { name: 'http.transfer_encoding', label: 'Transfer-Encoding', type: 'text' },
} as const satisfies Record<string, FieldDeclaration>;

/** Fields of Wireshark's own for fields of HTTP, by name in lower case. */
const HEADERS: ReadonlyMap<string, FieldDeclaration> = new Map(
  Object.values(HTTP_FIELDS).map(field => [field.label.toLowerCase(), field]),
);

/** Methods of RFC 9110 9.3 and RFC 5789. */
const REQUEST = /^(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH) (\S+) (HTTP\/\d\.\d)$/;
const STATUS = /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/;

const TITLE = 'Hypertext Transfer Protocol';

/** Lines read of one message, and bytes looked at for them. */
const MOST_LINES = 200;
const MOST_BYTES = 16_384;

interface Line {
  readonly at: number;
  /** With the end of the line. */
  readonly length: number;
  readonly text: string;
}

/** A segment that begins no message goes on with one: which, only the segments before it tell. */
export function dissectHttp(packet: PacketInProgress, at: number, end: number): number {
  const lines = [...linesOf(packet.bytes, at, Math.min(end, at + MOST_BYTES))];
  const [first, ...others] = lines;
  const start = first && startLine(first);
  if (first === undefined || start === undefined) {
    packet.add(groupLine('http', at, end - at, TITLE));
    packet.show('HTTP', 'Continuation');
    return dissectData(packet, at, end);
  }
  const fields = others.flatMap(headerLine);
  const last = lines.at(-1) ?? first;
  const content = last.at + last.length;
  packet.add(groupLine('http', at, content - at, TITLE, { children: [start, ...fields] }));
  const type = fields.find(({ name }) => name === HTTP_FIELDS.contentType.name)?.value?.split(';')[0];
  packet.show('HTTP', `${first.text} ${type !== undefined && content < end ? ` (${type})` : ''}`);
  return dissectData(packet, content, end);
}

/** The lines up to and with the empty one behind the fields. */
function* linesOf(bytes: Uint8Array, at: number, end: number): Generator<Line> {
  let from = at;
  for (let count = 0; count < MOST_LINES && from < end; count++) {
    const feed = bytes.subarray(from, end).indexOf(0x0a);
    if (feed < 0) {
      return;
    }
    const text = new TextDecoder('latin1').decode(bytes.subarray(from, from + feed)).replace(/\r$/, '');
    yield { at: from, length: feed + 1, text };
    if (text === '') {
      return;
    }
    from += feed + 1;
  }
}

function startLine({ at, length, text }: Line): PacketField | undefined {
  const request = REQUEST.exec(text);
  if (request !== null) {
    const [, method = '', uri = '', version = ''] = request;
    return groupLine('http.line', at, length, `${text}\\r\\n`, {
      children: [
        textLine(HTTP_FIELDS.method, at, method.length, method),
        textLine(HTTP_FIELDS.uri, at + method.length + 1, uri.length, uri),
        textLine(HTTP_FIELDS.requestVersion, at + method.length + uri.length + 2, version.length, version),
      ],
    });
  }
  const status = STATUS.exec(text);
  if (status === null) {
    return undefined;
  }
  const [, version = '', code = '', phrase = ''] = status;
  const codeAt = at + version.length + 1;
  return groupLine('http.line', at, length, `${text}\\r\\n`, {
    children: [
      textLine(HTTP_FIELDS.responseVersion, at, version.length, version),
      textLine(HTTP_FIELDS.code, codeAt, code.length, code),
      textLine(HTTP_FIELDS.phrase, codeAt + code.length + 1, phrase.length, phrase),
    ],
  });
}

function headerLine({ at, length, text }: Line): PacketField[] {
  const match = /^([^:\s]+):[ \t]*(.*)$/.exec(text);
  if (match === null) {
    return [];
  }
  const [, name = '', value = ''] = match;
  const known = HEADERS.get(name.toLowerCase());
  return known === undefined
    ? [groupLine('http.header', at, length, `${text}\\r\\n`)]
    : [textLine(known, at, length, value)];
}
