//! Numbers and ranges of pages.

use hayagriva::citationberg::PageRangeFormat;

/// Whether a text consists of numbers, which may have letters at them: `2nd`, `3-5`, `D12`.
pub fn is_numeric(text: &str) -> bool {
    text.split([',', '-', '&', '–']).all(|part| {
        let digits = part.trim().trim_matches(char::is_alphabetic);
        !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit())
    })
}

/// Whether a text is more than one number or name of a number, so that its label is a plural.
pub fn is_several(text: &str) -> bool {
    text.trim().split([',', ';', '-', '–', '&', ' ']).filter(|part| !part.is_empty()).nth(1).is_some()
}

/// Whether a text is one number of two parts, such as that of a report, `99-02` or `2003-07`: no range goes downwards
/// or to a number that begins with 0.
pub fn is_compound(text: &str) -> bool {
    let Some((first, last)) = text.trim().split_once('-') else { return false };
    let number = |part: &str| part.parse::<u64>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
    let ends = number(first).zip(number(last));
    ends.is_some_and(|(start, end)| end <= start || last.starts_with('0'))
}

/// The parts of a text of numbers: numbers, and what is between them.
pub fn parts(text: &str) -> Vec<&str> {
    let is_between = |letter: char| matches!(letter, ',' | ';' | '-' | '–' | '&') || letter.is_whitespace();
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| is_between(letter) != is_between(first)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

/// A number from 1 to 3,999 in Roman numerals, in small letters.
pub fn roman(mut number: u32) -> Option<String> {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if !(1..=3999).contains(&number) {
        return None;
    }
    let mut roman = String::new();
    for (value, numeral) in NUMERALS {
        while number >= value {
            roman.push_str(numeral);
            number -= value;
        }
    }
    Some(roman)
}

/// Pages with the delimiter of the language between first and last, and the last as short as the style wants it.
pub fn page_ranges(text: &str, format: Option<PageRangeFormat>, delimiter: &str) -> String {
    let mut set = String::with_capacity(text.len() + 4);
    for range in text.split_inclusive([',', '&']) {
        let (range, mark) = match range.char_indices().next_back() {
            Some((at, mark @ (',' | '&'))) => (&range[..at], Some(mark)),
            _ => (range, None),
        };
        let range = range.trim();
        if !set.is_empty() && !range.is_empty() {
            set.push(' ');
        }
        set.push_str(&page_range(range, format, delimiter));
        match mark {
            Some('&') => set.push_str(" &"),
            Some(mark) => set.push(mark),
            None => {}
        }
    }
    set
}

fn page_range(range: &str, format: Option<PageRangeFormat>, delimiter: &str) -> String {
    let ends: Vec<&str> = range.split(['-', '–']).map(str::trim).filter(|end| !end.is_empty()).collect();
    let [first, last] = ends[..] else {
        return range.to_owned();
    };
    let stem = |page: &str| page.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
    let (prefix, first_number) = first.split_at(stem(first));
    let (last_prefix, last_number) = last.split_at(stem(last));
    let Some(format) = format.filter(|_| prefix == last_prefix || last_prefix.is_empty()) else {
        return format!("{first}{delimiter}{last}");
    };
    let missing = first_number.len().saturating_sub(last_number.len());
    let whole = format!("{}{last_number}", &first_number[..missing]);
    let short = match format {
        PageRangeFormat::Expanded => return format!("{first}{delimiter}{prefix}{whole}"),
        PageRangeFormat::Minimal => abbreviated(first_number, &whole, 1),
        PageRangeFormat::MinimalTwo => abbreviated(first_number, &whole, 2),
        PageRangeFormat::Chicago15 | PageRangeFormat::Chicago16 => chicago(first_number, &whole, format),
    };
    format!("{first}{delimiter}{short}")
}

/// The last page of a range by the rules of the Chicago Manual.
fn chicago<'a>(first: &str, last: &'a str, format: PageRangeFormat) -> &'a str {
    let tens = |page: &str| page.len() >= 2 && page.as_bytes()[page.len() - 2] == b'0';
    let changed = first.bytes().zip(last.bytes()).filter(|(a, b)| a != b).count();
    if first.len() < 3 || first.ends_with("00") {
        last
    } else if tens(first) && tens(last) {
        abbreviated(first, last, 1)
    } else if format == PageRangeFormat::Chicago15 && first.len() == 4 && changed >= 3 {
        last
    } else {
        abbreviated(first, last, 2)
    }
}

/// The last page without the digits that it has in common with the first, but for `kept` of them.
fn abbreviated<'a>(first: &str, last: &'a str, kept: usize) -> &'a str {
    if first.len() != last.len() {
        return last;
    }
    let common = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    &last[common.min(last.len().saturating_sub(kept))..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_words() {
        for number in ["3", "2nd", "22-23", "99-02", "D12", "1, 3", "1 & 3", "e0217", "3–5"] {
            assert!(is_numeric(number), "{number}");
        }
        for text in ["revised", "TR-17", "TR 2003-07", "", "IX", "1:2", "-"] {
            assert!(!is_numeric(text), "{text}");
        }
    }

    #[test]
    fn numbers_of_two_parts_are_told_from_ranges() {
        for number in ["99-02", "2003-07", "12-12"] {
            assert!(is_compound(number), "{number}");
        }
        for range in ["22-23", "1-2", "3", "TR-17", "1-2-3", "99–102"] {
            assert!(!is_compound(range), "{range}");
        }
    }

    #[test]
    fn ranges_of_pages_are_set() {
        use PageRangeFormat::{Chicago15, Chicago16, Expanded, Minimal, MinimalTwo};
        let cases = [
            ("101-119", None, "101–119"),
            ("321-8", Some(Expanded), "321–328"),
            ("321-328", Some(Minimal), "321–8"),
            ("321-328", Some(MinimalTwo), "321–28"),
            ("1001-1009", Some(Chicago16), "1001–9"),
            ("100-108", Some(Chicago16), "100–108"),
            ("1496-1504", Some(Chicago15), "1496–1504"),
            ("1496-1504", Some(Chicago16), "1496–504"),
            ("3-5, 88-102", Some(Chicago16), "3–5, 88–102"),
            ("321–328", Some(Chicago16), "321–28"),
            ("A1, A4", None, "A1, A4"),
            ("S12-S19", Some(Expanded), "S12–S19"),
            ("i-xxiv", Some(Chicago16), "i–xxiv"),
            ("12 & 14", None, "12 & 14"),
            ("e100", Some(Minimal), "e100"),
            ("71-2-9", None, "71-2-9"),
        ];
        for (pages, format, expected) in cases {
            assert_eq!(page_ranges(pages, format, "–"), expected, "{pages} {format:?}");
        }
    }

    #[test]
    fn roman_numerals_are_written() {
        assert_eq!(roman(1994).as_deref(), Some("mcmxciv"));
        assert_eq!(roman(0), None);
        assert_eq!(roman(4000), None);
    }
}
