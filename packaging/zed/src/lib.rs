//! Starts ibid in Zed: the program that the settings name, the one on the PATH, or that of the newest release.

use std::fs;

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Architecture, LanguageServerId, LanguageServerInstallationStatus as Status, Os};

/// Where releases are: OWNER/NAME, as the release script fills in.
const RELEASES: &str = "@@owner_and_name@@";

struct Ibid {
    /// The program that was downloaded and started last.
    downloaded: Option<String>,
}

impl zed::Extension for Ibid {
    fn new() -> Ibid {
        Ibid { downloaded: None }
    }

    fn language_server_command(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<zed::Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.binary);
        let (path, arguments) = binary.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = match path.or_else(|| worktree.which("ibid")) {
            Some(path) => path,
            None => self.download(server)?,
        };
        Ok(zed::Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]),
            env: worktree.shell_env(),
        })
    }

    fn language_server_workspace_configuration(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> zed::Result<Option<zed::serde_json::Value>> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?.settings;
        Ok(settings.map(|settings| zed::serde_json::json!({ "ibid": settings })))
    }
}

impl Ibid {
    /// The program of the newest release, which is downloaded unless it is there already.
    fn download(&mut self, server: &LanguageServerId) -> zed::Result<String> {
        if let Some(program) = self.downloaded.as_ref().filter(|program| is_file(program)) {
            return Ok(program.clone());
        }
        zed::set_language_server_installation_status(server, &Status::CheckingForUpdate);
        let options = zed::GithubReleaseOptions { require_assets: true, pre_release: false };
        let release = zed::latest_github_release(RELEASES, options)?;
        let version = release.version.trim_start_matches('v');
        let (target, is_windows) = target()?;
        let stem = format!("ibid-{version}-{target}");
        let program = format!("{stem}/{}", if is_windows { "ibid.exe" } else { "ibid" });
        if !is_file(&program) {
            let archive = format!("{stem}{}", if is_windows { ".zip" } else { ".tar.gz" });
            let asset = release.assets.iter().find(|asset| asset.name == archive);
            let asset = asset.ok_or_else(|| format!("release {version} of ibid has no {archive}"))?;
            zed::set_language_server_installation_status(server, &Status::Downloading);
            let kind =
                if is_windows { zed::DownloadedFileType::Zip } else { zed::DownloadedFileType::GzipTar };
            // The archive holds one folder of its own name.
            zed::download_file(&asset.download_url, ".", kind)?;
            zed::make_file_executable(&program)?;
            remove_others(&stem);
        }
        self.downloaded = Some(program.clone());
        Ok(program)
    }
}

/// The target of this machine, and whether it is a Windows one. On Linux the static program runs everywhere.
fn target() -> zed::Result<(String, bool)> {
    let (os, architecture) = zed::current_platform();
    let processor = match architecture {
        Architecture::Aarch64 => "aarch64",
        Architecture::X8664 => "x86_64",
        Architecture::X86 => return Err("ibid has no program for 32-bit machines".to_owned()),
    };
    let (system, is_windows) = match os {
        Os::Mac => ("apple-darwin", false),
        Os::Linux => ("unknown-linux-musl", false),
        Os::Windows => ("pc-windows-msvc", true),
    };
    Ok((format!("{processor}-{system}"), is_windows))
}

fn is_file(path: &str) -> bool {
    fs::metadata(path).is_ok_and(|about| about.is_file())
}

/// Removes the programs of older releases; one that is in use may stay.
fn remove_others(kept: &str) {
    for entry in fs::read_dir(".").into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_string_lossy().starts_with("ibid-") && name != kept {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

zed::register_extension!(Ibid);
