/** `VNet: New Topology from Template…`: a new unsaved file with the template's text, and its diagram beside it. */
import * as vscode from 'vscode';
import type { DiagramPanels } from '../panel/diagram-panels';

interface Template extends vscode.QuickPickItem {
  readonly text: string;
}

/** Titles are read from the first lines, so that a template is one file and nothing more. */
const TITLE = /^#\s*(.+?)\s*$/;

export function registerNewFromTemplate(panels: DiagramPanels, media: vscode.Uri): vscode.Disposable {
  const folder = vscode.Uri.joinPath(media, 'templates');
  return vscode.commands.registerCommand('vnet.newFromTemplate', async () => {
    const template = await vscode.window.showQuickPick(readTemplates(folder), {
      title: vscode.l10n.t('New Topology from Template'),
      placeHolder: vscode.l10n.t('Which network do you begin with?'),
      matchOnDetail: true,
    });
    if (template === undefined) {
      return;
    }
    const document = await vscode.workspace.openTextDocument({ language: 'vnet', content: template.text });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    panels.open(document.uri, vscode.ViewColumn.Beside);
  });
}

async function readTemplates(folder: vscode.Uri): Promise<Template[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.map(([name]) => name).filter(name => /\.vnet\.(ya?ml|json)$/.test(name));
  const templates = await Promise.all(names.map(async name => readTemplate(folder, name)));
  return templates.sort((one, other) => one.label.localeCompare(other.label));
}

async function readTemplate(folder: vscode.Uri, name: string): Promise<Template> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
  const text = new TextDecoder().decode(bytes);
  const title = TITLE.exec(text.split('\n', 1)[0] ?? '')?.[1];
  return { label: title === undefined ? name : vscode.l10n.t(title), description: name, text };
}
