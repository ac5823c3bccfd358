/** What the editor writes into the page: `<script type="application/json" id="panel-data">`. */
import type { Translations } from './strings';

export interface PanelData {
  /** The topology file; goes into the webview's state, from which the panel comes back after a reload of the window. */
  readonly uri: string;
  readonly strings: Translations;
}

/** Reads the JSON; what is missing or of another shape is left empty. */
export function parsePanelData(text: string | null | undefined): PanelData {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    value = undefined;
  }
  const data = typeof value === 'object' && value !== null ? value : {};
  const uri = 'uri' in data && typeof data.uri === 'string' ? data.uri : '';
  const strings = 'strings' in data && typeof data.strings === 'object' ? (data.strings ?? {}) : {};
  return {
    uri,
    strings: Object.fromEntries(
      Object.entries(strings).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}
