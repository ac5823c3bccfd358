/**
 * A topology on its way to the panel: text, since VS Code carries messages to and from a webview as JSON, which has no number as large
 * as an IPv6 address. Those travel as `{"$bigint": "42540…"}`; no name in a topology begins so.
 */
import type { ResolvedTopology } from '../topology/resolved';

/** The topology as the panel reads it with `topologyOf`. */
export function topologyText(topology: ResolvedTopology): string {
  return JSON.stringify(topology, (_key, value: unknown) =>
    typeof value === 'bigint' ? { $bigint: value.toString() } : value,
  );
}

/** The topology in a text that `topologyText` made. */
export function topologyOf(text: string): ResolvedTopology {
  return withLargeNumbers(JSON.parse(text)) as ResolvedTopology;
}

/** Changes the value itself: asking for each of its parts while it is parsed takes three times as long. */
function withLargeNumbers(value: unknown): unknown {
  if (isLargeNumber(value)) {
    return BigInt(value.$bigint);
  }
  if (typeof value === 'object' && value !== null) {
    const parts = value as Record<string, unknown>;
    for (const [key, part] of Object.entries(parts)) {
      const read = withLargeNumbers(part);
      if (read !== part) {
        parts[key] = read;
      }
    }
  }
  return value;
}

function isLargeNumber(value: unknown): value is { readonly $bigint: string } {
  return (
    typeof value === 'object' && value !== null && '$bigint' in value && typeof value.$bigint === 'string'
  );
}
