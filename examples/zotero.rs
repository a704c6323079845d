//! How long a library of Zotero takes: at first, when nothing has changed, when one item has.
//!
//! `cargo run --release --example zotero -- 1000 10000 44000`
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[cfg(feature = "zotero")]
#[allow(dead_code)]
#[path = "../tests/support/zotero.rs"]
mod fake;

#[cfg(feature = "zotero")]
fn main() {
    let counts: Vec<u32> = std::env::args().skip(1).map(|count| count.parse().unwrap()).collect();
    for count in counts {
        measure(count);
    }
}

#[cfg(not(feature = "zotero"))]
fn main() {}

#[cfg(feature = "zotero")]
fn measure(count: u32) {
    use std::time::Instant;

    use fake::{FakeZotero, Version};
    use ibid::config::{Sources, load};
    use ibid::workspace::Workspace;
    use ibid::zotero::{ProfileFolder, Selection, text_of};

    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    std::fs::create_dir_all(&vault).unwrap();
    let mut zotero = FakeZotero::new(&folder.path().join("Zotero"), Version::Ten);
    zotero.fill(count);
    zotero.checkpoint();
    let profiles = [ProfileFolder { profiles: folder.path().join("none"), homes: vec![folder.path().to_owned()] }];
    let editor = serde_json::Value::Null;
    let (settings, _) =
        load(&Sources { root: &vault, config_file: None, user_file: None, editor: &editor, zotero: &profiles });
    let bytes = std::fs::metadata(zotero.database()).unwrap().len();
    println!("{count} items, {} MB", bytes / 1_000_000);
    let timed = |what: &str, work: &mut dyn FnMut()| {
        let begun = Instant::now();
        work();
        println!("  {what}: {:.2} s, at most {} MB of memory so far", begun.elapsed().as_secs_f64(), peak());
    };
    timed("copy and items as text", &mut || drop(text_of(&zotero.database(), &Selection::default()).unwrap()));
    let workspace = Workspace::open(&[vault], settings, Some(&folder.path().join("cache")));
    timed("first reading", &mut || assert_eq!(workspace.sync(&mut |_| true).report.read, 1));
    timed("nothing changed", &mut || assert_eq!(workspace.sync(&mut |_| true).report.read, 0));
    zotero.set(1, "title", "Another title");
    zotero.commit();
    let seen = ibid::zotero::changes_of(&zotero.database(), &Selection::default(), &[], None).unwrap();
    let mut seen: Vec<_> = seen.written.iter().map(|it| it.mark).collect();
    seen.sort_unstable();
    timed("copy and what has changed", &mut || {
        let changes = ibid::zotero::changes_of(&zotero.database(), &Selection::default(), &seen, None).unwrap();
        assert_eq!((changes.written.len(), changes.put_together), (0, 0));
    });
    timed("one item changed", &mut || {
        let report = workspace.sync(&mut |_| true).report;
        assert_eq!((report.read, report.work.put_together, report.work.records), (1, 1, 1));
    });
    for round in 0..10 {
        zotero.set(4 + 3 * round, "title", "Another title still");
        zotero.commit();
        timed("another item changed", &mut || assert_eq!(workspace.sync(&mut |_| true).report.work.records, 1));
    }
    assert_eq!(workspace.library.snapshot().record_count(), u64::from(count));
}

/// The most memory the process has had, in MB; 0 where the system does not say.
#[cfg(feature = "zotero")]
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap_or(0) / 1000
}
