//! Damages an index in thousands of ways and asks for answers, by the command line and by the server. Prints how each kind
//! of file fared, and fails where an answer was wrong or late. Run it with
//! `cargo build --release && cargo run --release --example damage`; a number after `--` says how many bits are flipped at
//! least, in files of all kinds together.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[path = "../tests/support/damage.rs"]
mod damage;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use damage::{Ending, Fault, Patient, Tally};

/// An answer has to be there after this long.
const LIMIT: Duration = Duration::from_secs(5);

/// So many bits are flipped, where nothing else is asked for.
const FLIPS: usize = 2_000;

/// Every so many attempts the server answers instead of the command line.
const BY_SERVER: usize = 5;

fn main() -> ExitCode {
    let wanted: usize = std::env::args().nth(1).map_or(FLIPS, |number| number.parse().unwrap());
    // Beside the folder of the examples.
    let program = std::env::current_exe().unwrap().parent().unwrap().parent().unwrap().join("ibid");
    assert!(program.exists(), "{} is built first", program.display());
    let (begun, patient) = (Instant::now(), Patient::new(&program, LIMIT));
    let mut tally = Tally::default();
    let (mut number, mut slowest, mut flipped) = (0, 0.0_f64, 0);
    let kinds = patient.kinds();
    for (at, kind) in kinds.iter().enumerate() {
        // Those of kinds that were missing when it was their turn are made up for by the kinds after them.
        let flips = (wanted - flipped.min(wanted)).div_ceil(kinds.len() - at);
        // Spread evenly over the file, and over the bits.
        let spread = (0..flips).map(|i| Fault::Flip(i * 1000 / flips, u32::try_from(i % 8).unwrap()));
        let others = [Fault::Flip(1000, 0), Fault::LastByte, Fault::Gone, Fault::OfAnother];
        let parts = [0, 1, 250, 500, 900, 990].into_iter().flat_map(|part| [Fault::Cut(part), Fault::Zeros(part + 10)]);
        for fault in spread.chain(others).chain(parts) {
            let begun = Instant::now();
            let ending = patient.suffer(kind, fault, number, number % BY_SERVER == 0);
            flipped += usize::from(matches!(fault, Fault::Flip(..)) && ending != Ending::NoFile);
            tally.count(kind, ending);
            slowest = slowest.max(begun.elapsed().as_secs_f64());
            number += 1;
        }
        if ["idx", "pos", "term", "store", "fast", "fieldnorm"].contains(&kind.as_str()) {
            for part in 0..4 {
                tally.count(kind, patient.suffer_live(kind, Fault::Flip(part * 250, 5)));
            }
            if cfg!(target_os = "linux") {
                tally.count(kind, patient.suffer_cut(kind));
            }
        }
        let [tried, right, rebuilt] = tally.kinds.get(kind).copied().unwrap_or_default();
        println!("{kind:14} {tried:5} tried {right:5} right {rebuilt:5} built anew");
    }
    let sum = |at: usize| tally.kinds.values().map(|counts| counts[at]).sum::<usize>();
    let wrong = tally.wrong.len();
    println!(
        "all            {:5} tried, {flipped} of them flips, {:5} right {:5} built anew, {wrong} wrong or late, the slowest {slowest:.2} s, {:.0} s in all",
        sum(0),
        sum(1),
        sum(2),
        begun.elapsed().as_secs_f64()
    );
    tally.wrong.iter().for_each(|reason| println!("{reason}\n"));
    if flipped < wanted {
        println!("{flipped} bits were flipped instead of {wanted}");
    }
    if wrong == 0 && flipped >= wanted { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
