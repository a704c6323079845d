//! Keeps one server busy with 200,000 edits, 2,000 openings and 500 changes of the corpus, and prints what it takes of the
//! machine at the beginning, in the middle and at the end. Fails where files have grown in the second half, threads by
//! more than two, or memory by a quarter. Linux only. Run it with `cargo build --release && cargo run --release --example soak`; a number
//! after `--` divides the work.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/soak.rs"]
mod soak;

use std::process::ExitCode;
use std::time::Instant;

use soak::{Soak, Taken, Work};

fn main() -> ExitCode {
    let divisor: usize = std::env::args().nth(1).map_or(1, |number| number.parse().unwrap());
    // Beside the folder of the examples.
    let program = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("ibid");
    assert!(program.exists(), "{} is built first", program.display());
    let half = Work { edits: 100_000 / divisor, openings: 1_000 / divisor, corpus_changes: 250 / divisor };
    let begun = Instant::now();
    let mut soak = Soak::start(&program);
    let show = |when: &str, taken: Taken| {
        let Taken { memory_kib, files, threads } = taken;
        let seconds = begun.elapsed().as_secs_f64();
        println!("{when:9} {seconds:7.1} s  {memory_kib:8} KiB  {files:4} open files  {threads:4} threads");
        taken
    };
    show("beginning", soak.taken());
    soak.work(half);
    let middle = show("middle", soak.taken());
    soak.work(half);
    let end = show("end", soak.taken());
    let is_well = soak.end() == Some(0)
        && end.files <= middle.files
        // A thread for one slow call may be there for the moment.
        && end.threads <= middle.threads + 2
        && end.memory_kib <= middle.memory_kib + middle.memory_kib / 4;
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
