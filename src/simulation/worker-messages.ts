/** What the owner of a simulation's thread may ask of it, besides what a user may. */
import type { ResolvedTopology } from '../topology/resolved';
import type { SimulationRequest } from './protocol';

export type WorkerRequest =
  /**
   * Simulate this from now on. The new simulation stands at time 0; it plays at once when the one before it played or had come to its
   * end, else it is paused.
   */
  | { readonly type: 'topology'; readonly topology: ResolvedTopology }
  /** The receiver of the events knows nothing, as after a reload of its page: tell it everything again. */
  | { readonly type: 'tell-again' }
  | { readonly type: 'simulation'; readonly request: SimulationRequest };
