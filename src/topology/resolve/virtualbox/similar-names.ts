/** A name is enough to make a network; one that is nearly the name of a listed network is most likely a slip. */
import { isMachine, type Draft } from '../draft';
import { nearest } from '../../suggestion';

export function warnOfSimilarName(
  draft: Draft,
  host: string,
  section: 'nat-networks' | 'internal' | 'host-only',
  name: string,
  path: readonly (string | number)[],
): void {
  const node = draft.names.nodes.get(host);
  const listed = Object.keys((isMachine(node) ? node.virtualbox?.[section] : undefined) ?? {});
  const similar = listed.includes(name) || draft.report.full ? undefined : nearest(name, listed);
  if (similar !== undefined) {
    const options = { severity: 'warning', replacement: similar } as const;
    draft.report.add('similar-network', [...path, 'network'], [name, similar], options);
  }
}
