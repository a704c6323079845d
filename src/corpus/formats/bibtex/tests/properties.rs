//! What holds for any file.

use proptest::prelude::*;

use super::*;

/// Bytes in which the marks of BibTeX are frequent.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[ \\n\\r\\t,={}()\"#%@a-d0-9\\\\$]{0,12}".prop_map(String::into_bytes),
        prop::sample::select(vec![
            "@article{",
            "@misc{a,\n",
            "@string{",
            "@comment{",
            "@preamble{",
            "title = {",
            "author = \"",
            "crossref = {a}",
            "xdata = {a,b}",
            "date = {2020-01",
            "}\n",
            "},\n",
            "\r\n",
            "and others",
            "file = {a:b\\:c.pdf:PDF;}",
            "$\\alpha",
            "\\\"{\\i",
            "é😀",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn good(number: usize) -> String {
    format!(
        "@article{{key{number},\n  author = {{Family{number}, Given and {{\\\"O}}ther, {{A}}}},\n  title = {{Title {{N}}umber {number}}},\n  year = {{2020}},\n  journal = \"A \\& B\",\n  abstract = {{Some text\n  over lines, with {{braces}}.}},\n}}\n\n"
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_read_and_places_lie_within(bytes in hostile()) {
        let (records, problems) = read_by(&bytes, 4096);
        let breaks = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").matches(['\n', '\r']).count();
        let lines = u32::try_from(breaks).unwrap() + 1;
        let mut last = 0;
        for record in &records {
            let span = record.span;
            prop_assert!(span.start >= last && span.start < span.end && span.end <= bytes.len() as u64);
            prop_assert!(span.line <= span.end_line && span.end_line < lines);
            prop_assert_eq!(bytes[usize::try_from(span.start).unwrap()], b'@');
            last = span.end;
        }
        prop_assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)));
    }

    #[test]
    fn pieces_of_any_size_give_the_same(bytes in hostile(), capacity in 1usize..40) {
        prop_assert_eq!(read_by(&bytes, capacity), read_by(&bytes, 4096));
    }

    #[test]
    fn one_damaged_entry_costs_no_other(
        damaged in 0usize..6,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1usize..30), 1..4),
    ) {
        let entries: Vec<String> = (0..6).map(good).collect();
        let mut body = entries[damaged].trim_end().to_owned();
        for (at, length) in cuts {
            let start = at.index(body.len() + 1);
            let end = (start + length).min(body.len());
            body.replace_range(start..end, "");
        }
        let mut text = entries.clone();
        text[damaged] = format!("{body}\n\n");
        let (records, _) = read(&text.concat());
        for (number, entry) in entries.iter().enumerate().filter(|(number, _)| *number != damaged) {
            let whole = &read(entry).0[0];
            let found = records.iter().any(|record| {
                record.title == whole.title && record.keys == whole.keys && record.authors == whole.authors
            });
            prop_assert!(found, "{} in {}", number, text.concat());
        }
    }

    #[test]
    fn keys_are_where_the_range_says(text in "@[a-z]{1,4} ?[{(][ \\n]{0,2}[a-zé:.=+ ]{0,8}[,}]{0,2}[ a-z={}]{0,9}") {
        if let Some(range) = bibtex_key_range(&text) {
            let key = &text[range];
            let is_clean = !key.is_empty() && key.trim() == key && !key.contains([',', '{', '}', '\n']);
            prop_assert!(is_clean, "key {}", key);
        }
    }
}
