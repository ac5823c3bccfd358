/**
 * Capture filters as tcpdump has them: the everyday part of pcap-filter(7) of libpcap 1.10. Parsed once to a function that says of a packet
 * whether it matches.
 */
import type { IpAddress } from '../../net/ip-address';
import { readRelation, type Test } from './arithmetic';
import { FilterProblem, filterWords, SYNTAX_ERROR } from './filter-words';
import { FrameView, OutOfPacket } from './frame-view';
import { protocolTest, readPrimitive, type Qualifiers } from './primitives';
import { WordReader } from './word-reader';

/** Which way a packet goes, seen from the machine that captures. */
export type CaptureFilter = (bytes: Uint8Array, linkType: number, direction?: 'in' | 'out') => boolean;

/** The addresses of a host by its name; none where nobody knows it. */
export type HostNames = (name: string) => readonly IpAddress[];

/** @returns what is wrong with it, as libpcap says it */
export function parseCaptureFilter(text: string, hosts: HostNames): CaptureFilter | string {
  try {
    const test = new Parser(new WordReader(filterWords(text)), hosts).parse();
    return (bytes, linkType, direction) => matches(test, new FrameView(bytes, linkType, direction));
  } catch (error) {
    if (error instanceof FilterProblem) {
      return error.message;
    }
    throw error;
  }
}

function matches(test: Test, frame: FrameView): boolean {
  try {
    return test(frame);
  } catch (error) {
    if (error instanceof OutOfPacket) {
      return false;
    }
    throw error;
  }
}

class Parser {
  /** What stood in front of the last value: `port 80 or 443`. */
  private last: Qualifiers | undefined;

  constructor(
    private readonly reader: WordReader,
    private readonly hosts: HostNames,
  ) {}

  parse(): Test {
    if (this.reader.peek() === undefined) {
      return () => true;
    }
    const test = this.expression();
    if (this.reader.peek() !== undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return test;
  }

  /** `and` and `or` bind alike, from left to right. */
  private expression(): Test {
    let test = this.term();
    for (;;) {
      const one = test;
      if (this.reader.takeIf('and', '&&')) {
        const other = this.term();
        test = frame => one(frame) && other(frame);
      } else if (this.reader.takeIf('or', '||')) {
        const other = this.term();
        test = frame => one(frame) || other(frame);
      } else {
        return test;
      }
    }
  }

  private term(): Test {
    const { reader } = this;
    if (reader.takeIf('not', '!')) {
      const test = reader.deeper(() => this.term());
      return frame => !test(frame);
    }
    const relation = readRelation(reader);
    if (relation !== undefined) {
      return relation;
    }
    if (reader.peek() === '(') {
      const test = reader.inParentheses(() => this.expression());
      if (test === undefined) {
        throw new FilterProblem(SYNTAX_ERROR);
      }
      return test;
    }
    const { test, qualifiers } = readPrimitive(reader, this.last, this.hosts);
    this.last = qualifiers ?? this.last;
    if (qualifiers !== undefined && test === undefined) {
      // `port (80 or 443)`
      const inner = reader.inParentheses(() => this.expression());
      if (inner === undefined) {
        throw new FilterProblem(SYNTAX_ERROR);
      }
      const { protocol } = qualifiers;
      const ofProtocol = protocol === undefined ? undefined : protocolTest(protocol);
      return ofProtocol === undefined ? inner : frame => ofProtocol(frame) && inner(frame);
    }
    if (test === undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    return test;
  }
}
