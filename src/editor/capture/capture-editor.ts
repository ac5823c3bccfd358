/** Opens capture files, read only, in the packet view of the diagram's panel. */
import * as vscode from 'vscode';
import { CapturePanel, type CaptureServices } from './capture-panel';

/** The type of these editors in package.json. */
export const CAPTURE_EDITOR = 'vnet.capture';

export function registerCaptureEditor(services: CaptureServices): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    // Each editor reads the file by itself: there is nothing that two of them would share.
    openCustomDocument: uri => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: ({ uri }, panel) => {
      const capture = new CapturePanel(uri, panel, services);
      panel.onDidDispose(() => capture.dispose());
    },
  };
  return vscode.Disposable.from(
    vscode.window.registerCustomEditorProvider(CAPTURE_EDITOR, provider, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.commands.registerCommand('vnet.openCapture', openCapture),
  );
}

/** @param resource the file, where a menu says it; the user is asked otherwise */
async function openCapture(resource?: unknown): Promise<void> {
  const [uri] =
    resource instanceof vscode.Uri
      ? [resource]
      : ((await vscode.window.showOpenDialog({
          title: vscode.l10n.t('Open Capture File'),
          filters: {
            [vscode.l10n.t('Captures (pcap, pcapng)')]: ['pcap', 'pcapng', 'cap', 'ntar'],
            [vscode.l10n.t('All files')]: ['*'],
          },
        })) ?? []);
  if (uri !== undefined) {
    await vscode.commands.executeCommand('vscode.openWith', uri, CAPTURE_EDITOR);
  }
}
