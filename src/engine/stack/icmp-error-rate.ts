/** How many ICMP errors go to one destination: a token bucket as Linux keeps for each peer (RFC 1812 4.3.2.8; net.ipv4.icmp_ratelimit). */
import type { Ipv4Address } from '../../net/ipv4-address';
import { LINUX } from './linux-policy';

/** Destinations remembered; the oldest is forgotten, and with it that it was limited. */
const DESTINATIONS = 1024;

export class IcmpErrorRate {
  private readonly buckets = new Map<Ipv4Address, { tokens: number; at: number }>();

  /** Whether one more error may go to this destination now, in ns; takes a token when it may. */
  allows(destination: Ipv4Address, now: number): boolean {
    const bucket = this.buckets.get(destination) ?? this.add(destination, now);
    const earned = (now - bucket.at) / LINUX.icmpErrorInterval;
    bucket.tokens = Math.min(LINUX.icmpErrorBurst, bucket.tokens + earned);
    bucket.at = now;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }

  private add(destination: Ipv4Address, now: number): { tokens: number; at: number } {
    if (this.buckets.size >= DESTINATIONS) {
      for (const oldest of this.buckets.keys()) {
        this.buckets.delete(oldest);
        break;
      }
    }
    const bucket = { tokens: LINUX.icmpErrorBurst, at: now };
    this.buckets.set(destination, bucket);
    return bucket;
  }
}
