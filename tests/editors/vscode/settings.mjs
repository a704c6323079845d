// The editor's settings, which the web build reads from a file on the machine of its server.
import { writeFileSync } from "node:fs";
import { until } from "./page.mjs";

/** Settings that keep everything off the screen that is not tested. */
export const plainSettings = {
  "telemetry.telemetryLevel": "off",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "security.workspace.trust.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "git.enabled": false,
  "files.autoSave": "off",
};

/** The themes of the pictures, by the name of the picture. */
export const themes = { light: "Default Light Modern", dark: "Default Dark Modern" };

/** What is set for a picture. */
export const inTheme = (name) => ({
  "workbench.colorTheme": themes[name],
  "window.autoDetectColorScheme": false,
  "editor.minimap.enabled": false,
});

/** The file of the editor's settings, with ibid's program named in it. */
export class Settings {
  #file;

  constructor(file) {
    this.#file = file;
  }

  /** Sets what an editor is to find when it opens, and nothing else besides the plain settings. */
  write(changes = {}) {
    const all = { ...plainSettings, "ibid.server.path": process.env.IBID_BIN, ...changes };
    // In place: after a file was put in its stead, the editor does not watch for a tenth of a second.
    writeFileSync(this.#file, JSON.stringify(all, null, 2));
  }

  /** Changes the settings of an open editor until the change is seen: it misses one that comes before it watches the file. */
  async change(changes, what, isSeen) {
    let written = 0;
    await until(what, async () => {
      if (Date.now() - written > 3000) {
        this.write(changes);
        written = Date.now();
      }
      return isSeen();
    });
  }
}
