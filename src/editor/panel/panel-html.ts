/** The panel's page: a strict policy, the script, the styles and the few values the script starts with. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** What only this page may know of. */
export interface PanelPlaces {
  /** The folder of the bundles. */
  readonly dist: vscode.Uri;
  readonly media: vscode.Uri;
}

/** Where the extension keeps what the page loads. */
export function panelPlaces(extension: vscode.Uri): PanelPlaces {
  return { dist: vscode.Uri.joinPath(extension, 'dist'), media: vscode.Uri.joinPath(extension, 'media') };
}

/** The page of the diagram of this topology file. */
export function diagramPage(webview: vscode.Webview, places: PanelPlaces, topologyFile: vscode.Uri): string {
  return scriptPage(webview, places, 'webview', topologyFile, vscode.l10n.t('Network diagram'));
}

/** The page of the packets in this capture file. */
export function capturePage(webview: vscode.Webview, places: PanelPlaces, captureFile: vscode.Uri): string {
  return scriptPage(webview, places, 'capture', captureFile, vscode.l10n.t('Captured packets'));
}

/** @param bundle name of the script and of its styles */
function scriptPage(
  webview: vscode.Webview,
  { dist }: PanelPlaces,
  bundle: 'webview' | 'capture',
  file: vscode.Uri,
  title: string,
): string {
  const nonce = randomBytes(16).toString('base64');
  const address = (name: string): string =>
    attribute(webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString());
  const data = { uri: file.toString(), strings: translations() };
  return page(
    webview,
    nonce,
    title,
    `<link rel="stylesheet" href="${address(`${bundle}.css`)}">`,
    `<script type="application/json" id="panel-data">${scriptText(data)}</script>
<script nonce="${nonce}" src="${address(`${bundle}.js`)}"></script>`,
  );
}

/** A page that only says something. */
export function messagePage(webview: vscode.Webview, message: string): string {
  return page(
    webview,
    randomBytes(16).toString('base64'),
    vscode.l10n.t('Network diagram'),
    '',
    `<p role="status">${attribute(message)}</p>`,
  );
}

/**
 * Nothing may load but what is named: styles and images of the extension, this one script, the layout engine's text, and the worker
 * started from that text.
 */
function page(webview: vscode.Webview, nonce: string, title: string, head: string, body: string): string {
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `connect-src ${webview.cspSource}`,
    'worker-src blob:',
    // A picture to be saved is drawn from its own text; data: reaches nothing remote.
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${attribute(title)}</title>
${head}
</head>
<body>
${body}
</body>
</html>`;
}

/** The bundle of the user's language, English text to translation: the page picks what it needs. */
function translations(): Readonly<Record<string, string>> {
  const strings: Record<string, string> = {};
  for (const [english, translation] of Object.entries(vscode.l10n.bundle ?? {})) {
    if (typeof translation === 'string') {
      strings[english] = translation;
    }
  }
  return strings;
}

/** JSON that can't end the script element it stands in. */
function scriptText(data: unknown): string {
  return JSON.stringify(data).replace(/</g, '\\u003c');
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
