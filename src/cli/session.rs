//! What most commands begin with: the workspace of the current folder, its library brought up to date.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::interrupt::interruptible;
use super::output::{counted, warn};
use super::progress::Progress;
use super::{Place, Stop, group};
use crate::config::{CONFIG_FILE, Origin, Settings, Sources, find_root, load, user_file};
use crate::corpus::Roots;
use crate::diagnostic::{Code, Diagnostic};
use crate::features::Snapshot;
use crate::files::{self, Purpose, Resolve};
use crate::library::{LibrarySnapshot, cache_directory};
use crate::vault::{Vault, VaultSnapshot};
use crate::workspace::{Workspace, WorkspaceSync};
use crate::zotero::profile_folders;

/// What is said of a folder without papers.
const NO_PAPERS: &str = "there are no papers; put a corpus file here or name one in corpus.paths of ibid.toml";

/// A workspace with an up-to-date library.
pub(super) struct Session {
    pub root: PathBuf,
    /// The configuration file, if there is one.
    pub config_file: Option<PathBuf>,
    /// The user's own file, which need not be there.
    pub user_file: Option<PathBuf>,
    pub workspace: Workspace,
    pub sync: WorkspaceSync,
    /// How long bringing the library up to date took.
    pub seconds: f64,
    config_problems: Vec<Diagnostic>,
}

/// The notes of the root.
pub(super) struct SessionNotes {
    pub vault: VaultSnapshot,
    /// How many had to be read.
    pub read: usize,
    /// The notes and folders that could not be read.
    pub problems: Vec<Diagnostic>,
    /// Where what was found is kept.
    pub cache_file: Option<PathBuf>,
    /// How long that took.
    pub seconds: f64,
}

impl Session {
    /// Opens the workspace and reads what changed in its corpus.
    pub fn open(place: &Place) -> Result<Session, Stop> {
        Self::open_with(place, |root, settings| {
            Workspace::open(&[root.to_owned()], settings, cache_directory().as_deref())
        })
    }

    /// The same, with exactly these files and folders for a corpus.
    pub fn open_corpus(place: &Place, paths: &[PathBuf]) -> Result<Session, Stop> {
        let mut explicit = Vec::new();
        for path in paths {
            match path.resolved() {
                Ok(path) => explicit.push(path),
                Err(error) => {
                    return Err(Stop::Cannot(format!(
                        "{}: {error}; give a file or folder that exists",
                        path.display()
                    )));
                }
            }
        }
        Self::open_with(place, |_, settings| {
            let roots = Roots { workspace: Vec::new(), explicit };
            Workspace::with_roots(roots, settings, cache_directory().as_deref())
        })
    }

    fn open_with(place: &Place, open: impl FnOnce(&Path, Settings) -> Workspace) -> Result<Session, Stop> {
        let begin = Instant::now();
        let root = root_of(place)?;
        let config_file = config_file_of(place, &root)?;
        let user_file = user_file();
        let (settings, config_problems) = load(&Sources {
            root: &root,
            config_file: place.config.as_ref().and(config_file.as_deref()),
            user_file: user_file.as_deref(),
            editor: &serde_json::Value::Null,
            zotero: &profile_folders(),
        });
        let workspace = open(&root, settings);
        place.attempt.prepare(&workspace.library);
        let mut progress = Progress::new();
        let sync = interruptible(|go_on| {
            workspace.sync(&mut |step| {
                progress.show(step);
                go_on()
            })
        });
        progress.finish();
        if sync.report.cancelled {
            let records = counted(workspace.library.snapshot().record_count(), "record");
            return Err(Stop::Interrupted(format!("stopped with {records} indexed; run it again to read the rest")));
        }
        if let Some(reason) = &sync.report.failed {
            return Err(Stop::Cannot(format!(
                "the papers cannot be read: {reason}; see to memory, threads and disk, and run it again"
            )));
        }
        if let Some(reason) = workspace.library.rebuilt() {
            warn(&format!("the index could not be used and was built anew: {reason}"));
        }
        place.attempt.begin(&workspace.library);
        let seconds = begin.elapsed().as_secs_f64();
        Ok(Session { root, config_file, user_file, workspace, sync, seconds, config_problems })
    }

    /// The collections that references are checked against, up to date; `None` where there are none.
    pub fn reference(&self) -> Result<Option<Arc<LibrarySnapshot>>, Stop> {
        let Some(reference) = &self.workspace.reference else { return Ok(None) };
        let mut progress = Progress::new();
        let (report, problems) = interruptible(|go_on| {
            reference.sync(&mut |step| {
                progress.show(step);
                go_on()
            })
        });
        progress.finish();
        if report.cancelled {
            return Err(Stop::Interrupted("stopped; run it again to read the rest of corpus.reference".to_owned()));
        }
        if let Some(reason) = &report.failed {
            return Err(Stop::Cannot(format!("corpus.reference cannot be read: {reason}; see to memory and disk")));
        }
        for problem in problems {
            warn(&self.path_problem(&problem).to_string());
        }
        Ok(Some(reference.library.snapshot()))
    }

    /// Reads the notes of the root, those that changed since the last time.
    pub fn notes(&self) -> SessionNotes {
        let begin = Instant::now();
        let mut vault = Vault::new(vec![self.root.clone()], cache_directory());
        let scan = vault.begin_scan();
        let cache_file = scan.cache_file();
        let scanned = scan.run(&|_| true).unwrap_or_default();
        let (read, problems) = (scanned.read, scanned.problems.clone());
        vault.finish_scan(scanned);
        let seconds = begin.elapsed().as_secs_f64();
        SessionNotes { vault: vault.snapshot(), read, problems, cache_file, seconds }
    }

    /// What is wrong if there are no papers to answer from.
    pub fn no_papers(&self) -> Option<Diagnostic> {
        // Counting the papers would read the records that share an identity.
        let is_empty = self.workspace.library.snapshot().record_count() == 0;
        is_empty.then(|| Diagnostic::of_file(&self.root, Code::Corpus, NO_PAPERS.to_owned()))
    }

    /// Refuses a command that needs papers if there are no papers.
    pub fn need_papers(&self) -> Result<(), Stop> {
        let missing = self.no_papers().filter(|_| !self.workspace.settings.remote.is_on());
        missing.map_or(Ok(()), |problem| Err(Stop::Cannot(problem.to_string())))
    }

    /// What features look at.
    pub fn snapshot(&self, vault: VaultSnapshot) -> Snapshot {
        Snapshot {
            library: group::with_cited(self, &vault),
            is_complete: true,
            aliases: Arc::new(self.workspace.aliases()),
            vault,
            open_notes: Arc::default(),
            settings: Arc::new(self.workspace.settings.clone()),
            reference: None,
            findings: Arc::default(),
        }
    }

    /// Everything that is wrong with the configuration and the corpus. Of each corpus file only the
    /// first problems are kept; the others are counted in one more.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = self.setup_problems(|_| true);
        for file in &self.workspace.library.snapshot().files().files {
            let path = Some(file.path.clone());
            problems.extend(file.problems.iter().map(|it| Diagnostic { path: path.clone(), ..it.clone() }));
            let shown = file.problems.len() as u64;
            if file.problem_count > shown {
                let message = format!("{} more problems in this file", file.problem_count - shown);
                problems.push(Diagnostic { path, ..Diagnostic::at_line(0, message) });
            }
        }
        problems
    }

    /// Whether something of the configuration file does not apply.
    pub fn is_configuration_wrong(&self) -> bool {
        !self.config_problems.is_empty()
    }

    /// What is wrong with the configuration and the paths of the corpus.
    fn setup_problems(&self, wanted: impl Fn(&Diagnostic) -> bool) -> Vec<Diagnostic> {
        let paths = self.sync.discovery.problems.iter().filter(|problem| wanted(problem));
        self.config_problems.iter().cloned().chain(paths.map(|problem| self.path_problem(problem))).collect()
    }

    /// A path that cannot be looked into is wrong where the configuration names it.
    fn path_problem(&self, problem: &Diagnostic) -> Diagnostic {
        let path = problem.path.as_deref().unwrap_or(Path::new(""));
        if let Some(Origin::File { path, line }) = self.workspace.origin_of(path) {
            return Diagnostic { path: Some(path.clone()), line: *line, ..problem.clone() };
        }
        let message = problem.message.strip_prefix(&*path.to_string_lossy()).unwrap_or(&problem.message).trim_start();
        Diagnostic { message: message.to_owned(), ..problem.clone() }
    }

    /// Reports what is wrong with the set-up, for commands that are about something else. A file that is not read does not
    /// matter to them.
    pub fn warn(&self) {
        for problem in self.setup_problems(|problem| problem.code == Code::Unreachable) {
            warn(&problem.to_string());
        }
        if let Some(reason) = self.workspace.library.memory_reason() {
            warn(&format!("the index is kept in memory: {reason}"));
        }
    }
}

/// The root that the arguments name, or else that of the current folder.
pub(super) fn root_of(place: &Place) -> Result<PathBuf, Stop> {
    let (start, is_given) = match &place.root {
        Some(root) => (root.clone(), true),
        None => (PathBuf::from("."), false),
    };
    let cannot = |error: &dyn std::fmt::Display| {
        let shown = start.display();
        Stop::Cannot(format!("the folder {shown} cannot be read: {error}; name another with --root"))
    };
    let absolute = start.resolved().map_err(|error| cannot(&error))?;
    let root = if is_given { absolute } else { find_root(&absolute) };
    // Reading the folder tells at once whether it is one and may be looked into.
    std::fs::read_dir(&root).map_err(|error| cannot(&error))?;
    Ok(root)
}

/// The configuration file that the arguments name, or else the one in the root if it is there.
pub(super) fn config_file_of(place: &Place, root: &Path) -> Result<Option<PathBuf>, Stop> {
    match &place.config {
        Some(path) => match files::read(path, Purpose::Config) {
            Ok(_) => Ok(Some(path.resolved().unwrap_or_else(|_| path.clone()))),
            Err(error) => {
                let shown = path.display();
                Err(Stop::Cannot(format!("the configuration {shown} cannot be read: {error}; correct --config")))
            }
        },
        None => Ok(Some(root.join(CONFIG_FILE)).filter(|path| path.exists())),
    }
}
