//! How long typing waits, while nothing else is done and while changes of a large library are read.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::editor::{Editor, Home, quantile};
use crate::fake::{FakeZotero, Version};

/// So long typing is measured, and so long lies between two keystrokes: somebody who types fast.
const TIME: Duration = Duration::from_secs(20);
const KEYSTROKE: Duration = Duration::from_millis(30);

/// So many works are changed at a time.
const AT_ONCE: u32 = 400;

const WORDS: [&str; 6] = ["tidal whale", "behaviour", "whale 12", "journal gull", "cetacea study", "swim cold"];

pub fn measure(works: u32) {
    let home = Home::new();
    let mut zotero = FakeZotero::new(&home.zotero(), Version::Ten);
    zotero.fill_with(works, 20_000);
    let mut editor = Editor::start(&home);
    editor.wait_for(&format!("10.1000/whale.{}", works - 1), &format!("Whale {}:", works - 1));
    std::thread::sleep(Duration::from_secs(10));
    println!("| completion while somebody types, {works} items | keystrokes | p50 | p99 | worst |");
    println!("|---|---|---|---|---|");
    typed(&mut editor, "quiet");
    let stop = AtomicBool::new(false);
    let mut rounds = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                for work in 0..AT_ONCE {
                    zotero.set_work((work * 31 + rounds) % works, "title", &format!("Tidal whale {rounds} of {work}"));
                }
                zotero.commit();
                rounds += 1;
                std::thread::sleep(Duration::from_millis(200));
            }
        });
        typed(&mut editor, &format!("while {AT_ONCE} changed items are read five times a second"));
        stop.store(true, Ordering::Relaxed);
    });
    assert!(rounds > 0);
    editor.end();
    println!();
}

fn typed(editor: &mut Editor, name: &str) {
    let mut times = Vec::new();
    let begun = Instant::now();
    'typing: loop {
        for word in WORDS {
            for end in 1..=word.len() {
                let text = format!("[[{}", word.get(..end).unwrap_or_default());
                let asked = Instant::now();
                editor.complete(&text);
                times.push(asked.elapsed());
                std::thread::sleep(KEYSTROKE.saturating_sub(asked.elapsed()));
                if begun.elapsed() > TIME {
                    break 'typing;
                }
            }
        }
    }
    let count = times.len();
    let [median, most, worst] = [0.5, 0.99, 1.0].map(|part| quantile(&mut times, part));
    println!("| {name} | {count} | {median:.1} ms | {most:.1} ms | {worst:.1} ms |");
}
