/** The words and signs of a capture filter, and what it calls wrong. */

/** What is said of a filter that is none, as libpcap says it. */
export class FilterProblem extends Error {}

export const SYNTAX_ERROR = "can't parse filter expression: syntax error";

/** Words with the signs of addresses and ranges in them; within brackets a colon stands for itself. */
const OUTSIDE = /\s*(\\?[\w.:/-]+|&&|\|\||!=|==|>=|<=|<<|>>|[()[\]!=<>&|+*^%])/y;
const INSIDE = /\s*([\w-]+|&&|\|\||!=|==|>=|<=|<<|>>|[()[\]:!=<>&|+*/^%])/y;

/** @throws FilterProblem for a sign that no filter has */
export function filterWords(text: string): readonly string[] {
  const words: string[] = [];
  let depth = 0;
  for (let at = 0; text.slice(at).trim() !== '';) {
    const pattern = depth > 0 ? INSIDE : OUTSIDE;
    pattern.lastIndex = at;
    const [whole, word] = pattern.exec(text) ?? [];
    if (whole === undefined || word === undefined) {
      throw new FilterProblem(SYNTAX_ERROR);
    }
    depth += word === '[' ? 1 : word === ']' ? -1 : 0;
    words.push(word);
    at += whole.length;
  }
  return words;
}

/** Decimal, octal or hexadecimal, as in C; undefined for anything else. */
export function filterNumber(word: string): number | undefined {
  if (/^0x[0-9a-f]{1,8}$/i.test(word)) {
    return Number.parseInt(word.slice(2), 16);
  }
  if (/^0[0-7]{1,11}$/.test(word)) {
    return Number.parseInt(word, 8);
  }
  return /^\d{1,10}$/.test(word) && Number(word) <= 0xffffffff ? Number(word) : undefined;
}

/** Numbers that have names (pcap-filter(7)). */
export const CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['icmptype', 0],
  ['icmpcode', 1],
  ['icmp6type', 0],
  ['icmp6code', 1],
  ['tcpflags', 13],
  ['tcp-fin', 0x01],
  ['tcp-syn', 0x02],
  ['tcp-rst', 0x04],
  ['tcp-push', 0x08],
  ['tcp-ack', 0x10],
  ['tcp-urg', 0x20],
  ['tcp-ece', 0x40],
  ['tcp-cwr', 0x80],
  ['icmp-echoreply', 0],
  ['icmp-unreach', 3],
  ['icmp-sourcequench', 4],
  ['icmp-redirect', 5],
  ['icmp-echo', 8],
  ['icmp-routeradvert', 9],
  ['icmp-routersolicit', 10],
  ['icmp-timxceed', 11],
  ['icmp-paramprob', 12],
  ['icmp-tstamp', 13],
  ['icmp-tstampreply', 14],
  ['icmp6-destinationunreach', 1],
  ['icmp6-packettoobig', 2],
  ['icmp6-timeexceeded', 3],
  ['icmp6-parameterproblem', 4],
  ['icmp6-echo', 128],
  ['icmp6-echoreply', 129],
  ['icmp6-multicastlistenerquery', 130],
  ['icmp6-multicastlistenerreportv1', 131],
  ['icmp6-multicastlistenerdone', 132],
  ['icmp6-routersolicit', 133],
  ['icmp6-routeradvert', 134],
  ['icmp6-neighborsolicit', 135],
  ['icmp6-neighboradvert', 136],
  ['icmp6-redirect', 137],
  ['icmp6-multicastlistenerreportv2', 143],
]);
