/** Cuts packets that are larger than a link carries (RFC 791 3.2; Linux `ip_do_fragment`, sizes and order measured on Linux 6.18). */
import {
  dontFragment,
  fragmentOffset,
  headerLength,
  IPV4_HEADER_BYTES,
  moreFragments,
  setFragmentFields,
  totalLength,
} from '../../../wire/ipv4';
import { IPV4_OPTION, isCopiedOption, readIpv4Options } from '../../../wire/ipv4-option';
import type { FramePool } from '../../kernel/frame-pool';

/** Every link carries a header with all options and eight bytes more (RFC 791 3.2). */
export const SMALLEST_IPV4_MTU = 68;

/**
 * The fragments of a valid packet in order, each behind a copy of the bytes in front of the packet. A fragment is cut again in place: its
 * parts keep its place in the whole. Options that are not to be copied become no-operations in all but the first, so that every header
 * is as long (Linux `ip_options_fragment`).
 * @param at where the IP header begins in `bytes`
 * @param mtu largest IP packet of a fragment in bytes
 */
export function fragmentIpv4(bytes: Uint8Array, at: number, mtu: number, pool: FramePool): Uint8Array[] {
  const header = headerLength(bytes, at);
  const payload = at + header;
  const end = at + totalLength(bytes, at);
  const start = fragmentOffset(bytes, at);
  const keepsFlag = dontFragment(bytes, at);
  const continues = moreFragments(bytes, at);
  const room = (Math.max(mtu, SMALLEST_IPV4_MTU) - header) & ~7;
  const fragments: Uint8Array[] = [];
  for (let from = payload; from < end; from += room) {
    const to = Math.min(from + room, end);
    const fragment = pool.allocate(payload + to - from);
    fragment.set(bytes.subarray(0, payload));
    fragment.set(bytes.subarray(from, to), payload);
    if (from > payload && header > IPV4_HEADER_BYTES) {
      blankUncopiedOptions(fragment, at);
    }
    setFragmentFields(fragment, at, {
      totalLength: header + to - from,
      dontFragment: keepsFlag,
      moreFragments: continues || to < end,
      fragmentOffset: start + from - payload,
    });
    fragments.push(fragment);
  }
  return fragments;
}

function blankUncopiedOptions(bytes: Uint8Array, at: number): void {
  const options = readIpv4Options(bytes, at);
  if (typeof options === 'number') {
    return;
  }
  for (const option of options) {
    if (!isCopiedOption(option.type)) {
      bytes.fill(IPV4_OPTION.noOperation, option.at, option.at + option.length);
    }
  }
}
