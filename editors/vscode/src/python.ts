/** The Python that is chosen in the Python extension, where that is installed. */

import { PVSC_EXTENSION_ID, PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

async function pythonApi(): Promise<PythonExtension | undefined> {
  if (vscode.extensions.getExtension(PVSC_EXTENSION_ID) === undefined) {
    return undefined;
  }
  const api = await PythonExtension.api();
  await api.ready;
  return api;
}

/** The interpreter that is chosen for a folder; `undefined` where none is. */
export async function chosenPython(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const environments = (await pythonApi())?.environments;
  if (environments === undefined) {
    return undefined;
  }
  const path = environments.getActiveEnvironmentPath(folder);
  const environment = await environments.resolveEnvironment(path);
  return environment?.executable.uri?.fsPath;
}

/** Calls back whenever another Python is chosen. */
export async function onOtherPython(called: () => void): Promise<vscode.Disposable> {
  const api = await pythonApi();
  return (
    api?.environments.onDidChangeActiveEnvironmentPath(called) ?? new vscode.Disposable(() => undefined)
  );
}
