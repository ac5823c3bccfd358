/** What a bridge port does with frames, as the spanning tree wants it (IEEE 802.1D-1998 8.4; RSTP knows no listening). */
export type PortState = 'disabled' | 'blocking' | 'listening' | 'learning' | 'forwarding';

/** Whether addresses are learned from what comes in. */
export function learnsIn(state: PortState): boolean {
  return state === 'learning' || state === 'forwarding';
}
