#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use super::*;
use crate::corpus::OpenCorpusFile;
use crate::features::tests::MemoryPapers;
use crate::text::Document;

const KNOWN: &str = "\
@article{gull, title = {Listening to the Whales of the Northern Seas: A Survey}, author = {Gull, Ann and P{\\'o}czos, Barnab{\\'a}s and Garc{\\'i}a M{\\'a}rquez, Eva},
  year = 2019, journal = {Journal of Machine Learning Research}, doi = {10.1000/whales}}
@inproceedings{tern, title = {Counting Seals from Satellites at Night}, author = {Tern, Bo and Auk, Cy}, year = 2015,
  booktitle = {Advances in Neural Information Processing Systems 28}, doi = {10.1000/seals}}
@misc{preprint, title = {Otters That Juggle Pebbles for Practice}, author = {Finch, Di and Wren, Ed}, year = 2021,
  eprint = {2101.00001}, archiveprefix = {arXiv}}
@article{gone, title = {RETRACTED: Penguins That Fly in Winter Storms}, author = {Skua, Fo}, year = 2010, journal = {Nature}}
@article{common, title = {Whales Are All We See}, author = {Knot, Gil and Stint, Kay}, year = 2007, journal = {Science}}
@article{short, title = {Whales}, author = {Knot, Gil}, year = 2001, journal = {Science}}
";

/// The judgement of one entry, by the known ones and, where it says so, by itself.
fn judged(entry: &str, is_own_known: bool) -> Judgement {
    let own = PathBuf::from("/own.bib");
    let file = OpenCorpusFile::new(own.clone(), Document::new(entry, 0));
    let record = file.contents().records[0].clone();
    let files = [(PathBuf::from("/known.bib"), KNOWN), (own, entry)];
    let papers = MemoryPapers::of(files.into_iter().take(1 + usize::from(is_own_known)));
    verify_record(&papers, &record, &|origin| matches!(origin, Origin::File { file: 2, .. }))
}

fn said(judgement: &Judgement) -> String {
    let fields: Vec<&str> = judgement.fields.iter().map(|it| it.field.as_str()).collect();
    format!("{} {}", judgement.verdict.as_str(), fields.join(" ")).trim().to_owned()
}

const WHALES: &str = "@article{k, title = {Listening to the Whales of the Northern Seas: A Survey}, ";
const WHALE_PEOPLE: &str = "author = {Gull, Ann and Póczos, Barnabás and García Márquez, Eva}, ";
const SEALS: &str =
    "@inproceedings{k, title = {Counting Seals from Satellites at Night}, author = {Tern, Bo and Auk, Cy}, ";

#[test]
fn form_is_confirmed_and_facts_are_reported() {
    let cases = [
        (format!("{WHALES}{WHALE_PEOPLE} year = 2019, journal = {{JMLR}}}}"), "confirmed"),
        (format!("{WHALES} author = {{A. Gull and B. Pczos and E. Garcia-Marquez}}, journal = {{J. Mach. Learn. Res.}}}}"), "confirmed"),
        (format!("{WHALES} author = {{Pczos, B. and Gull, A. and others}}, year = 2019}}"), "confirmed"),
        ("@article{k, title = {LISTENING TO THE WHALES OF THE NORTHERN SEAS}, author = {Gull, Ann and others}}".to_owned(), "confirmed"),
        (format!("{WHALES} year = 2019}}"), "confirmed"),
        (format!("{WHALES} author = {{Gull, Ann and Póczos, Barnabás}}, year = 2019}}"), "differs author"),
        (format!("{WHALES} author = {{Gull, Ann and Póczos, Barnabás and Stilt, Hy}}, year = 2019}}"), "differs author"),
        (format!("{WHALES} author = {{Stilt, Hy and Ruff, Jo}}, year = 2019}}"), "contradicted author"),
        (format!("{WHALES}{WHALE_PEOPLE} year = 2017}}"), "differs year"),
        (format!("{WHALES}{WHALE_PEOPLE} journal = {{International Conference on Machine Learning}}}}"), "differs venue"),
        (format!("{WHALES}{WHALE_PEOPLE} doi = {{10.1000/nobody}}}}"), "differs doi"),
        (format!("{WHALES}{WHALE_PEOPLE} doi = {{10.1000/seals}}}}"), "contradicted doi title"),
        (format!("{WHALES}{WHALE_PEOPLE} eprint = {{2101.00001}}, archiveprefix = {{arXiv}}}}"), "contradicted arxiv title"),
        (format!("{WHALES}{WHALE_PEOPLE} doi = {{10.1000/whales}}, eprint = {{2101.00001}}, archiveprefix = {{arXiv}}}}"), "contradicted arxiv title"),
        (format!("{WHALES}{WHALE_PEOPLE} year = 2019, journal = {{arXiv preprint}}}}"), "differs venue"),
        (format!("{SEALS} year = 2015, booktitle = {{NIPS}}}}"), "confirmed"),
        ("@inproceedings{k, title = {Counting Seals with Satellites at Night}, author = {Tern, Bo and Auk, Cy}, year = 2015}".to_owned(), "differs title"),
        ("@inproceedings{k, title = {Counting Seals from Satellites for Practice}, author = {Tern, Bo and Auk, Cy}, year = 2015, booktitle = {NIPS}}".to_owned(), "differs title"),
        (format!("{} year = 2015}}", SEALS.replace("Night}", "Night: Otters That Juggle Pebbles for Practice}")), "differs title"),
        (format!("{} year = 2015}}", SEALS.replace("Night}", "Night: A Survey of Methods for Practice}")), "confirmed"),
        ("@inproceedings{k, title = {Counting Otters}, author = {Tern, Bo and Auk, Cy}, year = 2012}".to_owned(), "unknown"),
        ("@article{k, title = {Otters That Juggle Pebbles for Practice}, author = {Finch, Di and Wren, Ed}, year = 2022, journal = {Nature}}".to_owned(), "differs venue"),
        ("@article{k, title = {Penguins That Fly in Winter Storms}, author = {Skua, Fo}, year = 2010, journal = {Nature}}".to_owned(), "differs status"),
        ("@article{k, title = {Whales}, author = {Stint, Kay}, year = 1960, journal = {Brain}}".to_owned(), "unknown"),
        ("@article{k, title = {Whales Are All We See}, author = {Ruff, Jo}, year = 2007}".to_owned(), "contradicted author"),
        ("@article{k, title = {Whales Are All We See}, author = {Ruff, Jo}, year = 1999}".to_owned(), "unknown"),
        ("@article{k, title = {A Work That Nobody Has Ever Heard Of}, author = {Gull, Ann}, year = 2019}".to_owned(), "unknown"),
    ];
    for (entry, expected) in &cases {
        assert_eq!(said(&judged(entry, false)), *expected, "{entry}: {:?}", judged(entry, false));
        assert_eq!(said(&judged(entry, true)), *expected, "its own record counts: {entry}");
    }
}

#[test]
fn both_values_and_the_evidence_are_named() {
    let judgement = judged(&format!("{SEALS} year = 2014}}"), false);
    let expected = FieldDifference { field: Field::Year, given: "2014".into(), known: "2015".into() };
    assert_eq!(judgement.fields, [expected]);
    assert!(
        matches!(judgement.evidence.as_slice(), [EvidenceAt { collection: 0, origin: Origin::File { file: 1, span }, address: None }] if span.line == 2),
        "{judgement:?}"
    );
    let left_out = judged(&format!("{WHALES} author = {{Gull, A. and García Márquez, E.}}}}"), false);
    assert_eq!((left_out.fields[0].given.as_str(), left_out.fields[0].known.as_str()), ("", "Barnabás Póczos"));
}

#[test]
fn a_file_is_no_evidence_for_itself() {
    let only =
        "@article{k, title = {A Work That Is Only Here and Nowhere Else}, author = {Ibis, Lo}, doi = {10.1000/only}}";
    assert_eq!(said(&judged(only, true)), "unknown");
}
