/** Where a file made of a topology is suggested to be saved. */
import * as vscode from 'vscode';
import { nameOf } from '../panel/file-name';

/** Beside the topology file, or in the workspace for a file that is not saved anywhere yet. @param ending with its dot */
export function fileBeside(topologyFile: vscode.Uri, ending: string): vscode.Uri {
  const name = `${nameOf(topologyFile).replace(/(\.vnet)?\.(ya?ml|json)$/, '')}${ending}`;
  if (topologyFile.scheme !== 'untitled') {
    return vscode.Uri.joinPath(topologyFile, '..', name);
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
}
