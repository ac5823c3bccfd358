/** The time in front of a packet's line, in the styles of tcpdump: virtual time, which counts from midnight of 1970. */

/** ns. */
const SECOND = 1e9;
const DAY = 86_400;

export class PacketClock {
  private previous: number | undefined;
  private first: number | undefined;

  /** @param style how often `-t` was given */
  constructor(private readonly style: number) {}

  /** @param now ns */
  stamp(now: number): string {
    const { previous = now, first = now, style } = this;
    this.previous = now;
    this.first = first;
    switch (style) {
      case 0:
        return `${clockTime(now)} `;
      case 1:
        return '';
      case 2:
        return `${Math.floor(now / SECOND)}.${micros(now)} `;
      case 3:
        return ` ${clockTime(now - previous)} `;
      case 4:
        return `${new Date(now / 1e6).toISOString().slice(0, 10)} ${clockTime(now)} `;
      default:
        return ` ${clockTime(now - first)} `;
    }
  }
}

/** `00:00:20.000123` */
function clockTime(time: number): string {
  const seconds = Math.floor(time / SECOND) % DAY;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map(part => String(part).padStart(2, '0')).join(':')}.${micros(time)}`;
}

function micros(time: number): string {
  return String(Math.floor((time % SECOND) / 1000)).padStart(6, '0');
}
