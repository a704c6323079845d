use proptest::prelude::*;

use super::*;
use crate::paper::DateEnd;

/// A date as ISO has it, with all that goes with it: `1990 ~ X1 s4 –2001-05`.
fn shown(date: PublicationDate) -> String {
    let mut shown = date.iso();
    if date.is_approximate {
        shown.push('~');
    }
    if date.unspecified_digits > 0 {
        shown.push_str(&format!(" X{}", date.unspecified_digits));
    }
    if let Some(season) = date.season {
        shown.push_str(&format!(" s{season}"));
    }
    match date.end {
        Some(DateEnd::Open) => shown.push_str(" – .."),
        Some(DateEnd::On(year, month, day)) => {
            shown.push_str(&format!(" – {}", PublicationDate::new(year, month, day).iso()));
        }
        Some(DateEnd::Season(year, season)) => shown.push_str(&format!(" – {year:04} s{season}")),
        None => {}
    }
    shown
}

#[test]
fn dates_of_iso_and_edtf() {
    let cases = [
        ("2023", "2023"),
        ("2023-06", "2023-06"),
        ("2023-06-05", "2023-06-05"),
        ("2023-6-5", "2023-06-05"),
        ("2023-06-05T10:11:12Z", "2023-06-05"),
        ("2023-06-05 10:11:12", "2023-06-05"),
        ("2023-06-05T10:11:12+02:00", "2023-06-05"),
        ("2023-13-40", "2023"),
        ("2023-02-30", "2023-02"),
        ("2005-00-00", "2005"),
        ("199X", "1990 X1"),
        ("19XX", "1900 X2"),
        ("199u", "1990 X1"),
        ("2004-06-XX", "2004-06"),
        ("2004-XX", "2004"),
        ("1984?", "1984~"),
        ("1984~", "1984~"),
        ("1984%", "1984~"),
        ("1984-06?", "1984-06~"),
        ("2004-06~-11", "2004-06-11~"),
        ("-0380", "-0380"),
        ("-0001", "-0001"),
        ("0079-08-24", "0079-08-24"),
        ("y52000", "52000"),
        ("2001-21", "2001 s1"),
        ("2001-24", "2001 s4"),
        ("2001-29", "2001 s1"),
        ("2001-33", "2001"),
        ("y52000", "52000"),
        ("y-52000~", "-52000~"),
        ("2001/", "2001 – .."),
        ("2001~/2003", "2001~ – 2003"),
        ("2001/2003", "2001 – 2003"),
        ("2001-24/2002", "2001 s4 – 2002"),
        ("2020-21/2021-24", "2020 s1 – 2021 s4"),
        ("2020-21/2020-23", "2020 s1 – 2020 s3"),
        ("2020-21/2020-21", "2020 s1"),
        ("2020-23/2020-21", "2020 s3"),
        ("2020/2021-22", "2020 – 2021 s2"),
        ("2020-05/2021-22", "2020-05 – 2021 s2"),
        ("2020-24/2021-05", "2020 s4 – 2021-05"),
        ("2020-05/2021-06", "2020-05 – 2021-06"),
        ("2020-05-17/2020-05-19", "2020-05-17 – 2020-05-19"),
        ("1850~/1860~", "1850~ – 1860"),
        ("2020/..", "2020 – .."),
        ("2020/", "2020 – .."),
        ("2020-05/open", "2020-05 – .."),
        ("../2020", "2020"),
        ("/2020", "2020"),
        ("2020/2019", "2020"),
        ("-0100/-0050", "-0100 – -0050"),
        ("2023-W05", "2023"),
        ("2023-155", "2023"),
        ("20190805", "2019-08-05"),
        ("20190805101112", "2019-08-05"),
        ("201908", "2019-08"),
        ("1998-99", "1998 – 1999"),
        ("2013-14", "2013 – 2014"),
    ];
    for (written, expected) in cases {
        assert_eq!(date(written).map(shown).as_deref(), Some(expected), "{written}");
    }
}

#[test]
fn year_0_is_a_year_where_the_text_says_what_it_is_written_in() {
    let cases = [
        ("0000", "0000"),
        ("0000-05-12", "0000-05-12"),
        ("-0001/0000", "-0001 – 0000"),
        ("0000/0005", "0000 – 0005"),
        ("0000-21", "0000 s1"),
        ("0000~", "0000~"),
        ("2020-05", "2020-05"),
    ];
    for (written, expected) in cases {
        assert_eq!(edtf(written).map(shown).as_deref(), Some(expected), "{written}");
        assert!(date(written).is_none_or(|date| date.year > 0), "{written}");
    }
    for none in ["0000-00-00", "0000-00", "0000-00-00/0000-00-00", "0", "", "000", "in press"] {
        assert_eq!(edtf(none).map(shown), None, "{none}");
    }
}

#[test]
fn dates_in_numbers() {
    let cases = [
        ("2023/6/5", "2023-06-05"),
        ("2003/05/12/", "2003-05-12"),
        ("2003/05//", "2003-05"),
        ("2003///", "2003"),
        ("2003///Spring", "2003 s1"),
        ("2003/05/12/in press", "2003-05-12"),
        ("2003/5", "2003-05"),
        ("2003.05.12", "2003-05-12"),
        ("17.05.2020", "2020-05-17"),
        ("5.6.2020", "2020-06-05"),
        ("05/2020", "2020-05"),
        ("05-2020", "2020-05"),
        ("05 2020", "2020-05"),
        ("17/05/2020", "2020-05-17"),
        ("5/17/2020", "2020-05-17"),
        ("5/6/2020", "2020"),
        ("5/5/2020", "2020-05-05"),
        ("2020 5 17", "2020-05-17"),
        ("1999/00", "1999 – 2000"),
        ("1998/99", "1998 – 1999"),
        ("2001-2003", "2001 – 2003"),
        ("2001–2003", "2001 – 2003"),
        ("2001--2003", "2001 – 2003"),
        ("2001 - 2003", "2001 – 2003"),
        ("2010–11", "2010 – 2011"),
        ("12.5.2010 – 14.5.2010", "2010-05-12 – 2010-05-14"),
        ("5/2010 bis 7/2010", "2010-05 – 2010-07"),
    ];
    for (written, expected) in cases {
        assert_eq!(date(written).map(shown).as_deref(), Some(expected), "{written}");
    }
}

#[test]
fn dates_in_words() {
    let cases = [
        ("Jun 2023", "2023-06"),
        ("June 5, 2023", "2023-06-05"),
        ("June 5 2023", "2023-06-05"),
        ("5 Jun 2023", "2023-06-05"),
        ("5th of June 2023", "2023-06-05"),
        ("Sept. 5, 2023", "2023-09-05"),
        ("2019 Aug 5", "2019-08-05"),
        ("2019 Aug", "2019-08"),
        ("17-May-2020", "2020-05-17"),
        ("2020-May-17", "2020-05-17"),
        ("May-2020", "2020-05"),
        ("Sat, 7 Apr 2007 20:23:54 GMT", "2007-04-07"),
        ("Sat, 7 Apr 2007 20:23:54 -0700", "2007-04-07"),
        ("Apr 2007 20:23", "2007-04"),
        ("Mon Jun  5 10:11:12 2023", "2023-06-05"),
        // other languages
        ("5. März 2010", "2010-03-05"),
        ("12.Mai 2010", "2010-05-12"),
        ("1er août 2010", "2010-08-01"),
        ("5 de mayo de 2010", "2010-05-05"),
        ("dicembre 2010", "2010-12"),
        ("3 października 2010", "2010-10-03"),
        ("5 мая 2010 г.", "2010-05-05"),
        ("2019年8月5日", "2019-08-05"),
        ("2019년 8월", "2019-08"),
        // seasons
        ("2000 Spring", "2000 s1"),
        ("Spring 2000", "2000 s1"),
        ("Spring-Summer 2000", "2000 s1 – 2000 s2"),
        ("2000 Spring/Summer", "2000 s1 – 2000 s2"),
        ("Winter-Spring 2000", "1999 s4 – 2000 s1"),
        ("Spring 2000 – Fall 2001", "2000 s1 – 2001 s3"),
        ("2000 Spring-2001 Winter", "2000 s1 – 2001 s4"),
        ("Frühjahr 2000", "2000 s1"),
        ("Winter 1999/2000", "1999 s4 – 2000"),
        ("Winter 1999/00", "1999 s4 – 2000"),
        ("Fall 2001", "2001 s3"),
        // ranges
        ("1998 Dec-1999 Jan", "1998-12 – 1999-01"),
        ("December 2009 - January 2010", "2009-12 – 2010-01"),
        ("Dec-Jan 2010", "2009-12 – 2010-01"),
        ("2009 Dec-Jan", "2009-12 – 2010-01"),
        ("2001 Mar-Apr", "2001-03 – 2001-04"),
        ("Jan/Feb 2020", "2020-01 – 2020-02"),
        ("May & June 2020", "2020-05 – 2020-06"),
        ("5 May–7 May 2010", "2010-05-05 – 2010-05-07"),
        ("May 5--7, 2010", "2010-05-05 – 2010-05-07"),
        ("5-7 May 2010", "2010-05-05 – 2010-05-07"),
        ("5 bis 7. Mai 2010", "2010-05-05 – 2010-05-07"),
        ("5 al 7 de mayo de 2010", "2010-05-05 – 2010-05-07"),
        ("30 April – 2 May 2010", "2010-04-30 – 2010-05-02"),
        ("Oct 28–Nov 1, 2019", "2019-10-28 – 2019-11-01"),
        ("2001 Jan 20-Feb 3", "2001-01-20 – 2001-02-03"),
        ("28 Dec 2009–3 Jan 2010", "2009-12-28 – 2010-01-03"),
        ("17-May-2020 - 19-May-2020", "2020-05-17 – 2020-05-19"),
        ("1998 to 2001", "1998 – 2001"),
        ("May 2020 – 2021", "2020-05 – 2021"),
        // doubts
        ("circa 1850", "1850~"),
        ("ca. 1850", "1850~"),
        ("c. 1850", "1850~"),
        ("c.1850", "1850~"),
        ("ca1850", "1850~"),
        ("um 1850", "1850~"),
        ("~1850", "1850~"),
        ("[1850?]", "1850~"),
        ("probably 1850", "1850~"),
        ("c. 1850–1860", "1850~ – 1860"),
        ("[2003]", "2003"),
        ("(2003)", "2003"),
        ("©2003", "2003"),
        ("c2003", "2003"),
        ("p2003", "2003"),
        ("1999, c1998", "1999"),
        ("1990s", "1990 X1"),
        ("1990's", "1990 X1"),
        ("1990er", "1990 X1"),
        ("[199-]", "1990 X1"),
        ("[199-?]", "1990~ X1"),
        ("19--", "1900 X2"),
        // eras
        ("380 BC", "-0379"),
        ("380 B.C.E.", "-0379"),
        ("c. 380 BCE", "-0379~"),
        ("380 v. Chr.", "-0379"),
        ("44 av. J.-C.", "-0043"),
        ("380–370 BC", "-0379 – -0369"),
        ("AD 79", "0079"),
        ("79 CE", "0079"),
        ("Vancouver, BC, May 2010", "2010-05"),
        ("March 15, 44 BC", "-0043-03-15"),
        // with other words
        ("2003, in press", "2003"),
        ("2020a", "2020"),
        ("Published 5 June 2023", "2023-06-05"),
        ("2nd ed. 2003", "2003"),
        ("to appear in May 2024", "2024-05"),
        ("1st Quarter 2005", "2005"),
    ];
    for (written, expected) in cases {
        assert_eq!(date(written).map(shown).as_deref(), Some(expected), "{written}");
    }
}

#[test]
fn what_names_no_year_is_no_date() {
    let none = [
        "",
        "in press",
        "forthcoming",
        "n.d.",
        "s.d.",
        "o. J.",
        "May",
        "Oct 17",
        "98",
        "May 98",
        "'98",
        "5 May 98",
        "0000",
        "0000-00-00",
        "12345",
        "20231",
        "/",
        "..",
        "2306.02707",
        "日付",
        "XXXX",
        "10.1000/xyz",
        "99999999",
        "y99999999999",
    ];
    for written in none {
        assert_eq!(date(written).map(shown), None, "{written}");
    }
}

#[test]
fn dates_in_fields() {
    let cases = [
        ("2020", Some("May"), Some("17"), "2020-05-17"),
        ("2020", Some("05"), None, "2020-05"),
        ("2020", Some("January~5"), None, "2020-01-05"),
        ("2020", Some("10 January"), None, "2020-01-10"),
        ("2020", Some("1~15"), None, "2020-01-15"),
        ("2020", Some("1 15."), None, "2020-01-15"),
        ("2020", Some("1/2"), None, "2020-01 – 2020-02"),
        ("2020", Some("May--June"), None, "2020-05 – 2020-06"),
        ("2020", Some("5--6"), None, "2020-05 – 2020-06"),
        ("2020", Some("dec/jan"), None, "2020-12 – 2021-01"),
        ("2020", Some("Sept."), Some("3rd"), "2020-09-03"),
        ("2020", Some("may"), Some("5--7"), "2020-05-05 – 2020-05-07"),
        ("2020", Some("May 5--7"), None, "2020-05-05 – 2020-05-07"),
        ("2020", Some("5--7 May"), None, "2020-05-05 – 2020-05-07"),
        ("2020", Some("30 April -- 2 May"), None, "2020-04-30 – 2020-05-02"),
        ("2020", Some("Spring"), None, "2020 s1"),
        ("2020", Some("Spring/Summer"), None, "2020 s1 – 2020 s2"),
        ("2020", Some("21--22"), None, "2020 s1 – 2020 s2"),
        ("2020", Some("Winter/Spring"), None, "2020 s4 – 2021 s1"),
        ("2019/2020", Some("Fall/Spring"), None, "2019 s3 – 2020 s1"),
        ("2020", Some("21"), None, "2020 s1"),
        ("2020", Some("13"), Some("40"), "2020"),
        ("2020", None, Some("17"), "2020"),
        ("2020", Some(""), Some("17"), "2020"),
        ("2020", Some("mai"), Some("17"), "2020-05-17"),
        ("c. 1999", None, None, "1999~"),
        ("1999", Some("c."), None, "1999"),
        ("2019/2020", None, None, "2019 – 2020"),
        ("2009--2010", Some("dec--jan"), None, "2009-12 – 2010-01"),
        ("2020a", None, None, "2020"),
        ("[2003]", Some("3"), None, "2003-03"),
        ("199X", None, None, "1990 X1"),
        ("-0380", None, None, "-0380"),
        ("842", None, None, "0842"),
        ("12 May 2003", None, None, "2003-05-12"),
        ("2003-05-12", Some("5"), None, "2003-05"),
    ];
    for (year, month, day, expected) in cases {
        assert_eq!(from_parts(year, month, day).map(shown).as_deref(), Some(expected), "{year} {month:?} {day:?}");
    }
    for year in ["forthcoming", "98", "", "07"] {
        assert_eq!(from_parts(year, Some("May"), None), None, "{year}");
    }
}

#[test]
fn dates_in_parts_of_csl() {
    let parts = |start: &'static [i64], end: &'static [i64]| DateParts { start, end, ..DateParts::default() };
    let cases = [
        (parts(&[2020, 5, 17], &[]), "2020-05-17"),
        (parts(&[2020, 5, 0], &[]), "2020-05"),
        (parts(&[2020, 13], &[]), "2020 s1"),
        (parts(&[2020, 24], &[]), "2020 s4"),
        (parts(&[2020, 99], &[]), "2020"),
        (parts(&[79], &[]), "0079"),
        (parts(&[-381], &[]), "-0380"),
        (parts(&[2020], &[2021]), "2020 – 2021"),
        (parts(&[2020, 5, 17], &[2020, 5, 19]), "2020-05-17 – 2020-05-19"),
        (parts(&[2020], &[0]), "2020 – .."),
        (parts(&[2020], &[2020]), "2020"),
        (parts(&[2020, 21], &[2021, 24]), "2020 s1 – 2021 s4"),
        (parts(&[2020, 13], &[2020, 14]), "2020 s1 – 2020 s2"),
        (parts(&[2020, 5], &[2021, 21]), "2020-05 – 2021 s1"),
        (DateParts { season: Some("1"), ..parts(&[2020], &[2021, 24]) }, "2020 s1 – 2021 s4"),
        (DateParts { season: Some("2"), ..parts(&[2020], &[]) }, "2020 s2"),
        (DateParts { season: Some("winter"), ..parts(&[2020], &[]) }, "2020 s4"),
        (DateParts { is_approximate: true, ..parts(&[1850], &[]) }, "1850~"),
    ];
    for (parts, expected) in cases {
        assert_eq!(from_date_parts(parts).map(shown).as_deref(), Some(expected), "{parts:?}");
    }
    for none in [parts(&[], &[]), parts(&[0], &[]), parts(&[i64::MAX], &[])] {
        assert_eq!(from_date_parts(none), None, "{none:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "([0-9]{1,4}|-|/|\\.|–| |X|\\?|~|May|bc|年|s|y|:|Spring|\\[|\\]|\\PC){0,14}") {
        if let Some(date) = date(&text) {
            proptest::prop_assert!(date.month.is_none_or(|month| (1..=12).contains(&month)));
            proptest::prop_assert!(date.season.is_none_or(|season| (1..=4).contains(&season)));
        }
        let _ = from_parts(&text, Some(&text), Some(&text));
    }

    #[test]
    fn iso_dates_come_back(year in 1i32..9999, month in 1u8..=12, day in 1u8..=28) {
        let written = PublicationDate::new(year, Some(month), Some(day));
        proptest::prop_assert_eq!(date(&written.iso()), Some(written));
    }
}

proptest! {
    #[test]
    fn dates_read_at_once_are_read_as_any(
        text in "[0-9]{4}([-/.][0-9]{1,3}){0,3}[-/]?|(19|20)[0-9]{2}([-/](0[1-9]|1[0-2])([-/][0-3][0-9])?)?/?",
    ) {
        if let Some(date) = plain(text.as_bytes()) {
            prop_assert_eq!(Some(date), any_date(&text));
        }
    }
}
