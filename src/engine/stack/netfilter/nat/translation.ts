/** Applies to a packet what NAT decided for its connection (nf_nat_core.c, nf_nat_proto.c). */
import { ICMP_TYPE, icmpType } from '../../../../wire/icmp';
import { IP_AT, payloadAt } from '../../ipv4/ip-packet';
import type { ConnectionEnd, PacketTrack } from '../conntrack/connection';
import { endOf, rewriteQuoted } from '../conntrack/quoted-packet';
import { reversed, type Tuple } from '../conntrack/tuple';
import { rewriteAddress, rewriteEnd, type PacketEnd } from './rewrite';

/**
 * Whether this end of the packet is to be changed: the destination before routing, the source after. What NAT changes at one end of the
 * original direction is the other end of the reply direction.
 */
export function isTranslated({ end }: PacketTrack, which: PacketEnd): boolean {
  if (end === undefined) {
    return false;
  }
  const { connection, isReply } = end;
  return (which === 'source') !== isReply ? connection.sourceTranslated : connection.destinationTranslated;
}

/**
 * Whether NAT may carry the packet at all: a redirect that concerns a translated connection names hosts that its receiver must not know
 * (nf_nat_icmp_reply_translation drops it).
 */
export function isCarried(bytes: Uint8Array, { state, end }: PacketTrack): boolean {
  return !(
    state === 'related' &&
    icmpType(bytes, payloadAt(bytes)) === ICMP_TYPE.redirect &&
    end !== undefined &&
    (end.connection.sourceTranslated || end.connection.destinationTranslated)
  );
}

/** Changes this end of the packet, in place; of an ICMP error also the other end of the packet that it quotes (RFC 5508 4.2). */
export function translate(bytes: Uint8Array, { state, end }: PacketTrack, which: PacketEnd): void {
  if (end === undefined) {
    return;
  }
  const target = targetOf(end);
  if (state !== 'related') {
    rewriteEnd(bytes, IP_AT, endOf(bytes), which, target);
    return;
  }
  rewriteQuoted(bytes, inner => {
    rewriteEnd(bytes, inner, endOf(bytes), which === 'source' ? 'destination' : 'source', reversed(target));
  });
  rewriteAddress(bytes, IP_AT, which, which === 'source' ? target.source : target.destination);
}

/** How packets of this direction look when they are wholly translated. */
function targetOf({ connection, isReply }: ConnectionEnd): Tuple {
  return reversed(isReply ? connection.original : connection.reply);
}
