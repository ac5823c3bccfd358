/** How many ICMP errors go to one destination: a token bucket as Linux keeps for each peer (RFC 1812 4.3.2.8; net.ipv4.icmp_ratelimit). */
import type { IpAddress } from '../../net/ip-address';
import { LINUX } from './linux-policy';

/** Destinations remembered; the oldest is forgotten, and with it that it was limited. */
const DESTINATIONS = 1024;

export class IcmpErrorRate {
  private readonly buckets = new Map<IpAddress, { tokens: number; at: number }>();

  /**
   * Whether one more error may go to this destination now, in ns; takes a token when it may.
   * @param interval ns in which one token is earned
   */
  allows(destination: IpAddress, now: number, interval: number = LINUX.icmpErrorInterval): boolean {
    const bucket = this.buckets.get(destination) ?? this.add(destination, now);
    const earned = (now - bucket.at) / interval;
    bucket.tokens = Math.min(LINUX.icmpErrorBurst, bucket.tokens + earned);
    bucket.at = now;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }

  private add(destination: IpAddress, now: number): { tokens: number; at: number } {
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
