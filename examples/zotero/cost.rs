//! What a library costs: until its papers are there, and in memory.

use std::time::{Duration, Instant};

use ibid::zotero::{Selection, changes_of, text_of};

use crate::editor::{Editor, Home};
use crate::fake::{FakeZotero, Version};

/// So many places are marked in the files of a library.
const ANNOTATIONS: u32 = 20_000;

pub fn measure(counts: &[u32]) {
    println!(
        "| items | database | copied | read at rest | read open | cold | warm | one change while away | most memory cold, warm |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for count in counts {
        let home = Home::new();
        let mut zotero = FakeZotero::new(&home.zotero(), Version::Ten);
        zotero.fill_with(*count, ANNOTATIONS);
        zotero.close();
        let database = home.zotero().join("zotero.sqlite");
        let size = std::fs::metadata(&database).unwrap().len();
        let copied = timed(&mut || assert_eq!(std::fs::copy(&database, home.path("copy")).unwrap(), size));
        std::fs::remove_file(home.path("copy")).unwrap();
        let everything = Selection::default();
        let then = std::time::SystemTime::now() - Duration::from_secs(60);
        std::fs::File::options().write(true).open(&database).unwrap().set_modified(then).unwrap();
        let seen = changes_of(&database, &everything, &[], None).unwrap();
        let mut seen: Vec<_> = seen.written.iter().map(|it| it.mark).collect();
        seen.sort_unstable();
        let unchanged = |database: &std::path::Path| {
            let changes = changes_of(database, &everything, &seen, None).unwrap();
            assert_eq!(changes.put_together, 0);
        };
        let at_rest = timed(&mut || drop(text_of(&database, &everything).unwrap()));
        let at_rest_again = timed(&mut || unchanged(&database));
        let mut zotero = FakeZotero::start(&home.zotero(), Version::Ten);
        zotero.run("UPDATE libraries SET version = version + 1", []);
        zotero.commit();
        let open = timed(&mut || drop(text_of(&database, &everything).unwrap()));
        let open_again = timed(&mut || unchanged(&database));
        let (cold, cold_peak) = start(&home, *count, &format!("Whale {}:", count - 1));
        let (warm, warm_peak) = start(&home, *count, &format!("Whale {}:", count - 1));
        zotero.set(1, "title", "Renamed while nobody looked");
        zotero.commit();
        let (changed, _) = start(&home, 1, "while nobody looked");
        let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
        println!(
            "| {count} | {} MB | {} ms | {}, unchanged {} | {}, unchanged {} | {} | {} | {} | {cold_peak} MB, {warm_peak} MB |",
            size / 1_000_000,
            copied.as_millis(),
            seconds(at_rest),
            seconds(at_rest_again),
            seconds(open),
            seconds(open_again),
            seconds(cold),
            seconds(warm),
            seconds(changed)
        );
    }
    println!();
}

/// From the start of a server to the card of the last of so many works, and the most memory it has had.
fn start(home: &Home, works: u32, text: &str) -> (Duration, u64) {
    let begun = Instant::now();
    let mut editor = Editor::start(home);
    editor.wait_for(&format!("10.1000/whale.{}", works - 1), text);
    let took = begun.elapsed();
    // What it does after that counts for its memory.
    std::thread::sleep(Duration::from_secs(3));
    let peak = editor.peak();
    editor.end();
    (took, peak)
}

fn timed(work: &mut dyn FnMut()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
