/** Names of files as people see them. */
import type { Uri } from 'vscode';

/** The last part of the path. */
export function nameOf(uri: Uri): string {
  return uri.path.split('/').at(-1) ?? uri.path;
}
