//! Whatever happens to the files of an index, the answers are right: a few of the faults of `examples/damage.rs`.
#![allow(clippy::unwrap_used)]

#[path = "support/damage.rs"]
mod damage;

use std::path::Path;
use std::time::Duration;

use damage::{Fault, Patient, Tally};

/// Whoever takes this long waits for ever; how soon answers have to be there, `examples/damage.rs` looks at.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_server_sees_what_happens_to_files_it_has_open() {
    let patient = Patient::new(Path::new(env!("CARGO_BIN_EXE_ibid")), LIMIT);
    let mut tally = Tally::default();
    for (kind, fault) in [
        ("store", Fault::Flip(500, 3)),
        ("term", Fault::Zeros(1000)),
        ("idx", Fault::Flip(300, 1)),
        ("fast", Fault::Flip(100, 7)),
    ] {
        tally.count(kind, patient.suffer_live(kind, fault));
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    assert_eq!(tally.kinds.values().map(|counts| counts[1]).sum::<usize>(), 4);
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_outlives_files_that_become_empty_while_it_reads_them() {
    let patient = Patient::new(Path::new(env!("CARGO_BIN_EXE_ibid")), LIMIT);
    let kinds = ["store", "term", "idx", "fast", "pos", "fieldnorm", "del"];
    let mut tally = Tally::default();
    for kind in kinds {
        tally.count(kind, patient.suffer_cut(kind));
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    assert_eq!(tally.kinds.values().map(|counts| counts[1]).sum::<usize>(), kinds.len());
}

#[test]
fn no_damage_of_the_index_gives_a_wrong_answer() {
    let patient = Patient::new(Path::new(env!("CARGO_BIN_EXE_ibid")), LIMIT);
    let kinds = patient.kinds();
    for wanted in ["idx", "pos", "term", "store", "fast", "fieldnorm", "del", "meta.json", "current", ".seal", "bin"] {
        assert!(kinds.iter().any(|kind| kind == wanted), "{wanted} is not among {kinds:?}");
    }
    let others = [Fault::Cut(500), Fault::Zeros(1000), Fault::Gone, Fault::OfAnother, Fault::LastByte, Fault::Cut(0)];
    let mut tally = Tally::default();
    for (number, kind) in kinds.iter().enumerate() {
        tally.count(kind, patient.suffer(kind, Fault::Flip(700 - 50 * number % 700, 2), number, false));
        tally.count(kind, patient.suffer(kind, others[number % others.len()], number + 2, false));
        tally.count(kind, patient.suffer(kind, Fault::Flip(400, 6), number, number % 4 > 0));
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    for kind in ["idx", "term", "store", "meta.json"] {
        assert_eq!(tally.kinds[kind], [3, 3, 3], "{kind}: tried, right, built anew");
    }
}
