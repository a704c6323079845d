//! What a library of Zotero costs and how fresh it is, measured with the server as an editor runs it: the time until its papers
//! are there, at first and later, with the most memory; from a change to the hover that shows it, by every door; and how long
//! typing waits while a change is read. Prints tables.
//!
//! `cargo run --release --example zotero` measures all of it; after `--` may stand numbers of items, `freshness N` with a
//! number of changes, and `typing N` with a number of items.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

#[cfg(feature = "zotero")]
mod cost;
#[cfg(feature = "zotero")]
mod editor;
#[cfg(feature = "zotero")]
mod freshness;
#[cfg(feature = "zotero")]
mod typing;

#[cfg(feature = "zotero")]
#[allow(dead_code)]
#[path = "../../tests/support/zotero.rs"]
mod fake;
#[cfg(feature = "zotero")]
#[allow(dead_code)]
#[path = "../../tests/support/zotero_api.rs"]
mod fake_api;

#[cfg(feature = "zotero")]
fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // The server that is measured is this program.
    if arguments.first().is_some_and(|first| first == "lsp") {
        ibid::allocator::keep_no_large_buffers();
        ibid::signals::survive_full_files();
        return ibid::cli::run(std::env::args_os());
    }
    let number = |text: Option<&String>| text.map(|text| text.replace('_', "").parse::<u32>().unwrap());
    match arguments.first().map(String::as_str) {
        Some("freshness") => freshness::measure(number(arguments.get(1)).unwrap_or(40)),
        Some("typing") => typing::measure(number(arguments.get(1)).unwrap_or(44_000)),
        Some(_) => cost::measure(&arguments.iter().filter_map(|count| number(Some(count))).collect::<Vec<_>>()),
        None => {
            cost::measure(&[1_000, 10_000, 44_000]);
            freshness::measure(40);
            typing::measure(44_000);
        }
    }
    std::process::ExitCode::SUCCESS
}

#[cfg(not(feature = "zotero"))]
fn main() {}
